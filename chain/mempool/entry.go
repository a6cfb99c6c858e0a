package mempool

import (
	"math/bits"
	"time"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// An Entry is a transaction in the pool. It is read-only for everybody else.
type Entry struct {
	Tx     *types.Transaction
	ID     types.Hash
	Hash   types.Hash   // of the transaction, its unlocks included
	Coins  []types.Coin // behind the inputs
	Fee    types.Amount
	Weight uint64 // the greater of weight and declared mass: what a block is charged
	Size   int    // encoded bytes
	Added  time.Time

	parents  map[types.Hash]*Entry // unconfirmed transactions whose outputs it spends
	children map[types.Hash]*Entry // and those that spend its own
	heapAt   int                   // place in the eviction heap
}

func newEntry(c *utxo.Candidate, now time.Time) *Entry {
	return &Entry{
		Tx:       c.Transaction,
		ID:       c.Transaction.ID(),
		Hash:     c.Transaction.Hash(),
		Coins:    c.Coins,
		Fee:      c.Fee,
		Weight:   max(rules.Weight(c.Transaction), c.Transaction.Mass),
		Size:     types.EncodedLen(c.Transaction),
		Added:    now,
		parents:  make(map[types.Hash]*Entry),
		children: make(map[types.Hash]*Entry),
	}
}

// FeeRate returns the fee in thousandths of a jot per unit of weight, rounded
// down.
func (e *Entry) FeeRate() uint64 {
	hi, lo := bits.Mul64(e.Fee.Jots(), 1000)
	rate, _ := bits.Div64(hi%e.Weight, lo, e.Weight)
	return rate
}

// compareRates orders entries by exact fee rate: fee/weight, cross-multiplied.
func compareRates(a, b *Entry) int {
	aHi, aLo := bits.Mul64(a.Fee.Jots(), b.Weight)
	bHi, bLo := bits.Mul64(b.Fee.Jots(), a.Weight)
	switch {
	case aHi != bHi && aHi < bHi, aHi == bHi && aLo < bLo:
		return -1
	case aHi == bHi && aLo == bLo:
		return 0
	}
	return 1
}

// worst orders entries for eviction: the lowest rate first, of equal ones the
// youngest, then by ID so that the order is total.
func worst(a, b *Entry) bool {
	if c := compareRates(a, b); c != 0 {
		return c < 0
	}
	if !a.Added.Equal(b.Added) {
		return a.Added.After(b.Added)
	}
	return a.ID.Compare(b.ID) > 0
}
