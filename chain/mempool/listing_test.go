package mempool_test

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
)

func TestListing(t *testing.T) {
	b := newBank(t, 12, nil)
	middle, best, worst := b.pay(b.take(), 2*ample), b.pay(b.take(), 3*ample), b.pay(b.take(), ample)
	b.submit(middle, best, worst)
	unknown := b.wallet1()
	b.submit(b.pay(unknown, ample))
	var got []types.Hash
	size := 0
	for _, e := range b.pool.Entries() {
		got = append(got, e.ID)
		size += e.Size
	}
	if want := []types.Hash{best.ID(), middle.ID(), worst.ID()}; len(got) != 3 || [3]types.Hash(got) != [3]types.Hash(want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if u := b.pool.Usage(); u.Entries != 3 || u.Encoded != size || u.Orphans != 1 || u.MaxBytes <= 0 {
		t.Errorf("usage %+v, want 3 entries of %d bytes and an orphan", u, size)
	}
}

// TestHistogram counts by bands of the fee rate.
func TestHistogram(t *testing.T) {
	b := newBank(t, 20, nil)
	var txs []types.Transaction
	for i := range 6 {
		txs = append(txs, b.pay(b.take(), ample*uint64(1+i)))
	}
	b.submit(txs...)
	best := b.pool.Best(3)
	if len(best) != 3 || best[0].ID != txs[5].ID() || best[2].ID != txs[3].ID() {
		t.Fatalf("the best are %v", best)
	}
	rates := []uint64{0, b.pool.Entry(txs[2].ID()).FeeRate(), best[1].FeeRate() + 1, best[0].FeeRate() + 1}
	bands := b.pool.Histogram(rates)
	weight := best[0].Weight
	want := []mempool.Band{{rates[0], 2, 2 * weight}, {rates[1], 3, 3 * weight}, {rates[2], 1, weight}, {rates[3], 0, 0}}
	if !slices.Equal(bands, want) {
		t.Errorf("%v, want %v", bands, want)
	}
}
