package miner

import (
	"encoding/binary"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

func numberedHash(n int) (h types.Hash) {
	binary.BigEndian.PutUint64(h[:], uint64(n))
	return h
}

func TestFindsFollowReorgs(t *testing.T) {
	var f finds
	for i := range 3 {
		f.add(numberedHash(i))
	}
	f.lose()
	for _, c := range []struct {
		fates []Fate
		want  Tally
	}{
		{nil, Tally{Found: 4, Pending: 3, Stale: 1}},
		{[]Fate{FateChain, FatePending, FatePending}, Tally{Found: 4, Chain: 1, Pending: 2, Stale: 1}},
		{[]Fate{FateChain, FateChain, FateRed}, Tally{Found: 4, Chain: 2, Red: 1, Stale: 1}},
		{[]Fate{FateBlue, FateRed, FateChain}, Tally{Found: 4, Chain: 1, Blue: 1, Red: 1, Stale: 1}},
		{[]Fate{FatePending, FateStale, FateBlue}, Tally{Found: 4, Blue: 1, Pending: 1, Stale: 2}},
	} {
		f.judge(c.fates)
		if got := f.tally(); got != c.want {
			t.Errorf("after %v: %+v, want %+v", c.fates, got, c.want)
		}
	}
}

// TestFindsAgainstNaive compares with a twin that keeps every block for ever:
// its latest fate, and whether it may still change.
func TestFindsAgainstNaive(t *testing.T) {
	type followed struct {
		fate Fate
		deep bool
	}
	rapid.Check(t, func(t *rapid.T) {
		var f finds
		var naive []followed
		lost := uint64(0)
		for range rapid.IntRange(1, 8).Draw(t, "rounds") {
			asked := f.hashes()
			added := rapid.IntRange(0, 600).Draw(t, "added")
			for range added {
				f.add(numberedHash(len(naive)))
				naive = append(naive, followed{})
			}
			if rapid.Bool().Draw(t, "lose") {
				f.lose()
				lost++
			}
			fates := make([]Fate, len(asked))
			shift := rapid.IntRange(0, 1000).Draw(t, "shift")
			for i, hash := range asked {
				n := int(binary.BigEndian.Uint64(hash[:]))
				fates[i] = Fate((n*n + shift) % 5)
				if naive[n].deep {
					t.Fatalf("block %d is settled and still asked for", n)
				}
				naive[n].fate = fates[i]
				naive[n].deep = len(naive)-n > maxRecent
				if naive[n].deep && fates[i] == FatePending {
					naive[n].fate = FateStale
				}
			}
			f.judge(fates)
			want := Tally{Found: lost, Stale: lost}
			for _, b := range naive {
				want.count(b.fate)
			}
			if got := f.tally(); got != want {
				t.Fatalf("%+v, want %+v", got, want)
			}
			if len(f.recent) > maxRecent+added {
				t.Fatalf("%d blocks are kept", len(f.recent))
			}
		}
	})
}
