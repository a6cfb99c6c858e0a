package syncer

import (
	"cmp"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

const (
	// claimGrace is how long a node in sync waits for gossip to bring what a peer
	// is said to have before it asks.
	claimGrace = 2 * time.Second
	// pollInterval is how often a node in sync that hears of nothing asks a peer
	// what is new.
	pollInterval = 10 * time.Second
	// syncGap is how many seconds' worth of blocks the best header may be ahead of
	// the sink while the node still counts as synced.
	syncGap = 100
)

// schedule starts what is due: a session with the peer that claims the most, or
// with the next in turn when there is nothing to look into. A download that is
// stuck holds up nobody else's claim; what it has is kept when another takes over.
func (c *Core) schedule() {
	if c.download != nil {
		c.download.run(c)
	}
	if c.session != nil || c.download != nil && !c.download.isStuck(c.now) {
		return
	}
	if c.download != nil && !c.synced {
		c.settleSync()
	}
	if p := c.claimant(); p != nil {
		c.startSession(p)
	} else if c.download == nil && (c.now.Sub(c.polled) >= pollInterval || !c.synced && !c.isClaimed()) {
		c.poll()
	}
}

// claimant returns the peer to look into: of those with the fewest failures the
// one that claims the most.
func (c *Core) claimant() *peer {
	ready := slices.DeleteFunc(c.available(), func(p *peer) bool {
		return c.synced && c.now.Sub(p.claimedAt) < claimGrace || !c.exceeds(p)
	})
	slices.SortStableFunc(ready, func(a, b *peer) int {
		return cmp.Or(cmp.Compare(a.failures, b.failures), b.claim.Cmp(a.claim))
	})
	for _, p := range ready {
		if p.mayAsk(c.now) {
			return p
		}
	}
	return nil
}

// exceeds reports whether a peer claims a block that is not here and has more
// work than our sink.
func (c *Core) exceeds(p *peer) bool {
	return p.claim.Cmp(c.cfg.Chain.Snapshot().SinkBlueWork) > 0 && !c.has(p.claimed)
}

// isClaimed reports whether a peer whose word counts claims more work than we
// have.
func (c *Core) isClaimed() bool {
	return slices.ContainsFunc(c.peers, func(p *peer) bool { return p.failures < unreliable && c.exceeds(p) })
}

// poll asks the peers in turn what is new, in case gossip was lost.
func (c *Core) poll() {
	available := c.available()
	for range c.peers {
		p := c.peers[c.turn%len(c.peers)]
		c.turn++
		if slices.Contains(available, p) && p.mayAsk(c.now) {
			c.startSession(p)
			return
		}
	}
}

// follow turns to the bodies of the headers that a session brought, or, when none
// is missing, to those that are missing still from before.
func (c *Core) follow(s *session) {
	tail := slices.DeleteFunc(s.tail, func(h types.Hash) bool { return c.has(h) || !c.isKnown(h) })
	high, vouched := s.best, true
	if c.has(high) || !c.isKnown(high) {
		high, vouched = c.bestHeader(), false
	}
	if c.now.Before(c.hopeless[high]) {
		high = c.cfg.Chain.Snapshot().Sink
	}
	if !c.has(high) || len(tail) > 0 {
		c.startDownload(&download{source: s.peer, vouched: vouched, high: high, tail: tail})
	}
}

// settleSync decides whether the node is in sync, after a session: when nobody
// whose word counts claims more than it has, and the headers that it knows are not
// far ahead of their bodies. Bodies that nobody hands out must not keep a node from
// its work.
func (c *Core) settleSync() {
	waiting := c.download != nil && !c.download.isStuck(c.now)
	if !waiting && !c.isClaimed() && !c.isBehind() {
		c.synced, c.progress.caught = true, false
	}
}

// isBehind reports whether the headers ran far ahead of the bodies.
func (c *Core) isBehind() bool {
	best, err := c.cfg.Chain.Header(c.bestHeader())
	ahead := syncGap * c.cfg.Params.BlocksPerSecond
	return err == nil && best.BlueScore > c.cfg.Chain.Snapshot().SinkBlueScore+ahead
}

// bestHeader returns the header of the most blue work.
func (c *Core) bestHeader() types.Hash {
	h, _, err := c.cfg.Chain.BestHeader()
	if err != nil {
		return c.cfg.Chain.Snapshot().Sink
	}
	return h
}
