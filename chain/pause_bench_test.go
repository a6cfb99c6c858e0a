package chain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
)

// BenchmarkPause reports for how long AddBlock keeps readers waiting at most, and
// how much processor time it takes meanwhile, with 300 signed payments in every
// block at the depths of 10 blocks a second. Nobody has seen the payments before.
func BenchmarkPause(b *testing.B) {
	p := params.SimNet()
	fast := params.TestNet()
	p.K, p.MaxParents, p.MergeSetLimit, p.MedianTimeSpan = fast.K, fast.MaxParents, fast.MergeSetLimit, fast.MedianTimeSpan
	p.PruningDepth = fast.PruningDepth
	p.CoinbaseMaturity = 2
	blocks := load{200, 1, 300, 20000}.make(b, p)
	var wall, processor []float64
	for b.Loop() {
		db := openDB(b, b.TempDir())
		m := openJournal(b, p, db, 0)
		for i := range blocks {
			begun, used := time.Now(), cpuSeconds()
			if err := m.AddBlock(blocks[i]); err != nil {
				b.Fatal(err)
			}
			wall = append(wall, time.Since(begun).Seconds()*1e3)
			processor = append(processor, (cpuSeconds()-used)*1e3)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for name, pauses := range map[string][]float64{"ms": wall, "cpu-ms": processor} {
		slices.Sort(pauses)
		b.ReportMetric(pauses[len(pauses)/2], "median-"+name)
		b.ReportMetric(pauses[len(pauses)*99/100], "p99-"+name)
		b.ReportMetric(pauses[len(pauses)-1], "max-"+name)
	}
}
