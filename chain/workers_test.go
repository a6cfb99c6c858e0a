package chain_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// TestWorkersChangeNothing holds that the number of goroutines and the size of
// the caches leave no trace: every stored byte is the same.
func TestWorkersChangeNothing(t *testing.T) {
	p := smallNet(3)
	rng := rand.New(rand.NewPCG(5, 5))
	b := chaintest.NewBuilder(p)
	blocks := chaintest.RandomDAG(b, chaintest.Shape{Blocks: 120, Width: 4, Private: 0.1, Spend: 1}, rng)
	var want map[string]string
	for _, cfg := range []chain.Config{{}, {Workers: 1}, {Workers: 7}, {CacheBlocks: 1}, {Workers: 2, CacheBlocks: 20}} {
		mem := store.NewMemory()
		cfg.Params, cfg.Store, cfg.Now = p, mem, chaintest.FarFuture
		m, err := chain.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for i := range blocks {
			if err := m.AddBlock(blocks[i]); err != nil {
				t.Fatal(err)
			}
		}
		if got := contents(t, mem); want == nil {
			want = got
		} else if !maps.Equal(got, want) {
			t.Errorf("workers %d, cache %d: the store differs", cfg.Workers, cfg.CacheBlocks)
		}
	}
}

// TestGroupsChangeNothing adds the same blocks one by one and in groups that end
// anywhere, also between the branches of a reorganisation.
func TestGroupsChangeNothing(t *testing.T) {
	p := smallNet(2)
	rng := rand.New(rand.NewPCG(7, 7))
	blocks := chaintest.RandomDAG(chaintest.NewBuilder(p), chaintest.Shape{Blocks: 150, Width: 3, Private: 0.2, Spend: 1}, rng)
	one := store.NewMemory()
	m := openJournal(t, p, one, 1)
	for i := range blocks {
		if err := m.AddBlock(blocks[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []int{2, 7, 64, 150} {
		mem := store.NewMemory()
		m := openJournal(t, p, mem, 1)
		for from := 0; from < len(blocks); from += size {
			overlap := max(0, from-3) // known blocks are passed over
			group := blocks[overlap:min(from+size, len(blocks))]
			if added, known, err := m.AddBlocks(group); err != nil || added+known != len(group) || known != from-overlap {
				t.Fatalf("groups of %d: %d added, %d known, %v", size, added, known, err)
			}
		}
		if !maps.Equal(contents(t, mem), contents(t, one)) {
			t.Errorf("groups of %d: the store differs", size)
		}
	}
}

// TestGroupEndsAtError keeps what came before the block that was refused.
func TestGroupEndsAtError(t *testing.T) {
	p := smallNet(2)
	blocks := row(chaintest.NewBuilder(p), 'a', p.GenesisHash, 9)
	bad := blocks[5]
	bad.Transactions = p.Genesis.Transactions
	group := append(append([]types.Block(nil), blocks[:5]...), bad, blocks[6])
	m := chaintest.Open(t, p)
	added, known, err := m.AddBlocks(group)
	if added != 5 || known != 0 || !errors.Is(err, rules.ErrBadMerkleRoot) {
		t.Fatalf("%d added, %d known, %v", added, known, err)
	}
	if m.Snapshot().Sink != blocks[4].Hash() {
		t.Error("the blocks before it are not there")
	}
	if _, err := m.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestConcurrentUse lets readers, a miner's templates and several writers loose
// on one Manager; the race detector and the final state judge.
func TestConcurrentUse(t *testing.T) {
	p := smallNet(3)
	rng := rand.New(rand.NewPCG(6, 6))
	b := chaintest.NewBuilder(p)
	blocks := chaintest.RandomDAG(b, chaintest.Shape{Blocks: 80, Width: 4, Spend: 0.5}, rng)
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory(), Now: chaintest.FarFuture, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	woken := make(chan struct{}, 1)
	cancel := m.OnChange(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	defer cancel()
	ctx, stop := context.WithCancel(t.Context())
	var readers, writers sync.WaitGroup
	for range 3 {
		writers.Go(func() { addAll(t, m, blocks) })
	}
	readers.Go(func() { readAll(ctx, t, m, woken) })
	writers.Wait()
	stop()
	readers.Wait()
	compareWithOracle(t, b.Oracle, m)
}

func addAll(t *testing.T, m *chain.Manager, blocks []types.Block) {
	for i := range blocks {
		if err := m.AddBlock(blocks[i]); err != nil && !errors.Is(err, chain.ErrKnown) {
			t.Error(err)
			return
		}
	}
}

func readAll(ctx context.Context, t *testing.T, m *chain.Manager, woken <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-woken:
		}
		s := m.Snapshot()
		if _, err := m.Info(s.Sink); err != nil {
			t.Error(err)
		}
		if _, err := m.Template(chain.TemplateRequest{}); err != nil {
			t.Error(err)
		}
		if _, err := m.UpdatesSince(types.Hash{}, 1000); err != nil {
			t.Error(err)
		}
	}
}
