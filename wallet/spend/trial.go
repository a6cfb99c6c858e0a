package spend

import (
	"math"
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// An item is a coin as selection sees it.
type item struct {
	coin *Coin
	way
	// worth is the coin's value less what its input costs, in thousandths of a
	// jot, so that nothing is lost to rounding.
	worth int64
}

func (it *item) value() uint64 { return it.coin.Coin.Value.Jots() }

func newItem(c *Coin, rate uint64) (item, error) {
	w, err := wayOf(&c.Policy)
	if err != nil {
		return item{}, err
	}
	return item{coin: c, way: w, worth: worthOf(c.Coin.Value.Jots(), w.weight, rate)}, nil
}

// worthOf is value·1000 − weight·rate, bounded below; a valid value is far below
// the upper bound.
func worthOf(value, weight, rate uint64) int64 {
	cost := scaled(weight, rate, 1)
	if cost > math.MaxInt64/2 {
		cost = math.MaxInt64 / 2
	}
	return int64(min(value, types.MaxAmount.Jots())*1000) - int64(cost)
}

// Limits are what one transaction may be at most.
type limits struct {
	weight uint64
	mass   uint64
	size   int
}

func limitsOf(p *params.Params) limits {
	return limits{weight: rules.HeaviestTransaction(p), mass: p.BlockWeight, size: rules.MaxTransactionSize}
}

// A verdict says why a set of coins does not do.
type verdict uint8

const (
	fits   verdict = iota
	short          // the coins are worth less than outputs and fee
	heavy          // weight or size is beyond the limit
	stored         // the storage weight is beyond the limit
	large          // the coins sum to more than a transaction may move
	mixed          // the locks of the coins exclude each other
)

// A trial is a set of coins and outputs and what they come to.
type trial struct {
	verdict verdict
	items   []item
	outputs []types.Output
	open    int // index of the output that takes what is left, -1 without
	fee     uint64
	weight  uint64
	mass    uint64
	size    int
	in, out uint64 // sums; out is without the open output
}

func (t *trial) charged() uint64 { return max(t.weight, t.mass) }

// An accountant works out trials. It has scratch space, so one goroutine at a time may
// use it.
type accountant struct {
	limits limits
	tariff tariff
	coins  []types.Coin // scratch
}

// closed tries outputs of fixed values: the fee is all that the coins bring on
// top, at least what is due.
func (a *accountant) closed(items []item, outputs []types.Output) trial {
	t := a.begin(items, outputs, -1)
	if t.verdict != fits {
		return t
	}
	if t.in < t.out {
		t.verdict = short
		return t
	}
	t.mass = a.massOf(t.outputs)
	t.fee = t.in - t.out
	return t.judged(a, a.tariff.of(t.charged()))
}

// filled tries outputs of which one takes all that the others and the fee leave.
func (a *accountant) filled(items []item, outputs []types.Output, open int) trial {
	t := a.begin(items, slices.Clone(outputs), open)
	if t.verdict != fits {
		return t
	}
	due := a.tariff.of(t.weight)
	for {
		rest := saturatingAdd(t.out, due)
		if t.in <= rest {
			t.verdict = short
			return t
		}
		// The fee falls as the open output grows, so from above the values come
		// down to the largest that leaves enough for the fee it causes.
		t.outputs[open].Value = types.Jots(t.in - rest)
		t.mass = a.massOf(t.outputs)
		t.fee = due
		next := a.tariff.of(t.charged())
		if next <= due {
			return t.judged(a, due)
		}
		due = next
	}
}

// begin adds up what does not depend on fee and mass.
func (a *accountant) begin(items []item, outputs []types.Output, open int) trial {
	bare := types.Transaction{Outputs: outputs}
	t := trial{items: items, outputs: outputs, open: open, weight: rules.Weight(&bare), size: types.EncodedLen(&bare)}
	a.coins = a.coins[:0]
	var lock uint64
	for i := range items {
		it := &items[i]
		t.weight += it.weight
		t.size += it.size
		t.in = saturatingAdd(t.in, it.value())
		later, err := laterLock(lock, it.lockTime)
		if err != nil {
			t.verdict = mixed
			return t
		}
		lock = later
		a.coins = append(a.coins, it.coin.Coin)
	}
	for i := range outputs {
		if i != open {
			t.out = saturatingAdd(t.out, outputs[i].Value.Jots())
		}
	}
	t.verdict = a.bounds(&t)
	return t
}

func (a *accountant) bounds(t *trial) verdict {
	switch {
	case t.weight > a.limits.weight || t.size > a.limits.size:
		return heavy
	case t.in > types.MaxAmount.Jots():
		return large
	}
	return fits
}

func (a *accountant) massOf(outputs []types.Output) uint64 {
	return rules.StorageWeight(&types.Transaction{Outputs: outputs}, a.coins)
}

func (t *trial) judged(a *accountant, due uint64) trial {
	switch {
	case t.fee < due:
		t.verdict = short
	case t.mass > a.limits.mass:
		t.verdict = stored
	}
	return *t
}
