package mempool_test

import (
	"testing"

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
