package chain_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// A load is a DAG to be added: rounds of parallel blocks, each with signed
// payments of coins that belong to so many keys.
type load struct{ blocks, width, txs, keys int }

func (l load) String() string {
	name := fmt.Sprintf("blocks=%d/width=%d/txs=%d", l.blocks, l.width, l.txs)
	if l.txs > 0 {
		name += fmt.Sprintf("/keys=%d", l.keys)
	}
	return name
}

// make mines the load with a Manager of its own.
func (l load) make(b *testing.B, p *params.Params) []types.Block {
	b.Helper()
	m := chaintest.Open(b, p)
	payer := newPayer(p, l)
	var blocks []types.Block
	for len(blocks) < l.blocks {
		round := make([]types.Block, l.width)
		for i := range round {
			t, err := m.Template(chain.TemplateRequest{Miner: payer.wallets[0].Address, Extra: []byte{byte(i)}, Transactions: payer.payments(m, i)})
			if err != nil {
				b.Fatal(err)
			}
			if len(t.Dropped) > 0 {
				b.Fatal(t.Dropped[0])
			}
			t.Block.Header.Timestamp = m.Snapshot().MedianTime + p.Spacing
			chaintest.Solve(p, &t.Block)
			round[i] = t.Block
		}
		if _, _, err := m.AddBlocks(round); err != nil {
			b.Fatal(err)
		}
		blocks = append(blocks, round...)
	}
	return blocks
}

// A payer spends the coins of some wallets, block after block.
type payer struct {
	params  *params.Params
	wallets []*chaintest.Wallet
	owners  map[types.Address]*chaintest.Wallet
	paid    int // outputs made
	txs     int
	cursor  types.Hash
	ready   []utxo.Entry
	first   *utxo.Entry // coinbase, the source of all payments
	begun   bool
}

func newPayer(p *params.Params, l load) *payer {
	y := &payer{params: p, txs: l.txs, owners: make(map[types.Address]*chaintest.Wallet)}
	for i := range max(l.keys, 1) {
		w := chaintest.NewWallet(fmt.Sprintf("payer %d", i))
		y.wallets = append(y.wallets, w)
		y.owners[w.Address] = w
	}
	return y
}

// payee returns the wallets in turn.
func (y *payer) payee() types.Address {
	y.paid++
	return y.wallets[y.paid%len(y.wallets)].Address
}

// payments returns signed transactions over coins in the state at the sink: as
// many as asked for once the first ones have split a coinbase.
func (y *payer) payments(m *chain.Manager, parallel int) []types.Transaction {
	if y.txs == 0 || parallel > 0 {
		return nil
	}
	y.follow(m)
	if score := m.Snapshot().BlueScore; !y.begun && y.first != nil && y.first.Coin.BlueScore+y.params.CoinbaseMaturity <= score {
		y.begun = true
		y.ready = append(y.ready, *y.first)
	}
	var txs []types.Transaction
	for len(txs) < y.txs && len(y.ready) > 0 {
		coin := y.ready[0]
		y.ready = y.ready[1:]
		txs = append(txs, y.owners[coin.Coin.Address].Pay(y.params, y.split(coin), coin))
	}
	return txs
}

// split turns a large coin into many and passes a small one on.
func (y *payer) split(coin utxo.Entry) []types.Output {
	const small = types.JotsPerJIO / 10
	value := coin.Coin.Value.Jots()
	if value < 2*small {
		return []types.Output{{Value: types.Jots(value - 10), Address: y.payee()}}
	}
	n := min(int(value/small)-1, 450)
	outputs := make([]types.Output, n)
	for i := range outputs {
		outputs[i] = types.Output{Value: types.Jots(small), Address: y.payee()}
	}
	return outputs
}

