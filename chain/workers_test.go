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
	compareWithOracle(t, 6, b, m)
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
