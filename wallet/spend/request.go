package spend

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// A Request says what to pay and from what. It is only read.
type Request struct {
	Params *params.Params
	// Coins are all that may be looked at, in any order and state; what is frozen
	// may be left out, but then an error cannot speak of it.
	Coins []Coin
	// Must names coins that are spent in any case; with Only, no others are.
	Must []types.Outpoint
	Only bool

	Payments []types.Output
	// Max pays the last payment, whose value is ignored, all that is left after
	// the others and the fee. Coins that cost more to spend than they are worth
	// stay where they are, unless they are named in Must.
	Max bool

	FeeRate      uint64 // thousandths of a jot per unit of weight, at least MinFeeRate
	AllowHighFee bool   // lets a fee pass that the guard refuses
	OneStep      bool   // refuses plans of more than one step

	// Change is the policy that change, and the coins between steps, are paid to.
	Change types.Policy
	// Dice returns a number below n, as rand.Rand's Uint64N does. It makes the
	// selection less predictable and hides which output is the change. Without it
	// everything is deterministic and change comes last.
	Dice func(n uint64) uint64
}

// check returns an error for a request that makes no sense whatever the coins.
func (r *Request) check() error {
	if r.FeeRate < MinFeeRate {
		return refused(ErrFeeLow, "%s jots per unit of weight, at least %s are needed", FormatFeeRate(r.FeeRate), FormatFeeRate(MinFeeRate))
	}
	if len(r.Payments) == 0 {
		return refused(ErrRequest, "there is nobody to pay")
	}
	if r.Only && len(r.Must) == 0 {
		return refused(ErrRequest, "no coins are named to pay from")
	}
	if _, err := wayOf(&r.Change); err != nil {
		return refused(ErrRequest, "the policy for change: %v", err)
	}
	return r.checkPayments()
}

func (r *Request) checkPayments() error {
	var sum types.Amount
	for i, out := range r.Payments {
		if out.Address.Version != 0 {
			return refused(ErrRequest, "payment %d: addresses of version %d are reserved", i, out.Address.Version)
		}
		if r.Max && i == len(r.Payments)-1 {
			continue
		}
		if out.Value.IsZero() {
			return refused(ErrRequest, "payment %d: there is nothing to pay", i)
		}
		var ok bool
		if sum, ok = sum.Add(out.Value); !ok || !sum.Valid() {
			return refused(ErrRequest, "more than %v JIO in one payment", types.MaxAmount)
		}
	}
	return nil
}

// A purse is a request's coins, sorted out.
type purse struct {
	forced []item
	free   []item
	held   [states]types.Amount // by state; [Available] is what may be used
	rest   [states]Rest         // the same of what may not
}

// purse sorts out the coins of a request.
func (r *Request) purse() (*purse, error) {
	must, err := r.named()
	if err != nil {
		return nil, err
	}
	p := new(purse)
	for i := range r.Coins {
		c := &r.Coins[i]
		named := must[c.Outpoint]
		if !named && r.Only {
			continue
		}
		p.held[c.State], _ = p.held[c.State].Add(c.Coin.Value)
		if c.State != Available {
			p.rest[c.State].add(c.Until)
			continue
		}
		it, err := newItem(c, r.FeeRate)
		if err != nil {
			return nil, inCoin(c, err)
		}
		if named {
			p.forced = append(p.forced, it)
		} else {
			p.free = append(p.free, it)
		}
	}
	p.dropOtherLocks()
	return p, nil
}

func inCoin(c *Coin, err error) error { return refused(ErrCoin, "%s: %v", name(c.Outpoint), err) }

// named returns the set of coins that must be spent, all of them known and
// available.
func (r *Request) named() (map[types.Outpoint]bool, error) {
	if len(r.Must) == 0 {
		return nil, nil
	}
	must := make(map[types.Outpoint]bool, len(r.Must))
	for _, o := range r.Must {
		must[o] = false
	}
	for i := range r.Coins {
		c := &r.Coins[i]
		if _, asked := must[c.Outpoint]; !asked {
			continue
		}
		if c.State != Available {
			return nil, refused(ErrCoin, "%s is %v", name(c.Outpoint), c.State)
		}
		must[c.Outpoint] = true
	}
	for _, o := range r.Must {
		if !must[o] {
			return nil, refused(ErrCoin, "%s is not among the coins", name(o))
		}
	}
	return must, nil
}

// dropOtherLocks leaves coins aside whose lock is of another class than that of
// the first locked coin, named ones first: the two do not go into one
// transaction. They count as locked.
func (p *purse) dropOtherLocks() {
	var class uint64
	for _, list := range [][]item{p.forced, p.free} {
		for i := range list {
			if class == 0 {
				class = list[i].lockTime
			}
		}
	}
	kept := p.free[:0]
	for _, it := range p.free {
		if _, err := laterLock(class, it.lockTime); err == nil {
			kept = append(kept, it)
			continue
		}
		p.held[Available], _ = p.held[Available].Sub(it.coin.Coin.Value)
		p.held[Locked], _ = p.held[Locked].Add(it.coin.Coin.Value)
		p.rest[Locked].add(0)
	}
	p.free = kept
}
