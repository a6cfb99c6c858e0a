package service

import (
	"context"
	"strings"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet/spend"
)

// mostPartials is how many copies can be combined at once.
const mostPartials = 100

func (s *Service) createPartial(_ context.Context, p api.PartialRequest) (api.Partial, error) {
	r, err := s.request(&p.SendRequest)
	if err != nil {
		return api.Partial{}, err
	}
	from, err := s.address("from", p.From)
	if err != nil {
		return api.Partial{}, err
	}
	if r.Preimages, err = preimages(p.Preimages); err != nil {
		return api.Partial{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.Partial{}, err
	}
	r.From, r.OneStep = &from, true
	plan, err := w.Plan(r)
	if err != nil {
		return api.Partial{}, err
	}
	pst, err := w.Partially(plan)
	if err != nil {
		return api.Partial{}, err
	}
	return partial(pst, owner(w))
}

// partial writes a partially signed transaction and what it lacks, with names for
// the keys that have one.
func partial(pst *spend.PST, names func(key [32]byte) string) (api.Partial, error) {
	text, err := pst.MarshalJSON()
	return api.Partial{Partial: string(text), ID: pst.ID(), Missing: strings.Join(pst.Missing(names), "; ")}, err
}

// joined reads copies of one transaction and joins what they hold.
func (s *Service) joined(p *api.PartialParams) (*spend.PST, error) {
	if len(p.Partials) == 0 || len(p.Partials) > mostPartials {
		return nil, invalid("partials", "%d are not 1 to %d", len(p.Partials), mostPartials)
	}
	secrets, err := preimages(p.Preimages)
	if err != nil {
		return nil, err
	}
	var first *spend.PST
	for i, text := range p.Partials {
		pst, err := spend.ParsePST(s.Params, []byte(text))
		if err != nil {
			return nil, invalid(item("partials", i), "%v", err)
		}
		if first == nil {
			first = pst
			continue
		}
		if err := first.Combine(pst); err != nil {
			return nil, invalid(item("partials", i), "%v", err)
		}
	}
	for i, secret := range secrets {
		if err := first.Reveal(secret); err != nil {
			return nil, invalid(item("preimages", i), "%v", err)
		}
	}
	return first, nil
}

func (s *Service) signPartial(_ context.Context, p api.SignPartialParams) (api.Partial, error) {
	pst, err := s.joined(&p.PartialParams)
	if err != nil {
		return api.Partial{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.Partial{}, err
	}
	if _, err := w.SignPartial(pst); err != nil {
		return api.Partial{}, err
	}
	return partial(pst, owner(w))
}

func (s *Service) combinePartial(_ context.Context, p api.PartialParams) (api.Partial, error) {
	pst, err := s.joined(&p)
	if err != nil {
		return api.Partial{}, err
	}
	return partial(pst, nil)
}

// sendPartial needs no wallet: it only submits.
func (s *Service) sendPartial(_ context.Context, p api.PartialParams) (api.Submitted, error) {
	pst, err := s.joined(&p)
	if err != nil {
		return api.Submitted{}, err
	}
	tx, err := pst.Finalize()
	if err != nil {
		return api.Submitted{}, err
	}
	return s.submit(tx)
}
