package spend

import (
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A Replacement says what to put in the place of a transaction that waits in the
// pool. The pool takes it when it pays a higher rate than the one replaced, and
// more than all that would go with it.
type Replacement struct {
	Params *params.Params
	Tx     types.Transaction // the one to replace, signed
	Coins  []Coin            // behind its inputs, in order
	Change int               // the index of its change output, -1 without
	// Descendants is the sum of fees of the waiting transactions that build on it.
	Descendants types.Amount
	// Extra are further coins that may be added to pay the higher fee, if they are
	// Available. Outputs of the replaced transaction are passed over; what builds
	// on it must not be among them.
	Extra []Coin
	// Max lets the last payment bear the higher fee, as where everything was sent.
	Max bool

	FeeRate      uint64 // wanted; raised as far as the pool demands
	AllowHighFee bool
	To           types.Policy // where change, or what a cancelled payment gives back, goes
	Dice         func(n uint64) uint64
}

// Bump returns a draft with the same payments and at least the same coins that
// pays a higher fee.
func (r *Replacement) Bump() (*Draft, error) {
	p, err := r.planner()
	if err != nil {
		return nil, err
	}
	for i, out := range r.Tx.Outputs {
		if i != r.Change {
			p.payments = append(p.payments, out)
		}
	}
	if len(p.payments) == 0 { // it merged coins
		return p.giveBack(p.forced, r.AllowHighFee)
	}
	var t trial
	if p.max = r.Max; p.max {
		t = p.filled(p.forced, p.payments, len(p.payments)-1)
	} else {
		t = p.best()
	}
	return p.replacement(&t, r.AllowHighFee)
}

// Cancel returns a draft that pays the first coin, and as many more of the
// transaction's as the fee takes, back to To.
func (r *Replacement) Cancel() (*Draft, error) {
	p, err := r.planner()
	if err != nil {
		return nil, err
	}
	coins := append(p.forced, p.free...)
	for n := 1; n < len(coins); n++ {
		if t := p.filled(coins[:n], []types.Output{p.change}, 0); t.verdict == fits {
			return p.giveBack(coins[:n], r.AllowHighFee)
		}
	}
	return p.giveBack(coins, r.AllowHighFee)
}

// Least returns the lowest fee rate, in thousandths of a jot per unit of weight,
// that a replacement of the same weight must pay.
func (r *Replacement) Least() (uint64, error) {
	t, err := r.tariff()
	if err != nil {
		return 0, err
	}
	return scaled(t.of(t.charge), 1000, t.charge), nil
}

// tariff returns what the pool asks of the replacement.
func (r *Replacement) tariff() (tariff, error) {
	if len(r.Coins) != len(r.Tx.Inputs) {
		return tariff{}, refused(ErrRequest, "%d coins for %d inputs", len(r.Coins), len(r.Tx.Inputs))
	}
	spent := make([]types.Coin, len(r.Coins))
	for i := range r.Coins {
		if r.Coins[i].Outpoint != r.Tx.Inputs[i].Outpoint {
			return tariff{}, refused(ErrRequest, "coin %d is not the one that input %d spends", i, i)
		}
		spent[i] = r.Coins[i].Coin
	}
	fee, err := judge(r.Params, &r.Tx, spent)
	if err != nil {
		return tariff{}, err
	}
	return tariff{
		rate:   max(r.FeeRate, MinFeeRate),
		fee:    fee.Jots(),
		charge: max(rules.Weight(&r.Tx), r.Tx.Mass),
		floor:  saturatingAdd(fee.Jots(), r.Descendants.Jots()),
	}, nil
}

// planner returns a planner without payments, whose forced coins are those of the
// transaction.
func (r *Replacement) planner() (*planner, error) {
	t, err := r.tariff()
	if err != nil {
		return nil, err
	}
	id := r.Tx.ID()
	coins := slices.DeleteFunc(slices.Clone(r.Extra), func(c Coin) bool { return c.Outpoint.TxID == id })
	request := Request{Params: r.Params, FeeRate: t.rate, Change: r.To, OneStep: true, Dice: r.Dice}
	for _, c := range r.Coins {
		c.State = Available
		coins = append(coins, c)
		request.Must = append(request.Must, c.Outpoint)
	}
	request.Coins = coins
	p, err := request.planner()
	if err != nil {
		return nil, err
	}
	p.tariff = t
	return p, nil
}

// giveBack pays coins back to oneself.
func (p *planner) giveBack(coins []item, allowHigh bool) (*Draft, error) {
	p.payments, p.max = []types.Output{p.change}, true
	t := p.filled(coins, p.payments, 0)
	d, err := p.replacement(&t, allowHigh)
	if err != nil {
		return nil, err
	}
	d.Change = 0
	return d, nil
}

func (p *planner) replacement(t *trial, allowHigh bool) (*Draft, error) {
	if t.verdict != fits {
		return nil, p.explain(t)
	}
	plan, err := p.finish(nil, t)
	if err != nil {
		return nil, err
	}
	if !allowHigh {
		if err := guardFee(plan.Fee, plan.Paid); err != nil {
			return nil, err
		}
	}
	return &plan.Steps[0], nil
}
