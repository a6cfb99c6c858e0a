package syncer

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

const (
	windowBlocks  = 4096             // bodies that are asked for ahead of the chain
	windowBytes   = 64 << 20         // and kept until their turn comes
	chunkFirst    = 64               // bodies of the first request to a peer
	chunkMost     = 512              // bodies of one request, at most
	chunkLeast    = 8                // and, while there are so many, at least
	chunkTime     = 4 * time.Second  // in which a peer should answer
	lateTime      = chunkTime        // after which who has nothing else to do is asked too
	perPeer       = 2                // requests under way to one peer
	groupBlocks   = 256              // bodies of one write, at most
	groupBytes    = 4 << 20          // and their bytes
	stuckTime     = 5 * time.Second  // without a body somebody else may be asked for headers
	downloadStall = 60 * time.Second // without a body a download is given up
)

// A download fetches the bodies below a header, and those of a few headers that
// nothing merges yet, from all peers at once. They are added to the chain in
// order, in groups.
type download struct {
	source  *peer        // who sent the headers
	vouched bool         // and has the bodies, by its own word
	high    types.Hash   // the header
	tail    []types.Hash // the few headers

	after  types.Hash // the chain block up to which bodies are listed
	listed bool
	queue  []*body // without those that were added
	byHash map[types.Hash]*body
	before map[types.Hash]*body // of the download that this one took over from
	bytes  int                  // of the bodies that wait for their turn
	moved  time.Time
	silent bool // some peer did not answer
}

// A body is a block of a download.
type body struct {
	hash   types.Hash
	block  *types.Block // nil until it is here
	size   int
	from   *peer // who was asked for it last, or sent it; nil when nobody is
	asked  time.Time
	lacked map[*peer]bool
}

func (c *Core) startDownload(d *download) {
	d.byHash, d.moved = make(map[types.Hash]*body), c.now
	if c.download != nil {
		d.before = c.download.byHash
	}
	c.download = d
	d.run(c)
}

// run lists, asks, and ends the download when nothing is left or nothing moves.
func (d *download) run(c *Core) {
	if err := d.list(c); err != nil {
		c.endDownload(0, err)
		return
	}
	if d.listed && len(d.queue) == 0 {
		c.endDownload(0, nil)
		return
	}
	d.assign(c)
	switch {
	case d.isLacking(c) && d.silent, c.now.Sub(d.moved) > downloadStall:
		c.endDownload(0, errTimeout)
	case d.isLacking(c):
		points := 0
		if d.queue[0].lacked[d.source] {
			points = PointsWrongSync
		}
		c.hopeless[d.high] = c.now.Add(hopelessFor)
		c.endDownload(points, lie("no peer has the body of %v", d.queue[0].hash))
	}
}

// isStuck reports whether no body has come for a while.
func (d *download) isStuck(now time.Time) bool { return now.Sub(d.moved) > stuckTime }

// list fills the window.
func (d *download) list(c *Core) error {
	for len(d.queue) < windowBlocks && !d.listed {
		missing, reached, err := c.cfg.Chain.MissingBodies(d.after, d.high, windowBlocks/4)
		if err != nil {
			return err
		}
		if d.after = reached; reached == d.high {
			missing, d.listed = append(missing, d.tail...), true
		}
		for _, h := range missing {
			if d.byHash[h] == nil && !c.has(h) && d.isPlaced(c, h) {
				d.enqueue(h)
			}
		}
	}
	return nil
}

// isPlaced reports whether a block is known by its header and all its parents are
// here or before it in the queue. A block of the tail may stand on headers that
// other peers sent and that no chain to the high block merges: their bodies come
// first, by a download of their own.
func (d *download) isPlaced(c *Core, h types.Hash) bool {
	header, err := c.cfg.Chain.Header(h)
	return err == nil && !slices.ContainsFunc(header.Parents, func(p types.Hash) bool {
		return d.byHash[p] == nil && !c.has(p)
	})
}

// enqueue puts a block at the end of the queue, with what a download before knows
// of it.
func (d *download) enqueue(h types.Hash) {
	b := d.before[h]
	if b == nil {
		b = &body{hash: h, lacked: make(map[*peer]bool)}
	}
	d.queue, d.byHash[h] = append(d.queue, b), b
	d.bytes += b.size
}

// assign asks every peer that may be asked for bodies.
func (d *download) assign(c *Core) {
	for range perPeer {
		for _, p := range c.available() {
			if p.isBusy(c.now) {
				continue
			}
			if chunk := d.chunk(c, p); len(chunk) > 0 && p.mayAsk(c.now) {
				d.ask(c, p, chunk)
			}
		}
	}
}

// chunk picks bodies for a peer: those that nobody was asked for, or, when there
// are none, those that somebody else keeps the chain waiting for.
func (d *download) chunk(c *Core, p *peer) []*body {
	chunk := d.pick(c, p, func(b *body) bool { return b.from == nil })
	if len(chunk) > 0 {
		return chunk
	}
	return d.pick(c, p, func(b *body) bool { return b.block == nil && b.from != p && c.now.Sub(b.asked) > lateTime })
}

// pick picks bodies of a sort for a peer, so many that all peers get some. When
// the window is full of bytes only what comes next is asked for.
func (d *download) pick(c *Core, p *peer, sort func(*body) bool) (chunk []*body) {
	count := 0
	for _, b := range d.queue {
		if sort(b) {
			count++
		}
	}
	most := min(max(count/max(len(c.peers), 1), chunkLeast), p.chunk)
	for i, b := range d.queue {
		if len(chunk) == most || d.bytes > windowBytes && i >= chunkLeast {
			break
		}
		if !b.lacked[p] && sort(b) {
			chunk = append(chunk, b)
		}
	}
	return chunk
}

