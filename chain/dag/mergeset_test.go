package dag

import (
	"math/rand/v2"
	"testing"
)

// TestMergeSetExceeds holds the count that stops early against the merge sets of
// random DAGs.
func TestMergeSetExceeds(t *testing.T) {
	for seed, s := range shapes {
		g := newGrower(s, rand.New(rand.NewPCG(2, uint64(seed))))
		nodes := make(MemoryNodes)
		d := newTestDAG(s.k, g.order[0], nodes, nodes)
		for range s.blocks {
			h, parents, work := g.next()
			size := len(MergeSet(d, d.add(h, parents, work)))
			for limit := 1; limit <= size+2; limit++ {
				if got := MergeSetExceeds(d, parents, limit); got != (size > limit) {
					t.Fatalf("shape %q: a merge set of %d exceeds %d: %v", s.name, size, limit, got)
				}
			}
		}
	}
}
