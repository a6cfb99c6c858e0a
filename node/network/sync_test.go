package network_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/store"
)

var syncStops = flag.Int("sync-stops", 4, "how often a node goes down in a sync")

// serve runs nodes that have a history and know each other.
func serve(t testing.TB, blocks []types.Block, count int) (servers []*peer, addresses []string) {
	t.Helper()
	for i := range count {
		p := run(t, setup{name: fmt.Sprintf("server %d", i), params: historyNet(), add: addresses})
		replay(t, p.chain, blocks)
		servers, addresses = append(servers, p), append(addresses, p.address())
	}
	return servers, addresses
}

// A course is what a user sees of a sync.
type course struct {
	t      testing.TB
	stages map[syncer.Stage]int // how often each was seen
	etas   int
	rates  int
	done   uint64 // headers and bodies
}

// watch looks at a peer often until it holds what is wanted, and meanwhile makes
// a miner find a block now and then. What is there must never become less.
func (c *course) watch(p, miner *peer, wanted func() bool) {
	c.t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(2 * time.Minute)
	for turn := 1; !wanted(); turn++ {
		select {
		case <-ticker.C:
		case <-limit:
			c.t.Fatalf("not within two minutes: %+v", *p.network.Status())
		}
		if turn%16 == 0 && miner != nil {
			miner.mine(1)
		}
		c.look(p)
	}
}

func (c *course) look(p *peer) {
	c.t.Helper()
	s := p.network.Status()
	if c.stages == nil {
		c.stages = make(map[syncer.Stage]int)
	}
	c.stages[s.Stage]++
	if s.ETA > 0 {
		c.etas++
	}
	if s.Rate > 0 {
		c.rates++
	}
	now := p.chain.Snapshot()
	if done := now.Headers + now.Blocks; done < c.done {
		c.t.Errorf("%d headers and bodies after %d", done, c.done)
	} else {
		c.done = done
	}
}

// follows reports whether a peer has all that another has, and knows it.
func (p *peer) follows(other *peer) func() bool {
	return func() bool {
		return p.chain.Snapshot().Sink == other.chain.Snapshot().Sink && p.network.Status().Synced
	}
}

// wantUnblamed demands that none of some peers is held in low esteem.
func (p *peer) wantUnblamed(others ...*peer) {
	p.t.Helper()
	for _, o := range others {
		for _, known := range p.network.Host().Peers() {
			if known.ID == o.network.Host().ID() && known.Score < 0 {
				p.t.Errorf("%s is held in low esteem: %d", known.Agent, known.Score)
			}
		}
		for _, b := range p.network.Host().Bans() {
			if b.Peer == o.network.Host().ID() {
				p.t.Errorf("an honest peer is banned: %v", b)
			}
		}
	}
}

func TestFreshNodeSyncsWhilePeersMine(t *testing.T) {
	blocks := history(t, *syncBlocks)
	peers, addresses := serve(t, blocks, 3)
	fresh := run(t, setup{name: "fresh", params: historyNet(), add: addresses, seeks: true})
	c := course{t: t}
	began := time.Now()
	c.watch(fresh, peers[0], fresh.follows(peers[0]))
	t.Logf("%d blocks in %v, stages %v", len(blocks), time.Since(began), c.stages)
	if len(blocks) >= 10_000 && (c.stages[syncer.StageHeaders] == 0 || c.stages[syncer.StageBodies] == 0 || c.etas == 0 || c.rates == 0) {
		t.Errorf("a user did not see it: %+v", c)
	}
	fresh.wantUnblamed(peers...)
	for _, p := range peers {
		p.wantUnblamed(fresh)
		if got := p.network.Host().Stats().Refused; got > 0 {
			t.Errorf("%d requests of an honest peer were refused", got)
		}
	}
}

// hasty is a clock that runs ten times as fast, so that tests need not wait out
// the patience of nodes.
func hasty() func() time.Time {
	began := time.Now()
	return func() time.Time { return began.Add(10 * time.Since(began)) }
}

