package service_test

import (
	"context"
	crypto "crypto/rand"
	"errors"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/service"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/hd"
)

// A fixture is a service over a chain of the oracle's blocks.
type fixture struct {
	t         testing.TB
	params    *params.Params
	builder   *chaintest.Builder
	chain     *chain.Manager
	pool      *mempool.Pool
	index     *index.Index
	wallets   *wallet.Wallets
	walletDir string
	service   *service.Service
	to        *api.Local
	reg       *api.Registry
	now       time.Time

	miner   api.Miner             // what the host says of its miner
	changes []service.MinerChange // what it was told
	stopped bool
}

// A closable is a memory store that can be closed.
type closable struct{ *store.Memory }

func (closable) Close() error { return nil }

// smallNet has a small k and little maturity, so that small DAGs have reds and
// payments.
func smallNet() *params.Params {
	p := params.SimNet()
	p.K = 1
	p.CoinbaseMaturity = 3
	return p
}

func newFixture(t testing.TB, p *params.Params) *fixture {
	t.Helper()
	f := &fixture{t: t, params: p, builder: chaintest.NewBuilder(p), chain: chaintest.Open(t, p), now: chaintest.FarFuture()}
	f.miner = api.Miner{Available: true, MaxThreads: 4, Threads: 1}
	f.pool = mempool.New(mempool.Config{Params: p, Chain: f.chain, Now: f.clock, Rand: rand.New(rand.NewPCG(1, 2))})
	var err error
	if f.index, err = index.Open(index.Config{Chain: f.chain, Store: store.NewMemory()}); err != nil {
		t.Fatal(err)
	}
	f.walletDir = t.TempDir()
	databases := make(map[string]closable)
	f.wallets = wallet.NewWallets(wallet.Config{
		Dir: f.walletDir, Open: func(dir string) (wallet.Database, error) {
			if _, there := databases[dir]; !there {
				databases[dir] = closable{store.NewMemory()}
			}
			return databases[dir], os.MkdirAll(dir, 0o700) // a real one leaves files
		},
		Params: p, Chain: f.chain, Now: f.clock, Rand: crypto.Reader, Submit: f.pool.Submit,
		Unconfirmed: f.pool.Entries, Estimate: f.pool.Estimate, OnChange: f.chain.OnChange,
		Stock: 5, Gap: 5, Discovery: 5,
	})
	f.service = service.New(service.Config{
		Params: p, Chain: f.chain, Pool: f.pool, Index: f.index, Wallets: f.wallets, Now: f.clock, Host: f.host(),
		Peers: service.Peers{Alone: true},
	})
	f.reg = api.NewRegistry()
	f.service.Register(f.reg)
	f.to = f.reg.Local()
	return f
}

func (f *fixture) clock() time.Time { return f.now }

func (f *fixture) host() service.Host {
	return service.Host{
		Version:  "test",
		Started:  f.now.Add(-time.Minute),
		AddBlock: f.chain.AddBlock,
		Submit:   f.pool.Submit,
		Miner:    func() api.Miner { return f.miner },
		SetMiner: func(c service.MinerChange) error {
			f.changes = append(f.changes, c)
			return nil
		},
		Generate: func(_ context.Context, blocks uint64, _ *types.Address) (uint64, error) { return blocks, nil },
		Logs:     func(uint64, int) []api.LogLine { return nil },
		System:   func() api.System { return api.System{Goroutines: 1} },
		Stop:     func() { f.stopped = true },

		MiningWords: func() (*hd.Mnemonic, error) { return nil, errors.New("there is none") },
	}
}

// grow adds a random DAG with payments.
func (f *fixture) grow(blocks int, seed uint64) {
	f.t.Helper()
	shape := chaintest.Shape{Blocks: blocks, Width: 4, Private: 0.05, Spend: 0.5}
	for _, b := range chaintest.RandomDAG(f.builder, shape, rand.New(rand.NewPCG(seed, 3))) {
		f.add(b)
	}
}

func (f *fixture) add(b types.Block) {
	f.t.Helper()
	if err := f.chain.AddBlock(b); err != nil {
		f.t.Fatal(err)
	}
	if err := f.pool.Follow(); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) text(a types.Address) string { return a.Text(f.params.AddressPrefix) }

// sink is the oracle's view of the chain's sink.
func (f *fixture) sink() *chaintest.Block { return f.builder.Oracle.Block(f.chain.Snapshot().Sink) }

// chainUp is the selected chain, genesis first.
func (f *fixture) chainUp() (up []*chaintest.Block) {
	for b := f.sink(); b != nil; b = b.SelectedParent {
		up = append([]*chaintest.Block{b}, up...)
	}
	return up
}

// ask calls a method that must answer.
func ask[P, R any](f *fixture, m api.Method[P, R], p P) R {
	f.t.Helper()
	r, err := m.Call(context.Background(), f.to, p)
	if err != nil {
		f.t.Fatalf("%s: %v", m.Name, err)
	}
	return r
}

// refuse calls a method that must refuse with a code.
func refuse[P, R any](f *fixture, m api.Method[P, R], p P, code api.Code) *api.Error {
	f.t.Helper()
	_, err := m.Call(context.Background(), f.to, p)
	var refusal *api.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		f.t.Errorf("%s %+v: %v, want code %d", m.Name, p, err, code)
		return &api.Error{}
	}
	return refusal
}

func content(timestamp uint64) chaintest.Content { return chaintest.Content{Timestamp: timestamp} }

func timeOf(ms uint64) time.Time { return time.UnixMilli(int64(ms)) }
