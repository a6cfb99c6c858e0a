package syncer_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
	"github.com/jio-dag/jio/store"
)

// epoch is when tests begin: an hour after genesis.
func epoch(p *params.Params) time.Time {
	return time.UnixMilli(int64(p.Genesis.Header.Timestamp)).Add(time.Hour)
}

// A node is a chain and a pool with a clock of its own.
type node struct {
	t      testing.TB
	params *params.Params
	chain  *chain.Manager
	pool   *mempool.Pool
	now    time.Time
	mined  int
}

func newNode(t testing.TB, p *params.Params) *node {
	return openNode(t, p, store.NewMemory())
}

func openNode(t testing.TB, p *params.Params, s chain.Store) *node {
	t.Helper()
	n := &node{t: t, params: p, now: epoch(p)}
	var err error
	n.chain, err = chain.Open(chain.Config{Params: p, Store: s, Now: n.clock})
	if err != nil {
		t.Fatal(err)
	}
	n.pool = mempool.New(mempool.Config{Params: p, Chain: n.chain, Now: n.clock, Rand: rand.New(rand.NewPCG(1, 2))})
	return n
}

func (n *node) clock() time.Time { return n.now }

// make returns a solved block on virtual that is not added, told apart by tag.
func (n *node) make(tag string, txs ...types.Transaction) types.Block {
	n.t.Helper()
	n.mined++
	t, err := n.chain.Template(chain.TemplateRequest{
		Miner:        chaintest.NewWallet("miner").Address,
		Extra:        fmt.Append(nil, tag, n.mined),
		Transactions: txs,
	})
	if err != nil {
		n.t.Fatal(err)
	}
	if len(t.Dropped) > 0 {
		n.t.Fatal(t.Dropped[0].Err)
	}
	chaintest.Solve(n.params, &t.Block)
	return t.Block
}

// mine adds blocks of the node's own.
func (n *node) mine(count int, tag string) (blocks []types.Block) {
	n.t.Helper()
	for range count {
		b := n.make(tag)
		n.take(b)
		blocks = append(blocks, b)
	}
	return blocks
}

func (n *node) take(blocks ...types.Block) {
	n.t.Helper()
	if _, _, err := n.chain.AddBlocks(blocks); err != nil {
		n.t.Fatal(err)
	}
	if err := n.pool.Follow(); err != nil {
		n.t.Fatal(err)
	}
}

// A remote is a scripted peer: it answers with what serve returns, after a delay,
// and not at all when serve returns nil without an error.
type remote struct {
	serve func(wire.Message) (wire.Message, error)
	delay time.Duration
	asked []wire.Message
}

// honest answers from a node.
func honest(n *node) *remote {
	return &remote{serve: syncer.Server{Chain: n.chain, Pool: n.pool}.Answer}
}

func silent() *remote {
	return &remote{serve: func(wire.Message) (wire.Message, error) { return nil, nil }}
}

// spoiled answers as another remote does, but for what spoil changes.
func spoiled(r *remote, spoil func(wire.Message) wire.Message) *remote {
	return &remote{serve: func(m wire.Message) (wire.Message, error) {
		answer, err := r.serve(m)
		if err != nil {
			return nil, err
		}
		return spoil(answer), nil
	}}
}

// A rig drives the Core of a node among scripted peers.
type rig struct {
	*node
	core    *syncer.Core
	remotes map[syncer.PeerID]*remote
	pending []pending

	points    map[syncer.PeerID]int
	verdicts  map[syncer.Token]syncer.Verdict
	published []wire.Message
	token     syncer.Token
}

// A pending answer arrives at a time.
type pending struct {
	at    time.Time
	event syncer.Response
}

func newRig(t testing.TB, p *params.Params) *rig { return rigOn(newNode(t, p)) }

func rigOn(n *node) *rig {
	return &rig{
		node:     n,
		core:     syncer.New(syncer.Config{Params: n.params, Chain: n.chain, Pool: n.pool}),
		remotes:  make(map[syncer.PeerID]*remote),
		points:   make(map[syncer.PeerID]int),
		verdicts: make(map[syncer.Token]syncer.Verdict),
	}
}

// join connects a scripted peer that says hello as a node would.
func (r *rig) join(id syncer.PeerID, remote *remote, as *node) {
	r.t.Helper()
	h := syncer.Greeting(r.params, as.chain, "test", wire.ServiceFull, r.now)
	if err := syncer.JudgeHello(r.params, &h); err != nil {
		r.t.Fatal(err)
	}
	r.remotes[id] = remote
	r.step(syncer.PeerJoined{Peer: id, Hello: h})
}

