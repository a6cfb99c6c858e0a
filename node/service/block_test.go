package service_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func hashes(blocks []*chaintest.Block) []types.Hash {
	list := []types.Hash{}
	for _, b := range blocks {
		list = append(list, b.Hash)
	}
	return list
}

// beside adds a block beside the sink, so that one of the two is not merged yet.
func (f *fixture) beside() {
	f.t.Helper()
	b := f.builder.Oracle.Make([]types.Hash{f.sink().SelectedParent.Hash}, chaintest.Content{Extra: []byte("beside")})
	f.builder.Oracle.Add(b)
	f.add(b)
}

// mergers returns the chain block that has each block in its merge set.
func (f *fixture) mergers() map[types.Hash]*chaintest.Block {
	merged := make(map[types.Hash]*chaintest.Block)
	for _, c := range f.chainUp() {
		for _, b := range slices.Concat(c.Blues, c.Reds) {
			merged[b.Hash] = c
		}
	}
	return merged
}

// TestBlocksAreTheOracles holds every field that follows from the DAG against
// the oracle.
func TestBlocksAreTheOracles(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(90, 7)
	f.beside()
	mergers, up := f.mergers(), f.chainUp()
	seen := make(map[string]int)
	for _, b := range f.builder.Oracle.Blocks() {
		got := ask(f, api.GetBlock, api.BlockParams{Hash: b.Hash, Transactions: true})
		seen[got.Fate]++
		if got.Hash != b.Hash || got.Header.BlueScore != b.BlueScore || got.Height != b.Height || got.TxCount != len(b.Transactions) ||
			!slices.Equal(got.MergeSetBlues, hashes(b.Blues)) || !slices.Equal(got.MergeSetReds, hashes(b.Reds)) {
			t.Fatalf("%s is %+v", f.builder.Label(b.Hash), got)
		}
		checkFate(t, &got, b, mergers[b.Hash], slices.Contains(up, b))
		checkPaid(t, f, &got, b, mergers[b.Hash])
		for i, tx := range got.Transactions {
			if want := b.Transactions[i].ID(); tx.ID != want || !slices.Contains(tx.Blocks, b.Hash) {
				t.Errorf("transaction %d is %v in %v, want %v", i, tx.ID, tx.Blocks, want)
			}
		}
	}
	for _, fate := range []string{"chain", "blue", "red", "pending"} {
		if seen[fate] == 0 {
			t.Errorf("no block is %s", fate)
		}
	}
	refuse(f, api.GetBlock, api.BlockParams{Hash: types.Hash{1}}, api.CodeNotFound)
}

func checkFate(t *testing.T, got *api.Block, b, merger *chaintest.Block, onChain bool) {
	t.Helper()
	want, by := "pending", types.Hash{}
	switch {
	case merger != nil && slices.Contains(merger.Reds, b):
		want = "red"
	case onChain:
		want = "chain"
	case merger != nil:
		want = "blue"
	}
	if merger != nil {
		by = merger.Hash
	}
	if got.Fate != want || got.MergedBy != by {
		t.Errorf("%v is %s by %v, want %s by %v", b.Hash, got.Fate, got.MergedBy, want, by)
	}
	if (got.WhyRed != nil) != (want == "red") {
		t.Fatalf("%v is %s and the reason is %v", b.Hash, want, got.WhyRed)
	}
	if why := got.WhyRed; why != nil && (why.Merger != by || why.K != 1 || why.Sentence == "" || len(why.Anticone) == 0) {
		t.Errorf("%v is red because of %+v", b.Hash, why)
	}
}

// checkPaid looks for what is said in the outputs of the merging coinbase.
func checkPaid(t *testing.T, f *fixture, got *api.Block, b, merger *chaintest.Block) {
	t.Helper()
	if got.Fate == "red" || merger == nil || b.SelectedParent == nil {
		if !strings.HasPrefix(got.Paid, "Nobody") {
			t.Errorf("%s block %v: %s", got.Fate, b.Hash, got.Paid)
		}
		return
	}
	paid := func(o types.Output) bool {
		return strings.HasPrefix(got.Paid, fmt.Sprintf("%s: %v JIO by the coinbase of %v", f.text(o.Address), o.Value, merger.Hash))
	}
	if !slices.ContainsFunc(merger.Transactions[0].Outputs, paid) {
		t.Errorf("the coinbase of %v pays %v; it is said: %s", merger.Hash, merger.Transactions[0].Outputs, got.Paid)
	}
}

// order is every merged block and genesis as the selected chain orders them.
func (f *fixture) order() (order []types.Hash) {
	for _, c := range f.chainUp() {
		if c.SelectedParent != nil {
			accepted, err := f.chain.Acceptance(c.Hash)
			if err != nil {
				f.t.Fatal(err)
			}
			for _, b := range accepted.Blocks[1:] {
				order = append(order, b.Hash)
			}
		}
		order = append(order, c.Hash)
	}
	return order
}

