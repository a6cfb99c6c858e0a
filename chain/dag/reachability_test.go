package dag

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// strictNodes hands out what the contract of Nodes promises and no more: nodes
// for reading are copies, so that writing to one is lost and none shows a later
// edit.
type strictNodes struct{ MemoryNodes }

func (n strictNodes) Node(h types.Hash) *Node {
	node := *n.MemoryNodes.Node(h)
	node.Children = slices.Clone(node.Children)
	node.FutureCovering = slices.Clone(node.FutureCovering)
	return &node
}

// reindexings are parameters from the tightest to those of production.
var reindexings = []struct {
	depth, slack uint64
	numbers      uint64 // that genesis owns
}{
	{0, 0, 1 << 12},
	{1, 1, 1 << 12},
	{2, 0, 1 << 12},
	{3, 2, 1 << 12},
	{5, 3, 1 << 12},
	{4, 8, 1 << 13},
	{12, 40, 1 << 20},
	{ReindexDepth, ReindexSlack, maximalInterval.End},
}

// tightTestDAG is a testDAG whose numbers soon run out.
func tightTestDAG(k int, genesis types.Hash, reindexing int, strict bool) *testDAG {
	memory := make(MemoryNodes)
	var nodes Nodes = memory
	if strict {
		nodes = strictNodes{memory}
	}
	d := newTestDAG(k, genesis, memory, nodes)
	p := reindexings[reindexing]
	d.Depth, d.Slack = p.depth, p.slack
	memory[genesis].Interval.End = p.numbers
	return d
}

// TestReachabilityIsItsDefinition compares ancestry with past sets while random
// DAGs grow, lose their newest block now and then, and shrink back to genesis.
func TestReachabilityIsItsDefinition(t *testing.T) {
	for seed := range *dagsFlag {
		s := shapes[seed%len(shapes)]
		rng := rand.New(rand.NewPCG(4, uint64(seed)))
		g := newGrower(s, rng)
		d := tightTestDAG(s.k, g.order[0], seed/len(shapes)%len(reindexings), seed%2 == 0)
		for range s.blocks {
			h, parents, work := g.next()
			d.add(h, parents, work)
			if rng.IntN(10) == 0 {
				d.removeLast()
				d.checkIntervals(t)
				d.add(h, parents, work)
			}
			d.checkIntervals(t)
			d.checkQueries(t, g.past, 10, rng)
		}
		d.checkQueries(t, g.past, 1000, rng)
		for len(d.order) > 1 {
			d.removeLast()
			d.checkIntervals(t)
		}
		if node := d.nodes[d.order[0]]; d.Root() != d.order[0] || len(node.Children)+len(node.FutureCovering) > 0 {
			t.Fatalf("shape %v, seed %d: after removal of all blocks root %v, genesis %+v", s, seed, d.Root(), node)
		}
	}
}

// An attack adds blocks to bare reachability, without GHOSTDAG: what counts is
// the tree.
type attack struct {
	*testDAG
	t    *testing.T
	past *pastTable
}

func newAttack(t *testing.T, reindexing int) *attack {
	d := tightTestDAG(0, blockID(0), reindexing, reindexing%2 == 0)
	past := newPastTable()
	past.add(blockID(0), nil)
	return &attack{testDAG: d, t: t, past: past}
}

// extend adds a block on parent, merging others, and checks all intervals.
func (a *attack) extend(parent types.Hash, merged ...types.Hash) types.Hash {
	a.t.Helper()
	h := blockID(len(a.order))
	a.order = append(a.order, h)
	a.data[h] = &Data{SelectedParent: parent}
	a.past.add(h, append(merged, parent))
	a.Add(h, parent, merged)
	a.checkIntervals(a.t)
	return h
}

// everyReindexing runs an attack with each set of parameters that has room for
// a few hundred blocks, and samples the answers at its end.
func everyReindexing(t *testing.T, run func(a *attack)) {
	for i := range reindexings {
		a := newAttack(t, i)
		run(a)
		a.checkQueries(t, a.past, 5000, rand.New(rand.NewPCG(5, uint64(i))))
	}
}

// TestAttackSideBranch: two branches off genesis on either side of the main
// chain grow all the time, which only the slack below the reindex root can feed.
func TestAttackSideBranch(t *testing.T) {
	everyReindexing(t, func(a *attack) {
		genesis := a.order[0]
		left := a.extend(genesis)
		tip := a.extend(genesis)
		right := a.extend(genesis)
		for i := range 120 {
			tip = a.extend(tip)
			a.Hint(tip)
			a.checkIntervals(t)
			left, right = a.extend(left), a.extend(right)
			if i%7 == 0 {
				a.extend(genesis)
				a.extend(tip)
			}
		}
	})
}

// TestAttackLadder: branches off every block of the chain, extended from the
// bottom up and from the top down long after the reindex root has passed.
func TestAttackLadder(t *testing.T) {
	everyReindexing(t, func(a *attack) {
		chain := []types.Hash{a.order[0]}
		var sides []types.Hash
		for range 40 {
			tip := chain[len(chain)-1]
			sides = append(sides, a.extend(tip))
			chain = append(chain, a.extend(tip))
			sides = append(sides, a.extend(tip))
			a.Hint(chain[len(chain)-1])
			a.checkIntervals(t)
		}
		for range 3 {
			for i := range sides {
				sides[i] = a.extend(sides[i])
			}
			slices.Reverse(sides)
		}
	})
}

