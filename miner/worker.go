package miner

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A crew is the workers of one Run. Only the goroutine of Run uses it.
type crew struct {
	m      *Miner
	ctx    context.Context
	cancel context.CancelFunc
	stops  []context.CancelFunc // one for each worker, the newest last
	done   sync.WaitGroup
	panics atomic.Pointer[string] // the first panic of a worker
}

func newCrew(ctx context.Context, m *Miner) *crew {
	ctx, cancel := context.WithCancel(ctx)
	return &crew{m: m, ctx: ctx, cancel: cancel}
}

// resize starts or stops workers until there are n. It does not wait for those
// that stop: one may be inside Submit.
func (c *crew) resize(n int) {
	for len(c.stops) < n {
		ctx, stop := context.WithCancel(c.ctx)
		c.stops = append(c.stops, stop)
		thread := c.m.gauges.addThread()
		c.done.Go(func() {
			defer c.catch()
			c.m.work(ctx, thread)
		})
	}
	for len(c.stops) > n {
		last := len(c.stops) - 1
		c.stops[last]()
		c.stops = c.stops[:last]
		c.m.gauges.dropThread()
	}
}

// catch keeps a panic for the goroutine of Run, whose caller can put the
// terminal and the files in order; in a goroutine of ours nobody could.
func (c *crew) catch() {
	if v := recover(); v != nil {
		text := fmt.Sprintf("miner: a worker panicked: %v\n%s", v, debug.Stack())
		c.panics.CompareAndSwap(nil, &text)
		c.m.wake()
	}
}

func (c *crew) broken() bool { return c.panics.Load() != nil }

// join stops every worker, waits for them and passes on a panic.
func (c *crew) join() {
	c.resize(0)
	c.cancel()
	c.done.Wait()
	if text := c.panics.Load(); text != nil {
		panic(*text)
	}
}

// work searches job after job until ctx ends.
func (m *Miner) work(ctx context.Context, thread *meter) {
	for ctx.Err() == nil {
		j := m.job.Load()
		if !j.open() {
			select {
			case <-j.retired:
			case <-ctx.Done():
			}
			continue
		}
		nonce, found, hashes := j.tryBatch()
		m.gauges.add(thread, m.cfg.Now(), hashes)
		if found && j.solved.CompareAndSwap(false, true) {
			m.submit(j, nonce)
		}
		// Where every core mines, the node would otherwise wait for the
		// scheduler's 10 ms slices.
		runtime.Gosched()
	}
}

// submit hands in the solution of a job, unless it comes too late.
func (m *Miner) submit(j *job, nonce uint64) {
	block := j.block
	block.Header.Nonce = nonce
	hash := block.Hash()
	if j.isStale(m.cfg.Now()) {
		m.lose()
		m.cfg.Log.Info("dropped a block found too late", "hash", hash)
		return
	}
	if err := m.cfg.Submit(block); err != nil {
		m.lose()
		m.refusals.warn(m.cfg.Now(), "a block that was found is refused", err)
		return
	}
	m.mu.Lock()
	m.finds.add(hash)
	m.mu.Unlock()
	m.cfg.Log.Info("found block", "hash", hash, "daa", block.Header.DAAScore, "nonce", nonce)
}

// lose counts a block found in vain.
func (m *Miner) lose() {
	m.mu.Lock()
	m.finds.lose()
	m.mu.Unlock()
}