func (d *download) ask(c *Core, p *peer, chunk []*body) {
	hashes := make([]types.Hash, len(chunk))
	for i, b := range chunk {
		b.from, b.asked = p, c.now
		hashes[i] = b.hash
	}
	sent := c.now
	p.downloads = append(p.downloads, sent)
	c.ask(p, &wire.BlocksRequest{Hashes: hashes}, blocksTimeout, func(answer wire.Message, err error) {
		i := slices.Index(p.downloads, sent)
		p.downloads = slices.Delete(p.downloads, i, i+1)
		p.pace(c.now.Sub(sent))
		for _, b := range chunk {
			if b.block == nil && b.from == p {
				b.from = nil
			}
		}
		d := c.download // another may have taken over
		m, ok := answer.(*wire.Blocks)
		switch {
		case d == nil:
		case err != nil || !ok:
			if !p.fail(c.now, err, 0) {
				markLacking(chunk, p)
				d.silent = true
			}
		default:
			d.take(c, p, chunk, m.Blocks)
		}
	})
}

// pace asks a quick peer for more at a time, and a slow one for less.
func (p *peer) pace(took time.Duration) {
	if took < chunkTime {
		p.chunk = min(2*p.chunk, chunkMost)
	} else if took > 2*chunkTime {
		p.chunk = max(p.chunk/4, chunkLeast)
	}
}

// take keeps the blocks of an answer. What is left out before the last of them,
// or altogether, is lacking; what is left out after it did not fit.
func (d *download) take(c *Core, p *peer, chunk []*body, blocks []types.Block) {
	next, fresh := 0, false
	for i := range blocks {
		hash := blocks[i].Hash()
		at := slices.IndexFunc(chunk[next:], func(b *body) bool { return b.hash == hash })
		if at < 0 {
			c.rate(p, PointsUnrequested, errUnrequested)
			break
		}
		markLacking(chunk[next:next+at], p)
		next += at + 1
		fresh = d.keep(c, chunk[next-1], &blocks[i], p) || fresh
	}
	if fresh {
		p.earn()
	}
	if len(blocks) == 0 {
		markLacking(chunk, p)
	}
	d.deliver(c)
}

func markLacking(chunk []*body, p *peer) {
	for _, b := range chunk {
		b.lacked[p] = true
	}
}

// keep keeps a body until its turn comes, and reports whether it was missing.
func (d *download) keep(c *Core, b *body, block *types.Block, p *peer) bool {
	listed := d.byHash[b.hash] == b
	if b.block != nil || !listed && d.before[b.hash] != b {
		return false
	}
	b.block, b.from, b.size = block, p, types.EncodedLen(block)
	if d.moved = c.now; listed {
		d.bytes += b.size
	}
	return true
}

// deliver adds the bodies whose turn has come.
func (d *download) deliver(c *Core) {
	for c.download == d && len(d.queue) > 0 && d.queue[0].block != nil {
		var group []types.Block
		size := 0
		for _, b := range d.queue {
			if b.block == nil || len(group) == groupBlocks || size > groupBytes {
				break
			}
			group, size = append(group, *b.block), size+b.size
		}
		added, known, err := c.cfg.Chain.AddBlocks(group)
		d.remove(added + known)
		if err != nil {
			d.refuse(c, err)
			return
		}
	}
}

// remove takes blocks off the head of the queue.
func (d *download) remove(n int) {
	for _, b := range d.queue[:n] {
		b.from.failures = 0
		d.drop(b)
	}
	d.queue = d.queue[n:]
}

func (d *download) drop(b *body) {
	delete(d.byHash, b.hash)
	d.bytes -= b.size
}

// refuse handles a body that the chain did not take, the head of the queue. One
// that does not match its header is its sender's lie and is fetched again; one
// that breaks a rule has taken its header and all above it out of the DAG.
func (d *download) refuse(c *Core, err error) {
	if errors.Is(err, chain.ErrFailed) {
		c.endDownload(0, err)
		return
	}
	b := d.queue[0]
	if errors.Is(err, rules.ErrBadMerkleRoot) {
		c.rate(b.from, PointsWrongSync, err)
		d.bytes -= b.size
		b.lacked[b.from] = true
		b.block, b.from, b.size = nil, nil, 0
		return
	}
	points := sessionPoints(err)
	if b.from != d.source {
		c.rate(b.from, points, err)
	}
	c.endDownload(points, err)
}

// isLacking reports whether the block whose turn it is cannot be had from anybody.
func (d *download) isLacking(c *Core) bool {
	if len(d.queue) == 0 || d.queue[0].from != nil || len(c.peers) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.peers, func(p *peer) bool { return !d.queue[0].lacked[p] })
}

// hopelessFor is how long a header whose bodies could not be had is left alone:
// peers may get them any moment, and to ask is cheap.
const hopelessFor = 20 * time.Second

// endDownload ends a download. When it failed and the source of the headers
// promised the bodies too, somebody else is asked first for a while.
func (c *Core) endDownload(points int, err error) {
	d := c.download
	c.download = nil
	c.progress.caught = err == nil
	if err != nil && !errors.Is(err, chain.ErrFailed) {
		if d.vouched {
			d.source.fail(c.now, err, points)
			c.rate(d.source, points, fmt.Errorf("bodies: %w", err))
		}
	}
	c.adoptAll()
	c.consider()
}
