package chain_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

func open(t testing.TB, p *params.Params, s chain.Store) *chain.Manager {
	t.Helper()
	return openJournal(t, p, s, 4)
}

// openJournal opens a chain with so many commits between checkpoints.
func openJournal(t testing.TB, p *params.Params, s chain.Store, commits int) *chain.Manager {
	t.Helper()
	m, err := chain.Open(chain.Config{Params: p, Store: s, Now: chaintest.FarFuture, Journal: commits})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// row makes n blocks on one another.
func row(b *chaintest.Builder, prefix byte, from types.Hash, n int) []types.Block {
	var made []types.Block
	for i := range n {
		block := b.Oracle.Make([]types.Hash{from}, chaintest.Content{Extra: []byte{prefix, byte(i), byte(i >> 8)}, Miner: b.Wallet("alice").Address})
		b.Oracle.Add(block)
		made = append(made, block)
		from = block.Hash()
	}
	return made
}

func contents(t testing.TB, s chain.Store) map[string]string {
	t.Helper()
	all := make(map[string]string)
	if err := s.Scan(nil, func(key, value []byte) error {
		all[string(key)] = string(value)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestHeadersFirst(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	blocks := row(b, 'a', p.GenesisHash, 150)
	m := chaintest.Open(t, p)
	for i := range blocks {
		if err := m.AddHeader(blocks[i].Header); err != nil {
			t.Fatal(err)
		}
	}
	if s := m.Snapshot(); s.Sink != p.GenesisHash || s.Headers != 151 || s.Blocks != 1 {
		t.Fatalf("headers alone moved the chain: %+v", s)
	}
	var unknown *chain.UnknownParentsError
	if err := m.AddBody(blocks[1]); !errors.As(err, &unknown) || unknown.Parents[0] != blocks[0].Hash() {
		t.Fatalf("a body before its parent's: %v", err)
	}
	for i := range blocks {
		if err := m.AddBody(blocks[i]); err != nil {
			t.Fatal(err)
		}
	}
	if s := m.Snapshot(); s.Sink != blocks[149].Hash() {
		t.Fatalf("sink is %v", s.Sink)
	}
	if err := m.AddHeader(blocks[7].Header); !errors.Is(err, chain.ErrKnown) {
		t.Fatalf("a known header: %v", err)
	}
	if err := m.AddBlock(blocks[7]); !errors.Is(err, chain.ErrKnown) {
		t.Fatalf("a known block: %v", err)
	}
}

// TestBodyOfHeaderTurnsOutInvalid takes out a header whose body breaks a rule,
// with all headers above it, and leaves the store as it was before them.
func TestBodyOfHeaderTurnsOutInvalid(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	good := row(b, 'a', p.GenesisHash, 5)
	bad := b.Oracle.Make([]types.Hash{good[4].Hash()}, chaintest.Content{})
	bad.Transactions = append(bad.Transactions, bad.Transactions[0])
	bad.Header.MerkleRoot = types.MerkleRootOf(bad.Transactions)
	chaintest.Solve(p, &bad)
	b.Oracle.Add(bad)
	above := row(b, 'b', bad.Hash(), 120)
	side := b.Oracle.Make([]types.Hash{above[3].Hash(), good[2].Hash()}, chaintest.Content{})

	s := store.NewMemory()
	m := openJournal(t, p, s, 1)
	for i := range good {
		if err := m.AddBlock(good[i]); err != nil {
			t.Fatal(err)
		}
	}
	before, snapshot := contents(t, s), *m.Snapshot()
	headers := []types.Header{bad.Header}
	for i := range above {
		headers = append(headers, above[i].Header)
	}
	for _, h := range append(headers, side.Header) {
		if err := m.AddHeader(h); err != nil {
			if errors.Is(err, rules.ErrRelatedParents) {
				continue // side merges nothing new
			}
			t.Fatal(err)
		}
	}
	if err := m.AddBody(bad); !errors.Is(err, rules.ErrExtraCoinbase) {
		t.Fatalf("the bad body: %v", err)
	}
	if got := *m.Snapshot(); got.Headers != snapshot.Headers || got.Sink != snapshot.Sink {
		t.Fatalf("after the bad body: %+v", got)
	}
	after := contents(t, s)
	for key := range maps.Keys(after) {
		if key[0] != 'r' && key[0] != 'm' && after[key] != before[key] { // intervals may be dealt anew
			t.Errorf("record %q changed", key)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d records, %d before", len(after), len(before))
	}
	if err := m.AddBlock(above[0]); !errors.Is(err, chain.ErrKnownInvalid) {
		t.Errorf("a block above it: %v", err)
	}
	if err := m.AddBlock(row(b, 'c', bad.Hash(), 1)[0]); !errors.Is(err, rules.ErrInvalidParent) {
		t.Errorf("a new block above it: %v", err)
	}
	if err := m.AddBlock(bad); !errors.Is(err, chain.ErrKnownInvalid) {
		t.Errorf("the bad block again: %v", err)
	}
	if _, err := m.Verify(context.Background(), nil); err != nil {
		t.Error(err)
	}
}

// TestForeignBody holds that a body that does not match its header says nothing
// about the header.
func TestForeignBody(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	block := row(b, 'a', p.GenesisHash, 1)[0]
	s := store.NewMemory()
	m := open(t, p, s)
	before := contents(t, s)
	foreign := block
	foreign.Transactions = p.Genesis.Transactions
	if err := m.AddBlock(foreign); !errors.Is(err, rules.ErrBadMerkleRoot) {
		t.Fatal(err)
	}
	if !maps.Equal(before, contents(t, s)) {
		t.Error("a foreign body left something in the store")
	}
	if err := m.AddBlock(block); err != nil {
		t.Errorf("the true block afterwards: %v", err)
	}
}

// TestReopen stops after every block and goes on from the store.
func TestReopen(t *testing.T) {
	p := smallNet(2)
	b := chaintest.NewBuilder(p)
	blocks := append(row(b, 'a', p.GenesisHash, 12), row(b, 'b', p.GenesisHash, 14)...)
	s := store.NewMemory()
	for i := range blocks {
		m := open(t, p, s)
		if err := m.AddBlock(blocks[i]); err != nil {
			t.Fatal(err)
		}
		again, err := chain.Open(chain.Config{Params: p, Store: s, Recount: true, Journal: 4})
		if err != nil {
			t.Fatal(err)
		}
		x, y := m.Snapshot(), again.Snapshot()
		if x.Sink != y.Sink || x.DAAScore != y.DAAScore || x.Supply != y.Supply || !slices.Equal(x.Tips, y.Tips) {
			t.Fatalf("block %d: %+v became %+v", i, x, y)
		}
	}
	if m := open(t, p, s); m.Snapshot().Sink != blocks[25].Hash() {
		t.Error("the heavier branch is not the chain")
	}
	if _, err := chain.Open(chain.Config{Params: params.DevNet(), Store: s}); !errors.Is(err, chain.ErrWrongGenesis) {
		t.Errorf("another network: %v", err)
	}
}

// A brokenStore fails its writes from some point on.
type brokenStore struct {
	chain.Store
	writesLeft int
}

var errDisk = errors.New("no space left on device")

func (s *brokenStore) Write(batch iter.Seq2[[]byte, []byte]) error {
	if s.writesLeft--; s.writesLeft < 0 {
		return errDisk
	}
	return s.Store.Write(batch)
}

func TestStoreFailureStopsTheChain(t *testing.T) {
	p := smallNet(2)
	blocks := row(chaintest.NewBuilder(p), 'a', p.GenesisHash, 3)
	s := &brokenStore{Store: store.NewMemory(), writesLeft: 2}
	m := open(t, p, s)
	if err := m.AddBlock(blocks[0]); err != nil {
		t.Fatal(err)
	}
	if err := m.AddBlock(blocks[1]); !errors.Is(err, chain.ErrFailed) || !errors.Is(err, errDisk) {
		t.Fatalf("the failing write: %v", err)
	}
	<-m.Done()
	if !errors.Is(m.Err(), errDisk) {
		t.Errorf("Err is %v", m.Err())
	}
	if err := m.AddBlock(blocks[1]); !errors.Is(err, chain.ErrFailed) {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := m.Template(chain.TemplateRequest{}); !errors.Is(err, chain.ErrFailed) {
		t.Errorf("a template afterwards: %v", err)
	}
	if got := open(t, p, s.Store).Snapshot().Sink; got != blocks[0].Hash() {
		t.Errorf("the store stands at %v, the last acknowledged block is %v", got, blocks[0].Hash())
	}
}

// TestFailedGroupIsNotCounted holds that nobody is told of blocks as added that may
// not be on the disk.
func TestFailedGroupIsNotCounted(t *testing.T) {
	p := smallNet(2)
	blocks := row(chaintest.NewBuilder(p), 'a', p.GenesisHash, 3)
	m := open(t, p, &brokenStore{Store: store.NewMemory(), writesLeft: 1})
	if added, known, err := m.AddBlocks(blocks); added != 0 || known != 0 || !errors.Is(err, chain.ErrFailed) {
		t.Errorf("%d added, %d known: %v", added, known, err)
	}
}

// TestDamage changes one record at a time: opening or verifying says so.
func TestDamage(t *testing.T) {
	p := smallNet(1)
	b := chaintest.NewBuilder(p)
	blocks := append(row(b, 'a', p.GenesisHash, 6), row(b, 'b', p.GenesisHash, 3)...)
	s := store.NewMemory()
	m := open(t, p, s)
	for i := range blocks {
		if err := m.AddBlock(blocks[i]); err != nil {
			t.Fatal(err)
		}
	}
	for key, value := range contents(t, s) {
		if key[0] == 'r' {
			continue // wrong intervals are caught by what they answer, or are harmless
		}
		damaged := []byte(value)
		damaged[len(damaged)-1] ^= 0x40
		write(t, s, key, damaged)
		if err := openAndVerify(p, s); !isCorrupt(err) && !errors.Is(err, chain.ErrWrongGenesis) {
			t.Errorf("record %q: %v", key, err)
		}
		write(t, s, key, nil)
		if err := openAndVerify(p, s); !isCorrupt(err) {
			t.Errorf("record %q gone: %v", key, err)
		}
		write(t, s, key, []byte(value))
	}
	if err := openAndVerify(p, s); err != nil {
		t.Error(err)
	}
}

func isCorrupt(err error) bool {
	var corrupt *chain.CorruptError
	var supply *chain.SupplyError
	return errors.As(err, &corrupt) || errors.As(err, &supply)
}

func openAndVerify(p *params.Params, s chain.Store) error {
	m, err := chain.Open(chain.Config{Params: p, Store: s, Now: chaintest.FarFuture})
	if err != nil {
		return err
	}
	_, err = m.Verify(context.Background(), nil)
	return err
}

func write(t *testing.T, s chain.Store, key string, value []byte) {
	t.Helper()
	if err := s.Write(func(yield func(k, v []byte) bool) { yield([]byte(key), value) }); err != nil {
		t.Fatal(err)
	}
}

// TestBlocks exports in topological order, genesis first.
func TestBlocks(t *testing.T) {
	p := smallNet(1)
	b := chaintest.NewBuilder(p)
	blocks := append(row(b, 'a', p.GenesisHash, 6), row(b, 'b', p.GenesisHash, 3)...)
	m := chaintest.Open(t, p)
	for i := range blocks {
		if err := m.AddBlock(blocks[i]); err != nil {
			t.Fatal(err)
		}
	}
	other := chaintest.Open(t, p)
	n := 0
	err := m.Blocks(func(block types.Block) error {
		if n++; n == 1 {
			if !bytes.Equal(types.Encode(&block), types.Encode(&p.Genesis)) {
				t.Error("the first block is not genesis")
			}
			return nil
		}
		return other.AddBlock(block)
	})
	if err != nil || n != 10 || other.Snapshot().Sink != m.Snapshot().Sink {
		t.Errorf("%d blocks: %v", n, err)
	}
}