// TestPagesOfBlocks walks through the whole order page by page, whatever their
// size.
func TestPagesOfBlocks(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(70, 8)
	want := f.order()
	for _, limit := range []int{0, 1, 3, 20} {
		var got []types.Hash
		for from, more := uint64(0), true; more; {
			page := ask(f, api.GetBlocks, api.RangeParams{From: from, Limit: limit})
			for _, b := range page.Blocks {
				got = append(got, b.Hash)
			}
			from, more = page.Next, page.Next > 0
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: %d blocks, want %d", limit, len(got), len(want))
		}
	}
	up := f.chainUp()
	var got []types.Hash
	for from, more := uint64(0), true; more; {
		page := ask(f, api.GetHeaders, api.HeadersParams{From: from, Limit: 5})
		for _, h := range page.Headers {
			got = append(got, h.Hash)
		}
		from, more = page.Next, page.Next > 0
	}
	if !slices.Equal(got, hashes(up)) {
		t.Errorf("%d headers, want %d", len(got), len(up))
	}
	refuse(f, api.GetBlocks, api.RangeParams{Limit: -1}, api.CodeInvalidParams)
	refuse(f, api.GetBlocks, api.RangeParams{Limit: 1 << 20}, api.CodeTooLarge)
	if above := ask(f, api.GetBlocks, api.RangeParams{From: 1 << 40}); len(above.Blocks) != 0 || above.Next != 0 {
		t.Errorf("above the sink there is %+v", above)
	}
}

// TestVirtualChain goes from genesis to the sink, and from every other tip that
// once was the sink.
func TestVirtualChain(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(70, 9)
	up := f.chainUp()
	var added []types.Hash
	for cursor := (types.Hash{}); ; {
		page := ask(f, api.GetVirtualChain, api.VirtualChainParams{Cursor: cursor, Limit: 7})
		if len(page.Added) == 0 {
			break
		}
		for _, a := range page.Added {
			added = append(added, a.Hash)
			if want := f.builder.Oracle.Block(a.Hash).Accepted(); !slices.Equal(a.Accepted, want) && len(a.Accepted)+len(want) > 0 {
				t.Errorf("%v accepted %v, want %v", a.Hash, a.Accepted, want)
			}
		}
		cursor = page.Cursor
	}
	if !slices.Equal(added, hashes(up)) {
		t.Errorf("%d chain blocks, want %d", len(added), len(up))
	}
	left := 0
	for _, b := range f.builder.Oracle.Blocks() {
		info, err := f.chain.Info(b.Hash)
		if err != nil || info.Status.String() != "chain-valid" || slices.Contains(up, b) {
			continue
		}
		left++
		way := ask(f, api.GetVirtualChain, api.VirtualChainParams{Cursor: b.Hash})
		if len(way.Removed) == 0 || way.Removed[0] != b.Hash || way.Cursor != f.sink().Hash {
			t.Errorf("from %v: %d removed, ending at %v", b.Hash, len(way.Removed), way.Cursor)
		}
	}
	if left == 0 {
		t.Error("no block ever left the chain")
	}
	refuse(f, api.GetVirtualChain, api.VirtualChainParams{Cursor: types.Hash{1}}, api.CodeUnknownPoint)
}

// TestCutDagWindow allows fewer blocks above the sink than there are: what is
// answered is closed below, and says that it is cut.
func TestCutDagWindow(t *testing.T) {
	f := newFixture(t, smallNet())
	var all []types.Hash
	for seed := uint64(1); len(all) < 4; seed++ {
		f.grow(20, seed)
		whole, cut, err := f.service.Unmerged(1000)
		if all = whole; err != nil || cut {
			t.Fatal(cut, err)
		}
	}
	if ask(f, api.GetDag, api.DagParams{}).Cut {
		t.Error("a window that holds all is cut")
	}
	// with returns some of those blocks, and one more with all that is below it.
	var with func(some []types.Hash, h types.Hash) []types.Hash
	with = func(some []types.Hash, h types.Hash) []types.Hash {
		if slices.Contains(some, h) || !slices.Contains(all, h) {
			return some
		}
		head, err := f.chain.Header(h)
		if err != nil {
			t.Fatal(err)
		}
		some = append(slices.Clone(some), h)
		for _, parent := range head.Parents {
			some = with(some, parent)
		}
		return some
	}
	for most := range len(all) {
		var want []types.Hash
		for _, tip := range f.chain.Snapshot().Tips {
			if more := with(want, tip); len(more) <= most {
				want = more
			}
		}
		some, cut, err := f.service.Unmerged(most)
		if err != nil || !cut || len(some) != len(want) {
			t.Fatalf("at most %d: %d, want %d; cut %v, %v", most, len(some), len(want), cut, err)
		}
		for _, h := range some {
			if !slices.Contains(want, h) {
				t.Errorf("at most %d: %v is there", most, h)
			}
		}
	}
}

// TestDagWindow wants every block of a small DAG in the picture, parents before
// children.
func TestDagWindow(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(60, 10)
	window := ask(f, api.GetDag, api.DagParams{})
	place := make(map[types.Hash]int)
	tips := 0
	for i, b := range window.Blocks {
		place[b.Hash] = i + 1
		if b.Tip {
			tips++
		}
		for _, p := range b.Parents {
			if place[p] == 0 {
				t.Errorf("%v comes before its parent", b.Hash)
			}
		}
	}
	if want := len(f.builder.Oracle.Blocks()); len(place) != want || len(window.Blocks) != want {
		t.Errorf("%d blocks, want %d", len(place), want)
	}
	if want := len(f.chain.Snapshot().Tips); tips != want || window.Sink != f.sink().Hash {
		t.Errorf("%d tips, want %d", tips, want)
	}
	middle := f.chainUp()[10]
	part := ask(f, api.GetDag, api.DagParams{Until: middle.BlueScore, Blocks: 3})
	if last := part.Blocks[len(part.Blocks)-1]; last.Hash != middle.Hash || last.Fate != "chain" {
		t.Errorf("a window until %d ends with %+v", middle.BlueScore, last)
	}
}