// One peer never answers, one sends corrupt bodies and one boasts: the sync ends
// all the same, and who lied is banned.
func TestSyncDespiteHostilePeers(t *testing.T) {
	blocks := history(t, *syncBlocks)
	honest, addresses := serve(t, blocks, 3)
	now := hasty()
	var hostiles []*hostile
	for _, h := range []hostile{{answer: stalls}, {answer: corrupts}, {hello: boasts}} {
		hostiles = append(hostiles, runHostile(t, setup{name: "hostile", params: historyNet()}, honest[0], h))
		addresses = append(addresses, hostiles[len(hostiles)-1].Addrs()[0])
	}
	fresh := run(t, setup{name: "fresh", params: historyNet(), add: addresses, seeks: true, now: now})
	c := course{t: t}
	began := time.Now()
	c.watch(fresh, honest[0], fresh.follows(honest[0]))
	t.Logf("%d blocks in %v, stages %v", len(blocks), time.Since(began), c.stages)
	if c.stages[syncer.StageBodies] == 0 || c.rates == 0 {
		t.Errorf("a user did not see it: %+v", c)
	}
	c.watch(fresh, honest[0], func() bool { return fresh.bans(hostiles[1].ID()) && fresh.bans(hostiles[2].ID()) })
	if fresh.bans(hostiles[0].ID()) {
		t.Error("a peer is banned for being slow")
	}
	fresh.wantUnblamed(honest...)
}

// A node that goes down in the middle of a sync, in good order or with the power,
// goes on from where it was.
func TestSyncResumesAfterStops(t *testing.T) {
	blocks := history(t, *syncBlocks)
	_, addresses := serve(t, blocks, 3)
	rng := rand.New(rand.NewPCG(5, uint64(*syncStops)))
	disk, all := store.NewMemory(), uint64(2*len(blocks))
	var before uint64
	for stop := range *syncStops {
		fresh := run(t, setup{name: "fresh", params: historyNet(), chain: disk, add: addresses, seeks: true})
		done := func() uint64 { s := fresh.chain.Snapshot(); return s.Headers + s.Blocks }
		if got := done(); got < before {
			t.Fatalf("stop %d: %d headers and bodies, before there were %d", stop, got, before)
		}
		at := min(done()+1+rng.Uint64N(2*all/uint64(*syncStops)), all)
		fresh.awaitsProgress(func() bool { return done() >= at })
		if stop%2 == 1 {
			before = done()
			disk = disk.Clone() // as the disk is when the power goes
		}
		fresh.stop()
		if stop%2 == 0 {
			before = done()
		}
	}
	fresh := run(t, setup{name: "fresh", params: historyNet(), chain: disk, add: addresses, seeks: true})
	fresh.awaits("the last block", fresh.has(blocks[len(blocks)-1].Hash()))
	if _, err := fresh.chain.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// awaitsProgress waits for what headers may bring, of which the chain does not
// tell.
func (p *peer) awaitsProgress(holds func() bool) {
	p.t.Helper()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	limit := time.After(time.Minute)
	for !holds() {
		select {
		case <-ticker.C:
		case <-limit:
			p.t.Fatalf("not within a minute: %+v", *p.network.Status())
		}
	}
}

// BenchmarkSync compares a sync from three peers in this process with adding the
// same blocks from memory. Processor time is of all four nodes.
func BenchmarkSync(b *testing.B) {
	blocks := history(b, *syncBlocks)
	_, addresses := serve(b, blocks, 3)
	var spent, took [2]float64
	for b.Loop() {
		before, began := cpuSeconds(), time.Now()
		replay(b, openChain(b, historyNet(), openDisk(b)), blocks)
		between, second := cpuSeconds(), time.Now()
		fresh := run(b, setup{name: "fresh", params: historyNet(), chain: openDisk(b), add: addresses, seeks: true})
		last := blocks[len(blocks)-1].Hash()
		fresh.awaits("the last block", fresh.has(last))
		fresh.stop()
		spent[0], took[0] = spent[0]+between-before, took[0]+second.Sub(began).Seconds()
		spent[1], took[1] = spent[1]+cpuSeconds()-between, took[1]+time.Since(second).Seconds()
	}
	n := float64(b.N * len(blocks))
	b.ReportMetric(n/took[0], "replayed/s")
	b.ReportMetric(n/took[1], "synced/s")
	b.ReportMetric(n/spent[0], "replayed/cpu-s")
	b.ReportMetric(n/spent[1], "synced/cpu-s")
}

func openDisk(b *testing.B) *store.DB {
	b.Helper()
	db, err := store.Open(b.TempDir(), store.Options{Schema: store.Schema{Name: "benchmark", Version: 1}, CacheBytes: 64 << 20})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
