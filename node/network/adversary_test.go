package network_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"strings"
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

// An arena is a node under attack with one honest peer. The node is a process of
// its own; the peer and the enemies are in this one.
type arena struct {
	t       *testing.T
	victim  *prey
	address string // of the victim
	friend  *peer
	serial  int
	acts    int // connections, streams and messages of the enemies
	sent    int // bytes of their messages
	enemies []p2p.PeerID
}

func newArena(t *testing.T) *arena {
	friend := run(t, setup{name: "friend", params: historyNet(), limits: func(l *p2p.Limits) { l.Outbound = 0 }})
	replay(t, friend.chain, history(t, 60))
	victim := startVictim(t, friend)
	eventually(t, "the victim to have the friend's blocks", func() bool { return victim.describe().Sink == friend.chain.Snapshot().Sink })
	return &arena{t: t, victim: victim, address: victim.describe().Address, friend: friend}
}

// An attack is one row of the table.
type attack struct {
	name string
	run  func(a *arena, amount int)
	// amount is how often it does what it does, by default.
	amount int
	banned bool // whoever attacked is
	slow   bool // it takes long and is left out by default
}

var attacks = []attack{
	{"malformed requests", (*arena).malformedRequests, 12, true, false},
	{"huge numbers in every field", (*arena).everyField, 40, true, false},
	{"huge numbers in every field of gossip", (*arena).everyFieldOfGossip, 24, true, false},
	{"endless requests", (*arena).endlessRequests, 12, true, false},
	{"malformed gossip of blocks", func(a *arena, n int) { a.spread("blocks", n, junk) }, 5, true, false},
	{"malformed gossip of transactions", func(a *arena, n int) { a.spread("txs", n, junk) }, 5, true, false},
	{"huge gossip of transactions", func(a *arena, n int) {
		a.spread("txs", n, func(i int) []byte { return append(junk(i), make([]byte, 200<<10)...) })
	}, 12, true, false},
	{"silent before and in the handshake", (*arena).silence, 8, false, true},
	{"slow hello", (*arena).slowHello, 10, false, false},
	{"slow requests", (*arena).slowRequests, 30, true, false},
	{"connection churn", (*arena).churn, 20, false, false},
	{"stream exhaustion", (*arena).streams, 40, true, false},
	{"ever new liars", (*arena).newLiars, 3, true, false},
	{"IHAVE lies", (*arena).liesOfHaving, 30, true, false},
	{"IDONTWANT flood", (*arena).wantsNothing, 30, true, false},
	{"GRAFT, and PRUNE with extreme back-offs", (*arena).backoffs, 5, false, false},
	{"no proof of work", func(a *arena, n int) { a.spread("blocks", n, a.unworked) }, 5, true, false},
	{"work and another body", func(a *arena, n int) { a.spread("blocks", n, a.misfit) }, 1, true, false},
	{"work and an invalid body", func(a *arena, n int) { a.spread("blocks", n, a.invalid) }, 1, true, false},
	{"mutated body of a valid header", (*arena).mutate, 1, true, false},
	{"orphan flood", func(a *arena, n int) { a.spread("blocks", n, a.orphan) }, 400, false, false},
	{"headers of less work", (*arena).lightHeaders, 1, false, false},
}

// A bill is what an attack cost whom.
type bill struct {
	attack
	acts        int
	took        time.Duration
	sent        int     // bytes of the enemies' messages
	theirs      float64 // processor seconds of enemies and friend
	before, now Toll
	heap        int64 // that the victim did not give back
}

// String is the row of the table: what both spent for one connection, stream or
// message, and for how long that goes on.
func (b *bill) String() string {
	outcome := "banned"
	if !b.banned {
		outcome = fmt.Sprintf("for ever, %.0f/s", float64(b.acts)/b.took.Seconds())
	}
	per := func(x float64) float64 { return x / float64(max(b.acts, 1)) }
	return fmt.Sprintf("%-40s %6d  %9.0f B %8.2f ms  %8.2f ms %4d MiB %+6d KiB %4d lines  %s",
		b.name, b.acts, per(float64(b.sent)), 1e3*per(b.theirs),
		1e3*per(b.now.CPU-b.before.CPU), b.now.Peak>>20, b.heap>>10, b.now.Lines-b.before.Lines, outcome)
}

// Whatever an attack does, the node stays in sync with its honest peer, bans whom
// it should, and gives back what it held. What each costs is in the table.
func TestAdversaries(t *testing.T) {
	a := newArena(t)
	a.inSync()
	var table strings.Builder
	for _, attack := range attacks {
		if attack.slow && *attackRounds == 1 {
			continue
		}
		t.Run(attack.name, func(t *testing.T) {
			a.t, a.victim.t, a.friend.t = t, t, t
			b := a.suffer(attack, attack.amount**attackRounds)
			fmt.Fprintln(&table, b)
			if b.heap > 32<<20 || b.now.Peak > 512<<20 {
				t.Errorf("the heap has grown by %d bytes, the peak was %d", b.heap, b.now.Peak)
			}
			if n := b.now.Lines - b.before.Lines; n > 200 {
				t.Errorf("%d lines of log", n)
			}
		})
	}
	a.t, a.victim.t, a.friend.t = t, t, t
	a.wantFriends()
	t.Logf("for each connection, stream or message: bytes and processor time of who attacks; processor time, and in all peak and lasting memory and log of who is attacked; how long it goes on\n%s", &table)
}

