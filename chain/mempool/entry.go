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
	Tx           *types.Transaction
	types.Digest              // of the transaction, by which a template need not hash it
	Coins        []types.Coin // behind the inputs
	Fee          types.Amount
	Weight       uint64 // the greater of weight and declared mass: what a block is charged
	Size         int    // encoded bytes
	Memory       int    // bytes of memory, about
	Added        time.Time

	parents  []*Entry // unconfirmed transactions whose outputs it spends
	children []*Entry // and those that spend its own
	standing
}

// newEntry returns an entry for a transaction that holds. It copies the outer
// part of the transaction, lest it keep the whole batch in memory.
func newEntry(c *utxo.Candidate, now time.Time, priority uint64) *Entry {
	tx := *c.Transaction
	e := &Entry{
		Tx:     &tx,
		Digest: c.Digest,
		Coins:  c.Coins,
		Fee:    c.Fee,
		Weight: weightOf(&tx),
		Size:   types.EncodedLen(&tx),
		Memory: memoryOf(&tx),
		Added:  now,
	}
	rate := float64(e.Fee.Jots()) / float64(e.Weight)
	e.standing = standing{priority: priority, chance: rate * rate * rate}
	return e
}

// weightOf returns what a block is charged for a transaction.
func weightOf(tx *types.Transaction) uint64 { return max(rules.Weight(tx), tx.Mass) }

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
