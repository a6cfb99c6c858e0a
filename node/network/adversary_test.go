package network_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/wire"
)

var attackRounds = flag.Int("attack-rounds", 1, "how many times as much every adversary does")

// An arena is a node under attack with one honest peer.
type arena struct {
	t       *testing.T
	victim  *peer
	friend  *peer
	lines   *atomic.Int64 // of the victim's log
	serial  int
	sent    int // bytes of the enemies' messages
	enemies []p2p.PeerID
}

// countingWriter counts lines.
type countingWriter struct{ lines atomic.Int64 }

func (w *countingWriter) Write(data []byte) (int, error) {
	w.lines.Add(int64(bytes.Count(data, []byte("\n"))))
	return len(data), nil
}

func newArena(t *testing.T) *arena {
	log := new(countingWriter)
	// Nobody looks for peers: a dial to an attacker that is gone would last on.
	friend := run(t, setup{name: "friend", params: historyNet(), limits: func(l *p2p.Limits) { l.Outbound = 0 }})
	replay(t, friend.chain, history(t, 60))
	victim := run(t, setup{
		name: "victim", params: historyNet(), add: []string{friend.address()}, log: slog.New(slog.NewTextHandler(log, nil)),
		limits: func(l *p2p.Limits) { l.Outbound, l.HelloTimeout, l.FrameTimeout = 0, time.Second, 300*time.Millisecond },
	})
	victim.awaits("the friend's blocks", func() bool { return victim.chain.Snapshot().Sink == friend.chain.Snapshot().Sink })
	return &arena{t: t, victim: victim, friend: friend, lines: &log.lines}
}

// An attack is one row of the table.
type attack struct {
	name string
	run  func(a *arena, amount int)
	// amount is how often it does what it does, by default.
	amount int
	banned bool // whoever attacked is
}

var attacks = []attack{
	{"malformed requests", (*arena).malformedRequests, 12, true},
	{"endless requests", (*arena).endlessRequests, 12, true},
	{"malformed gossip of blocks", func(a *arena, n int) { a.spread("blocks", n, junk) }, 5, true},
	{"malformed gossip of transactions", func(a *arena, n int) { a.spread("txs", n, junk) }, 5, true},
	{"huge gossip of transactions", func(a *arena, n int) {
		a.spread("txs", n, func(i int) []byte { return append(junk(i), make([]byte, 200<<10)...) })
	}, 12, true},
	{"slow hello", (*arena).slowHello, 10, false},
	{"slow requests", (*arena).slowRequests, 30, true},
	{"connection churn", (*arena).churn, 20, false},
	{"no proof of work", func(a *arena, n int) { a.spread("blocks", n, a.unworked) }, 5, true},
	{"work and another body", func(a *arena, n int) { a.spread("blocks", n, a.misfit) }, 1, true},
	{"work and an invalid body", func(a *arena, n int) { a.spread("blocks", n, a.invalid) }, 1, true},
	{"mutated body", (*arena).mutate, 1, true},
	{"orphan flood", func(a *arena, n int) { a.spread("blocks", n, a.orphan) }, 400, false},
	{"headers of less work", (*arena).lightHeaders, 1, false},
	{"stream exhaustion", (*arena).streams, 40, true},
}

// Whatever an attack does, the node stays in sync with its honest peer, bans whom
// it should, and gives back what it held.
func TestAdversaries(t *testing.T) {
	a := newArena(t)
	a.inSync()
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			a.t, a.victim.t, a.friend.t = t, t, t
			a.enemies = nil
			before := takeToll(a)
			attack.run(a, attack.amount**attackRounds)
			a.inSync()
			if attack.banned {
				a.awaitBans()
			}
			a.release(before)
			after := takeToll(a)
			t.Logf("%-32s %4d times  sent %8d B  processor %6.3f s (both sides)  heap %+6d KiB  log %d lines",
				attack.name, attack.amount**attackRounds, after.sent-before.sent, after.cpu-before.cpu,
				(int64(after.heap)-int64(before.heap))/1024, after.lines-before.lines)
			if grown := int64(after.heap) - int64(before.heap); grown > 32<<20 {
				t.Errorf("the heap has grown by %d bytes", grown)
			}
			if n := after.lines - before.lines; n > 200 {
				t.Errorf("%d lines of log", n)
			}
		})
	}
	a.victim.wantUnblamed(a.friend)
	a.friend.wantUnblamed(a.victim)
}

// inSync holds that blocks go both ways between the victim and its friend.
func (a *arena) inSync() {
	a.t.Helper()
	a.victim.awaits("a block of the friend", a.victim.has(a.friend.mine(1)))
	a.friend.awaits("a block of the victim", a.friend.has(a.victim.mine(1)))
}

