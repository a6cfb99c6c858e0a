package chain_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
)

// TestMergings holds what is said of every block of a random DAG against the
// oracle's selected chain, and a DAG that grows against what it had before.
func TestMergings(t *testing.T) {
	p := smallNet(1)
	b := chaintest.NewBuilder(p)
	rng := rand.New(rand.NewPCG(21, 4))
	blocks := chaintest.RandomDAG(b, chaintest.Shape{Blocks: 120, Width: 5, Private: 0.1, Bad: 0.05}, rng)
	m := chaintest.Open(t, p)
	var earlier []types.Hash // tips
	var added []types.Hash
	for i := range blocks {
		if i%17 == 0 {
			checkBeyond(t, m, earlier, added)
			earlier, added = m.Snapshot().Tips, nil
		}
		mustTake(t, m, blocks[i])
		added = append(added, blocks[i].Hash())
	}
	want := mergings(b.Oracle)
	fates := make(map[chain.Fate]int)
	for _, block := range b.Oracle.Blocks() {
		got, err := m.Merging(block.Hash)
		if err != nil {
			t.Fatal(err)
		}
		fates[got.Fate]++
		if w := want[block.Hash]; got.Fate != w.Fate || got.Merger != w.Merger {
			t.Fatalf("%s: %v by %s, want %v by %s", b.Label(block.Hash), got.Fate, b.Label(got.Merger), w.Fate, b.Label(w.Merger))
		}
		if reasons := len(got.Objection.Anticone) > 0; reasons != (got.Fate == chain.FateRed) {
			t.Errorf("%s is %v and the objection is %v", b.Label(block.Hash), got.Fate, got.Objection)
		}
	}
	for _, fate := range []chain.Fate{chain.FateChain, chain.FateBlue, chain.FateRed, chain.FatePending} {
		if fates[fate] == 0 {
			t.Errorf("no block of the DAG is %v", fate)
		}
	}
	if _, err := m.Merging(types.Hash{1}); !errors.Is(err, chain.ErrNotFound) {
		t.Errorf("an unknown block: %v", err)
	}
}

// mergings walks the oracle's selected chain.
func mergings(o *chaintest.Oracle) map[types.Hash]chain.Merging {
	found := make(map[types.Hash]chain.Merging)
	at := o.Sink()
	found[at.Hash] = chain.Merging{Fate: chain.FateChain}
	for ; at.SelectedParent != nil; at = at.SelectedParent {
		for _, blue := range at.Blues {
			found[blue.Hash] = chain.Merging{Fate: chain.FateBlue, Merger: at.Hash}
		}
		for _, red := range at.Reds {
			found[red.Hash] = chain.Merging{Fate: chain.FateRed, Merger: at.Hash}
		}
		found[at.SelectedParent.Hash] = chain.Merging{Fate: chain.FateChain, Merger: at.Hash}
	}
	return found
}

// checkBeyond demands that what is beyond earlier tips is what was added since.
func checkBeyond(t *testing.T, m *chain.Manager, earlier, added []types.Hash) {
	t.Helper()
	if earlier == nil {
		return
	}
	tips := m.Snapshot().Tips
	got, err := m.Beyond(append(earlier, types.Hash{1}), tips, len(added))
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(got); i++ {
		a, _ := m.Header(got[i-1])
		b, _ := m.Header(got[i])
		if a.BlueWork.Cmp(b.BlueWork) > 0 {
			t.Errorf("block %d beyond comes before one with less work", i)
		}
	}
	sorted := slices.SortedFunc(slices.Values(added), types.Hash.Compare)
	if slices.SortFunc(got, types.Hash.Compare); !slices.Equal(got, sorted) {
		t.Errorf("beyond are %v, want %v", got, sorted)
	}
	if _, err := m.Beyond(earlier, tips, len(added)-1); !errors.As(err, new(*chain.TooManyError)) {
		t.Errorf("with a limit below: %v", err)
	}
	if _, err := m.Beyond(earlier, []types.Hash{{1}}, len(added)); !errors.Is(err, chain.ErrNotFound) {
		t.Errorf("an unknown tip: %v", err)
	}
	if got, err := m.Beyond(tips, earlier, 0); err != nil || len(got) > 0 {
		t.Errorf("beyond later tips: %v, %v", got, err)
	}
}
