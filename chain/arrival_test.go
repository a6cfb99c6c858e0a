package chain_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
)

// An arrival is one way for the blocks of a DAG, given in the order they were
// made, to come in at a Manager.
type arrival struct {
	t      *testing.T
	m      *chain.Manager
	blocks []types.Block
	rng    *rand.Rand
}

// arrivals are the ways that differ.
var arrivals = []struct {
	name string
	run  func(a *arrival)
}{
	{"as made", func(a *arrival) { a.addAll(a.blocks) }},
	{"another order", func(a *arrival) { a.addAll(a.shuffled()) }},
	{"groups", (*arrival).groups},
	{"headers first", (*arrival).headersFirst},
	{"headers ahead", (*arrival).headersAhead},
	{"orphans", (*arrival).orphans},
}

func (a *arrival) addAll(blocks []types.Block) {
	a.t.Helper()
	for i := range blocks {
		a.must(a.m.AddBlock(blocks[i]))
	}
}

// groups adds a few blocks at a time.
func (a *arrival) groups() {
	for blocks := a.shuffled(); len(blocks) > 0; {
		n := min(1+a.rng.IntN(12), len(blocks))
		_, _, err := a.m.AddBlocks(blocks[:n])
		a.must(err)
		blocks = blocks[n:]
	}
}

func (a *arrival) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// headersFirst adds all headers, and the bodies in another order.
func (a *arrival) headersFirst() {
	for _, b := range a.shuffled() {
		a.must(a.m.AddHeader(b.Header))
	}
	for _, b := range a.shuffled() {
		a.must(a.m.AddBody(b))
	}
}

// headersAhead adds headers in one order and blocks in another, taking turns at
// random: some blocks find their header there, some do not.
func (a *arrival) headersAhead() {
	headers, blocks := a.shuffled(), a.shuffled()
	known := make(map[types.Hash]bool)
	for len(blocks) > 0 {
		if len(headers) > 0 && a.rng.IntN(2) == 0 {
			hash := headers[0].Hash()
			if err := a.m.AddHeader(headers[0].Header); known[hash] != errors.Is(err, chain.ErrKnown) || !known[hash] && err != nil {
				a.t.Fatalf("header %v: %v, known before: %v", hash, err, known[hash])
			}
			known[hash] = true
			headers = headers[1:]
			continue
		}
		hash, add := blocks[0].Hash(), a.m.AddBlock
		if known[hash] && a.rng.IntN(2) == 0 {
			add = a.m.AddBody
		}
		a.must(add(blocks[0]))
		known[hash] = true
		blocks = blocks[1:]
	}
}

// orphans offers the blocks in an order that is not topological: those without
// parents are refused by their names, and offered again when the last came in.
func (a *arrival) orphans() {
	absent := make(map[types.Hash]bool)
	for i := range a.blocks {
		absent[a.blocks[i].Hash()] = true
	}
	offers := slices.Clone(a.blocks)
	a.rng.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
	var waiting []types.Block
	for i := 0; i < len(offers); i++ {
		b := offers[i]
		if missing := missingParents(&b, absent); len(missing) > 0 {
			a.refused(&b, missing)
			waiting = append(waiting, b)
			continue
		}
		a.must(a.m.AddBlock(b))
		delete(absent, b.Hash())
		var ready []types.Block
		waiting = slices.DeleteFunc(waiting, func(w types.Block) bool {
			if len(missingParents(&w, absent)) > 0 {
				return false
			}
			ready = append(ready, w)
			return true
		})
		offers = slices.Insert(offers, i+1, ready...)
	}
	if len(absent) > 0 {
		a.t.Fatalf("%d blocks never came in", len(absent))
	}
}

// refused demands that a block is refused for these parents, as a block and as a
// header.
func (a *arrival) refused(b *types.Block, missing []types.Hash) {
	a.t.Helper()
	for _, err := range []error{a.m.AddBlock(*b), a.m.AddHeader(b.Header)} {
		var unknown *chain.UnknownParentsError
		if !errors.As(err, &unknown) || unknown.Hash != b.Hash() || !slices.Equal(unknown.Parents, missing) {
			a.t.Fatalf("block %v without its parents %v: %v", b.Hash(), missing, err)
		}
	}
	if err := a.m.AddBody(*b); !errors.Is(err, chain.ErrUnknownHeader) {
		a.t.Fatalf("a body without its header: %v", err)
	}
}

func missingParents(b *types.Block, absent map[types.Hash]bool) (missing []types.Hash) {
	for _, p := range b.Header.Parents {
		if absent[p] {
			missing = append(missing, p)
		}
	}
	return missing
}

// shuffled returns another topological order of the blocks.
func (a *arrival) shuffled() []types.Block {
	absent := make(map[types.Hash]bool)
	for i := range a.blocks {
		absent[a.blocks[i].Hash()] = true
	}
	var order []types.Block
	left := slices.Clone(a.blocks)
	for len(left) > 0 {
		i := a.rng.IntN(len(left))
		if len(missingParents(&left[i], absent)) == 0 {
			order = append(order, left[i])
			delete(absent, left[i].Hash())
			left = slices.Delete(left, i, i+1)
		}
	}
	return order
}
