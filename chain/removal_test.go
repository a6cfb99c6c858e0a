package chain_test

import (
	"errors"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// TestReadersDuringRemoval asks for headers while the batch that takes them out is
// on its way to the disk, which has them still: they are gone, and stay so.
func TestReadersDuringRemoval(t *testing.T) {
	for _, commits := range []int{1, 1000} {
		p := smallNet(3)
		b := chaintest.NewBuilder(p)
		bad := b.Oracle.Make([]types.Hash{p.GenesisHash}, chaintest.Content{})
		bad.Transactions = append(bad.Transactions, bad.Transactions[0])
		bad.Header.MerkleRoot = types.MerkleRootOf(bad.Transactions)
		chaintest.Solve(p, &bad)
		b.Oracle.Add(bad)
		doomed := append([]types.Block{bad}, row(b, 'a', bad.Hash(), 3)...)

		mem := store.NewMemory()
		m := openJournal(t, p, mem, commits)
		for i := range doomed {
			if err := m.AddHeader(doomed[i].Header); err != nil {
				t.Fatal(err)
			}
		}
		disk := &slowDisk{mem, make(chan struct{}), make(chan struct{})}
		m = openJournal(t, p, disk, commits)
		refused := make(chan error)
		go func() { refused <- m.AddBody(bad) }()
		<-disk.begun
		gone(t, m, doomed)
		disk.proceed <- struct{}{}
		if err := <-refused; !errors.Is(err, rules.ErrExtraCoinbase) {
			t.Fatalf("the bad body: %v", err)
		}
		gone(t, m, doomed)
		for i := range doomed {
			if err := m.AddHeader(doomed[i].Header); !errors.Is(err, chain.ErrKnownInvalid) {
				t.Errorf("%d commits between checkpoints: header %d again: %v", commits, i, err)
			}
		}
		mustVerify(t, m)
	}
}

func gone(t *testing.T, m *chain.Manager, blocks []types.Block) {
	t.Helper()
	for i := range blocks {
		if status, err := m.Status(blocks[i].Hash()); !errors.Is(err, chain.ErrNotFound) {
			t.Errorf("header %d, which was taken out, is %v: %v", i, status, err)
		}
		if _, err := m.Beyond([]types.Hash{blocks[i].Hash()}, m.Snapshot().Tips, 10); err != nil {
			t.Errorf("header %d: %v", i, err)
		}
	}
}

// A scannedDisk tells of scans during writes.
type scannedDisk struct {
	slowDisk
	writing atomic.Bool
	scanned atomic.Bool
}

func (d *scannedDisk) Write(batch iter.Seq2[[]byte, []byte]) error {
	d.writing.Store(true)
	defer d.writing.Store(false)
	return d.slowDisk.Write(batch)
}

func (d *scannedDisk) Scan(prefix []byte, fn func(key, value []byte) error) error {
	if d.writing.Load() {
		d.scanned.Store(true)
	}
	return d.slowDisk.Scan(prefix, fn)
}

// TestBlocksDuringWrites lists all blocks, more than are kept in memory, while a
// checkpoint is on its way to the disk: what waits to be written stays in memory.
func TestBlocksDuringWrites(t *testing.T) {
	p := smallNet(3)
	blocks := row(chaintest.NewBuilder(p), 'a', p.GenesisHash, 60)
	mem := store.NewMemory()
	addRow(t, openJournal(t, p, mem, 1), blocks[:40])
	disk := &scannedDisk{slowDisk: slowDisk{mem, make(chan struct{}), make(chan struct{})}}
	m, err := chain.Open(chain.Config{Params: p, Store: disk, CacheBlocks: 2, Journal: 1, Now: chaintest.FarFuture})
	if err != nil {
		t.Fatal(err)
	}
	for i := 40; i < len(blocks); i += 5 {
		added, listed := make(chan error), make(chan error)
		go func() {
			_, _, err := m.AddBlocks(blocks[i : i+5])
			added <- err
		}()
		<-disk.begun
		go func() { listed <- m.Blocks(func(types.Block) error { return nil }) }()
		for range 10000 {
			runtime.Gosched()
		}
		disk.proceed <- struct{}{}
		if err := errors.Join(<-added, <-listed); err != nil {
			t.Fatal(err)
		}
	}
	if disk.scanned.Load() {
		t.Error("blocks were listed while some were being written")
	}
	mustVerify(t, m)
}
