package syncer_test

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
	"github.com/jio-dag/jio/store"
)

// A node that knows nothing comes to the state of its peers through all stages,
// with bodies from each of them.
func TestSyncFromSeveralPeers(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(1300, "")
	r := newRig(t, p)
	if s := r.core.Status(); s.Stage != syncer.StagePeers || s.Synced {
		t.Fatalf("before anything: %+v", s)
	}
	peers := []syncer.PeerID{"a", "b", "c"}
	for _, id := range peers {
		remote := honest(source)
		remote.delay = 200 * time.Millisecond
		r.join(id, remote, source)
	}
	stages := map[syncer.Stage]bool{}
	r.until(time.Minute, func() bool {
		stages[r.core.Status().Stage] = true
		return r.core.Status().Synced
	})
	r.follows(source, 0)
	for _, s := range []syncer.Stage{syncer.StageHeaders, syncer.StageBodies, syncer.StageState, syncer.StageDone} {
		if !stages[s] {
			t.Errorf("stage %v was never seen", s)
		}
	}
	for _, id := range peers {
		if asked := countBodies(r.remotes[id]); asked < 200 {
			t.Errorf("%s was asked for %d bodies", id, asked)
		}
		r.wantPoints(id, 0)
	}
}

func countBodies(r *remote) (n int) {
	for _, m := range r.asked {
		if q, ok := m.(*wire.BlocksRequest); ok {
			n += len(q.Hashes)
		}
	}
	return n
}

// A peer that falls silent at any stage, or answers as broken peers do, is
// replaced and what was done stays.
func TestSyncDespitePeers(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(150, "")
	heavier := newNode(t, p) // what the bad peers claim
	heavier.mine(200, "claim")
	mutate := func(m wire.Message) wire.Message {
		if blocks, ok := m.(*wire.Blocks); ok {
			for i := range blocks.Blocks {
				blocks.Blocks[i].Transactions = append(blocks.Blocks[i].Transactions, blocks.Blocks[i].Transactions[0])
			}
		}
		return m
	}
	isBlocks := func(m wire.Message) bool { _, ok := m.(*wire.BlocksRequest); return ok }
	for _, c := range []struct {
		name   string
		bad    *remote
		points int // at most
	}{
		{"silent", silent(), syncer.PointsTimeout},
		{"claims and has nothing", honest(source), syncer.PointsWrongSync},
		{"headers without bodies", &remote{serve: func(m wire.Message) (wire.Message, error) {
			if isBlocks(m) {
				return &wire.Blocks{}, nil
			}
			return honest(heavier).serve(m)
		}}, syncer.PointsWrongSync},
		{"headers and silence", &remote{serve: func(m wire.Message) (wire.Message, error) {
			if isBlocks(m) {
				return nil, nil
			}
			return honest(heavier).serve(m)
		}}, syncer.PointsTimeout},
		{"mutated bodies", spoiled(honest(source), mutate), syncer.PointsWrongSync},
		{"other blocks", &remote{serve: func(m wire.Message) (wire.Message, error) {
			if isBlocks(m) {
				return &wire.Blocks{Blocks: []types.Block{p.Genesis}}, nil
			}
			return honest(heavier).serve(m)
		}}, syncer.PointsUnrequested},
		{"more and nothing", &remote{serve: func(wire.Message) (wire.Message, error) {
			return &wire.Headers{More: true}, nil
		}}, syncer.PointsWrongSync},
		{"headers without proof of work", spoiled(honest(heavier), func(m wire.Message) wire.Message {
			if headers, ok := m.(*wire.Headers); ok {
				for i := range headers.Headers {
					headers.Headers[i].Bits = 0x1d00ffff
				}
			}
			return m
		}), syncer.PointsWrongSync},
		{"headers out of order", spoiled(honest(heavier), func(m wire.Message) wire.Message {
			if headers, ok := m.(*wire.Headers); ok && len(headers.Headers) > 1 {
				headers.Headers = headers.Headers[1:]
			}
			return m
		}), syncer.PointsWrongSync},
		{"an error", &remote{serve: func(wire.Message) (wire.Message, error) { return nil, errGone }}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, p)
			r.join("bad", c.bad, heavier)
			r.join("good", honest(source), source)
			if !r.until(time.Minute, func() bool { return r.sameSink(source) }) {
				t.Error("the good peer's blocks did not come within a minute")
			}
			r.follows(source, 2*time.Minute)
			r.wait(30 * time.Second)
			if got := r.points["bad"]; got > c.points {
				t.Errorf("the bad peer has %d points, want at most %d", got, c.points)
			}
			r.wantPoints("good", 0)
		})
	}
}

