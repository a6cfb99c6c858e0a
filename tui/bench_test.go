package tui

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// wideWindow is a DAG of so many chain blocks, each of which merges a number of
// others; from says where it begins, so that it can go on.
func wideWindow(from, chain, width int) api.DagWindow {
	w := api.DagWindow{}
	name := func(level, n int) types.Hash { return hash(1000 + level*1000 + n) }
	var merged []types.Hash
	for level := from; level < from+chain; level++ {
		parents := append([]types.Hash{name(level-1, 0)}, merged...)
		w.Sink = name(level, 0)
		w.Blocks = append(w.Blocks, api.DagBlock{
			Hash: w.Sink, Parents: parents, Fate: "chain", BlueScore: uint64(level), DAAScore: uint64(level * width),
			Timestamp: noon.UnixMilli() - int64(from+chain-level)*1000, Miner: payTo,
		})
		merged = merged[:0:0]
		for n := 1; n < width; n++ {
			b := api.DagBlock{
				Hash: name(level, n), Parents: []types.Hash{w.Sink}, Fate: []string{"blue", "red"}[n%7/6], BlueScore: uint64(level),
				MergedBy: name(level+1, 0), Timestamp: noon.UnixMilli(), Miner: payTo,
			}
			if level == from+chain-1 {
				b.Fate, b.MergedBy, b.Tip = "pending", types.Hash{}, true
			}
			merged = append(merged, b.Hash)
			w.Blocks = append(w.Blocks, b)
		}
	}
	return w
}

// BenchmarkFrame is one turn of four a second: a new status, a new window of a DAG
// a hundred blocks wide, and the frame. ns/op times four is the share of a core.
func BenchmarkFrame(b *testing.B) {
	for _, key := range []string{"1", "2", "8", "9"} {
		for _, width := range []int{2, 100} {
			b.Run(fmt.Sprintf("page=%s/width=%d", key, width), func(b *testing.B) { benchmarkFrame(b, key, width) })
		}
	}
}

func benchmarkFrame(b *testing.B, key string, width int) {
	f := newFake()
	windows := make([]api.DagWindow, 8)
	for i := range windows {
		windows[i] = wideWindow(1+i*3, 80, width)
	}
	m := dashboard(b, f, 160, 48)
	press(m, key)
	b.ReportAllocs()
	var times, worked []time.Duration
	first := cpuTime(b)
	for n := 0; b.Loop(); n++ {
		f.answers["getDag"] = windows[n%len(windows)]
		f.status.Blocks++
		f.calls = f.calls[:0]
		began, cpu := time.Now(), cpuTime(b)
		settle(m, m.sample())
		m.View()
		times, worked = append(times, time.Since(began)), append(worked, cpuTime(b)-cpu)
	}
	b.ReportMetric((cpuTime(b)-first).Seconds()*1000/float64(len(times)), "cpu-ms/op")
	b.ReportMetric(p99(times), "p99-ms")
	b.ReportMetric(p99(worked), "p99-cpu-ms")
}

// p99 is what 99 of 100 stay below, in milliseconds. By the clock other programs
// are in it, by the processor the collector.
func p99(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)*99/100]) / 1e6
}

// cpuTime is what this process has used of the processors.
func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