func (r *rig) leave(id syncer.PeerID) {
	delete(r.remotes, id)
	r.pending = slices.DeleteFunc(r.pending, func(p pending) bool { return p.event.Peer == id })
	r.step(syncer.PeerLeft{Peer: id})
}

// step runs the Core and carries out what it says.
func (r *rig) step(e syncer.Event) {
	r.t.Helper()
	for _, effect := range r.core.Step(r.now, e) {
		switch effect := effect.(type) {
		case syncer.Request:
			r.send(effect)
		case syncer.Validated:
			if _, twice := r.verdicts[effect.Token]; twice {
				r.t.Fatalf("token %d was settled twice", effect.Token)
			}
			r.verdicts[effect.Token] = effect.Verdict
		case syncer.Publish:
			r.published = append(r.published, effect.Message)
		case syncer.Rate:
			r.points[effect.Peer] += effect.Points
		case syncer.Found:
			if effect.Err != nil {
				r.t.Fatal(effect.Err)
			}
		}
	}
	if err := r.pool.Follow(); err != nil && !errors.Is(err, chain.ErrFailed) {
		r.t.Fatal(err)
	}
}

// send lets a remote answer a request, by way of the bytes.
func (r *rig) send(q syncer.Request) {
	r.t.Helper()
	remote := r.remotes[q.Peer]
	if remote == nil {
		r.t.Fatalf("a request to %s, who is not here", q.Peer)
	}
	request, err := wire.Decode(q.Message.Kind(), wire.Encode(q.Message))
	if err != nil {
		r.t.Fatal(err)
	}
	remote.asked = append(remote.asked, request)
	answer, err := remote.serve(request)
	if answer == nil && err == nil {
		return
	}
	e := syncer.Response{Peer: q.Peer, ID: q.ID, Err: err}
	if err == nil {
		kind, _ := q.Message.Kind().Answer()
		data := wire.Encode(answer)
		e.Message, e.Err = wire.Decode(kind, data)
		e.Size = len(data)
	}
	r.pending = append(r.pending, pending{r.now.Add(remote.delay), e})
}

// wait lets time pass, a tenth of a second at a time.
func (r *rig) wait(d time.Duration) {
	r.t.Helper()
	r.until(d, func() bool { return false })
}

// until lets time pass until a condition holds, and reports whether it does.
func (r *rig) until(most time.Duration, done func() bool) bool {
	r.t.Helper()
	for end := r.now.Add(most); !done() && r.now.Before(end); {
		r.now = r.now.Add(100 * time.Millisecond)
		r.step(syncer.Tick{})
		for i := 0; i < len(r.pending); {
			if p := r.pending[i]; !p.at.After(r.now) {
				r.pending = slices.Delete(r.pending, i, i+1)
				r.step(p.event)
			} else {
				i++
			}
		}
	}
	return done()
}

// follows demands that the node comes to the state of another.
func (r *rig) follows(other *node, within time.Duration) {
	r.t.Helper()
	if !r.until(within, func() bool { return r.sameSink(other) && r.core.Status().Synced }) {
		r.t.Fatalf("after %v the sink has blue score %d instead of %d, %+v", within,
			r.chain.Snapshot().SinkBlueScore, other.chain.Snapshot().SinkBlueScore, r.core.Status())
	}
}

func (r *rig) sameSink(other *node) bool {
	return r.chain.Snapshot().Sink == other.chain.Snapshot().Sink
}

// gossip brings the announcement of a block and returns its token.
func (r *rig) gossip(from syncer.PeerID, b types.Block, fresh func(int) bool) syncer.Token {
	r.t.Helper()
	return r.announce(from, wire.NewCompactBlock(&b, fresh))
}

func (r *rig) announce(from syncer.PeerID, c *wire.CompactBlock) syncer.Token {
	r.t.Helper()
	screened, err := syncer.ScreenBlock(r.chain, wire.Encode(c))
	if err != nil {
		r.t.Fatal(err)
	}
	r.token++
	r.step(syncer.BlockGossip{Peer: from, Token: r.token, Block: screened})
	return r.token
}

// wantPoints demands what a peer's reputation has come to, useful blocks aside.
func (r *rig) wantPoints(id syncer.PeerID, want int) {
	r.t.Helper()
	if got := min(r.points[id], 0); got != want {
		r.t.Errorf("%s has %d points, want %d", id, got, want)
	}
}

func (r *rig) wantVerdict(token syncer.Token, want syncer.Verdict) {
	r.t.Helper()
	if got, ok := r.verdicts[token]; !ok || got != want {
		r.t.Errorf("the verdict is %v (given: %v), want %v", got, ok, want)
	}
}

var errGone = errors.New("no such peer")