// What a silent peer was asked for is asked of others long before it times out.
func TestSilentPeerHoldsNobodyUp(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(300, "")
	r := newRig(t, p)
	for _, id := range []syncer.PeerID{"a", "b"} {
		r.join(id, honest(source), source)
	}
	r.join("bad", &remote{serve: func(m wire.Message) (wire.Message, error) {
		if _, ok := m.(*wire.BlocksRequest); ok {
			return nil, nil
		}
		return honest(source).serve(m)
	}}, source)
	r.follows(source, 8*time.Second)
	if countBodies(r.remotes["bad"]) == 0 {
		t.Error("the silent peer was not asked")
	}
}

// Whatever was stored when the node went down is not fetched again.
func TestSyncResumes(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(1100, "")
	disk := store.NewMemory()
	for _, stop := range []struct {
		name string
		at   func(*chain.Snapshot) bool
	}{
		{"with headers", func(s *chain.Snapshot) bool { return s.Headers == 1101 }},
		{"with bodies", func(s *chain.Snapshot) bool { return s.Blocks > 300 }},
	} {
		r := rigOn(openNode(t, p, disk))
		before := r.chain.Snapshot().Headers
		slow := honest(source)
		slow.delay = 300 * time.Millisecond
		r.join("a", slow, source)
		if !r.until(time.Minute, func() bool { return stop.at(r.chain.Snapshot()) }) {
			t.Fatal(stop.name)
		}
		if s := r.chain.Snapshot(); s.Blocks > 1000 || s.Headers < before {
			t.Fatalf("%s: %d headers and %d bodies", stop.name, s.Headers, s.Blocks)
		}
	}
	r := rigOn(openNode(t, p, disk))
	bodies, headers := int(r.chain.Snapshot().Blocks), 0
	counted := spoiled(honest(source), func(m wire.Message) wire.Message {
		if h, ok := m.(*wire.Headers); ok {
			headers += len(h.Headers)
		}
		return m
	})
	r.join("a", counted, source)
	r.follows(source, time.Minute)
	if got, most := countBodies(r.remotes["a"]), 1101-bodies; got > most {
		t.Errorf("%d bodies were asked for, %d were missing", got, most)
	}
	if headers > 10 {
		t.Errorf("%d headers were sent again", headers)
	}
}

// A node goes down with one of two parallel tips: the other one's body is asked
// for, whichever of them its peers stand on and although no header is new.
func TestSyncResumesAtTheTip(t *testing.T) {
	p := params.SimNet()
	for turn := range 2 {
		source := newNode(t, p)
		blocks := source.mine(20, "")
		tips := []types.Block{source.make("a"), source.make("b")}
		source.take(tips...)
		r := newRig(t, p)
		r.take(append(blocks, tips[turn])...)
		if _, _, err := r.chain.AddHeaders([]types.Header{tips[1-turn].Header}); err != nil {
			t.Fatal(err)
		}
		r.join("a", honest(source), source)
		if !r.until(time.Minute, func() bool { return r.chain.Snapshot().Blocks == source.chain.Snapshot().Blocks }) {
			t.Errorf("the body of tip %d was not asked for", 1-turn)
		}
	}
}

// Headers below our own work are not stored, and stored as soon as they prove
// more.
func TestHeadersStayProvisional(t *testing.T) {
	p := params.SimNet()
	ours, light, heavy := newNode(t, p), newNode(t, p), newNode(t, p)
	ours.mine(60, "ours")
	light.mine(59, "light")
	heavy.mine(61, "heavy")
	r := rigOn(ours)
	stored := r.chain.Snapshot().Headers
	r.join("light", honest(light), heavy) // it claims more than it has
	r.wait(30 * time.Second)
	if got := r.chain.Snapshot().Headers; got != stored {
		t.Fatalf("%d headers of too little work were stored", got-stored)
	}
	r.wantPoints("light", 2*syncer.PointsWrongSync)
	r.join("heavy", honest(heavy), heavy)
	r.follows(heavy, time.Minute)
}

