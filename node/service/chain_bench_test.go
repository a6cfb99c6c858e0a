package service_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc"
	"github.com/jio-dag/jio/node/rpc/client"
	"github.com/jio-dag/jio/node/service"
	"github.com/jio-dag/jio/store"
)

var blocks = flag.Int("blocks", 500, "length of the chain that BenchmarkChain asks about; the full number is 2000")

const (
	townsmen  = 500 // wallets of a town
	pieces    = 20  // that a coinbase coin is split into
	purchases = 9   // payments in a block
	maturity  = 10
)

// A town is a chain on disk whose blocks pay a mayor, who hands out what they
// bring, and wallets that pay each other.
type town struct {
	params  *params.Params
	chain   *chain.Manager
	index   *index.Index
	wallets []*chaintest.Wallet // the mayor's first
	rng     *rand.Rand
	cursor  types.Hash
	big     []utxo.Entry // of the mayor
	small   []part       // in the order they came
}

// A part is a coin of a wallet, by the wallet's number.
type part struct {
	coin  utxo.Entry
	owner int
}

func newTown(b *testing.B, length int) *town {
	b.Helper()
	t := &town{params: params.SimNet(), rng: rand.New(rand.NewPCG(1, 1))}
	t.params.CoinbaseMaturity = maturity
	t.chain = must[*chain.Manager](b)(chain.Open(chain.Config{Params: t.params, Store: disk(b), Now: chaintest.FarFuture}))
	t.index = must[*index.Index](b)(index.Open(index.Config{Chain: t.chain, Store: disk(b)}))
	for i := range townsmen {
		t.wallets = append(t.wallets, chaintest.NewWallet(fmt.Sprint("townsman ", i)))
	}
	for range length {
		t.mine(b)
	}
	if err := t.index.Follow(b.Context()); err != nil {
		b.Fatal(err)
	}
	return t
}

func disk(b *testing.B) *store.DB {
	db := must[*store.DB](b)(store.Open(b.TempDir(), store.Options{Schema: store.Schema{Name: "benchmark", Version: 1}}))
	b.Cleanup(func() { db.Close() })
	return db
}