// awaitBans waits until every enemy is banned.
func (a *arena) awaitBans() {
	a.t.Helper()
	for _, id := range a.enemies {
		a.eventually(fmt.Sprintf("%v to be banned", id), func() bool { return a.victim.bans(id) })
	}
}

func (a *arena) eventually(what string, holds func() bool) {
	a.t.Helper()
	if !a.within(20*time.Second, holds) {
		a.t.Fatalf("waited in vain: %s", what)
	}
}

// within waits for a condition, for some time at most, and reports whether it
// holds.
func (a *arena) within(most time.Duration, holds func() bool) bool {
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(most)
	for !holds() {
		select {
		case <-ticker.C:
		case <-limit:
			return false
		}
	}
	return true
}

// A toll is what is in use, and what was spent.
type toll struct {
	goroutines, files int
	heap              uint64
	sent              int
	lines             int64
	cpu               float64
}

func takeToll(a *arena) toll {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return toll{
		goroutines: runtime.NumGoroutine(), files: openFiles(), heap: m.HeapAlloc,
		sent: a.sent, lines: a.lines.Load(), cpu: cpuSeconds(),
	}
}

// openFiles returns how many descriptors the process holds, 0 where the system
// does not tell.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// release waits until goroutines and descriptors are back where they were.
func (a *arena) release(before toll) {
	a.t.Helper()
	a.eventually("goroutines and descriptors to be given back", func() bool {
		return runtime.NumGoroutine() <= before.goroutines+5 && openFiles() <= before.files+5
	})
}

// enemy makes a stranger that said hello; it goes away when the test row ends.
func (a *arena) enemy() *stranger {
	a.t.Helper()
	s := meet(a.t, a.victim)
	if s == nil || !s.greet() {
		a.t.Fatal("the stranger was not let in")
	}
	a.enemies = append(a.enemies, s.id())
	return s
}

// send opens a stream of a stranger, sends bytes and returns it.
func (a *arena) send(s *stranger, name string, data []byte) network.Stream {
	a.sent += len(data)
	return s.send(name, data)
}

func junk(i int) []byte { return fmt.Appendf(nil, "junk %d", i) }

func (a *arena) malformedRequests(n int) {
	for _, name := range []string{"headers", "blocks", "compact", "txs"} {
		s := a.enemy()
		for range n {
			outwait(a.send(s, name, frame(frameRequest, 4, "junk")))
		}
		s.Close()
	}
}

func (a *arena) endlessRequests(n int) {
	for _, name := range []string{"headers", "peers"} {
		s := a.enemy()
		for range n {
			outwait(a.send(s, name, frame(frameRequest, 1<<32-1, "")))
		}
		s.Close()
	}
}

// spread gossips made messages as a hostile peer, one after the other, until so
// many were judged, or none is any more: it is banned or no longer heard. What is
// sent before the victim takes part in a topic is lost.
func (a *arena) spread(topic string, n int, message func(int) []byte) {
	a.t.Helper()
	h, stop := a.hostile(hostile{})
	defer stop()
	before := a.judged()
	for lost := 0; a.judged()-before < uint64(n) && !a.victim.bans(h.ID()); {
		a.serial++
		m, judged := message(a.serial), a.judged()
		a.sent += len(m)
		if err := h.Publish(a.t.Context(), topic, m); err != nil {
			a.t.Fatal(err)
		}
		if a.within(200*time.Millisecond, func() bool { return a.judged() > judged || a.victim.bans(h.ID()) }) {
			lost = 0
		} else if lost++; lost == 5 && judged > before {
			return
		} else if lost == 50 {
			a.t.Fatal("no message was judged")
		}
	}
}

// judged returns how many messages of peers the victim found useless.
func (a *arena) judged() uint64 {
	s := a.victim.network.Host().Stats()
	return uint64(s.Rejected) + uint64(s.Ignored)
}

// hostile runs a hostile peer that the victim knows until it is stopped.
func (a *arena) hostile(h hostile) (*hostile, func()) {
	a.t.Helper()
	e := runHostile(a.t, setup{name: "hostile", params: historyNet()}, a.friend, h)
	a.enemies = append(a.enemies, e.ID())
	// A host that does not run yet dials nobody.
	a.eventually("the hostile peer to dial", func() bool {
		_, err := e.Dial(a.t.Context(), a.victim.address())
		return err == nil
	})
	a.eventually("the victim to know it", func() bool {
		for _, p := range a.victim.network.Host().Peers() {
			if p.ID == e.ID() {
				return true
			}
		}
		return false
	})
	return e, e.stop
}

func (a *arena) slowHello(n int) {
	half := frame(frameHello, 100, "he")
	var streams []network.Stream
	for i := range n {
		s := meet(a.t, a.victim)
		if s == nil {
			break // there is no room for more
		}
		defer s.Close()
		streams = append(streams, a.send(s, "hello", half[:i%len(half)]))
	}
	for _, s := range streams {
		if !outwait(s) {
			a.t.Error("a slow hello was waited for")
		}
	}
}