// Many easy headers that hang below one real one are not stored: the chain they
// are said to be merged by is too short for them.
func TestHeadersWithoutWork(t *testing.T) {
	p := params.SimNet()
	p.MergeSetLimit = 20
	p.K = 3
	ours, junk := newNode(t, p), newNode(t, p)
	ours.mine(50, "ours")
	junk.mine(45, "junk")
	bait := ours.make("bait")
	bait.Header.Parents = []types.Hash{ours.chain.Snapshot().Sink, junk.chain.Snapshot().Sink}
	solve(p, &bait)
	r := rigOn(ours)
	stored := r.chain.Snapshot().Headers
	r.join("bad", spoiled(honest(junk), func(m wire.Message) wire.Message {
		if h, ok := m.(*wire.Headers); ok {
			h.Headers = append(h.Headers, bait.Header)
		}
		return m
	}), junk)
	r.wait(time.Minute)
	if got := r.chain.Snapshot().Headers; got != stored {
		t.Fatalf("%d junk headers were stored", got-stored)
	}
}

// A peer that goes away in the middle is replaced at once.
func TestPeerLeavesInTheMiddle(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(400, "")
	for _, after := range []time.Duration{0, 100 * time.Millisecond, 500 * time.Millisecond, 900 * time.Millisecond} {
		r := newRig(t, p)
		slow := honest(source)
		slow.delay = 300 * time.Millisecond
		r.join("a", slow, source)
		r.wait(after)
		r.join("b", honest(source), source)
		r.leave("a")
		r.follows(source, 20*time.Second)
		r.wantPoints("a", 0)
	}
}

// A node in sync that hears of nothing asks, and a small gap does not make it
// leave sync.
func TestPollsWhenQuiet(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(20, "")
	r := newRig(t, p)
	r.join("a", honest(source), source)
	r.follows(source, 10*time.Second)
	source.mine(5, "")
	for end := r.now.Add(30 * time.Second); !r.sameSink(source) && r.now.Before(end); {
		r.wait(100 * time.Millisecond)
		if !r.core.Status().Synced {
			t.Fatal("five blocks made the node leave sync")
		}
	}
	if !r.sameSink(source) {
		t.Error("nobody asked")
	}
	if n := len(r.remotes["a"].asked); n > 20 {
		t.Errorf("%d requests", n)
	}
}

// A node that is alone counts as synced only where that is wanted.
func TestAlone(t *testing.T) {
	p := params.SimNet()
	n := newNode(t, p)
	for _, alone := range []bool{false, true} {
		core := syncer.New(syncer.Config{Params: p, Chain: n.chain, Pool: n.pool, Alone: alone})
		core.Step(n.now, syncer.Tick{})
		if core.Status().Synced != alone {
			t.Errorf("alone %v: %+v", alone, core.Status())
		}
	}
}

// The alarm sounds when most peers stand on blocks that nobody can show.
func TestEclipseAlarm(t *testing.T) {
	p := params.SimNet()
	source, other := newNode(t, p), newNode(t, p)
	source.mine(20, "")
	other.mine(10, "other")
	r := newRig(t, p)
	r.join("a", honest(source), source)
	r.join("b", honest(source), other)
	r.join("c", honest(source), other)
	r.wait(30 * time.Second)
	if s := r.core.Status(); !s.Synced || s.Alarm {
		t.Fatalf("too early: %+v", s)
	}
	r.wait(time.Minute)
	if s := r.core.Status(); !s.Alarm {
		t.Errorf("no alarm: %+v", s)
	}
	r.leave("c")
	r.join("d", honest(source), source)
	r.join("e", honest(source), source)
	r.wait(70 * time.Second)
	if s := r.core.Status(); s.Alarm {
		t.Errorf("a third of strangers: %+v", s)
	}
}

// A brokenDisk fails its writes once it is told so.
type brokenDisk struct {
	chain.Store
	broken bool
}

func (d *brokenDisk) Write(batch iter.Seq2[[]byte, []byte]) error {
	if d.broken {
		return errors.New("no space left on device")
	}
	return d.Store.Write(batch)
}

// TestDiskFailsDuringSync holds that the chain's failure to write bodies is the
// chain's: it stops, and nobody is blamed.
func TestDiskFailsDuringSync(t *testing.T) {
	p := youngNet()
	other := newNode(t, p)
	other.mine(5, "")
	disk := &brokenDisk{Store: store.NewMemory()}
	r := rigOn(openNode(t, p, disk))
	r.join("peer", spoiled(honest(other), func(m wire.Message) wire.Message {
		disk.broken = disk.broken || m.Kind() == wire.KindBlocks
		return m
	}), other)
	if !r.until(time.Minute, func() bool { return r.chain.Err() != nil }) {
		t.Fatal("no body was written")
	}
	r.wait(time.Minute)
	r.wantPoints("peer", 0)
}
