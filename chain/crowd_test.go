package chain_test

import (
	"errors"
	"iter"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A busyDisk lets others have their turns while it writes.
type busyDisk struct{ chain.Store }

func (d busyDisk) Write(batch iter.Seq2[[]byte, []byte]) error {
	defer d.pause()
	d.pause()
	return d.Store.Write(batch)
}

func (busyDisk) pause() {
	for range 100 {
		runtime.Gosched()
	}
}

// TestReadersInACrowd has everything asked at once while groups of blocks and
// headers are added and a header is taken out, with caches so small that little of
// it stays in memory: no answer stops the chain, and all that is stored is right.
func TestReadersInACrowd(t *testing.T) {
	p := smallNet(3)
	rng := rand.New(rand.NewPCG(7, 13))
	b := chaintest.NewBuilder(p)
	blocks := chaintest.RandomDAG(b, chaintest.Shape{Blocks: 150, Width: 4, Private: 0.3}, rng)
	m, err := chain.Open(chain.Config{
		Params: p, Store: busyDisk{store.NewMemory()}, CacheBlocks: 2, Journal: 3, Workers: 2, Now: chaintest.FarFuture,
	})
	if err != nil {
		t.Fatal(err)
	}
	crowd := newCrowd(m, blocks)
	for i := 0; i < len(blocks); {
		n := min(1+rng.IntN(100), len(blocks)-i)
		refuseOne(t, m, b, blocks[rng.IntN(max(i, 1))].Hash(), i > 0)
		if _, _, err := m.AddHeaders(headersOf(blocks[i : i+rng.IntN(n+1)])); err != nil {
			t.Error(err)
		}
		if added, _, err := m.AddBlocks(blocks[i : i+n]); added != n || err != nil {
			t.Errorf("%d of %d blocks were added: %v", added, n, err)
		}
		i += n
	}
	crowd.leave()
	mustVerify(t, m)
	f := newFollower()
	f.pull(t, m, 7)
	f.compare(t, m)
}

func headersOf(blocks []types.Block) (headers []types.Header) {
	for i := range blocks {
		headers = append(headers, blocks[i].Header)
	}
	return headers
}

// refuseOne adds a header, and a body that takes it out again.
func refuseOne(t *testing.T, m *chain.Manager, b *chaintest.Builder, on types.Hash, here bool) {
	t.Helper()
	if !here {
		return
	}
	bad := carrying(b, on)
	bad.Transactions = append(bad.Transactions, bad.Transactions[0])
	bad.Header.MerkleRoot = types.MerkleRootOf(bad.Transactions)
	chaintest.Solve(b.Params, &bad)
	if err := m.AddHeader(bad.Header); err != nil && !errors.Is(err, chain.ErrKnownInvalid) {
		t.Error(err)
		return
	}
	if err := m.AddBlock(bad); !errors.Is(err, rules.ErrExtraCoinbase) && !errors.Is(err, chain.ErrKnownInvalid) {
		t.Errorf("the bad body: %v", err)
	}
}

// A crowd asks a chain about blocks until it leaves.
type crowd struct {
	done chan struct{}
	wait sync.WaitGroup
}

func newCrowd(m *chain.Manager, blocks []types.Block) *crowd {
	c := &crowd{done: make(chan struct{})}
	for _, ask := range []func(h types.Hash){
		func(h types.Hash) { _, _ = m.Info(h) },
		func(h types.Hash) { _, _ = m.Block(h) },
		func(h types.Hash) { _, _ = m.Merging(h) },
		func(h types.Hash) { _, _, _ = m.HeadersAfter([]types.Hash{h}, types.Hash{}, 50) },
		func(types.Hash) { _, _ = m.Template(chain.TemplateRequest{}) },
		func(types.Hash) { _ = m.Blocks(func(types.Block) error { return nil }) },
		func(h types.Hash) { _, _ = m.UpdatesSince(h, 20) },
	} {
		c.wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-c.done:
					return
				default:
					ask(blocks[i*7%len(blocks)].Hash())
				}
			}
		})
	}
	return c
}

func (c *crowd) leave() {
	close(c.done)
	c.wait.Wait()
}
