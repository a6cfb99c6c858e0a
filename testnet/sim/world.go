package sim

import (
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"time"

	"github.com/jio-dag/jio/chain/params"
)

// Config says what to simulate. The zero values of all but Seed mean that the
// seed decides.
type Config struct {
	Seed      uint64
	Nodes     int
	Rate      uint64        // blocks a second; 0 means 1
	Duration  time.Duration // until the trouble ends and the network must agree
	Byzantine float64       // share of the work, at most 0.45; negative for none
	Actors    []string      // names of the Byzantine nodes; more than half of all must stay honest
	Halves    time.Duration // how long the nodes are cut in two halves, after a minute and as the only trouble; 0 for never
	Deep      bool          // merge and finality depth of the real simnet, not those that minutes reach
	Dir       string        // where chains are kept in files, for long runs; played disks and memory when empty
	Trace     io.Writer     // one line for each step; may be nil
	Watch     func(Report)  // called each simulated hour; may be nil
}

// A Report is what came of a simulation.
type Report struct {
	Seed      uint64
	Trace     uint64 // hash of all steps
	Steps     int
	Time      time.Duration // simulated
	Blocks    uint64        // in the DAG of the first honest node
	Reds      int           // of the blocks on or merged by its chain
	Found     int           // by honest nodes
	Lost      int           // of them merged by nobody
	Payments  uint64        // transactions accepted by its chain
	Nodes     int
	Actors    []string      // names of the Byzantine nodes
	Converged time.Duration // from the end of the trouble to one sink
	Crashes   int
	Bans      int // of Byzantine nodes by honest ones
}

// A World is a network in the making.
type World struct {
	cfg      Config
	rng      *rand.Rand
	params   *params.Params
	start    time.Time
	now      time.Duration
	queue    queue
	scenario scenario
	nodes    []*node
	links    []*link
	parted   func(from, to *node) bool // whether nothing gets through; nil when all does
	quiet    bool                      // the trouble is over
	stopped  bool                      // nobody mines any more
	outlaws  []outlaw
	media    int // directories made
	checker  checker
	hash     uint64
	report   Report
	failure  error
}

// domain keeps what a World draws from its seed apart from other uses of it.
const domain = 0x4a494f

// Run simulates a world and returns what came of it, or the first promise that
// was broken.
func Run(cfg Config) (Report, error) {
	w := newWorld(cfg)
	defer w.close()
	w.begin()
	w.pass(w.scenario.duration)
	w.rest()
	return w.report, w.failure
}

func newWorld(cfg Config) *World {
	w := &World{cfg: cfg, rng: rand.New(rand.NewPCG(cfg.Seed, domain))}
	w.scenario = draw(cfg, w.rng)
	w.params = network(max(1, cfg.Rate), w.scenario.hash, cfg.Deep)
	w.start = time.UnixMilli(int64(w.params.Genesis.Header.Timestamp)).Add(time.Hour)
	w.checker.init(w)
	w.report = Report{Seed: cfg.Seed, Nodes: w.scenario.nodes}
	return w
}

// network returns the parameters of a simulated network: simnet with difficulty
// that moves, a limit on merge sets that a minute reaches, and a proof of work that
// costs little to verify, for each of the nodes does so. Unless it shall be deep, a
// few minutes reach its depths, but no minute does, not even at first, when blocks
// come as much too fast as there is hash. It panics for a rate that simnet does not
// have.
func network(rate uint64, hash int, deep bool) *params.Params {
	p, err := params.SimNetAt(rate)
	if err != nil {
		panic(err)
	}
	p.CoinbaseMaturity = 10 * rate
	p.MergeSetLimit = 3 * p.K
	if !deep {
		p.MergeDepth = 120 * rate * uint64(hash)
		p.FinalityDepth = 2 * p.MergeDepth
	}
	p.Engines[0].ID = "sha256d"
	p.NoRetarget = false
	p.HalfLife = 200_000
	return p
}

// after sets a timer.
func (w *World) after(d time.Duration, do func()) { w.queue.add(w.now+d, do) }

// every calls do again and again, at first after one interval.
func (w *World) every(interval func() time.Duration, do func()) {
	w.after(interval(), func() {
		do()
		w.every(interval, do)
	})
}

// steady is an interval that is always the same.
func steady(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

// around returns intervals of an exponential distribution: a Poisson process.
func (w *World) around(mean time.Duration) func() time.Duration {
	return func() time.Duration { return time.Duration(w.rng.ExpFloat64() * float64(mean)) }
}

// pass lets virtual time pass until something fails.
func (w *World) pass(d time.Duration) {
	end := w.now + d
	for w.failure == nil {
		t, ok := w.queue.next(end)
		if !ok {
			break
		}
		w.now = t.at
		t.do()
	}
	if w.failure == nil {
		w.now = end
	}
	w.report.Time = w.now
}

// fail ends the simulation: a promise was broken.
func (w *World) fail(format string, args ...any) {
	if w.failure == nil {
		w.failure = fmt.Errorf("seed %d, after %v: %w", w.cfg.Seed, w.now, fmt.Errorf(format, args...))
		w.record("FAIL %v", w.failure)
	}
}

// record makes a step part of the trace.
func (w *World) record(format string, args ...any) {
	w.report.Steps++
	h := fnv.New64a()
	fmt.Fprintf(h, "%x %v ", w.hash, w.now)
	fmt.Fprintf(h, format, args...)
	w.hash = h.Sum64()
	w.report.Trace = w.hash
	if w.cfg.Trace != nil {
		fmt.Fprintf(w.cfg.Trace, "%12v "+format+"\n", append([]any{w.now}, args...)...)
	}
}

// between draws a duration.
func (w *World) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.rng.Int64N(int64(most-least)+1))
}

// chance is true with a probability.
func (w *World) chance(p float64) bool { return w.rng.Float64() < p }
