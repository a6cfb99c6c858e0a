package miner

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// start runs the miner, switched on; stop ends it and waits. Inside a synctest
// bubble a goroutine left over after stop fails the test.
func start(t *testing.T, m *Miner) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- m.Run(ctx) }()
	m.SetRunning(true)
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

// pass lets virtual time go by, then waits until everybody is at rest.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestMinerFindsBlocks(t *testing.T) {
	for _, threads := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			host := newFakeHost(t, mediumBits)
			reached := make(chan struct{})
			host.goal, host.enough = 40, func() { close(reached) }
			m := host.miner(threads)
			stop := start(t, m)
			<-reached
			stop()
			seen := map[types.Hash]bool{}
			for _, block := range host.taken {
				if seen[block.Header.PrePoWHash()] {
					t.Errorf("two blocks of the template with DAA score %d", block.Header.DAAScore)
				}
				seen[block.Header.PrePoWHash()] = true
			}
			if s := m.Stats(); s.Found != uint64(len(host.taken)) || s.Pending != s.Found || s.Stale != 0 {
				t.Errorf("%d blocks taken, stats say %+v", len(host.taken), s.Tally)
			}
			if !strings.Contains(host.log.String(), "found block") {
				t.Error("the log is silent")
			}
			if m.Stats().Engine != "" {
				t.Error("there is still a job after Run has returned")
			}
		})
	}
}

// TestMinerUsesTemplateUp: where any hash will do, four threads make one block
// of each template and rest until the next is due.
func TestMinerUsesTemplateUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		host.silent = true
		stop := start(t, host.miner(4))
		defer stop()
		synctest.Wait()
		_, taken := host.counts()
		if taken != 1 {
			t.Fatalf("%d blocks at first, want 1", taken)
		}
		for i := 2; i < 5; i++ {
			pass(time.Second)
			if _, taken := host.counts(); taken != i {
				t.Errorf("%d blocks, want %d", taken, i)
			}
		}
		host.set(host.change)
		synctest.Wait()
		if _, taken := host.counts(); taken != 5 {
			t.Errorf("%d blocks after a change, want 5", taken)
		}
	})
}

// TestMinerSolvesSameTemplateOnce: a host that offers one template for ever
// gets one block, also when a pause or a failure lies between.
func TestMinerSolvesSameTemplateOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		host.fixed = true
		m := host.miner(3)
		stop := start(t, m)
		defer stop()
		pass(3 * time.Second)
		m.SetRunning(false)
		pass(3 * time.Second)
		m.SetRunning(true)
		host.set(func() { host.templateErr = errHost })
		pass(3 * time.Second)
		host.set(func() { host.templateErr = nil })
		pass(3 * time.Second)
		if offers, taken := host.counts(); taken != 1 || offers < 8 {
			t.Errorf("%d blocks from %d offers of one template, want 1", taken, offers)
		}
	})
}

func TestMinerSwitchedOffAsksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		m := host.miner(2)
		stop := start(t, m)
		m.SetRunning(false)
		synctest.Wait()
		offers, taken := host.counts()
		pass(10 * time.Second)
		host.expect(offers, taken)
		if s := m.Stats(); s.Running || s.Engine != "" || len(s.PerThread) != 0 {
			t.Errorf("switched off: %+v", s)
		}
		stop()
		if host.wake != nil {
			t.Error("Run left its wake-up behind")
		}
	})
}

func TestMinerTemplateFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		host.silent, host.templateErr = true, errHost
		m := host.miner(2)
		stop := start(t, m)
		synctest.Wait()
		before, _ := host.counts()
		pass(25 * time.Second)
		host.expect(before+25, 0) // once a second
		host.set(host.change)
		synctest.Wait()
		host.expect(before+26, 0) // and on a change
		if s := m.Stats(); s.Engine != "" || s.BlockSeconds != 0 || !s.Running {
			t.Errorf("without a template: %+v", s)
		}
		host.set(func() { host.templateErr = nil })
		pass(time.Second)
		host.expect(before+27, 1)
		stop()
		if n := strings.Count(host.log.String(), "no template to mine"); n != 3 {
			t.Errorf("%d warnings in 25 s, want 3:\n%s", n, host.log.String())
		}
	})
}

