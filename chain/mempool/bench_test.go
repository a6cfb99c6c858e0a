package mempool_test

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// small is the value of the coins that split makes.
const small = types.JotsPerJIO / 10

// split gives the bank at least n confirmed coins of a small value.
func (b *bank) split(n int) (coins []utxo.Entry) {
	b.t.Helper()
	const parts = 450
	for b.mine(1); len(coins) < n; b.mine(1) {
		for len(b.coins) > 0 && len(coins) < n {
			coin := b.take()
			outputs := make([]types.Output, parts)
			for i := range outputs {
				outputs[i] = types.Output{Value: types.Jots(small), Address: b.wallet.Address}
			}
			tx := b.wallet.Pay(b.params, outputs, coin)
			for _, reason := range b.submit(tx) {
				if reason != nil {
					b.t.Fatal(reason)
				}
			}
			id := tx.ID()
			for i := range outputs {
				coins = append(coins, utxo.Entry{Outpoint: types.Outpoint{TxID: id, Index: uint32(i)}, Coin: types.Coin{Output: outputs[i]}})
			}
		}
	}
	for b.pool.Usage().Entries > 0 {
		b.mine(1)
	}
	return coins
}

// payments spends each coin by itself, with fees of a hundred kinds.
func (b *bank) payments(coins []utxo.Entry) []types.Transaction {
	txs := make([]types.Transaction, len(coins))
	for i, c := range coins {
		half := types.Jots(small/2 - 2000 - uint64(i%100)*100)
		txs[i] = b.wallet.Pay(b.params, []types.Output{{Value: half, Address: b.wallet.Address}, {Value: half, Address: b.wallet.Address}}, c)
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
// and of 10 blocks a second.
func BenchmarkTemplate(b *testing.B) {
	for _, weight := range []uint64{4_000_000, 500_000} {
		b.Run(fmt.Sprintf("pool=100000/weight=%d", weight), func(b *testing.B) {
			bank := newBank(b, 300, nil)
			bank.offer(bank.payments(bank.split(100_000)))
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
		})
	}
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkSubmit admits signed payments, 256 at a time.
func BenchmarkSubmit(b *testing.B) {
	bank := newBank(b, 60, nil)
	txs := bank.payments(bank.split(20_000))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		bank.reopen()
		bank.offer(txs)
	}
	b.ReportMetric(float64(b.N*len(txs))/b.Elapsed().Seconds(), "tx/s")
}
