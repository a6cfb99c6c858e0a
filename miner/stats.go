package miner

import (
	"sync"
	"time"
)

// The windows of the hash rates shown.
const (
	shortWindow  = 10 * time.Second
	mediumWindow = time.Minute
	longWindow   = 15 * time.Minute
)

// Stats is a snapshot of the miner; it shares no memory with it. Rates are in
// hashes per second.
type Stats struct {
	Running bool   // whether mining is switched on
	Threads int    // how many threads mine, or would when running
	Engine  string // id of the engine of the current template, "" without one

	Rate10s   float64
	Rate60s   float64
	Rate15m   float64
	RateMax   float64   // the best full ten seconds so far
	PerThread []float64 // over 10 s, one for each thread at work

	Tally // what became of the blocks found

	// BlockSeconds is the mean time to a block at the current difficulty and
	// the rate of the last 60 s; 0 when either is not known.
	BlockSeconds float64
}

// gauges holds the meters: one of all threads, one of each.
type gauges struct {
	mu      sync.Mutex
	total   *meter
	threads []*meter
}

func newGauges() *gauges { return &gauges{total: newMeter(longWindow)} }

// addThread returns the meter of a new thread.
func (g *gauges) addThread() *meter {
	g.mu.Lock()
	defer g.mu.Unlock()
	thread := newMeter(shortWindow)
	g.threads = append(g.threads, thread)
	return thread
}

// dropThread forgets the newest thread; what it did stays in the total.
func (g *gauges) dropThread() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.threads = g.threads[:len(g.threads)-1]
}

// add counts hashes that a thread has done.
func (g *gauges) add(thread *meter, now time.Time, hashes uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.total.add(now, hashes)
	thread.add(now, hashes)
}

// read fills in the rates.
func (g *gauges) read(now time.Time, s *Stats) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s.Rate10s = g.total.rate(now, shortWindow)
	s.Rate60s = g.total.rate(now, mediumWindow)
	s.Rate15m = g.total.rate(now, longWindow)
	s.RateMax = g.total.best
	s.PerThread = make([]float64, len(g.threads))
	for i, thread := range g.threads {
		s.PerThread[i] = thread.rate(now, shortWindow)
	}
}
