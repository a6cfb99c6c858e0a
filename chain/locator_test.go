package chain_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// must returns the answer of a query that cannot fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// catchUp brings one Manager to the DAG of another through headers and missing
// bodies alone, a few at a time, and returns how many headers were handed over.
func catchUp(t *testing.T, from, to *chain.Manager, limit int) (handed int) {
	t.Helper()
	locator := must(to.Locator())
	var last []types.Header
	for more := true; more; {
		var headers []types.Header
		var err error
		if headers, more, err = from.HeadersAfter(locator, types.Hash{}, limit); err != nil {
			t.Fatal(err)
		}
		if added, known, err := to.AddHeaders(headers); err != nil || added+known != len(headers) {
			t.Fatalf("%d headers: %d added, %d known, %v", len(headers), added, known, err)
		}
		if more {
			locator = append([]types.Hash{headers[len(headers)-1].Hash()}, locator...)
		}
		handed, last = handed+len(headers), headers
	}
	fetch(t, from, to, limit)
	for i := range last { // what no chain block merges yet
		if b := must(from.Block(last[i].Hash())); must(to.Status(b.Hash())) == chain.StatusHeaderOnly {
			if err := to.AddBlock(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	return handed
}

// fetch adds the bodies below the best header.
func fetch(t *testing.T, from, to *chain.Manager, limit int) {
	t.Helper()
	high, _, _ := to.BestHeader()
	for at := (types.Hash{}); at != high; {
		missing, reached, err := to.MissingBodies(at, high, limit)
		if err != nil {
			t.Fatal(err)
		}
		var blocks []types.Block
		for _, h := range missing {
			blocks = append(blocks, must(from.Block(h)))
		}
		if added, _, err := to.AddBlocks(blocks); err != nil || added != len(missing) {
			t.Fatalf("%d of %d missing bodies were added: %v", added, len(missing), err)
		}
		at = reached
	}
}

// Whatever part of a DAG a node has, headers and missing bodies bring it the
// rest, in steps of any size.
func TestCatchUp(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 0))
		p := smallNet(3)
		b := chaintest.NewBuilder(p)
		blocks := chaintest.RandomDAG(b, chaintest.Shape{Blocks: 90, Width: 4, Private: 0.05}, rng)
		whole, part := chaintest.Open(t, p), chaintest.Open(t, p)
		if _, _, err := whole.AddBlocks(blocks); err != nil {
			t.Fatal(err)
		}
		if _, _, err := part.AddBlocks(blocks[:rng.IntN(len(blocks))]); err != nil {
			t.Fatal(err)
		}
		catchUp(t, whole, part, p.MergeSetLimit+rng.IntN(40))
		a, z := whole.Snapshot(), part.Snapshot()
		if a.Sink != z.Sink || !slices.Equal(a.VirtualParents, z.VirtualParents) || a.UTXOCommitment != z.UTXOCommitment {
			t.Fatalf("seed %d: sink %v with parents %v, want %v with %v", seed, z.Sink, z.VirtualParents, a.Sink, a.VirtualParents)
		}
	}
}

// A node on a side branch meets the chain by its locator: about as many headers
// as it lacks are handed over, not the whole chain.
func TestLocatorMeetsTheChain(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	whole, part := chaintest.Open(t, p), chaintest.Open(t, p)
	tip := p.GenesisHash
	grow := func(n int, extra string, on types.Hash, into ...*chain.Manager) types.Hash {
		for range n {
			made := b.Oracle.Make([]types.Hash{on}, chaintest.Content{Extra: []byte(extra)})
			b.Oracle.Add(made)
			for _, m := range into {
				mustTake(t, m, made)
			}
			on = made.Hash()
		}
		return on
	}
	tip = grow(150, "", tip, whole, part)
	grow(20, "side", tip, part)
	grow(30, "chain", tip, whole)
	locator := must(part.Locator())
	if len(locator) > 20 || locator[0] != part.Snapshot().Sink || locator[len(locator)-1] != p.GenesisHash {
		t.Fatalf("a locator of %d hashes from %v to %v", len(locator), locator[0], locator[len(locator)-1])
	}
	if handed := catchUp(t, whole, part, 200); handed < 30 || handed > 30+20 {
		t.Errorf("%d headers were handed over, 30 were lacking", handed)
	}
	if part.Snapshot().Sink != whole.Snapshot().Sink {
		t.Error("the node stayed on its branch")
	}
}

func TestHeadersAfterEndsAtHigh(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	b.Block("A", []string{"G"}, chaintest.Content{})
	b.Block("B", []string{"G"}, chaintest.Content{Extra: []byte("b")})
	b.Block("C", []string{"A", "B"}, chaintest.Content{})
	b.Block("D", []string{"C"}, chaintest.Content{})
	m := chaintest.Open(t, p)
	for _, made := range b.Oracle.Blocks()[1:] {
		mustTake(t, m, made.Block)
	}
	headers, more, err := m.HeadersAfter(nil, b.Hash("C"), p.MergeSetLimit)
	if err != nil || more || len(headers) != 3 || headers[2].Hash() != b.Hash("C") {
		t.Fatalf("%d headers, more %v, %v", len(headers), more, err)
	}
	late := b.Oracle.Make(b.Hashes("D"), chaintest.Content{})
	if err := m.AddHeader(late.Header); err != nil {
		t.Fatal(err)
	}
	for _, high := range []types.Hash{late.Hash(), {1}} {
		if _, _, err := m.HeadersAfter(nil, high, p.MergeSetLimit); !errors.Is(err, chain.ErrNotFound) {
			t.Errorf("headers up to a block without a body: %v", err)
		}
	}
	if _, _, err := m.MissingBodies(types.Hash{}, types.Hash{1}, 9); !errors.Is(err, chain.ErrNotFound) {
		t.Errorf("bodies below an unknown block: %v", err)
	}
	if missing, reached, err := m.MissingBodies(types.Hash{}, late.Hash(), 9); err != nil || reached != late.Hash() || !slices.Equal(missing, []types.Hash{late.Hash()}) {
		t.Errorf("missing %v, reached %v, %v", missing, reached, err)
	}
}

// AddHeaders keeps what came before a header that is refused.
func TestAddHeadersStopsAtTheFirstError(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	var headers []types.Header
	for _, name := range []string{"A", "B", "C"} {
		on := map[string]string{"A": "G", "B": "A", "C": "B"}[name]
		headers = append(headers, b.Block(name, []string{on}, chaintest.Content{}).Header)
	}
	bad := headers[1]
	bad.BlueScore++
	block := types.Block{Header: bad}
	chaintest.Solve(p, &block)
	m := chaintest.Open(t, p)
	added, known, err := m.AddHeaders([]types.Header{headers[0], headers[0], block.Header, headers[1]})
	if added != 1 || known != 1 || !errors.Is(err, rules.ErrBlueScore) {
		t.Fatalf("%d added, %d known, %v", added, known, err)
	}
	added, known, err = m.AddHeaders(headers)
	if added != 2 || known != 1 || err != nil {
		t.Fatalf("%d added, %d known, %v", added, known, err)
	}
	if best, _, _ := m.BestHeader(); best != b.Hash("C") {
		t.Errorf("the best header is %v", best)
	}
}
