package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/p2p/reputation"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

const (
	tickInterval = 100 * time.Millisecond
	// queued is how many events may wait for the core.
	queued = 256
	// answerTime is how long an answer is awaited: longer than the core does,
	// whose deadlines are what counts.
	answerTime = time.Minute
	// A node logs as many peers that come or go at once, and one in a while then.
	lineBurst = 64
	linePause = 5 * time.Second
)

// ErrClosed is returned for what the network cannot take any more.
var ErrClosed = errors.New("the network has stopped")

// Config is what a Network needs of its host. The p2p.Config is completed here:
// its Hello, Protocols, Topics, Joined and Left must be empty.
type Config struct {
	Params *params.Params
	Chain  *chain.Manager
	Pool   *mempool.Pool
	Alone  bool // a node without peers counts as synced
	P2P    p2p.Config
	Log    *slog.Logger
}

// A Network is this node among others: open from Open to the end of Run. Its
// methods may be called by any goroutine.
type Network struct {
	cfg    Config
	host   *p2p.Host
	core   *syncer.Core
	server syncer.Server
	said   announced

	events chan syncer.Event
	done   chan struct{} // closed when Run ends
	status atomic.Pointer[syncer.Status]
	tokens atomic.Uint64
	lines  *rate.Limiter // of the log, about peers that come and go
	untold atomic.Int64  // lines kept back since the last

	mu     sync.Mutex
	gossip map[syncer.Token]chan syncer.Verdict
	found  map[types.Hash]chan error
}

// Open makes a network that listens, but lets nobody in before Run.
func Open(cfg Config) (*Network, error) {
	n := &Network{
		cfg:    cfg,
		core:   syncer.New(syncer.Config{Params: cfg.Params, Chain: cfg.Chain, Pool: cfg.Pool, Alone: cfg.Alone}),
		server: syncer.Server{Chain: cfg.Chain, Pool: cfg.Pool},
		said:   newAnnounced(),
		events: make(chan syncer.Event, queued),
		done:   make(chan struct{}),
		gossip: make(map[syncer.Token]chan syncer.Verdict),
		found:  make(map[types.Hash]chan error),
		lines:  rate.NewLimiter(rate.Every(linePause), lineBurst),
	}
	n.publishStatus()
	h := cfg.P2P
	h.Hello = p2p.Hello{Make: n.greeting, Judge: n.judgeHello}
	h.Protocols, h.Topics = n.protocols(), n.topics()
	h.Joined, h.Left = n.joined, n.left
	var err error
	n.host, err = p2p.Open(h)
	return n, err
}

// Host returns the host, for what operators see and do.
func (n *Network) Host() *p2p.Host { return n.host }

// Status returns how the core saw itself lately. It never blocks.
func (n *Network) Status() *syncer.Status { return n.status.Load() }

func (n *Network) publishStatus() {
	s := n.core.Status()
	n.status.Store(&s)
}

// Run lets peers in and speaks with them until ctx ends.
func (n *Network) Run(ctx context.Context) error {
	defer close(n.done)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- n.host.Run(ctx)
		cancel()
	}()
	n.loop(ctx)
	cancel()
	return <-ended
}

// loop is where the core lives.
func (n *Network) loop(ctx context.Context) {
	tick := time.NewTicker(tickInterval)
	defer tick.Stop()
	for {
		var event syncer.Event
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			event = syncer.Tick{}
		case event = <-n.events:
		}
		for _, effect := range n.core.Step(n.cfg.P2P.Now(), event) {
			n.perform(ctx, effect)
		}
		if _, ticked := event.(syncer.Tick); ticked {
			n.publishStatus()
		}
	}
}

// bring hands an event to the core.
func (n *Network) bring(ctx context.Context, e syncer.Event) error {
	select {
	case n.events <- e:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-n.done:
		return ErrClosed
	}
}

func (n *Network) perform(ctx context.Context, e syncer.Effect) {
	switch e := e.(type) {
	case syncer.Request:
		n.cfg.P2P.Go("a request to a peer", func(context.Context) error {
			n.ask(ctx, e)
			return nil
		})
	case syncer.Validated:
		n.settle(e)
	case syncer.Publish:
		n.publish(ctx, e.Message)
	case syncer.Rate:
		n.rate(e)
	case syncer.Found:
		n.tellFinder(e)
	}
}

// ask sends a request and brings what comes back.
func (n *Network) ask(ctx context.Context, r syncer.Request) {
	limited, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer := syncer.Response{Peer: r.Peer, ID: r.ID}
	answer.Message, answer.Size, answer.Err = n.request(limited, r)
	_ = n.bring(ctx, answer) // an error means that nobody waits any more
}

func (n *Network) request(ctx context.Context, r syncer.Request) (answer wire.Message, size int, err error) {
	id, err := peerOf(r.Peer)
	if err != nil {
		return nil, 0, err
	}
	kind := r.Message.Kind()
	data, err := n.host.Request(ctx, id, protocolNames[kind], wire.Encode(r.Message))
	if err != nil {
		return nil, 0, err
	}
	wanted, ok := kind.Answer()
	if !ok {
		return nil, 0, fmt.Errorf("a %v is no request", kind)
	}
	answer, err = wire.Decode(wanted, data)
	return answer, len(data), err
}

// publish hands a message of our own to gossip and remembers that it was
// announced.
func (n *Network) publish(ctx context.Context, m wire.Message) {
	n.said.note(m)
	if err := n.host.Publish(ctx, topicNames[m.Kind()], wire.Encode(m)); err != nil && ctx.Err() == nil {
		n.cfg.Log.Warn("a message was not published", "kind", m.Kind(), "error", err)
	}
}

// deeds are the names that reputation has for the core's points. Requests that
// take too long are noted by the host, which knows it first.
var deeds = map[int]reputation.Deed{
	syncer.PointsUseful:       reputation.UsefulBlock,
	syncer.PointsUnrequested:  reputation.Unrequested,
	syncer.PointsInvalidWork:  reputation.BadWork,
	syncer.PointsWrongSync:    reputation.WrongSync,
	syncer.PointsInvalidBlock: reputation.BadBlock,
}

func (n *Network) rate(r syncer.Rate) {
	deed, ok := deeds[r.Points]
	id, err := peerOf(r.Peer)
	if !ok || err != nil {
		return
	}
	if r.Points < 0 {
		n.cfg.Log.Debug("a peer misbehaved", "peer", id, "points", r.Points, "reason", r.Reason)
	}
	n.host.Report(id, deed)
}

// BlockFound brings a block of this node's own to the DAG and to its peers. It
// returns why the DAG does not take it.
func (n *Network) BlockFound(b types.Block) error {
	hash := b.Header.Hash()
	told := make(chan error, 1)
	n.mu.Lock()
	n.found[hash] = told
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		delete(n.found, hash)
		n.mu.Unlock()
	}()
	if err := n.bring(context.Background(), syncer.BlockFound{Block: b}); err != nil {
		return err
	}
	select {
	case err := <-told:
		return err
	case <-n.done:
		return ErrClosed
	}
}

func (n *Network) tellFinder(f syncer.Found) {
	n.mu.Lock()
	told := n.found[f.Hash]
	n.mu.Unlock()
	if told != nil {
		told <- f.Err
	}
}

// Admitted tells peers of transactions of this node's own that the pool took. It
// does not wait; what the queue has no room for is told again by the wallet.
func (n *Network) Admitted(txs []types.Transaction) {
	for _, tx := range txs {
		select {
		case n.events <- syncer.TransactionAdmitted{Transaction: tx}:
		default:
			return
		}
	}
}
