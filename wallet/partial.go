package wallet

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// Partially makes a partially signed transaction of a plan of one step, with the
// preimages of its request and, in an unlocked wallet, its own signatures. The
// address of the change is marked as handed out first.
func (w *Wallet) Partially(p *Plan) (*spend.PST, error) {
	if len(p.Steps) != 1 || !p.replaces.IsZero() {
		return nil, ErrPartial
	}
	pst, err := p.Steps[0].PST(w.cfg.Params)
	if err != nil {
		return nil, err
	}
	for _, preimage := range p.request.Preimages {
		if err := pst.Reveal(preimage); err != nil {
			return nil, err
		}
	}
	err = w.change(func(l *ledger, b *batch) error {
		if err := l.checkPlan(p); err != nil {
			return err
		}
		l.reserve(b, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err = w.SignPartial(pst); isLocked(err) {
		err = nil // it can be signed later
	}
	return pst, err
}

// SignPartial adds the signatures of the wallet, which must be unlocked, and
// returns how many are new.
func (w *Wallet) SignPartial(pst *spend.PST) (added int, err error) {
	err = w.read(func(l *ledger) error {
		return w.withSigner(l, func(signer spend.Signer) error {
			added, err = pst.Sign(signer)
			return err
		})
	})
	return added, err
}

// SendPartial sends a partially signed transaction that has all it takes; else
// the error is a spend.MissingError. It is kept and submitted as with Send.
func (w *Wallet) SendPartial(pst *spend.PST, label string) (id types.Hash, err error) {
	tx, err := pst.Finalize()
	if err != nil {
		return id, err
	}
	err = w.change(func(l *ledger, b *batch) error {
		if err := checkText(label); err != nil {
			return err
		}
		id = tx.ID()
		have, err := l.find(id)
		if have != nil || err != nil {
			return err
		}
		for i := range tx.Inputs {
			if by := l.spends[tx.Inputs[i].Outpoint]; len(by) > 0 {
				return fmt.Errorf("transaction %v spends the coin of input %d: %w", by[0], i, ErrStale)
			}
		}
		draft := pst.Draft()
		n := l.describe(&tx, id, behind(draft))
		n.Seen = milliseconds(w.cfg.Now())
		n.Status, n.Time, n.Step, n.Steps = StatusPending, n.Seen, 1, 1
		n.tx, n.change = &tx, draft.Change
		l.addPending(n)
		b.putNote(n)
		l.setLabel(b, entryLabel(id), label)
		return nil
	})
	if err != nil {
		return id, err
	}
	return id, w.submitNow(id)
}
