package network_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/node/network"
	"github.com/jio-dag/jio/store"
)

// A peer is a whole node but for its miner and its wallet.
type peer struct {
	t       *testing.T
	params  *params.Params
	chain   *chain.Manager
	pool    *mempool.Pool
	network *network.Network
	wallet  *chaintest.Wallet
	serial  byte
}

// start runs a node on loopback that knows some others by address.
func start(t *testing.T, name string, add ...string) *peer {
	t.Helper()
	p := params.SimNet()
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	pool := mempool.New(mempool.Config{Params: p, Chain: m, Now: time.Now, Rand: rand.New(rand.NewPCG(1, 2))})
	var running sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	start := func(name string, f func(context.Context) error) {
		running.Go(func() {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	n, err := network.Open(network.Config{
		Params: p, Chain: m, Pool: pool, Alone: true, Log: slog.New(slog.DiscardHandler),
		P2P: p2p.Config{
			Params: p, Agent: name, KeyFile: filepath.Join(t.TempDir(), "peer.key"), Store: store.NewMemory(),
			Listen: "127.0.0.1:0", Go: start, Now: time.Now, Add: add, Limits: p2p.DefaultLimits(),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	start("network", n.Run)
	start("pool", pool.Run)
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return &peer{t: t, params: p, chain: m, pool: pool, network: n, wallet: chaintest.NewWallet(name)}
}

// mine makes blocks on the node's own virtual.
func (p *peer) mine(blocks int, txs ...types.Transaction) (last types.Hash) {
	p.t.Helper()
	for range blocks {
		p.serial++
		template, err := p.chain.Template(chain.TemplateRequest{Miner: p.wallet.Address, Extra: []byte{p.serial}, Transactions: txs})
		if err != nil {
			p.t.Fatal(err)
		}
		b := template.Block
		chaintest.Solve(p.params, &b)
		if err := p.network.BlockFound(b); err != nil {
			p.t.Fatal(err)
		}
		last = b.Header.Hash()
	}
	return last
}

// awaits waits until the node's chain is as wanted.
func (p *peer) awaits(what string, holds func() bool) {
	p.t.Helper()
	changed := make(chan struct{}, 1)
	cancel := p.chain.OnChange(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer cancel()
	limit := time.After(time.Minute)
	for !holds() {
		select {
		case <-changed:
		case <-limit:
			p.t.Fatalf("not within a minute: %s; %+v", what, *p.network.Status())
		}
	}
}

func (p *peer) has(h types.Hash) func() bool {
	return func() bool { _, err := p.chain.Block(h); return err == nil }
}

func (p *peer) address() string { return p.network.Host().Addrs()[0] }

func TestSyncThenGossip(t *testing.T) {
	a := start(t, "alice")
	old := a.mine(300)
	b := start(t, "bob", a.address())
	b.awaits("bob has what alice mined before he came", b.has(old))

	fresh := a.mine(1)
	b.awaits("bob hears of alice's block", b.has(fresh))
	own := b.mine(1)
	a.awaits("alice hears of bob's block", a.has(own))

	if x, y := a.chain.Snapshot(), b.chain.Snapshot(); x.UTXOCommitment != y.UTXOCommitment || x.Sink != y.Sink {
		t.Errorf("alice and bob do not agree:\n%+v\n%+v", x, y)
	}
	for _, p := range []*peer{a, b} {
		for _, other := range p.network.Host().Peers() {
			if other.Score < 0 {
				t.Errorf("%s is held in low esteem: %d", other.Agent, other.Score)
			}
		}
	}
}
