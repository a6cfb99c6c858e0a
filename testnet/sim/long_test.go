package sim

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

var (
	hours     = flag.Float64("hours", 0.05, "simulated hours of the long run")
	partition = flag.Float64("partition", 2, "minutes for which a network is cut in two halves")
)

// troubled returns the first seed from the given one that brings every kind of
// trouble.
func troubled(cfg Config) uint64 {
	for ; ; cfg.Seed++ {
		s := draw(cfg, rand.New(rand.NewPCG(cfg.Seed, domain)))
		if s.partition && s.crash && s.jumps && s.payments && s.late && s.double > 0 && s.loss > 0 && s.byzantine > 0 && s.latency <= 100*time.Millisecond {
			return cfg.Seed
		}
	}
}

// TestLong lets a world with every kind of trouble live on, with its chains in
// files. Once it has warmed up, it must not need more and more memory.
func TestLong(t *testing.T) {
	t.Parallel()
	cfg := config(*first)
	if cfg.Nodes == 0 {
		cfg.Nodes = 5
	}
	cfg.Seed = troubled(cfg)
	cfg.Duration, cfg.Dir = time.Duration(*hours*float64(time.Hour)), t.TempDir()
	var heaps []uint64
	began := time.Now()
	cfg.Watch = func(r Report) {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		heaps = append(heaps, m.HeapAlloc)
		note(t, "hour %d: heap %d KiB, %v since the start, %d found, %d lost, %d crashes, %d bans, %d steps",
			len(heaps), m.HeapAlloc>>10, time.Since(began).Round(time.Second), r.Found, r.Lost, r.Crashes, r.Bans, r.Steps)
	}
	run(t, cfg)
	if len(heaps) < 8 {
		return
	}
	early, late := heaps[len(heaps)/4:len(heaps)/2], heaps[3*len(heaps)/4:]
	if a, b := slices.Max(early), slices.Min(late); b > a+a/4 {
		t.Errorf("the heap grows: at most %d bytes in the second quarter, at least %d in the last", a, b)
	}
}

// TestPartition cuts eight nodes in two halves that mine on, at a depth that
// allows for it: they must become one DAG again in which all of both halves is
// merged.
func TestPartition(t *testing.T) {
	t.Parallel()
	cfg := config(*first)
	cfg.Nodes, cfg.Byzantine, cfg.Deep = 8, -1, true
	cfg.Halves = time.Duration(*partition * float64(time.Minute))
	cfg.Duration = cfg.Halves + 5*time.Minute/2
	if report := run(t, cfg); report.Lost > 0 {
		t.Errorf("%d of %d blocks are not merged", report.Lost, report.Found)
	}
}
