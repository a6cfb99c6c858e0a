package dag

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// A testDAG is a whole DAG in memory, a View of it, and the real reachability.
type testDAG struct {
	*Reachability
	k       int
	nodes   MemoryNodes
	order   []types.Hash // as added, genesis first
	parents map[types.Hash][]types.Hash
	data    map[types.Hash]*Data
	work    map[types.Hash]types.Uint256
	tip     types.Hash // the greatest by (blue work, hash)
}

// newTestDAG plants genesis; nodes may wrap memory, or be it.
func newTestDAG(k int, genesis types.Hash, memory MemoryNodes, nodes Nodes) *testDAG {
	return &testDAG{
		Reachability: PlantGenesis(nodes, genesis),
		k:            k,
		nodes:        memory,
		order:        []types.Hash{genesis},
		parents:      map[types.Hash][]types.Hash{genesis: nil},
		data:         map[types.Hash]*Data{genesis: {}},
		work:         map[types.Hash]types.Uint256{genesis: {1}},
		tip:          genesis,
	}
}

func plainTestDAG(k int) *testDAG {
	nodes := make(MemoryNodes)
	return newTestDAG(k, blockID(0), nodes, nodes)
}

func (d *testDAG) Parents(h types.Hash) []types.Hash { return d.parents[h] }
func (d *testDAG) Work(h types.Hash) types.Uint256   { return d.work[h] }
func (d *testDAG) Data(h types.Hash) *Data {
	data, ok := d.data[h]
	if !ok {
		panic(fmt.Sprintf("no block %v", h))
	}
	return data
}

// add adds a block the way a node does.
func (d *testDAG) add(h types.Hash, parents []types.Hash, work uint64) *Data {
	return d.addWork(h, parents, types.NewUint256(work))
}

func (d *testDAG) addWork(h types.Hash, parents []types.Hash, work types.Uint256) *Data {
	data := Ghostdag(d, d.k, parents)
	d.order = append(d.order, h)
	d.parents[h], d.data[h], d.work[h] = parents, data, work
	d.Add(h, data.SelectedParent, MergeSet(d, data)[1:])
	if Less(d, d.tip, h) {
		d.tip = h
		d.Hint(h)
	}
	return data
}

// removeLast takes back the block added last.
func (d *testDAG) removeLast() {
	h := d.order[len(d.order)-1]
	d.order = d.order[:len(d.order)-1]
	d.Remove(h, MergeSet(d, d.data[h])[1:])
	delete(d.parents, h)
	delete(d.data, h)
	delete(d.work, h)
	if d.tip == h {
		d.tip = slices.MaxFunc(d.order, func(a, b types.Hash) int { return rank(d, a).Compare(rank(d, b)) })
	}
}

// blockID returns a hash that is easy to read in failures.
func blockID(n int) (h types.Hash) {
	copy(h[:], fmt.Sprintf("block %d", n))
	return h
}

func randomHash(rng *rand.Rand) (h types.Hash) {
	for i := range h {
		h[i] = byte(rng.Uint32())
	}
	return h
}

// checkIntervals verifies what every interval tree must have.
func (d *testDAG) checkIntervals(t testing.TB) {
	t.Helper()
	if !d.IsTreeAncestor(d.order[0], d.Root()) || len(d.nodes) != len(d.order) {
		t.Fatalf("root %v, %d nodes for %d blocks", d.Root(), len(d.nodes), len(d.order))
	}
	for h, node := range d.nodes {
		if !node.Interval.valid() || node.Interval.Size() == 0 {
			t.Fatalf("block %v has interval %v", h, node.Interval)
		}
		d.checkInside(t, h, node.Children, node.Interval.capacity())
		d.checkInside(t, h, node.FutureCovering, maximalInterval)
		for _, child := range node.Children {
			if c := d.nodes[child]; c.Parent != h || c.Height != node.Height+1 {
				t.Fatalf("child %v of %v has parent %v and height %d, not %d", child, h, c.Parent, c.Height, node.Height+1)
			}
		}
	}
}

// checkInside verifies that blocks have disjoint intervals in order inside room.
func (d *testDAG) checkInside(t testing.TB, h types.Hash, blocks []types.Hash, room Interval) {
	t.Helper()
	for _, block := range blocks {
		interval := d.nodes[block].Interval
		if !room.Contains(interval) {
			t.Fatalf("below %v: block %v has %v, want inside %v", h, block, interval, room)
		}
		room.Start = interval.End + 1
	}
}

// A pastTable holds the past of each block as a set of positions in the order
// of a DAG: the naive twin of reachability.
type pastTable struct {
	index map[types.Hash]int
	past  [][]bool // past[b][a]: a is in the past of b
}

func newPastTable() *pastTable { return &pastTable{index: make(map[types.Hash]int)} }

func (p *pastTable) add(h types.Hash, parents []types.Hash) {
	past := make([]bool, len(p.past))
	for _, parent := range parents {
		i := p.index[parent]
		past[i] = true
		for a, in := range p.past[i] {
			past[a] = past[a] || in
		}
	}
	p.index[h] = len(p.past)
	p.past = append(p.past, past)
}

// strictly reports whether a is in the past of b.
func (p *pastTable) strictly(a, b types.Hash) bool {
	i, j := p.index[a], p.index[b]
	return i < j && p.past[j][i]
}

// antichain removes what is in the past of another or there twice.
func (p *pastTable) antichain(blocks []types.Hash) (maximal []types.Hash) {
	for i, a := range blocks {
		below := func(b types.Hash) bool { return p.strictly(a, b) }
		if !slices.ContainsFunc(blocks, below) && !slices.Contains(blocks[:i], a) {
			maximal = append(maximal, a)
		}
	}
	return maximal
}

// checkQueries compares the answers about n random pairs with the definition.
func (d *testDAG) checkQueries(t testing.TB, past *pastTable, n int, rng *rand.Rand) {
	t.Helper()
	for range n {
		d.checkPair(t, past, d.order[rng.IntN(len(d.order))], d.order[rng.IntN(len(d.order))])
	}
}

func (d *testDAG) checkPair(t testing.TB, past *pastTable, a, b types.Hash) {
	t.Helper()
	if got, want := d.IsAncestor(a, b), a == b || past.strictly(a, b); got != want {
		t.Fatalf("IsAncestor(%v, %v) = %v, want %v", a, b, got, want)
	}
	onChain, next := d.walkDown(a, b)
	if got := d.IsTreeAncestor(a, b); got != onChain {
		t.Fatalf("IsTreeAncestor(%v, %v) = %v, want %v", a, b, got, onChain)
	}
	if onChain && a != b && d.NextTreeAncestor(a, b) != next {
		t.Fatalf("NextTreeAncestor(%v, %v) = %v, want %v", a, b, d.NextTreeAncestor(a, b), next)
	}
}

// walkDown looks for a on the selected chain of b, one block at a time; next is
// the block above it.
func (d *testDAG) walkDown(a, b types.Hash) (found bool, next types.Hash) {
	genesis := d.order[0]
	for ; b != a; b = d.data[b].SelectedParent {
		if b == genesis {
			return false, next
		}
		next = b
	}
	return true, next
}