// suffer lets an attack happen and returns what it cost.
func (a *arena) suffer(k attack, times int) *bill {
	a.t.Helper()
	a.enemies = nil
	heap := a.victim.settle()
	b := &bill{attack: k, before: a.victim.toll()}
	acts, sent, theirs, began := a.acts, a.sent, cpuSeconds(), time.Now()
	k.run(a, times)
	b.took, b.acts, b.sent, b.theirs, b.now = time.Since(began), a.acts-acts, a.sent-sent, cpuSeconds()-theirs, a.victim.toll()
	a.inSync()
	if k.banned {
		for _, id := range a.enemies {
			eventually(a.t, fmt.Sprintf("%v to be banned", id), func() bool { return a.victim.bans(id) })
		}
	}
	a.release(b.before)
	b.heap = int64(a.victim.settle()) - int64(heap)
	return b
}

// inSync holds that blocks go both ways between the victim and its friend.
func (a *arena) inSync() {
	a.t.Helper()
	eventually(a.t, "the victim to have a block of the friend", a.victim.has(a.friend.mine(1)))
	eventually(a.t, "the friend to have a block of the victim", a.friend.has(a.victim.mine()))
}

// wantFriends demands that victim and friend hold each other in esteem.
func (a *arena) wantFriends() {
	a.t.Helper()
	if score, met := a.victim.describe().Peers[a.friend.network.Host().ID().String()]; !met || score < 0 {
		a.t.Errorf("the victim's friend has a score of %d, met %v", score, met)
	}
	for _, p := range a.friend.network.Host().Peers() {
		if p.Score < 0 {
			a.t.Errorf("the friend's victim has a score of %d", p.Score)
		}
	}
}

// release waits until goroutines and descriptors of the victim are back where they
// were.
func (a *arena) release(before Toll) {
	a.t.Helper()
	eventually(a.t, "goroutines and descriptors to be given back", func() bool {
		now := a.victim.toll()
		return now.Goroutines <= before.Goroutines+5 && now.Files <= before.Files+5
	})
}

// enemy makes a stranger that said hello; it goes away when the test row ends.
func (a *arena) enemy() *stranger {
	a.t.Helper()
	s := meet(a.t, a.address, a.friend)
	if s == nil || !s.greet() {
		a.t.Fatal("the stranger was not let in")
	}
	a.enemies = append(a.enemies, s.id())
	eventually(a.t, "the victim to know the stranger", func() bool { return a.victim.knows(s.ID()) })
	return s
}

// send opens a stream of a stranger, sends bytes and returns it.
func (a *arena) send(s *stranger, name string, data []byte) network.Stream {
	a.acts, a.sent = a.acts+1, a.sent+len(data)
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
		a.acts, a.sent = a.acts+1, a.sent+len(m)
		if err := h.Publish(a.t.Context(), topic, m); err != nil {
			a.t.Fatal(err)
		}
		if within(200*time.Millisecond, func() bool { return a.judged() > judged || a.victim.bans(h.ID()) }) {
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
	return a.victim.describe().Judged
}

// hostile runs a hostile peer that the victim knows until it is stopped.
func (a *arena) hostile(h hostile) (*hostile, func()) {
	a.t.Helper()
	e := runHostile(a.t, setup{name: "hostile", params: historyNet()}, a.friend, h)
	a.enemies = append(a.enemies, e.ID())
	// A host that does not run yet dials nobody.
	eventually(a.t, "the hostile peer to dial", func() bool {
		_, err := e.Dial(a.t.Context(), a.address)
		return err == nil
	})
	eventually(a.t, "the victim to know it", func() bool { return a.victim.knows(e.ID()) })
	return e, e.stop
}

func (a *arena) slowHello(n int) {
	half := frame(frameHello, 100, "he")
	var streams []network.Stream
	for i := range n {
		s := meet(a.t, a.address, a.friend)
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
		a.acts++
		s := meet(a.t, a.address, a.friend)
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
		a.acts++
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
	for rules.HeaderSanity(a.friend.params, &b.Header) == nil {
		b.Header.Nonce++
	}
	return announce(&b)
}

// misfit announces a solved header with the body of another block.
func (a *arena) misfit(i int) []byte {
	b := a.draft(i)
	b.Header.MerkleRoot[0]++
	chaintest.Solve(a.friend.params, &b)
	return announce(&b)
}

// invalid announces a solved block with two coinbases.
func (a *arena) invalid(i int) []byte {
	b := a.draft(i)
	b.Transactions = append(b.Transactions, b.Transactions[0])
	b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	chaintest.Solve(a.friend.params, &b)
	c := wire.NewCompactBlock(&b, func(int) bool { return true })
	return wire.Encode(c)
}

// orphan announces a solved block on a parent that nobody has.
func (a *arena) orphan(i int) []byte {
	b := a.draft(i)
	binary.LittleEndian.PutUint64(b.Header.Parents[0][:], uint64(i))
	chaintest.Solve(a.friend.params, &b)
	return announce(&b)
}

// mutate brings a valid block's header with another body before its miner does.
func (a *arena) mutate(int) {
	b := a.draft(0)
	chaintest.Solve(a.friend.params, &b)
	mutated := b
	mutated.Transactions = []types.Transaction{b.Transactions[0]}
	a.spread("blocks", 1, func(i int) []byte {
		mutated.Transactions[0].Payload = fmt.Append(bytes.Clone(b.Transactions[0].Payload), i)
		return announce(&mutated)
	})
	if err := a.friend.network.BlockFound(b); err != nil {
		a.t.Fatal(err)
	}
	eventually(a.t, "the block that somebody mutated", a.victim.has(b.Hash()))
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
	before := a.victim.describe().Headers
	select {
	case <-asked:
		a.acts++
	case <-time.After(20 * time.Second):
		a.t.Fatal("nobody looked into the claim")
	}
	a.inSync()
	if got := a.victim.describe().Headers; got > before+10 {
		a.t.Errorf("%d headers of too little work were stored", got-before)
	}
}