// follow collects the new coins of the chain.
func (y *payer) follow(m *chain.Manager) {
	updates, err := m.UpdatesSince(y.cursor, 1<<20)
	if err != nil {
		panic(err)
	}
	for _, u := range updates {
		y.cursor = u.Hash
		for _, n := range u.Acceptance.Diff.Created {
			if !n.Coin.Coinbase {
				y.ready = append(y.ready, n)
			}
			if n.Coin.Coinbase && y.first == nil {
				y.first = &n
			}
		}
	}
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// A meter adds up what adding blocks costs: processor time, memory and disk.
type meter struct {
	seconds        float64
	bytes, mallocs uint64
	disk           int64
	restart        float64 // processor seconds of opening what was written
	blocks, txs    int
}

// run adds blocks to a new database on disk in groups of one write each.
func (c *meter) run(b *testing.B, p *params.Params, blocks []types.Block, group int) {
	b.Helper()
	dir := b.TempDir()
	db := openDB(b, dir)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := cpuSeconds()
	m := openJournal(b, p, db, 0)
	for from := 0; from < len(blocks); from += group {
		if _, _, err := m.AddBlocks(blocks[from:min(from+group, len(blocks))]); err != nil {
			b.Fatal(err)
		}
	}
	c.seconds += cpuSeconds() - start
	runtime.ReadMemStats(&after)
	c.bytes += after.TotalAlloc - before.TotalAlloc
	c.mallocs += after.Mallocs - before.Mallocs
	c.blocks += len(blocks)
	for i := range blocks {
		c.txs += len(blocks[i].Transactions) - 1
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	c.disk += diskUse(b, dir)
	start = cpuSeconds()
	db = openDB(b, dir)
	openJournal(b, p, db, 0)
	c.restart += cpuSeconds() - start
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

func (c *meter) report(b *testing.B) {
	b.ReportMetric(float64(c.blocks)/c.seconds, "blocks/cpu-s")
	b.ReportMetric(c.seconds/float64(c.blocks)*1e9, "cpu-ns/block")
	if c.txs > 0 {
		b.ReportMetric(float64(c.txs)/c.seconds, "tx/cpu-s")
		b.ReportMetric(float64(c.mallocs)/float64(c.txs), "allocs/tx")
	}
	b.ReportMetric(float64(c.bytes)/float64(c.blocks), "B/block")
	b.ReportMetric(float64(c.mallocs)/float64(c.blocks), "allocs/block")
	b.ReportMetric(float64(c.disk)/float64(c.blocks), "disk-B/block")
	b.ReportMetric(c.restart/float64(b.N)*1e3, "restart-cpu-ms")
}

func openDB(b *testing.B, dir string) *store.DB {
	b.Helper()
	db, err := store.Open(dir, store.Options{Schema: store.Schema{Name: "benchmark", Version: 1}, CacheBytes: 64 << 20})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func diskUse(b *testing.B, dir string) (size int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		size += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// BenchmarkAddBlocks adds ready-made DAGs to a chain on disk, every block durable
// by itself and in groups of 256.
func BenchmarkAddBlocks(b *testing.B) {
	loads := []load{
		{1000, 1, 0, 0},
		{10000, 1, 0, 0},
		{50000, 1, 0, 0},
		{1000, 4, 0, 0},
		{10000, 4, 0, 0},
		{50000, 4, 0, 0},
		{1000, 10, 0, 0},
		{10000, 10, 0, 0},
		{50000, 10, 0, 0},
		{400, 1, 100, 1},
		{400, 1, 100, 20000},
		{200, 1, 300, 1},
		{200, 1, 300, 20000},
	}
	for _, l := range loads {
		p := params.SimNet()
		p.CoinbaseMaturity = 2
		var blocks []types.Block
		for _, group := range []int{1, 256} {
			b.Run(fmt.Sprintf("%v/group=%d", l, group), func(b *testing.B) {
				if blocks == nil {
					blocks = l.make(b, p)
				}
				var c meter
				for b.Loop() {
					c.run(b, p, blocks, group)
				}
				c.report(b)
			})
		}
	}
}
