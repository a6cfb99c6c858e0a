package mempool_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// A hoard is many confirmed coins of a small value.
type hoard struct {
	bank   *bank
	makers []types.Hash // each made so many
}

const (
	small = types.JotsPerJIO / 10
	parts = 450
)

// split gives the bank at least n small coins.
func (b *bank) split(n int) *hoard {
	b.t.Helper()
	h := &hoard{bank: b}
	for ; len(h.makers)*parts < n; b.mine(1) {
		for len(b.coins) > 0 && len(h.makers)*parts < n {
			outputs := make([]types.Output, parts)
			for i := range outputs {
				outputs[i] = types.Output{Value: types.Jots(small), Address: b.wallet.Address}
			}
			tx := b.wallet.Pay(b.params, outputs, b.take())
			b.offer([]types.Transaction{tx})
			h.makers = append(h.makers, tx.ID())
		}
	}
	for b.pool.Usage().Entries > 0 {
		b.mine(1)
	}
	return h
}

// payments spends n coins from the first on, each by itself, with fees of a
// hundred kinds.
func (h *hoard) payments(first, n int, rng *rand.Rand) []types.Transaction {
	b := h.bank
	txs := make([]types.Transaction, n)
	for i := range txs {
		at := first + i
		coin := utxo.Entry{
			Outpoint: types.Outpoint{TxID: h.makers[at/parts], Index: uint32(at % parts)},
			Coin:     types.Coin{Output: types.Output{Value: types.Jots(small), Address: b.wallet.Address}},
		}
		half := types.Jots(small/2 - 2000 - rng.Uint64N(100)*100)
		txs[i] = b.wallet.Pay(b.params, []types.Output{{Value: half, Address: b.wallet.Address}, {Value: half, Address: b.wallet.Address}}, coin)
	}
	return txs
}

// offer submits transactions as they come from peers, some at a time.
func (b *bank) offer(txs []types.Transaction) {
	b.t.Helper()
	for len(txs) > 0 {
		n := min(256, len(txs))
		for _, reason := range b.submit(txs[:n]...) {
			if reason != nil {
				b.t.Fatal(reason)
			}
		}
		txs = txs[n:]
	}
}

// BenchmarkTemplate makes templates from a large pool at the block weights of 1
// and of 10 blocks a second, with coins in memory and on disk.
func BenchmarkTemplate(b *testing.B) {
	for _, weight := range []uint64{4_000_000, 500_000} {
		for _, where := range []string{"memory", "disk"} {
			b.Run(fmt.Sprintf("pool=100000/weight=%d/coins=%s", weight, where), func(b *testing.B) {
				s := chain.Store(store.NewMemory())
				if where == "disk" {
					s = database(b)
				}
				benchmarkTemplate(b, newBankOn(b, s, 300, nil), weight)
			})
		}
	}
}

func benchmarkTemplate(b *testing.B, bank *bank, weight uint64) {
	bank.offer(bank.split(100_000).payments(0, 100_000, rand.New(rand.NewPCG(1, 1))))
	bank.params.BlockWeight = weight
	var carried int
	b.ReportAllocs()
	start := cpuSeconds()
	for b.Loop() {
		t, err := bank.pool.Template(bank.wallet.Address, nil)
		if err != nil {
			b.Fatal(err)
		}
		carried = len(t.Block.Transactions) - 1
	}
	b.ReportMetric((cpuSeconds()-start)/float64(b.N)*1e3, "cpu-ms/op")
	b.ReportMetric(float64(carried), "txs")
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkSubmit admits signed payments to a chain that has not seen them, 256
// at a time.
func BenchmarkSubmit(b *testing.B) {
	s := store.NewMemory()
	bank := newBankOn(b, s, 60, nil)
	txs := bank.split(20_000).payments(0, 20_000, rand.New(rand.NewPCG(1, 1)))
	b.ReportAllocs()
	b.ResetTimer()
	seconds := 0.0
	for range b.N {
		b.StopTimer()
		bank.restart(s, 0)
		b.StartTimer()
		start := cpuSeconds()
		bank.offer(txs)
		seconds += cpuSeconds() - start
	}
	b.ReportMetric(float64(b.N*len(txs))/seconds, "tx/cpu-s")
}

// BenchmarkAccept takes signed payments all the way: submitted to the pool,
// carried by blocks from its templates, and accepted by the selected chain.
func BenchmarkAccept(b *testing.B) {
	s := store.NewMemory()
	bank := newBankOn(b, s, 60, nil)
	txs := bank.split(20_000).payments(0, 20_000, rand.New(rand.NewPCG(1, 1)))
	b.ResetTimer()
	seconds, blocks := 0.0, 0
	for range b.N {
		b.StopTimer()
		bank.restart(s.Clone(), 0)
		b.StartTimer()
		start := cpuSeconds()
		bank.offer(txs)
		for ; bank.pool.Usage().Entries > 0; blocks++ {
			bank.mine(1)
		}
		seconds += cpuSeconds() - start
	}
	b.ReportMetric(float64(b.N*len(txs))/seconds, "tx/cpu-s")
	b.ReportMetric(float64(blocks)/float64(b.N), "blocks")
}