func must[T any](b *testing.B) func(T, error) T {
	return func(v T, err error) T {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
}

// mine makes a block of payments.
func (t *town) mine(b *testing.B) {
	t.collect(b)
	request := chain.TemplateRequest{Miner: t.wallets[0].Address, Transactions: t.payments()}
	template := must[*chain.Template](b)(t.chain.Template(request))
	if len(template.Dropped) > 0 {
		b.Fatal(template.Dropped[0].Err)
	}
	template.Block.Header.Timestamp = t.chain.Snapshot().MedianTime + t.params.Spacing
	chaintest.Solve(t.params, &template.Block)
	if err := t.chain.AddBlock(template.Block); err != nil {
		b.Fatal(err)
	}
}

// collect notes the coins that blocks have made.
func (t *town) collect(b *testing.B) {
	owners := make(map[types.Address]int, len(t.wallets))
	for i, w := range t.wallets {
		owners[w.Address] = i
	}
	for _, u := range must[[]chain.Update](b)(t.chain.UpdatesSince(t.cursor, 1000)) {
		t.cursor = u.Hash
		for _, made := range u.Acceptance.Diff.Created {
			if made.Coin.Coinbase {
				t.big = append(t.big, made)
			} else {
				t.small = append(t.small, part{made, owners[made.Coin.Address]})
			}
		}
	}
}

func (t *town) payments() (txs []types.Transaction) {
	const fee = 10_000
	pay := func(from *chaintest.Wallet, coin utxo.Entry, to []types.Address) {
		each := types.Jots(coin.Coin.Value.Jots()/uint64(len(to)) - fee)
		outputs := make([]types.Output, len(to))
		for i := range to {
			outputs[i] = types.Output{Value: each, Address: to[i]}
		}
		txs = append(txs, from.Pay(t.params, outputs, coin))
	}
	if len(t.big) > maturity {
		to := make([]types.Address, pieces)
		for i := range to {
			to[i] = t.someone()
		}
		pay(t.wallets[0], t.big[0], to)
		t.big = t.big[1:]
	}
	for range min(purchases, len(t.small)) {
		from := t.wallets[t.small[0].owner]
		pay(from, t.small[0].coin, []types.Address{t.someone(), from.Address})
		t.small = t.small[1:]
	}
	return txs
}

func (t *town) someone() types.Address { return t.wallets[t.rng.IntN(len(t.wallets))].Address }

// serve answers for the town over HTTP, and returns a maker of clients.
func (t *town) serve(b *testing.B) (dial func() *client.Client) {
	pool := mempool.New(mempool.Config{Params: t.params, Chain: t.chain, Now: time.Now, Rand: t.rng})
	s := service.New(service.Config{
		Params: t.params, Chain: t.chain, Pool: pool, Index: t.index, Now: time.Now,
		Host: service.Host{
			Started: time.Now(), Miner: func() api.Miner { return api.Miner{} }, System: func() api.System { return api.System{} },
		},
		Peers: service.Peers{Alone: true},
	})
	reg := api.NewRegistry()
	s.Register(reg)
	dir := b.TempDir()
	server := must[*rpc.Server](b)(rpc.Open(rpc.Config{Registry: reg, Dir: dir, Listen: "127.0.0.1:0", Limits: rpc.Limits{Rate: 1e9}}))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	return func() *client.Client {
		c := must[*client.Client](b)(client.New(client.Config{Addr: server.Addr().String(), Cookie: rpc.CookieFile(dir)}))
		b.Cleanup(c.Close)
		return c
	}
}

// BenchmarkChain asks a node on a real chain over HTTP, for one block after
// another and for the coins of one address after another, from one client and
// from eight, each with a connection of its own that is kept.
func BenchmarkChain(b *testing.B) {
	t := newTown(b, *blocks)
	dial := t.serve(b)
	b.Logf("%d blocks, %d coins of %d addresses", t.chain.Snapshot().Blocks, t.chain.Snapshot().Coins, townsmen)
	var hashes []types.Hash
	if err := t.chain.Blocks(func(block types.Block) error {
		hashes = append(hashes, block.Hash())
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	getBlock := func(ctx context.Context, c api.Caller, i int) (int, error) {
		found, err := api.GetBlock.Call(ctx, c, api.BlockParams{Hash: hashes[i%len(hashes)], Transactions: true})
		return len(found.Transactions), err
	}
	getCoins := func(ctx context.Context, c api.Caller, i int) (int, error) {
		asked := api.AddressesParams{Addresses: []string{t.wallets[1+i%(townsmen-1)].Address.Text(t.params.AddressPrefix)}}
		found, err := api.GetUTXOsByAddresses.Call(ctx, c, asked)
		return len(found.UTXOs), err
	}
	for _, clients := range []int{1, 8} {
		b.Run(fmt.Sprintf("getBlock/clients=%d", clients), func(b *testing.B) { askAll(b, dial, clients, "txs/call", getBlock) })
		b.Run(fmt.Sprintf("getUtxosByAddresses/clients=%d", clients), func(b *testing.B) { askAll(b, dial, clients, "coins/call", getCoins) })
	}
}

// askAll lets clients share b.N calls, each of which returns how much it got.
func askAll(b *testing.B, dial func() *client.Client, clients int, unit string, call func(ctx context.Context, c api.Caller, i int) (int, error)) {
	all := make([]*client.Client, clients)
	for i := range all {
		all[i] = dial()
		if _, err := call(b.Context(), all[i], i); err != nil { // which connects
			b.Fatal(err)
		}
	}
	var next, got atomic.Int64
	var working sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	began := cpuSeconds()
	for _, c := range all {
		working.Go(func() {
			for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
				n, err := call(b.Context(), c, i)
				if err != nil {
					b.Error(err)
					return
				}
				got.Add(int64(n))
			}
		})
	}
	working.Wait()
	b.ReportMetric((cpuSeconds()-began)/float64(b.N)*1e6, "cpu-µs/call") // of both ends
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64(got.Load())/float64(b.N), unit)
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