// TestAttackManyChildren: one block after another gets many children, at the
// top, below the reindex root and at the bottom.
func TestAttackManyChildren(t *testing.T) {
	everyReindexing(t, func(a *attack) {
		tip := a.order[0]
		for range 20 {
			tip = a.extend(tip)
			a.Hint(tip)
		}
		for _, parent := range []types.Hash{tip, a.order[17], a.order[1], a.order[0]} {
			for range 70 {
				a.extend(parent)
			}
		}
	})
}

// TestAttackReorg: two chains overtake each other by ever more blocks, so that
// the reindex root changes sides.
func TestAttackReorg(t *testing.T) {
	everyReindexing(t, func(a *attack) {
		chains := [2][]types.Hash{{a.order[0]}, {a.order[0]}}
		for round := range 14 {
			chain := &chains[round%2]
			for range 3 * (round + 1) / 2 {
				tip := a.extend((*chain)[len(*chain)-1])
				*chain = append(*chain, tip)
				a.Hint(tip)
				a.checkIntervals(t)
			}
		}
		a.extend(chains[0][len(chains[0])-1], chains[1][1:]...)
	})
}

// TestRootFollowsTip pins where the reindex root goes.
func TestRootFollowsTip(t *testing.T) {
	a := newAttack(t, 4) // depth 5, slack 3
	tip := a.order[0]
	for range 12 {
		tip = a.extend(tip)
		a.Hint(tip)
	}
	if want := blockID(7); a.Root() != want {
		t.Errorf("root %v is not 5 below the tip at height 12", a.Root())
	}
	side := a.order[2]
	for a.nodes[side].Height < 7+2 {
		side = a.extend(side)
		a.Hint(side)
	}
	if want := blockID(7); a.Root() != want {
		t.Errorf("root %v moved to a side chain that is 2 higher than it", a.Root())
	}
	side = a.extend(side)
	a.Hint(side)
	if want := a.nodes[a.Root()]; want.Height != 5 || !a.IsTreeAncestor(a.Root(), side) {
		t.Errorf("root %v is not 5 below the tip of a side chain that is 3 higher than it was", a.Root())
	}
}

// TestSlackIsKept: below the reindex root each block of the chain has Slack
// numbers free on either side, and again after a side branch drew on the root.
func TestSlackIsKept(t *testing.T) {
	a := newAttack(t, 4) // depth 5, slack 3
	tip := a.order[0]
	for range 12 {
		tip = a.extend(tip)
		a.extend(a.nodes[tip].Parent)
		a.Hint(tip)
	}
	checkSlack := func() {
		t.Helper()
		for h := a.nodes[a.Root()].Parent; h != a.order[0]; h = a.nodes[h].Parent {
			if a.freeBefore(h).Size() != a.Slack || a.freeAfter(h).Size() != a.Slack {
				t.Fatalf("block %v has %v and %v free, want %d", h, a.freeBefore(h), a.freeAfter(h), a.Slack)
			}
		}
	}
	checkSlack()
	drawn, side := 0, a.order[0]
	for range 100 {
		before := a.nodes[a.Root()].Interval
		side = a.extend(side)
		if a.nodes[a.Root()].Interval != before {
			drawn++
			checkSlack()
		}
	}
	if drawn < 3 {
		t.Errorf("the side branch drew on the root %d times", drawn)
	}
}

// TestContradictions: what cannot be is refused loudly.
func TestContradictions(t *testing.T) {
	a := newAttack(t, len(reindexings)-1)
	left, right := a.extend(a.order[0]), a.extend(a.order[0])
	top := a.extend(left, right)
	cases := map[string]func(){
		"merging twice":                func() { a.Add(blockID(99), top, []types.Hash{right}) },
		"unknown parent":               func() { a.Add(blockID(98), blockID(97), nil) },
		"removal of a parent":          func() { a.Remove(left, nil) },
		"removal of a merged block":    func() { a.Remove(right, nil) },
		"next below another branch":    func() { a.NextTreeAncestor(left, right) },
		"next below itself":            func() { a.NextTreeAncestor(left, left) },
		"question about the unknown":   func() { a.IsAncestor(blockID(96), left) },
		"removal of what never merged": func() { a.Remove(top, []types.Hash{left}) },
	}
	for name, do := range cases {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			do()
		})
	}
}

func TestContinueOverNodes(t *testing.T) {
	a := newAttack(t, 3)
	tip := a.order[0]
	for i := range 200 {
		tip = a.extend(tip)
		a.Hint(tip)
		if i%20 == 0 {
			again := NewReachability(a.nodes, a.Root())
			again.Depth, again.Slack = a.Depth, a.Slack
			a.Reachability = again
		}
	}
	a.checkQueries(t, a.past, 5000, rand.New(rand.NewPCG(6, 0)))
}

func TestIsAncestorDoesNotAllocate(t *testing.T) {
	d := plainTestDAG(18)
	growLayers(d, 300, 10)
	if n := testing.AllocsPerRun(100, func() { d.IsAncestor(d.order[40], d.order[250]); d.IsTreeAncestor(d.order[3], d.order[250]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
