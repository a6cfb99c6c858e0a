package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// banned is the reputation at which a peer is banned.
const banned = -50

// A node is a real node but for the transport, which the World plays.
type node struct {
	w     *World
	index int
	id    syncer.PeerID
	actor *actor        // nil for an honest node
	skew  time.Duration // of its clock
	links []*link
	purse *purse

	medium medium
	up     bool
	life   int // counts starts
	chain  *chain.Manager
	pool   *mempool.Pool
	core   *syncer.Core
	server syncer.Server

	failing bool                     // the power goes with the next write
	changed bool                     // virtual moved in this step
	safe    types.Hash               // the sink when the last life ended
	seen    memo                     // gossip
	waiting map[syncer.Token]*letter // gossip that was not judged yet
	token   syncer.Token
	score   map[syncer.PeerID]int
	bans    map[syncer.PeerID]bool
	budget  map[*link]float64 // requests that a peer has sent lately

	secret []types.Block // of a Byzantine miner
	flood  *flood        // of a Byzantine node
}

// A letter is a gossiped message on its way.
type letter struct {
	kind wire.Kind
	data []byte
	from *link
}

func (n *node) honest() bool { return n.actor == nil }

// clock is the node's own clock.
func (n *node) clock() time.Time { return n.w.start.Add(n.w.now + n.skew) }

// begin starts a node on what its disk or memory holds.
func (n *node) begin() {
	s, clean, err := n.medium.open()
	if err != nil {
		n.w.fail("%s: the database does not open: %w", n.id, err)
		return
	}
	n.life++
	n.chain, err = chain.Open(chain.Config{Params: n.w.params, Store: s, Now: n.clock, Recount: !clean, CacheBlocks: n.cache(), Journal: 64})
	if err != nil {
		n.w.fail("%s does not start: %w", n.id, err)
		return
	}
	n.remember()
	n.chain.OnChange(func() { n.changed = true })
	n.pool = mempool.New(mempool.Config{
		Params: n.w.params, Chain: n.chain, Now: n.clock,
		Rand: rand.New(rand.NewPCG(n.w.cfg.Seed, uint64(n.index)<<32|uint64(n.life))),
	})
	n.core = syncer.New(syncer.Config{Params: n.w.params, Chain: n.chain, Pool: n.pool})
	n.server = syncer.Server{Chain: n.chain, Pool: n.pool}
	n.seen = newMemo()
	n.waiting = make(map[syncer.Token]*letter)
	n.score = make(map[syncer.PeerID]int)
	n.budget = make(map[*link]float64)
	n.up = true
	n.w.record("%s starts at %v with %d headers", n.id, n.chain.Snapshot().Sink, n.chain.Snapshot().Headers)
	n.tick()
}

// cache returns how many blocks the node keeps in memory: on a disk so few that it
// reads what it wrote.
func (n *node) cache() int {
	if _, ok := n.medium.(*disk); ok {
		return 256
	}
	return 4096
}

// remember holds that the node did not lose what it had told the others.
func (n *node) remember() {
	if n.safe.IsZero() {
		return
	}
	if status, err := n.chain.Status(n.safe); err != nil || !status.HasBody() {
		n.w.fail("%s lost block %v, which was safe (%v)", n.id, n.safe, err)
	}
}

// crash takes the power away.
func (n *node) crash() {
	n.stop("crashes")
	n.failing = false
	if err := n.medium.crash(n.w.rng); err != nil {
		n.w.fail("%s: %w", n.id, err)
	}
}

// end stops a node in an orderly way.
func (n *node) end() {
	n.stop("stops")
	if err := n.medium.close(); err != nil {
		n.w.fail("%s: the database does not close: %w", n.id, err)
	}
}

func (n *node) stop(how string) {
	n.up = false
	n.safe = n.chain.Snapshot().Sink
	n.w.record("%s %s at %v", n.id, how, n.safe)
	for _, l := range n.links {
		l.disconnect()
	}
}

// tick lets the core see time pass, ten times a second.
func (n *node) tick() {
	life := n.life
	n.w.after(100*time.Millisecond, func() {
		if n.up && n.life == life {
			n.step(syncer.Tick{})
			n.tick()
		}
	})
}

