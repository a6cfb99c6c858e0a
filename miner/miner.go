package miner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

const (
	// MaxThreads bounds the number of mining threads.
	MaxThreads = 1024
	// refresh is the greatest age of a template, so that timestamps move on.
	refresh = time.Second
	// staleAfter is how long after its replacement a template may still be
	// solved with a use: blocks found later would be reds at best.
	staleAfter = 3 * time.Second
)

// Config is what a miner needs of its host. Every field but Log is required;
// the functions must be safe for concurrent use.
type Config struct {
	Params *params.Params
	// Template returns a block to solve: everything but the nonce. The miner
	// does not change it and does not move its timestamp.
	Template func() (types.Block, error)
	// Submit takes a solved block. An error means that it will never be part of
	// the DAG.
	Submit func(types.Block) error
	// Changes asks for wake to be called, which never blocks, whenever another
	// template is due, until cancel is called.
	Changes func(wake func()) (cancel func())
	// Fate says what became of a block that Submit took.
	Fate    func(types.Hash) Fate
	Now     func() time.Time
	Threads int          // 1 to MaxThreads
	Log     *slog.Logger // nil for none
}

// A Miner searches blocks while it is switched on and Run runs. Its methods are
// safe for concurrent use.
type Miner struct {
	cfg      Config
	woken    chan struct{} // holds one wake-up
	job      atomic.Pointer[job]
	gauges   *gauges
	failures rareLog // of Template
	refusals rareLog // of Submit

	mu      sync.Mutex
	running bool
	threads int
	finds   finds
}

// New returns a miner that is switched off. It returns an error when a required
// field of cfg is missing or Threads is out of range.
func New(cfg Config) (*Miner, error) {
	if cfg.Params == nil || cfg.Template == nil || cfg.Submit == nil || cfg.Changes == nil || cfg.Fate == nil || cfg.Now == nil {
		return nil, errors.New("miner: a required field of the Config is missing")
	}
	if cfg.Threads != clampThreads(cfg.Threads) {
		return nil, fmt.Errorf("miner: %d threads; want 1 to %d", cfg.Threads, MaxThreads)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	m := &Miner{
		cfg:      cfg,
		woken:    make(chan struct{}, 1),
		gauges:   newGauges(),
		failures: rareLog{log: cfg.Log},
		refusals: rareLog{log: cfg.Log},
		threads:  cfg.Threads,
	}
	m.job.Store(idleJob())
	return m, nil
}

func clampThreads(n int) int { return min(max(n, 1), MaxThreads) }

// SetRunning switches mining on or off; Run follows within milliseconds.
func (m *Miner) SetRunning(on bool) {
	m.mu.Lock()
	m.running = on
	m.mu.Unlock()
	m.wake()
}

// SetThreads sets the number of threads, also while they mine. It keeps to the
// range of 1 to MaxThreads; Threads tells what came of it.
func (m *Miner) SetThreads(n int) {
	m.mu.Lock()
	m.threads = clampThreads(n)
	m.mu.Unlock()
	m.wake()
}

// Threads returns the number of threads that mine, or would when running.
func (m *Miner) Threads() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.threads
}

// Stats returns a snapshot of what the miner does and did.
func (m *Miner) Stats() Stats {
	m.mu.Lock()
	s := Stats{Running: m.running, Threads: m.threads, Tally: m.finds.tally()}
	m.mu.Unlock()
	j := m.job.Load()
	s.Engine = j.engine
	m.gauges.read(m.cfg.Now(), &s)
	if s.Rate60s > 0 {
		s.BlockSeconds = j.expectedHashes() / s.Rate60s
	}
	return s
}

// wake makes Run look at everything anew; it never blocks.
func (m *Miner) wake() {
	select {
	case m.woken <- struct{}{}:
	default: // a wake-up not yet seen does for both
	}
}

// Run mines until ctx ends and returns nil once all its goroutines and every
// Submit under way have ended. It must not run twice at a time. A panic in a
// worker, the host's functions included, comes out of Run.
func (m *Miner) Run(ctx context.Context) error {
	cancel := m.cfg.Changes(m.wake)
	defer cancel()
	crew := newCrew(ctx, m)
	defer crew.join()
	defer func() { m.post(idleJob()) }()

	last := m.job.Load()
	asked := time.Time{}
	timer := time.NewTimer(refresh)
	defer timer.Stop()
	for ctx.Err() == nil && !crew.broken() {
		wanted := m.wantedThreads()
		last = m.renew(wanted > 0, last)
		crew.resize(wanted)
		if now := m.cfg.Now(); now.Sub(asked) >= refresh {
			asked = now
			m.followFinds()
		}
		timer.Reset(refresh)
		select {
		case <-ctx.Done():
		case <-m.woken:
		case <-timer.C:
		}
	}
	return nil
}

// wantedThreads returns how many workers there should be now.
func (m *Miner) wantedThreads() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.running {
		return 0
	}
	return m.threads
}

// renew posts a job from a new template and returns it; without one to be had
// it posts idleness and returns the last.
func (m *Miner) renew(running bool, last *job) *job {
	if !running {
		m.rest()
		return last
	}
	j, err := m.template()
	if err != nil {
		m.rest()
		m.failures.warn(m.cfg.Now(), "no template to mine", err)
		return last
	}
	j.resume(last)
	m.post(j)
	return j
}

func (m *Miner) template() (*job, error) {
	block, err := m.cfg.Template()
	if err != nil {
		return nil, err
	}
	return newJob(m.cfg.Params, block)
}

// rest gives the workers nothing to do.
func (m *Miner) rest() {
	if m.job.Load().search != nil {
		m.post(idleJob())
	}
}

// post replaces the job. The new one is in its place before the old is retired,
// so that a worker that sees the old one retired finds the new.
func (m *Miner) post(j *job) { m.job.Swap(j).retire(m.cfg.Now()) }

// followFinds asks the host what became of the recent finds.
func (m *Miner) followFinds() {
	m.mu.Lock()
	hashes := m.finds.hashes()
	m.mu.Unlock()
	fates := make([]Fate, len(hashes))
	for i, hash := range hashes {
		fates[i] = m.cfg.Fate(hash)
	}
	m.mu.Lock()
	m.finds.judge(fates)
	m.mu.Unlock()
}
