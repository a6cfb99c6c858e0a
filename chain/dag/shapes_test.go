package dag

import (
	"fmt"
	"math/rand/v2"

	"github.com/jio-dag/jio/chain/types"
)

// A shape grows random DAGs of one kind. All chances are in percent per block.
type shape struct {
	name    string
	k       int
	blocks  int
	width   int // parallel blocks: each sees nothing of the width−1 before it
	burst   int // chance of 2k+3 more blocks on the same parents
	late    int // chance of a parent from far back besides
	stale   int // chance of having nothing but parents from far back
	private int // chance of starting a private chain, released later
	subset  int // chance of seeing an arbitrary set of blocks
	works   int // blocks have work 1 … works: 1 makes ties
}

var shapes = []shape{
	{name: "chain", k: 3, blocks: 90, width: 1, works: 1},
	{name: "k0", k: 0, blocks: 70, width: 3, late: 10, private: 3, subset: 10, works: 1},
	{name: "k1 ties", k: 1, blocks: 80, width: 3, late: 8, stale: 3, subset: 10, works: 1},
	{name: "k2 bursts", k: 2, blocks: 80, width: 2, burst: 4, late: 10, works: 2},
	{name: "k3 wide", k: 3, blocks: 80, width: 6, burst: 2, late: 5, stale: 5, private: 2, works: 1},
	{name: "k3 private", k: 3, blocks: 90, width: 2, private: 8, stale: 3, works: 3},
	{name: "k5 subsets", k: 5, blocks: 80, width: 4, subset: 60, works: 9},
	{name: "k8 merges", k: 8, blocks: 90, width: 9, stale: 25, private: 4, subset: 10, works: 1000},
	{name: "k18 flat", k: 18, blocks: 90, width: 25, late: 10, stale: 10, works: 1},
}

// randomShape returns a shape that nobody thought of.
func randomShape(rng *rand.Rand) shape {
	chance := func() int { return rng.IntN(1 + rng.IntN(50)) }
	return shape{
		name: "random", k: rng.IntN(1 + rng.IntN(20)), blocks: 80, width: 1 + rng.IntN(1+rng.IntN(30)),
		burst: chance() / 5, late: chance(), stale: chance(), private: chance(), subset: chance(),
		works: 1 + rng.IntN(1+rng.IntN(1000)),
	}
}

// A grower holds one DAG while it grows.
type grower struct {
	shape
	rng     *rand.Rand
	past    *pastTable
	order   []types.Hash
	parents map[types.Hash][]types.Hash
	private []types.Hash // the blocks of the private chain so far
	left    int          // blocks until its release
	burst   int          // blocks to come on burstOn
	burstOn []types.Hash
}

func newGrower(s shape, rng *rand.Rand) *grower {
	g := &grower{shape: s, rng: rng, past: newPastTable(), parents: make(map[types.Hash][]types.Hash)}
	g.append(randomHash(rng), nil)
	return g
}

func (g *grower) append(h types.Hash, parents []types.Hash) {
	g.past.add(h, parents)
	g.order = append(g.order, h)
	g.parents[h] = parents
}

func (g *grower) chance(percent int) bool { return g.rng.IntN(100) < percent }

// next grows the DAG by one block and returns it with its parents, in random
// order, and its work.
func (g *grower) next() (h types.Hash, parents []types.Hash, work uint64) {
	parents = g.past.antichain(g.chooseParents())
	g.rng.Shuffle(len(parents), func(i, j int) { parents[i], parents[j] = parents[j], parents[i] })
	h = randomHash(g.rng)
	if g.chance(30) {
		copy(h[:24], g.order[len(g.order)-1][:24]) // hashes that differ late
	}
	g.append(h, parents)
	if g.left > 0 {
		g.private = append(g.private, h)
		if g.left--; g.left == 0 {
			g.private = nil
		}
	}
	return h, parents, 1 + g.rng.Uint64N(uint64(g.works))
}

func (g *grower) chooseParents() []types.Hash {
	switch {
	case g.left > 0 && len(g.private) > 0:
		return g.private[len(g.private)-1:]
	case g.burst > 0:
		g.burst--
		return g.burstOn
	case g.left == 0 && g.chance(g.shape.private):
		g.left = 2 + g.rng.IntN(2*g.k+3)
		return g.sample(1, len(g.order)/2)
	case g.chance(g.stale):
		return g.sample(1+g.rng.IntN(2), len(g.order))
	case g.chance(g.subset):
		return g.sample(1+g.rng.IntN(g.width+2), 4*g.width)
	}
	seen := g.order[:max(1, len(g.order)-g.rng.IntN(g.width))]
	parents := g.past.antichain(seen)
	if g.chance(g.late) {
		parents = append(parents, g.sample(1, len(g.order))...)
	}
	if g.chance(g.shape.burst) {
		g.burst, g.burstOn = 2*g.k+3, parents
	}
	return parents
}

// sample returns n of the last blocks.
func (g *grower) sample(n, last int) (blocks []types.Hash) {
	last = min(max(last, 1), len(g.order))
	for range n {
		blocks = append(blocks, g.order[len(g.order)-1-g.rng.IntN(last)])
	}
	return blocks
}

func (s shape) String() string { return fmt.Sprintf("%s (k=%d)", s.name, s.k) }
