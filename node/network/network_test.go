package network_test

import (
	"context"
	"fmt"
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
	t       testing.TB
	params  *params.Params
	chain   *chain.Manager
	pool    *mempool.Pool
	network *network.Network
	wallet  *chaintest.Wallet
	serial  uint32
	stop    func() // ends the peer and waits
}

// A setup says how a peer differs from one on an empty chain that counts as
// synced when it is alone.
type setup struct {
	name   string
	params *params.Params // of simnet when nil
	chain  chain.Store    // in memory when nil
	peers  p2p.Store      // in memory when nil
	key    string         // file of the peer's key, a new one when empty
	now    func() time.Time
	log    *slog.Logger
	add    []string // addresses of others
	seeks  bool     // is not synced before it has found others
	limits func(*p2p.Limits)
}

// complete fills in what a test left out.
func (s *setup) complete(t testing.TB) {
	if s.params == nil {
		s.params = params.SimNet()
	}
	if s.chain == nil {
		s.chain = store.NewMemory()
	}
	if s.peers == nil {
		s.peers = store.NewMemory()
	}
	if s.key == "" {
		s.key = filepath.Join(t.TempDir(), "peer.key")
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
}

// hostConfig is the configuration of a host on loopback.
func (s *setup) hostConfig(start func(string, func(context.Context) error)) p2p.Config {
	limits := p2p.DefaultLimits()
	limits.DialPause = 50 * time.Millisecond
	if s.limits != nil {
		s.limits(&limits)
	}
	return p2p.Config{
		Params: s.params, Agent: s.name, KeyFile: s.key, Store: s.peers, Log: s.log,
		Listen: "127.0.0.1:0", Go: start, Now: s.now, Add: s.add, Limits: limits,
	}
}

// start runs a node on loopback that knows some others by address.
func start(t testing.TB, name string, add ...string) *peer {
	t.Helper()
	return run(t, setup{name: name, add: add})
}

// run runs a node until the test ends.
func run(t testing.TB, s setup) *peer {
	t.Helper()
	s.complete(t)
	m := openChain(t, s.params, s.chain)
	pool := mempool.New(mempool.Config{Params: s.params, Chain: m, Now: s.now, Rand: rand.New(rand.NewPCG(1, 2))})
	begin, stop := starter(t)
	n, err := network.Open(network.Config{Params: s.params, Chain: m, Pool: pool, Alone: !s.seeks, Log: s.log, P2P: s.hostConfig(begin)})
	if err != nil {
		t.Fatal(err)
	}
	begin("network", n.Run)
	begin("pool", pool.Run)
	return &peer{t: t, params: s.params, chain: m, pool: pool, network: n, wallet: chaintest.NewWallet(s.name), stop: stop}
}

// starter returns how to start goroutines and how to end them, at the latest with
// the test.
func starter(t testing.TB) (begin func(string, func(context.Context) error), stop func()) {
	var running sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	begin = func(name string, f func(context.Context) error) {
		running.Go(func() {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return begin, stop
}

// mine makes blocks on the node's own virtual.
func (p *peer) mine(blocks int, txs ...types.Transaction) (last types.Hash) {
	p.t.Helper()
	for range blocks {
		last = p.find(p.solve(txs...))
	}
	return last
}

// solve makes a block that nobody knows yet.
func (p *peer) solve(txs ...types.Transaction) types.Block {
	p.t.Helper()
	p.serial++
	template, err := p.chain.Template(chain.TemplateRequest{Miner: p.wallet.Address, Extra: fmt.Append(nil, p.serial), Transactions: txs})
	if err != nil {
		p.t.Fatal(err)
	}
	chaintest.Solve(p.params, &template.Block)
	return template.Block
}

// find brings a block of the node's own to everybody.
func (p *peer) find(b types.Block) types.Hash {
	p.t.Helper()
	if err := p.network.BlockFound(b); err != nil {
		p.t.Fatal(err)
	}
	return b.Header.Hash()
}

// awaits waits until the node's chain is as wanted.
func (p *peer) awaits(what string, holds func() bool) {
	p.t.Helper()
	if !p.comesTo(holds) {
		p.t.Fatalf("not within a minute: %s; %+v", what, *p.network.Status())
	}
}

// comesTo waits a minute for the node's chain to be as wanted.
func (p *peer) comesTo(holds func() bool) bool {
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
			return false
		}
	}
	return true
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