// step runs the core and carries out what it says.
func (n *node) step(e syncer.Event) {
	if !n.up {
		return
	}
	effects := n.core.Step(n.clock(), e)
	if n.failing && n.chain.Err() != nil {
		n.w.record("%s loses its power in the middle of a write", n.id)
		n.w.crash(n)
		return
	}
	for _, effect := range effects {
		n.perform(effect)
	}
	if n.changed {
		n.changed = false
		n.follow()
	}
}

func (n *node) perform(e syncer.Effect) {
	switch e := e.(type) {
	case syncer.Request:
		n.ask(e)
	case syncer.Validated:
		letter := n.waiting[e.Token]
		delete(n.waiting, e.Token)
		n.w.record("%s %v: %v", n.id, letter.kind, e.Verdict)
		if e.Verdict == syncer.Accept {
			n.spread(letter.kind, letter.data, letter.from)
		}
	case syncer.Publish:
		n.spread(e.Message.Kind(), wire.Encode(e.Message), nil)
	case syncer.Rate:
		n.rate(e.Peer, e.Points, e.Reason)
	case syncer.Found:
		n.w.record("%s found %v: %v", n.id, e.Hash, e.Err)
		if n.honest() && e.Err == nil {
			n.w.report.Found++
			n.w.checker.found = append(n.w.checker.found, find{e.Hash, n, n.w.now})
		}
		if e.Err != nil && n.honest() {
			n.w.fail("%s refuses its own block: %w", n.id, e.Err)
		}
	}
}

// follow brings what hangs on the chain up to date and checks what must hold.
func (n *node) follow() {
	if err := n.pool.Follow(); err != nil {
		n.w.fail("%s: the pool does not follow: %w", n.id, err)
	}
	n.w.record("%s has its sink at %v", n.id, n.chain.Snapshot().Sink)
	if n.honest() {
		n.w.checker.check(n)
	}
}

// greeting returns the node's hello.
func (n *node) greeting() wire.Hello {
	h := syncer.Greeting(n.w.params, n.chain, "sim", wire.ServiceFull, n.clock())
	if n.actor != nil && n.actor.hello != nil {
		n.actor.hello(n, &h)
	}
	return h
}

func (n *node) meet(l *link, h wire.Hello) {
	if err := syncer.JudgeHello(n.w.params, &h); err != nil {
		l.disconnect()
		return
	}
	n.step(syncer.PeerJoined{Peer: l.name(l.other(n)), Hello: h})
}

func (n *node) lose(l *link, other *node) {
	n.budget[l] = 0
	n.step(syncer.PeerLeft{Peer: l.name(other)})
}

// rate changes what the node thinks of a peer. Honest nodes ban; a Byzantine one
// that was banned comes back under another name.
func (n *node) rate(id syncer.PeerID, points int, reason error) {
	if !n.honest() {
		return
	}
	n.score[id] = min(100, n.score[id]+points)
	if points < 0 {
		n.w.record("%s gives %s %d points: %v", n.id, id, points, reason)
	}
	l := n.linkTo(id)
	if l == nil || n.score[id] > banned || n.bans[id] {
		return
	}
	if l.other(n).honest() {
		n.w.fail("%s bans the honest %s: %w", n.id, id, reason)
	}
	n.w.report.Bans++
	n.bans[id] = true
	l.disconnect()
	n.w.after(30*time.Second, func() {
		l.aliases++
		delete(n.bans, id)
		delete(n.score, id)
	})
}

func (n *node) linkTo(id syncer.PeerID) *link {
	for _, l := range n.links {
		if l.up && l.name(l.other(n)) == id {
			return l
		}
	}
	return nil
}

// make returns a solved block on the node's virtual, which is not added; change
// may spoil it before it is solved.
func (n *node) make(change func(b *types.Block)) (types.Block, error) {
	t, err := n.pool.Template(n.purse.Address, fmt.Append(nil, n.index, n.w.report.Steps))
	if err != nil {
		return types.Block{}, err
	}
	if change != nil {
		change(&t.Block)
	}
	chaintest.Solve(n.w.params, &t.Block)
	return t.Block, nil
}

// mine adds and announces a block of the node's own.
func (n *node) mine() {
	b, err := n.make(nil)
	if err != nil {
		n.w.fail("%s cannot mine: %w", n.id, err)
		return
	}
	n.step(syncer.BlockFound{Block: b})
}
