package chain

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// Whatever is added as often as one likes, each block comes out once, the greatest
// first, with parents put in for some as they come out.
func TestCandidates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks := make([]*block, 20)
		for i := range blocks {
			data := &dag.Data{BlueWork: types.NewUint256(uint64(i / 2))} // the hash decides within a pair
			blocks[i] = &block{hash: types.Hash{byte(i)}, position: position{data: data}}
		}
		number := rapid.IntRange(0, len(blocks)-1)
		var h candidateHeap
		wanted := make(map[int]bool)
		for _, i := range rapid.SliceOfN(number, 0, 30).Draw(t, "tips") {
			wanted[i] = true
			h.add(blocks[i])
		}
		var taken []int
		for b := h.next(); b != nil; b = h.next() {
			at := slices.Index(blocks, b)
			taken = append(taken, at)
			for _, parent := range rapid.SliceOfN(number, 0, 3).Draw(t, "parents") {
				if parent < at {
					wanted[parent] = true
					h.add(blocks[parent])
				}
			}
		}
		for i, at := range taken {
			if !wanted[at] || i > 0 && taken[i-1] <= at {
				t.Fatalf("%v came out, want %v in descending order", taken, wanted)
			}
		}
		if len(taken) != len(wanted) {
			t.Fatalf("%d came out, want %d", len(taken), len(wanted))
		}
	})
}
