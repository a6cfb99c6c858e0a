package chain_test

import (
	"iter"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A slowDisk holds every write until it is told to go on.
type slowDisk struct {
	chain.Store
	begun, proceed chan struct{}
}

func (d *slowDisk) Write(batch iter.Seq2[[]byte, []byte]) error {
	d.begun <- struct{}{}
	<-d.proceed
	return d.Store.Write(batch)
}

// TestReadersDuringWrites asks, while an entry of the journal or a whole checkpoint
// is on its way to the disk: blocks, coins, templates and judgements are there at
// once, and right; the snapshot is still the one before; a follower is given nothing
// before it is written.
func TestReadersDuringWrites(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	alice := b.Wallet("alice")
	blocks := rowFor(b, p.GenesisHash, 12, alice)
	mem := store.NewMemory()
	openJournal(t, p, mem, 2) // plants genesis
	disk := &slowDisk{mem, make(chan struct{}), make(chan struct{})}
	m := openJournal(t, p, disk, 2)
	for group := range slices.Chunk(blocks, 3) {
		before := m.Snapshot()
		added := make(chan error)
		go func() {
			_, _, err := m.AddBlocks(group)
			added <- err
		}()
		<-disk.begun
		tip := group[len(group)-1]
		askAll(t, m, tip)
		if m.Snapshot() != before {
			t.Error("a snapshot of what is not written was published")
		}
		var written atomic.Bool
		told := make(chan bool)
		go func() {
			_, err := m.UpdatesSince(types.Hash{}, 100)
			told <- err == nil && written.Load()
		}()
		written.Store(true)
		disk.proceed <- struct{}{}
		if err := <-added; err != nil {
			t.Fatal(err)
		}
		if !<-told {
			t.Error("a follower was told of what was not written")
		}
		askAll(t, m, tip)
	}
}

// askAll asks a chain whose sink is the tip.
func askAll(t *testing.T, m *chain.Manager, tip types.Block) {
	t.Helper()
	if got, err := m.Block(tip.Hash()); err != nil || got.Header.Hash() != tip.Hash() {
		t.Errorf("the tip is not there: %v", err)
	}
	template, err := m.Template(chain.TemplateRequest{})
	if err != nil || template.Block.Header.SelectedParent() != tip.Hash() {
		t.Errorf("no template on the tip: %v", err)
	}
	if at, err := m.ChainBlock(tip.Header.BlueScore); err != nil || at != tip.Hash() {
		t.Errorf("the selected chain ends at %v: %v", at, err)
	}
	accepted, err := m.Acceptance(tip.Hash())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range accepted.Diff.Created {
		if coin, ok, err := m.Coin(n.Outpoint); !ok || err != nil || coin != n.Coin {
			t.Errorf("a coin that the tip made is not there: %v", err)
		}
	}
	for _, n := range accepted.Diff.Spent {
		if _, ok, err := m.Coin(n.Outpoint); ok || err != nil {
			t.Errorf("a coin that the tip spent is there: %v", err)
		}
	}
	if _, err := m.CheckTransactions(nil, nil, nil); err != nil {
		t.Error(err)
	}
}
