package chain_test

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// mine makes n rounds of width parallel blocks with a Manager of its own.
func mine(b *testing.B, p *params.Params, n, width int) []types.Block {
	b.Helper()
	m := chaintest.Open(b, p)
	var blocks []types.Block
	for range n {
		var round []types.Block
		for i := range width {
			t, err := m.Template(chain.TemplateRequest{Miner: types.Address{Hash: types.Hash{1}}, Extra: []byte{byte(i)}})
			if err != nil {
				b.Fatal(err)
			}
			t.Block.Header.Timestamp = m.Snapshot().MedianTime + p.Spacing
			chaintest.Solve(p, &t.Block)
			round = append(round, t.Block)
		}
		for _, block := range round {
			if err := m.AddBlock(block); err != nil {
				b.Fatal(err)
			}
		}
		blocks = append(blocks, round...)
	}
	return blocks
}

func cpuTime() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkAddBlock adds ready-made blocks to a chain on disk, with a durable
// write each, and reports blocks per second of processor time.
func BenchmarkAddBlock(b *testing.B) {
	for _, c := range []struct{ blocks, width int }{{1000, 1}, {10000, 1}, {2000, 4}, {2000, 10}} {
		b.Run(fmt.Sprintf("blocks=%d/width=%d", c.blocks, c.width), func(b *testing.B) {
			p := params.SimNet()
			blocks := mine(b, p, c.blocks/c.width, c.width)
			b.ReportAllocs()
			var spent float64
			for b.Loop() {
				b.StopTimer()
				db, err := store.Open(b.TempDir(), store.Options{Schema: store.Schema{Name: "chain", Version: 1}})
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				start := cpuTime()
				m := open(b, p, db)
				for i := range blocks {
					if err := m.AddBlock(blocks[i]); err != nil {
						b.Fatal(err)
					}
				}
				spent += cpuTime() - start
				b.StopTimer()
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(len(blocks)*b.N)/spent, "blocks/cpu-s")
		})
	}
}
