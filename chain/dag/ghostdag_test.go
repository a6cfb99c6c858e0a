package dag

import (
	"flag"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

var dagsFlag = flag.Int("dags", 72, "number of random DAGs to compare with the naive twins")

func TestGenesis(t *testing.T) {
	d := plainTestDAG(3)
	if got := Ghostdag(d, 3, nil); !reflect.DeepEqual(got, &Data{}) {
		t.Errorf("genesis has %+v", got)
	}
	if got := MergeSet(d, &Data{}); len(got) != 0 {
		t.Errorf("genesis merges %v", got)
	}
	child := d.add(blockID(1), []types.Hash{blockID(0)}, 5)
	want := &Data{
		SelectedParent: blockID(0),
		Blues:          []types.Hash{blockID(0)},
		AnticoneSizes:  []AnticoneSize{{blockID(0), 0}},
		BlueScore:      1,
		BlueWork:       types.NewUint256(1),
	}
	if !reflect.DeepEqual(child, want) {
		t.Errorf("its child has %+v, want %+v", child, want)
	}
}

// TestGhostdagIsItsDefinition compares every field of every block of random
// DAGs with sets built from scratch.
func TestGhostdagIsItsDefinition(t *testing.T) {
	blocks := 0
	for seed := range *dagsFlag {
		rng := rand.New(rand.NewPCG(1, uint64(seed)))
		s := randomShape(rng)
		if i := seed % (len(shapes) + 1); i < len(shapes) {
			s = shapes[i]
		}
		g := newGrower(s, rng)
		nodes := make(MemoryNodes)
		d := newTestDAG(s.k, g.order[0], nodes, nodes)
		naive := newNaiveDAG(s.k, g.order[0])
		for range 4 + rng.IntN(naiveLimit-4) {
			h, parents, work := g.next()
			naive.compare(t, naive.add(h, parents, work), d, d.add(h, parents, work))
			blocks++
		}
		if t.Failed() {
			t.Fatalf("shape %v, seed %d", s, seed)
		}
	}
	t.Logf("%d blocks in %d DAGs", blocks, *dagsFlag)
}

// TestShapesAreWild makes sure that the random DAGs are worth comparing.
func TestShapesAreWild(t *testing.T) {
	var reds, ties, grown, merged int
	for seed, s := range shapes {
		g := newGrower(s, rand.New(rand.NewPCG(1, uint64(seed))))
		nodes := make(MemoryNodes)
		d := newTestDAG(s.k, g.order[0], nodes, nodes)
		for range s.blocks / 2 {
			h, parents, work := g.next()
			data := d.add(h, parents, work)
			reds += len(data.Reds)
			grown += len(data.AnticoneSizes) - len(data.Blues)
			merged = max(merged, len(data.Blues)+len(data.Reds))
			for _, p := range parents {
				if p != data.SelectedParent && d.data[p].BlueWork == d.data[data.SelectedParent].BlueWork {
					ties++
				}
			}
		}
	}
	if reds < 100 || ties < 100 || grown < 20 || merged < 13 {
		t.Errorf("%d reds, %d ties, %d older blues whose anticone grew, greatest merge set %d", reds, ties, grown, merged)
	}
}

// TestParentsAreASet: neither their order, nor parents that are in the past of
// others, change anything.
func TestParentsAreASet(t *testing.T) {
	for seed, s := range shapes {
		rng := rand.New(rand.NewPCG(2, uint64(seed)))
		g := newGrower(s, rng)
		nodes := make(MemoryNodes)
		d := newTestDAG(s.k, g.order[0], nodes, nodes)
		for range s.blocks {
			h, parents, work := g.next()
			more := append([]types.Hash{}, parents...)
			more = append(more, d.parents[parents[rng.IntN(len(parents))]]...)
			rng.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
			other := Ghostdag(d, s.k, more)
			if got := d.add(h, parents, work); !reflect.DeepEqual(got, other) {
				t.Fatalf("shape %v: parents %v give %+v, %v give %+v", s, parents, got, more, other)
			}
		}
	}
}

// TestArrivalOrder: the same DAG has the same data in whatever order its blocks
// arrive.
func TestArrivalOrder(t *testing.T) {
	for seed, s := range shapes {
		rng := rand.New(rand.NewPCG(3, uint64(seed)))
		g := newGrower(s, rng)
		nodes := make(MemoryNodes)
		d := newTestDAG(s.k, g.order[0], nodes, nodes)
		for range s.blocks {
			d.add(g.next())
		}
		others := make(MemoryNodes)
		other := newTestDAG(s.k, g.order[0], others, others)
		for len(other.order) < len(d.order) {
			h := d.order[rng.IntN(len(d.order))]
			if !other.ready(d, h) {
				continue
			}
			work := d.work[h][0]
			if got := other.add(h, d.parents[h], work); !reflect.DeepEqual(got, d.data[h]) {
				t.Fatalf("shape %v: block %v has %+v, in another order %+v", s, h, d.data[h], got)
			}
		}
		other.checkIntervals(t)
	}
}

// ready reports whether d lacks a block of source and has its parents.
func (d *testDAG) ready(source *testDAG, h types.Hash) bool {
	if _, ok := d.data[h]; ok {
		return false
	}
	for _, p := range source.parents[h] {
		if _, ok := d.data[p]; !ok {
			return false
		}
	}
	return true
}

// A countingView counts what is read.
type countingView struct {
	View
	reads int
}

func (v *countingView) Parents(h types.Hash) []types.Hash { v.reads++; return v.View.Parents(h) }
func (v *countingView) Data(h types.Hash) *Data           { v.reads++; return v.View.Data(h) }

func (v *countingView) IsAncestor(a, b types.Hash) bool { v.reads++; return v.View.IsAncestor(a, b) }

// TestReadsDoNotGrow: a block on top of a long chain reads as much as on a short
// one.
func TestReadsDoNotGrow(t *testing.T) {
	var reads []int
	for _, length := range []int{20, 2000} {
		d := plainTestDAG(4)
		tips := growLayers(d, length, 5)
		v := &countingView{View: d}
		Ghostdag(v, d.k, tips)
		reads = append(reads, v.reads)
	}
	if reads[0] != reads[1] || reads[0] > 200 {
		t.Errorf("%d reads after 20 blocks, %d after 2,000", reads[0], reads[1])
	}
}

// growLayers adds n blocks, width at a time on all blocks of the layer before,
// and returns the last layer.
func growLayers(d *testDAG, n, width int) (tips []types.Hash) {
	tips = []types.Hash{d.order[len(d.order)-1]}
	var layer []types.Hash
	for len(layer) < width && n > 0 {
		h := layerHash(len(d.order))
		d.add(h, tips, 1)
		layer = append(layer, h)
		if n--; len(layer) == width {
			tips, layer = layer, nil
		}
	}
	return tips
}

// layerHash scatters: the order of the hashes is not that of the numbers.
func layerHash(n int) (h types.Hash) {
	h = blockID(n)
	h[31] = h[6]
	h[0] = byte(n * 167)
	h[1] = byte(n * 13)
	return h
}
