package dag

import (
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

var siegeFlag = flag.Int("siege", 2000, "blocks of the DAG that attacks reachability; every block is asked about 16 others")

// sieges are the reindexing parameters under attack, those of production and some
// so tight that the slack on the way to the reindex root is soon used up, and how
// far down the chain rivals leave it.
var sieges = []struct {
	name                 string
	depth, slack, number uint64
	back                 int
}{
	{"production", ReindexDepth, ReindexSlack, maximalInterval.End, 80},
	{"tight", 12, 40, 1 << 26, 4000},
	{"no slack", 3, 0, 1 << 22, 4000},
}

// TestReachabilityUnderSiege grows one large DAG from all the shapes that make
// reindexing dear, mixed at random, and holds random pairs against breadth-first
// search. -siege 65536 asks about a million pairs.
func TestReachabilityUnderSiege(t *testing.T) {
	for i, s := range sieges {
		t.Run(s.name, func(t *testing.T) {
			nodes := make(MemoryNodes)
			d := newTestDAG(3, blockID(0), nodes, nodes)
			d.Depth, d.Slack = s.depth, s.slack
			nodes[blockID(0)].Interval.End = s.number
			rng := rand.New(rand.NewPCG(8, uint64(i)))
			g := &siege{testDAG: d, rng: rng, number: map[types.Hash]int{d.order[0]: 0}, back: s.back, rival: d.order[0]}
			for len(d.order) < *siegeFlag {
				g.grow()
			}
			d.checkIntervals(t)
			ancestors, pairs := g.compare(t)
			t.Logf("%d blocks, %d tips, the selected chain changed %d times; %d pairs, %d of them ancestors",
				len(d.order), g.tips(), g.reorgs, pairs, ancestors)
		})
	}
}

// A siege attacks the reachability of a DAG.
type siege struct {
	*testDAG
	rng    *rand.Rand
	number map[types.Hash]int // in order of arrival
	sides  []types.Hash       // tips of branches that are never part of the chain for long
	back   int                // how many blocks back a rival begins at most
	rival  types.Hash         // a branch that now and then overtakes the chain
	left   int                // how many blocks ago, about, it left the chain
	reorgs int
}

// put adds one block.
func (g *siege) put(work uint64, parents ...types.Hash) types.Hash {
	h := randomHash(g.rng)
	before := g.tip
	g.number[h] = len(g.order)
	g.add(h, parents, work)
	if g.tip == h && !g.IsTreeAncestor(before, h) {
		g.reorgs++
	}
	return h
}

// grow adds a few blocks of one kind of attack.
func (g *siege) grow() {
	g.left++
	switch n := g.rng.IntN(400); {
	case n < 200:
		g.advance()
	case n < 240 || len(g.sides) < 2:
		g.sides = append(g.sides, g.put(1, g.old()))
	case n < 290:
		i := g.side()
		for range 1 + g.rng.IntN(6) {
			g.sides[i] = g.put(1, g.sides[i])
		}
	case n < 300:
		g.mergeSides()
	case n < 302:
		g.burst()
	case n < 310:
		g.chase()
	default:
		g.rival = g.put(2, g.rival)
	}
}

// old returns a block of any age, often an early one of the chain.
func (g *siege) old() types.Hash {
	if g.rng.IntN(3) == 0 {
		return g.order[g.rng.IntN(1+len(g.order)/50)]
	}
	return g.order[g.rng.IntN(len(g.order))]
}

func (g *siege) side() int { return g.rng.IntN(len(g.sides)) }

// advance makes a layer of parallel blocks on the tip and a block that merges
// them, and sometimes a side branch.
func (g *siege) advance() {
	var layer []types.Hash
	below := g.tip
	for range 1 + g.rng.IntN(4) {
		layer = append(layer, g.put(2, below))
	}
	if len(g.sides) > 0 && g.rng.IntN(4) == 0 {
		layer = append(layer, g.take(g.side()))
	}
	g.put(2, layer...)
}

// take removes a side branch from the list and returns its tip.
func (g *siege) take(i int) types.Hash {
	h := g.sides[i]
	g.sides[i] = g.sides[len(g.sides)-1]
	g.sides = g.sides[:len(g.sides)-1]
	return h
}

// mergeSides joins two side branches.
func (g *siege) mergeSides() {
	a := g.take(g.side())
	b := g.take(g.side())
	g.sides = append(g.sides, g.put(1, a, b))
}

// burst gives one old block more children than halving its numbers allows.
func (g *siege) burst() {
	parent := g.old()
	for range 30 + g.rng.IntN(60) {
		g.put(1, parent)
	}
}

// chase lets the rival overtake the chain, or starts another one below the tip.
func (g *siege) chase() {
	if g.left > g.back || g.rng.IntN(4) == 0 {
		g.rival, g.left = g.tip, 0
		for range g.rng.IntN(g.back) {
			if g.rival != g.order[0] {
				g.rival = g.data[g.rival].SelectedParent
			}
		}
	}
	for range 300 {
		if g.rival == g.tip {
			return
		}
		g.rival = g.put(9, g.rival)
	}
}

func (g *siege) tips() (n int) {
	covered := make(map[types.Hash]bool)
	for _, parents := range g.parents {
		for _, p := range parents {
			covered[p] = true
		}
	}
	return len(g.order) - len(covered)
}

// compare asks about 16 random pairs with each block as the possible ancestor.
// The search goes upwards from 64 blocks at a time, a bit for each.
func (g *siege) compare(t *testing.T) (ancestors, pairs int) {
	t.Helper()
	future, tree := make([]uint64, len(g.order)), make([]uint64, len(g.order))
	for first := 0; first < len(g.order); first += 64 {
		g.search(first, future, tree)
		for a := first; a < min(first+64, len(g.order)); a++ {
			for n := range 16 {
				b := g.rng.IntN(len(g.order))
				if n%2 == 0 { // soon after it, lest nearly all pairs be strangers
					b = min(a+g.rng.IntN(500), len(g.order)-1)
				}
				pairs++
				want := future[b]>>(a-first)&1 == 1
				if want {
					ancestors++
				}
				if got := g.IsAncestor(g.order[a], g.order[b]); got != want {
					t.Fatalf("IsAncestor(%d, %d) = %v, want %v", a, b, got, want)
				}
				if got, want := g.IsTreeAncestor(g.order[a], g.order[b]), tree[b]>>(a-first)&1 == 1; got != want {
					t.Fatalf("IsTreeAncestor(%d, %d) = %v, want %v", a, b, got, want)
				}
			}
		}
	}
	return ancestors, pairs
}

// search finds all that is reached from the 64 blocks from first on, over all
// edges and over those to selected parents alone.
func (g *siege) search(first int, future, tree []uint64) {
	clear(future)
	clear(tree)
	for i := first; i < len(g.order); i++ {
		h := g.order[i]
		for _, p := range g.parents[h] {
			future[i] |= future[g.number[p]]
		}
		if i > 0 {
			tree[i] = tree[g.number[g.data[h].SelectedParent]]
		}
		if i < first+64 {
			future[i] |= 1 << (i - first)
			tree[i] |= 1 << (i - first)
		}
	}
}