func (a *arena) slowRequests(n int) {
	s := a.enemy()
	defer s.Close()
	half := frame(frameRequest, 100, "and then")
	for sent := 0; sent < n; {
		var streams []network.Stream
		for range min(n-sent, 10) {
			streams = append(streams, a.send(s, "headers", half[:sent%len(half)]))
			sent++
		}
		for _, stream := range streams {
			if !outwait(stream) {
				a.t.Error("a slow request was waited for")
			}
		}
	}
}

func (a *arena) churn(n int) {
	for i := range n {
		s := meet(a.t, a.victim)
		if s == nil {
			continue
		}
		if i%2 == 0 {
			s.greet()
		}
		s.Close()
	}
}

// streams holds more streams than a peer may, as one stranger after the other.
func (a *arena) streams(n int) {
	const each = 40
	for ; n > 0; n -= each {
		a.hold(min(n, each))
	}
}

func (a *arena) hold(n int) {
	s := a.enemy()
	defer s.Close()
	var streams []network.Stream
	for range n {
		if stream := s.open("blocks"); stream != nil {
			streams = append(streams, stream)
		}
	}
	a.inSync()
	for _, stream := range streams {
		if !outwait(stream) {
			a.t.Error("a silent stream was kept")
		}
	}
	for range n { // each that is served costs
		outwait(a.send(s, "blocks", frame(frameHello, 0, "")))
	}
}

// draft returns a block on the friend's virtual that is not solved.
func (a *arena) draft(i int) types.Block {
	a.t.Helper()
	template, err := a.friend.chain.Template(chain.TemplateRequest{Miner: a.friend.wallet.Address, Extra: fmt.Append(nil, "x", i)})
	if err != nil {
		a.t.Fatal(err)
	}
	return template.Block
}

func announce(b *types.Block) []byte { return wire.Encode(wire.NewCompactBlock(b, nil)) }

// unworked announces a block without its proof of work.
func (a *arena) unworked(i int) []byte {
	b := a.draft(i)
	for rules.HeaderSanity(a.victim.params, &b.Header) == nil {
		b.Header.Nonce++
	}
	return announce(&b)
}

// misfit announces a solved header with the body of another block.
func (a *arena) misfit(i int) []byte {
	b := a.draft(i)
	b.Header.MerkleRoot[0]++
	chaintest.Solve(a.victim.params, &b)
	return announce(&b)
}

// invalid announces a solved block with two coinbases.
func (a *arena) invalid(i int) []byte {
	b := a.draft(i)
	b.Transactions = append(b.Transactions, b.Transactions[0])
	b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	chaintest.Solve(a.victim.params, &b)
	c := wire.NewCompactBlock(&b, func(int) bool { return true })
	return wire.Encode(c)
}

// orphan announces a solved block on a parent that nobody has.
func (a *arena) orphan(i int) []byte {
	b := a.draft(i)
	binary.LittleEndian.PutUint64(b.Header.Parents[0][:], uint64(i))
	chaintest.Solve(a.victim.params, &b)
	return announce(&b)
}

// mutate brings a valid block's header with another body before its miner does.
func (a *arena) mutate(int) {
	b := a.draft(0)
	chaintest.Solve(a.victim.params, &b)
	mutated := b
	mutated.Transactions = []types.Transaction{b.Transactions[0]}
	a.spread("blocks", 1, func(i int) []byte {
		mutated.Transactions[0].Payload = fmt.Append(bytes.Clone(b.Transactions[0].Payload), i)
		return announce(&mutated)
	})
	if err := a.friend.network.BlockFound(b); err != nil {
		a.t.Fatal(err)
	}
	a.victim.awaits("the block that somebody mutated", a.victim.has(b.Hash()))
}

// lightHeaders boasts of a history that is shorter than the victim's.
func (a *arena) lightHeaders(int) {
	h := chaintest.NewHistorian(a.t, historyNet(), "light")
	var headers []types.Header
	for range 20 {
		for _, b := range h.Round(false) {
			headers = append(headers, b.Header)
		}
	}
	asked := make(chan struct{}, 64)
	_, stop := a.hostile(hostile{hello: boasts, answer: answersHeaders(headers, asked)})
	defer stop()
	before := a.victim.chain.Snapshot().Headers
	select {
	case <-asked:
	case <-time.After(20 * time.Second):
		a.t.Fatal("nobody looked into the claim")
	}
	a.inSync()
	if got := a.victim.chain.Snapshot().Headers; got > before+10 {
		a.t.Errorf("%d headers of too little work were stored", got-before)
	}
}
