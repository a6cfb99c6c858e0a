package syncer

import (
	"fmt"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// Config is what a Core needs from its host; all but Alone is required.
type Config struct {
	Params *params.Params
	Chain  *chain.Manager
	Pool   *mempool.Pool
	Alone  bool // a node without peers counts as synced, as on devnet and simnet
}

// A Core is the protocol of one node. It belongs to one goroutine.
type Core struct {
	cfg     Config
	now     time.Time
	effects []Effect

	peers    []*peer    // in the order they joined
	requests []*request // under way, in the order they were sent
	lastID   RequestID

	orphans  shelf                    // blocks without their parents
	early    shelf                    // blocks whose time has not come
	ready    []*arrival               // to be considered before the Step ends
	building map[types.Hash]*arrival  // bodies being rebuilt
	sought   map[types.Hash]time.Time // missing parents, and when they may be asked for again
	seeking  map[types.Hash]*peer     // transactions asked for, by whom
	session  *session                 // headers being fetched
	download *download                // bodies being fetched
	hopeless map[types.Hash]time.Time // headers whose bodies nobody has, and until when not to try again
	polled   time.Time                // when a session last ended
	turn     int                      // of the peers, for polls
	synced   bool
	progress progress
	relay    Relay
}

// New returns a Core without peers.
func New(cfg Config) *Core {
	return &Core{
		cfg:      cfg,
		orphans:  newShelf(1024, 32<<20),
		early:    newShelf(512, 8<<20),
		building: make(map[types.Hash]*arrival),
		sought:   make(map[types.Hash]time.Time),
		seeking:  make(map[types.Hash]*peer),
		hopeless: make(map[types.Hash]time.Time),
		synced:   cfg.Alone,
	}
}

// Step takes an event at a time and returns what the host shall do, in order. It
// lasts as long as the chain takes for what the event brings.
func (c *Core) Step(now time.Time, e Event) []Effect {
	c.now, c.effects = now, nil
	switch e := e.(type) {
	case PeerJoined:
		c.join(e)
	case PeerLeft:
		c.leave(e.Peer)
	case BlockGossip:
		c.ready = append(c.ready, announced(e))
	case TransactionGossip:
		c.takeTransaction(e)
	case Response:
		c.respond(e)
	case BlockFound:
		c.publishBlock(e.Block)
	case TransactionAdmitted:
		c.emit(Publish{&wire.Transaction{Transaction: e.Transaction}})
	case Tick:
		c.tick()
	}
	c.consider()
	c.schedule()
	return c.effects
}

func (c *Core) emit(e Effect) { c.effects = append(c.effects, e) }

// tick does what is due.
func (c *Core) tick() {
	c.expireRequests()
	c.ready = append(c.ready, c.early.take(func(a *arrival) bool { return c.isDue(&a.header) })...)
	c.orphans.take(func(a *arrival) bool { return c.now.Sub(a.since) > orphanAge })
	c.forget()
	c.seekAncestors()
	c.surveyClaims()
	s := c.cfg.Chain.Snapshot()
	c.progress.add(c.now, s.Headers+s.Blocks)
}

// forget drops what is not kept from asking any more. The order has no effect.
func (c *Core) forget() {
	for h, until := range c.sought {
		if c.now.After(until) {
			delete(c.sought, h)
		}
	}
	for h, until := range c.hopeless {
		if c.now.After(until) {
			delete(c.hopeless, h)
		}
	}
}

// rate changes a peer's reputation.
func (c *Core) rate(p *peer, points int, reason error) {
	if p != nil && !p.gone && points != 0 {
		c.emit(Rate{p.id, points, reason})
	}
}

// publishBlock adds a block of our own and announces it.
func (c *Core) publishBlock(b types.Block) {
	hash := b.Hash()
	_, _, err := c.cfg.Chain.AddBlocks([]types.Block{b})
	c.emit(Found{hash, err})
	if err != nil {
		return
	}
	c.emit(Publish{wire.NewCompactBlock(&b, c.isFresh(&b))})
	c.adopt(hash)
}

// freshness is how young a transaction of the pool must be for others to lack it
// still: it goes the same ways as the block and started earlier, so a head start of
// a few hops is enough. Longer, and blocks carry nearly all of their transactions
// wherever they are not full; shorter, and they wait for an answer.
const freshness = 300 * time.Millisecond

// isFresh tells which transactions of our block go along with its announcement.
func (c *Core) isFresh(b *types.Block) func(position int) bool {
	room := 64 << 10
	return func(i int) bool {
		e := c.cfg.Pool.Entry(b.Transactions[i].ID())
		if e != nil && c.now.Sub(e.Added) > freshness {
			return false
		}
		room -= types.EncodedLen(&b.Transactions[i])
		return room >= 0
	}
}

// has reports whether a block is here with its body.
func (c *Core) has(h types.Hash) bool {
	status, err := c.cfg.Chain.Status(h)
	return err == nil && status.HasBody()
}

// isKnown reports whether a header is here.
func (c *Core) isKnown(h types.Hash) bool {
	_, err := c.cfg.Chain.Status(h)
	return err == nil
}

// lie returns what is wrong with an answer.
func lie(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errWrongAnswer, fmt.Sprintf(format, args...))
}
