package dag

import (
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// TestObjectionsAreReal holds what is said against every red of random DAGs
// against sets built from scratch.
func TestObjectionsAreReal(t *testing.T) {
	crowds, crowded := 0, 0
	for seed := range *dagsFlag {
		rng := rand.New(rand.NewPCG(2, uint64(seed)))
		s := shapes[seed%len(shapes)]
		g := newGrower(s, rng)
		nodes := make(MemoryNodes)
		d := newTestDAG(s.k, g.order[0], nodes, nodes)
		naive := newNaiveDAG(s.k, g.order[0])
		for range naiveLimit - 4 {
			h, parents, work := g.next()
			b, data := naive.add(h, parents, work), d.add(h, parents, work)
			for _, red := range b.reds {
				o := Object(d, s.k, data, naive.blocks[red].hash)
				naive.compareObjection(t, b, red, o)
				if len(o.Anticone) > s.k {
					crowds++
				} else {
					crowded++
				}
			}
		}
	}
	if crowds == 0 || crowded == 0 {
		t.Errorf("%d reds with a crowd in their anticone, %d beside a crowded blue; want some of both", crowds, crowded)
	}
}

// compareObjection checks that one of the two reasons is there, and that each
// that is named is true.
func (d *naiveDAG) compareObjection(t *testing.T, b *naiveBlock, red int, o Objection) {
	t.Helper()
	anticone := b.blueSet &^ d.blocks[red].related
	var named naiveSet
	for _, h := range o.Anticone {
		named |= setOf(d.number[h])
	}
	if named&^anticone != 0 || named.size() != len(o.Anticone) || named.size() != min(anticone.size(), d.k+1) {
		t.Fatalf("the anticone of red %d is said to be %v, and is %v; k is %d", red, o.Anticone, d.hashes(anticone.members()), d.k)
	}
	if o.Crowded == (types.Hash{}) {
		if named.size() <= d.k {
			t.Fatalf("nothing stands against red %d", red)
		}
		return
	}
	if i := d.number[o.Crowded]; !named.has(i) || d.anticoneIn(b.blueSet, i) != d.k {
		t.Fatalf("%v is said to be crowded beside red %d", o.Crowded, red)
	}
}