// TestMinerSubmitFails: a host that refuses everything is offered one block a
// second, though its refusals wake nobody.
func TestMinerSubmitFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		host.silent, host.submitErr = true, errHost
		m := host.miner(2)
		stop := start(t, m)
		pass(15 * time.Second)
		stop()
		_, taken := host.counts()
		if taken < 15 || taken > 17 {
			t.Errorf("%d blocks in 15 s", taken)
		}
		if want := (Tally{Found: uint64(taken), Stale: uint64(taken)}); m.Stats().Tally != want {
			t.Errorf("%+v, want %+v", m.Stats().Tally, want)
		}
		if n := strings.Count(host.log.String(), "is refused"); n != 2 {
			t.Errorf("%d warnings in 15 s, want 2:\n%s", n, host.log.String())
		}
		if !strings.Contains(host.log.String(), "unmentioned=9") && !strings.Contains(host.log.String(), "unmentioned=10") {
			t.Errorf("the log does not count what it kept back:\n%s", host.log.String())
		}
	})
}

// TestMinerDropsStaleWork solves a job by hand, before and after it is replaced.
func TestMinerDropsStaleWork(t *testing.T) {
	host := newFakeHost(t, easyBits)
	now := epoch
	host.now = func() time.Time { return now }
	m := host.miner(1)
	late := newTestJob(t, host)
	m.post(late)
	solve := func() {
		for {
			if nonce, found, _ := late.tryBatch(); found {
				m.submit(late, nonce)
				return
			}
		}
	}
	now = now.Add(time.Hour)
	solve() // old, but nothing newer is known
	m.post(newTestJob(t, host))
	solve()
	now = now.Add(staleAfter - time.Millisecond)
	solve()
	host.expect(2, 3)
	now = now.Add(time.Millisecond)
	solve()
	host.expect(2, 3)
	if want := (Tally{Found: 4, Pending: 3, Stale: 1}); m.Stats().Tally != want {
		t.Errorf("%+v, want %+v", m.Stats().Tally, want)
	}
}

func newTestJob(t *testing.T, host *fakeHost) *job {
	t.Helper()
	block, err := host.template()
	if err != nil {
		t.Fatal(err)
	}
	j, err := newJob(host.miner(1).cfg.Params, block)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestMinerFollowsFates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		host.silent = true
		m := host.miner(1)
		stop := start(t, m)
		defer stop()
		pass(3500 * time.Millisecond)
		m.SetRunning(false)
		synctest.Wait()
		blocks := host.taken
		if len(blocks) != 4 {
			t.Fatalf("%d blocks, want 4", len(blocks))
		}
		for _, fates := range [][4]Fate{
			{FateChain, FateChain, FateBlue, FatePending},
			{FateBlue, FateRed, FateChain, FateStale},
		} {
			want := Tally{}
			host.set(func() {
				for i, fate := range fates {
					host.fates[blocks[i].Hash()] = fate
					want.count(fate)
				}
			})
			pass(2 * time.Second)
			if got := m.Stats().Tally; got != want {
				t.Errorf("fates %v: %+v, want %+v", fates, got, want)
			}
		}
		asked := host.asked
		for range 50 {
			host.set(host.change)
			synctest.Wait()
		}
		if host.asked != asked {
			t.Errorf("%d questions for fates at one moment", host.asked-asked)
		}
	})
}

// TestMinerPanicComesOutOfRun: nobody could catch it in a worker's goroutine.
func TestMinerPanicComesOutOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := newFakeHost(t, easyBits)
		host.submitPanics = true
		m := host.miner(3)
		m.SetRunning(true)
		defer func() {
			if text, _ := recover().(string); !strings.Contains(text, "the host is broken") {
				t.Errorf("Run panicked with %q", text)
			}
		}()
		err := m.Run(t.Context())
		t.Errorf("Run returned %v", err)
	})
}

func TestNewRefuses(t *testing.T) {
	good := newFakeHost(t, easyBits).miner(1).cfg
	for name, spoil := range map[string]func(*Config){
		"no params":        func(c *Config) { c.Params = nil },
		"no template":      func(c *Config) { c.Template = nil },
		"no submit":        func(c *Config) { c.Submit = nil },
		"no changes":       func(c *Config) { c.Changes = nil },
		"no fate":          func(c *Config) { c.Fate = nil },
		"no clock":         func(c *Config) { c.Now = nil },
		"no threads":       func(c *Config) { c.Threads = 0 },
		"too many threads": func(c *Config) { c.Threads = MaxThreads + 1 },
	} {
		cfg := good
		spoil(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	good.Log = nil
	if _, err := New(good); err != nil {
		t.Errorf("without a log: %v", err)
	}
}
