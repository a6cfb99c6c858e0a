package index_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// A load is a chain to be indexed: blocks with so many payments each, from one
// wallet to addresses of which every second one is new.
type load struct{ blocks, txs int }

// chain mines the load.
func (l load) chain(b *testing.B) *chain.Manager {
	b.Helper()
	p := params.SimNet()
	p.CoinbaseMaturity = 2
	m := chaintest.Open(b, p)
	payer := &payer{params: p, wallet: chaintest.NewWallet("payer"), rng: rand.New(rand.NewPCG(1, 1))}
	for range l.blocks {
		t, err := m.Template(chain.TemplateRequest{Miner: payer.wallet.Address, Transactions: payer.payments(b, m, l.txs)})
		must(b, err)
		if len(t.Dropped) > 0 {
			b.Fatal(t.Dropped[0])
		}
		t.Block.Header.Timestamp = m.Snapshot().MedianTime + p.Spacing
		chaintest.Solve(p, &t.Block)
		must(b, m.AddBlock(t.Block))
	}
	return m
}

// A payer follows a chain and spends its coins.
type payer struct {
	params *params.Params
	wallet *chaintest.Wallet
	rng    *rand.Rand
	cursor types.Hash
	coins  []utxo.Entry
	others []types.Address
}

// payments first splits large coins and then passes the parts on, half to an
// address that is new and half as change.
func (y *payer) payments(b *testing.B, m *chain.Manager, n int) (txs []types.Transaction) {
	if n == 0 {
		return nil
	}
	updates, err := m.UpdatesSince(y.cursor, 1000)
	must(b, err)
	for _, u := range updates {
		y.cursor = u.Hash
		for _, c := range u.Acceptance.Diff.Created {
			first := c.Coin.Coinbase && u.BlueScore < 40
			if first || c.Coin.Address == y.wallet.Address && c.Coin.Value.Jots() > types.JotsPerJIO/50 {
				y.coins = append(y.coins, c)
			}
		}
	}
	for len(txs) < n && len(y.coins) > 0 && y.coins[0].Coin.BlueScore+2 <= m.Snapshot().BlueScore {
		coin := y.coins[0]
		y.coins = y.coins[1:]
		txs = append(txs, y.wallet.Pay(y.params, y.outputs(coin), coin))
	}
	return txs
}

func (y *payer) outputs(coin utxo.Entry) []types.Output {
	value := coin.Coin.Value.Jots()
	if value > 2*types.JotsPerJIO {
		outputs := make([]types.Output, 40)
		for i := range outputs {
			outputs[i] = types.Output{Value: types.Jots(value / 41), Address: y.wallet.Address}
		}
		return outputs
	}
	if len(y.others) < 2 || y.rng.IntN(2) == 0 {
		y.others = append(y.others, types.Address{Hash: types.Hash{byte(y.rng.Uint32()), byte(y.rng.Uint32()), byte(y.rng.Uint32()), byte(y.rng.Uint32())}})
	}
	half := value/2 - 1 // a fee of two or three jots
	return []types.Output{
		{Value: types.Jots(half), Address: y.wallet.Address},
		{Value: types.Jots(half), Address: y.others[y.rng.IntN(len(y.others))]},
	}
}

func database(b *testing.B) *store.DB {
	b.Helper()
	db, err := store.Open(b.TempDir(), store.Options{Schema: store.Schema{Name: "index", Version: 1}, CacheBytes: 32 << 20})
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	return db
}

// BenchmarkFollow indexes whole chains into databases on disk.
func BenchmarkFollow(b *testing.B) {
	for _, l := range []load{{10000, 0}, {200, 100}} {
		b.Run(fmt.Sprintf("blocks=%d/txs=%d", l.blocks, l.txs), func(b *testing.B) {
			m := l.chain(b)
			w := newTwin(b, m)
			b.ReportAllocs()
			b.ResetTimer()
			var db *store.DB
			for b.Loop() {
				db = database(b)
				follow(b, open(b, m, db))
			}
			size := 0
			must(b, db.Scan(nil, func(key, value []byte) error {
				size += len(key) + len(value)
				return nil
			}))
			b.ReportMetric(float64(b.N*l.blocks)/b.Elapsed().Seconds(), "blocks/s")
			b.ReportMetric(float64(b.N*len(w.txs))/b.Elapsed().Seconds(), "tx/s")
			b.ReportMetric(float64(size)/float64(len(w.txs)), "record-B/tx")
		})
	}
}

// BenchmarkLookup asks an index on disk for transactions, balances and the first
// page of a long history.
func BenchmarkLookup(b *testing.B) {
	m := load{200, 100}.chain(b)
	w := newTwin(b, m)
	x := open(b, m, database(b))
	follow(b, x)
	runtime.GC()
	var ids []types.Hash
	for id := range w.txs {
		ids = append(ids, id)
	}
	payer := chaintest.NewWallet("payer").Address
	ask := map[string]func(i int) error{
		"transaction": func(i int) error { _, err := x.Transaction(ids[i%len(ids)]); return err },
		"balance":     func(int) error { _, err := x.Account(payer); return err },
		"history=50":  func(int) error { _, err := x.History(payer, math.MaxUint64, 50); return err },
		"coins=100":   func(int) error { _, err := x.Coins(payer, nil, 100); return err },
	}
	for name, call := range ask {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				must(b, call(i))
			}
		})
	}
	b.Logf("%+v", x.Position())
}

// BenchmarkCheck holds an index against its chain.
func BenchmarkCheck(b *testing.B) {
	m := load{200, 100}.chain(b)
	x := open(b, m, database(b))
	follow(b, x)
	for b.Loop() {
		must(b, x.Check(b.Context(), nil))
	}
}
