package miner

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// TestMinerThreadsLive changes the threads while they search in vain, and looks
// for them in the rates and among the goroutines.
func TestMinerThreadsLive(t *testing.T) {
	before := runtime.NumGoroutine()
	host := newFakeHost(t, impossibleBits)
	m := host.miner(1)
	stop := start(t, m)
	for _, threads := range []int{1, 5, 2, 3} {
		m.SetThreads(threads)
		await(func() bool {
			s := m.Stats()
			return len(s.PerThread) == threads && slices.Min(s.PerThread) > 0
		})
		if s := m.Stats(); s.Threads != threads || m.Threads() != threads || !s.Running || s.Rate10s <= 0 {
			t.Errorf("%d threads: %+v", threads, s)
		}
		// Beside the workers: Run's own goroutine. Some of an earlier test may
		// have ended meanwhile.
		await(func() bool { return runtime.NumGoroutine() <= before+1+threads })
	}
	m.SetRunning(false)
	await(func() bool { return len(m.Stats().PerThread) == 0 && runtime.NumGoroutine() <= before+1 })
	m.SetRunning(true)
	await(func() bool { return len(m.Stats().PerThread) == 3 })
	stop()
	await(func() bool { return runtime.NumGoroutine() <= before })
	if s := m.Stats(); s.Found != 0 {
		t.Errorf("blocks out of nothing: %+v", s.Tally)
	}
}

func TestSetThreadsKeepsToRange(t *testing.T) {
	m := newFakeHost(t, easyBits).miner(4)
	for _, c := range []struct{ set, want int }{{-3, 1}, {0, 1}, {7, 7}, {MaxThreads, MaxThreads}, {1 << 20, MaxThreads}} {
		m.SetThreads(c.set)
		if got := m.Threads(); got != c.want {
			t.Errorf("SetThreads(%d) gave %d, want %d", c.set, got, c.want)
		}
	}
}

// rangeLog is a pow.Job without solutions that notes what was searched.
type rangeLog struct {
	mu     sync.Mutex
	starts []uint64
}

func (r *rangeLog) Value(uint64, uint64) types.Uint256 { return types.MaxUint256 }

func (r *rangeLog) Search(_ types.Uint256, _, start uint64, count uint32) (uint64, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if count == batchSize {
		r.starts = append(r.starts, start)
	}
	return 0, false
}

func (r *rangeLog) len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.starts)
}

// TestWorkersShareNoNonce has a changing number of workers search one job: every
// batch is searched once and none is left out.
func TestWorkersShareNoNonce(t *testing.T) {
	m := newFakeHost(t, impossibleBits).miner(1)
	search := &rangeLog{}
	m.post(&job{search: search, progress: new(progress), retired: make(chan struct{})})
	c := newCrew(t.Context(), m)
	for i, workers := range []int{4, 1, 6, 2, 0, 3} {
		c.resize(workers)
		if workers > 0 {
			await(func() bool { return search.len() > 1000*(i+1) })
		}
	}
	c.join()
	slices.Sort(search.starts)
	for i, start := range search.starts {
		if start != uint64(i)*batchSize {
			t.Fatalf("batch %d starts at %d", i, start)
		}
	}
}

// TestBatchCountsHashes holds that a batch cut short by a solution counts only
// what it tried.
func TestBatchCountsHashes(t *testing.T) {
	j := newTestJob(t, newFakeHost(t, mediumBits))
	solved := false
	for batch := uint64(0); !solved; batch++ {
		nonce, found, hashes := j.tryBatch()
		want := uint64(batchSize)
		if found {
			want = nonce - batch*batchSize + 1
		}
		if hashes != want {
			t.Errorf("batch %d counts %d hashes, want %d", batch, hashes, want)
		}
		solved = found && hashes < batchSize
	}
}

func TestStatsRates(t *testing.T) {
	host := newFakeHost(t, 0x2000ffff) // 1 in 256 and a bit
	now := epoch
	host.now = func() time.Time { return now }
	m := host.miner(2)
	if s := m.Stats(); s.BlockSeconds != 0 || s.Rate60s != 0 || s.Engine != "" {
		t.Errorf("at first: %+v", s)
	}
	m.post(newTestJob(t, host))
	one, two := m.gauges.addThread(), m.gauges.addThread()
	for range 20 {
		m.gauges.add(one, now, 192)
		m.gauges.add(two, now, 64)
		now = now.Add(time.Second)
	}
	s := m.Stats()
	if s.Rate10s != 256 || s.Rate60s != 256 || s.Rate15m != 256 || s.RateMax != 256 {
		t.Errorf("rates %v %v %v, best %v, want 256", s.Rate10s, s.Rate60s, s.Rate15m, s.RateMax)
	}
	if !slices.Equal(s.PerThread, []float64{192, 64}) {
		t.Errorf("per thread %v", s.PerThread)
	}
	if s.BlockSeconds < 1 || s.BlockSeconds > 1.01 {
		t.Errorf("%v s to a block, want about 1", s.BlockSeconds)
	}
	if s.Engine != "sha256d" {
		t.Errorf("engine %q", s.Engine)
	}
	s.PerThread[0] = 0
	if m.Stats().PerThread[0] != 192 {
		t.Error("a snapshot shares memory with the miner")
	}
}
