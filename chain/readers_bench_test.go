package chain_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// BenchmarkReaders reports how long those who ask the chain wait, each kind on a
// goroutine of its own, while a block with 300 signed payments that nobody has seen
// comes ten times a second. The answer's own time is part of it.
func BenchmarkReaders(b *testing.B) {
	p := params.SimNet()
	p.CoinbaseMaturity = 2
	blocks := load{60, 1, 300, 2000}.make(b, p)
	waits := make(map[string][]float64)
	for b.Loop() {
		db := openDB(b, b.TempDir())
		m, err := chain.Open(chain.Config{Params: p, Store: db, Workers: 2, Now: chaintest.FarFuture})
		if err != nil {
			b.Fatal(err)
		}
		readWhile(b, m, blocks, waits)
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for name, of := range waits {
		slices.Sort(of)
		b.ReportMetric(of[len(of)/2], name+"-median-ms")
		b.ReportMetric(of[len(of)*99/100], name+"-p99-ms")
	}
}

// readWhile adds the blocks at their rate and adds up what readers wait meanwhile.
func readWhile(b *testing.B, m *chain.Manager, blocks []types.Block, waits map[string][]float64) {
	b.Helper()
	var coming atomic.Int64 // the block that is next
	var over atomic.Bool
	var mu sync.Mutex // guards waits
	var reading sync.WaitGroup
	for name, ask := range questions(m, blocks, &coming) {
		reading.Go(func() {
			var of []float64
			for pause := time.NewTicker(2 * time.Millisecond); !over.Load(); <-pause.C {
				begun := time.Now()
				if err := ask(); err != nil {
					b.Errorf("%s: %v", name, err)
				}
				of = append(of, time.Since(begun).Seconds()*1e3)
			}
			mu.Lock()
			defer mu.Unlock()
			waits[name] = append(waits[name], of...)
		})
	}
	rate := time.NewTicker(100 * time.Millisecond)
	defer rate.Stop()
	for i := range blocks {
		coming.Store(int64(i))
		if err := m.AddBlock(blocks[i]); err != nil {
			b.Fatal(err)
		}
		<-rate.C
	}
	over.Store(true)
	reading.Wait()
}

// questions are what a node is asked all the time: a snapshot, the DAG of the last
// seconds, a block to mine with the payments of the next one, and whether one of
// these is worth keeping.
func questions(m *chain.Manager, blocks []types.Block, coming *atomic.Int64) map[string]func() error {
	payments := func() []types.Transaction { return blocks[coming.Load()].Transactions[1:] }
	return map[string]func() error{
		"snapshot": func() error { _ = m.Snapshot().Sink; return nil },
		"dag": func() error {
			at := m.Snapshot().Sink
			for range 64 {
				info, err := m.Info(at)
				if err != nil || len(info.Header.Parents) == 0 {
					return err
				}
				at = info.Header.SelectedParent()
			}
			return nil
		},
		"template": func() error {
			_, err := m.Template(chain.TemplateRequest{Transactions: payments()})
			return err
		},
		"admission": func() error {
			txs := payments()
			_, err := m.CheckTransactions(txs[:min(1, len(txs))], nil, nil)
			return err
		},
	}
}
