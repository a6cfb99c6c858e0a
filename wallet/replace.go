package wallet

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// Bump plans the same payment with a higher fee, in place of a pending
// transaction; a rate of 0 means just enough to replace it.
func (w *Wallet) Bump(id types.Hash, rate uint64, allowHighFee bool) (*Plan, error) {
	return w.replace(id, rate, allowHighFee, (*spend.Replacement).Bump)
}

// Cancel plans a payment to oneself in place of a pending transaction; rate is as
// with Bump.
func (w *Wallet) Cancel(id types.Hash, rate uint64, allowHighFee bool) (*Plan, error) {
	return w.replace(id, rate, allowHighFee, (*spend.Replacement).Cancel)
}

func (w *Wallet) replace(id types.Hash, rate uint64, allowHighFee bool, build func(*spend.Replacement) (*spend.Draft, error)) (p *Plan, err error) {
	err = w.prepare(func(l *ledger) error {
		n := l.pending[id]
		if n == nil {
			return fmt.Errorf("transaction %v: %w", id, ErrSettled)
		}
		if len(l.followers(id)) > 0 {
			return fmt.Errorf("transaction %v: %w", id, ErrFollowers)
		}
		p = &Plan{replaces: id, max: n.max, request: Request{Label: l.labels[entryLabel(id)]}}
		r, err := w.replacement(l, n, p)
		if err != nil {
			return err
		}
		least, err := r.Least()
		if err != nil {
			return err
		}
		r.AllowHighFee, r.FeeRate = allowHighFee, max(rate, least)
		draft, err := build(r)
		if err != nil {
			return err
		}
		p.Steps, p.Fee, p.FeeRate = []spend.Draft{*draft}, draft.Fee, draft.FeeRate()
		p.Paid = l.paid(draft)
		return nil
	})
	return p, err
}

// replacement returns what package spend has to know of a pending transaction,
// and sets where the change of the plan goes.
func (w *Wallet) replacement(l *ledger, n *note, p *Plan) (r *spend.Replacement, err error) {
	r = &spend.Replacement{Params: w.cfg.Params, Tx: *n.tx, Change: n.change, Max: n.max, Dice: w.dice}
	for i := range n.tx.Inputs {
		c := spend.Coin{}
		c.Outpoint = n.tx.Inputs[i].Outpoint
		coin, ok := l.coins[c.Outpoint]
		if c.Coin = coin; !ok {
			return nil, fmt.Errorf("the coin behind input %d is gone: %w", i, ErrStale)
		}
		who, ok := l.choose(&c, &Request{})
		if !ok || who != alone {
			return nil, fmt.Errorf("input %d: %w", i, ErrPartial)
		}
		r.Coins = append(r.Coins, c)
	}
	if p.request.Account, err = l.payer(n); err != nil {
		return nil, err
	}
	if r.Extra, _, err = w.spendable(l, &p.request); err != nil {
		return nil, err
	}
	if n.change >= 0 {
		p.change = l.addresses[n.tx.Outputs[n.change].Address]
	}
	if p.change == nil || p.change.policy == nil {
		if p.change, err = l.changeFor(&p.request, alone); err != nil {
			return nil, err
		}
	}
	r.To = *p.change.policy
	return r, nil
}

// payer returns the account whose coins a transaction spends.
func (l *ledger) payer(n *note) (uint32, error) {
	for _, part := range n.Inputs {
		if part.Ours {
			return part.Account, nil
		}
	}
	return 0, ErrPartial
}

// paid returns what a draft pays to others.
func (l *ledger) paid(d *spend.Draft) (sum types.Amount) {
	for i, out := range d.Tx.Outputs {
		if i != d.Change {
			sum = plus(sum, out.Value)
		}
	}
	return sum
}
