package spend

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// explain turns a trial that does not fit, where nothing better was found, into
// an error that names the cause.
func (p *planner) explain(t *trial) error {
	switch t.verdict {
	case heavy:
		return &LimitError{Kind: ErrTooManyInputs, What: "weight", Value: t.weight, Limit: p.limits.weight}
	case large:
		return &LimitError{Kind: ErrTooMuch, What: "jots", Value: t.in, Limit: types.MaxAmount.Jots()}
	case mixed:
		return refused(ErrCoin, "some coins are locked by date and some by blue score; they do not go into one transaction")
	}
	if err := p.explainFunds(); err != nil {
		return err
	}
	return p.explainStorage()
}

// explainFunds returns why the money does not suffice whatever the storage
// weight, nil when it does.
func (p *planner) explainFunds() error {
	needed, available := p.needed(), p.purse.held[Available]
	items := append(slices.Clip(p.forced), p.free...)
	if available.IsZero() || available.Cmp(needed) < 0 {
		return p.lacking(p.tariff.of(p.begin(nil, p.payments, -1).weight+p.keep.weight), ErrInsufficient)
	}
	t := p.begin(items, p.payments, -1)
	fee := p.tariff.of(t.weight)
	if t.in < saturatingAdd(needed.Jots(), fee) {
		return p.lacking(fee, ErrFeeEats)
	}
	return nil
}

// lacking returns a FundsError; it is ErrNotYet when the coins that cannot be
// spent yet would make up for it.
func (p *planner) lacking(fee uint64, kind error) error {
	e := &FundsError{Kind: kind, Available: p.purse.held[Available], Needed: p.needed(), Fee: types.Jots(fee), Held: p.purse.held, Resting: p.purse.rest}
	e.Held[Available] = types.Amount{}
	all := uint64(0)
	for _, held := range p.purse.held {
		all = saturatingAdd(all, held.Jots())
	}
	if all > e.Available.Jots() && all >= saturatingAdd(e.Needed.Jots(), fee) {
		e.Kind = ErrNotYet
	}
	return e
}

// explainStorage returns why storage is the cause: a payment that no block could
// store, or a fee for storing it that the money does not cover.
func (p *planner) explainStorage() error {
	outputs := p.payments
	if p.max {
		outputs = outputs[:len(outputs)-1]
	}
	for i := range outputs {
		p.coins = p.coins[:0]
		if mass := p.massOf(outputs[i : i+1]); mass > p.limits.mass {
			what := fmt.Sprintf("storing %v JIO weighs", outputs[i].Value)
			return &LimitError{Kind: ErrTooSmall, What: what, Value: mass, Limit: p.limits.mass}
		}
	}
	p.coins = p.coins[:0]
	fee := p.tariff.of(p.massOf(outputs))
	return p.lacking(fee, ErrFeeEats)
}

// needed returns what the payments of fixed value sum to.
func (p *planner) needed() types.Amount {
	open := -1
	if p.max {
		open = len(p.payments) - 1
	}
	return types.Jots(p.begin(nil, p.payments, open).out)
}
