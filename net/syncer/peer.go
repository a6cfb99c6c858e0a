package syncer

import (
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// A peer is what the Core knows of a connected peer.
type peer struct {
	id     PeerID
	hello  wire.Hello
	joined time.Time
	gone   bool

	// claim is the greatest blue work that the peer is said to have and that was
	// not looked into yet, zero when there is none.
	claim     types.Uint256
	claimed   types.Hash // the block of that work
	claimedAt time.Time

	failures int // of sessions and requests, since the last success
	rest     rest
	credit   int // earned by answers with bodies, spent by time-outs
	chunk    int // bodies to ask for at once: as many as it sends in a few seconds

	lined time.Time // it is not asked for all that leads up to its orphans before

	budget    float64 // parts of requests it may be sent now
	budgetAt  time.Time
	agrees    bool        // a block it claimed turned out to be one of ours
	downloads []time.Time // when the body requests under way were sent
}

// Peers answer 100 requests a minute, of which each counts by wire.Price.
const (
	budgetPerMinute = 90 * wire.RequestParts
	budgetBurst     = 60 * wire.RequestParts
)

// mayAsk takes the first part of a request from the peer's budget; false means
// it must wait.
func (p *peer) mayAsk(now time.Time) bool {
	p.budget = min(budgetBurst, p.budget+now.Sub(p.budgetAt).Minutes()*budgetPerMinute)
	p.budgetAt = now
	if p.budget < 1 {
		return false
	}
	p.budget--
	return true
}

// charge takes the other parts of a request for headers or blocks, which are
// those that count. What is refused or lost counts as a whole.
func (p *peer) charge(answer wire.Kind, size int, err error) {
	if answer == wire.KindHeaders || answer == wire.KindBlocks {
		p.budget -= float64(wire.Price(size, err == nil) - 1)
	}
}

// claims raises what the peer is said to have.
func (p *peer) claims(h types.Hash, work types.Uint256, now time.Time) {
	if work.Cmp(p.claim) > 0 {
		if p.claim.IsZero() {
			p.claimedAt = now
		}
		p.claim, p.claimed = work, h
	}
}

// isBusy reports whether enough bodies were asked for. What is late does not count
// against a peer that serves well, up to as many requests as it may have anyway.
func (p *peer) isBusy(now time.Time) bool {
	late := 0
	for _, sent := range p.downloads {
		if p.serves() && now.Sub(sent) > lateTime {
			late++
		}
	}
	return len(p.downloads)-min(late, perPeer) >= perPeer
}

// find returns a connected peer, nil when it is none.
func (c *Core) find(id PeerID) *peer {
	if i := slices.IndexFunc(c.peers, func(p *peer) bool { return p.id == id }); i >= 0 {
		return c.peers[i]
	}
	return nil
}

func (c *Core) join(e PeerJoined) {
	if c.find(e.Peer) != nil {
		c.leave(e.Peer)
	}
	p := &peer{id: e.Peer, hello: e.Hello, joined: c.now, chunk: chunkFirst, budget: budgetBurst, budgetAt: c.now}
	p.claims(e.Hello.Sink, e.Hello.BlueWork, c.now)
	c.peers = append(c.peers, p)
}

func (c *Core) leave(id PeerID) {
	p := c.find(id)
	if p == nil {
		return
	}
	p.gone = true
	c.peers = slices.DeleteFunc(c.peers, func(o *peer) bool { return o == p })
	c.failRequests(func(r *request) bool { return r.peer == p }, errPeerLeft)
	if len(c.peers) == 0 && !c.cfg.Alone {
		c.synced = false
	}
}

// surveyClaims notes which peers stand on blocks that are ours too, and forgets
// claims that came true.
func (c *Core) surveyClaims() {
	for _, p := range c.peers {
		if !p.agrees {
			p.agrees = c.has(firstHash(p.claimed, p.hello.Sink))
		}
		if !p.claim.IsZero() && !c.exceeds(p) {
			p.claim, p.claimed = types.Uint256{}, types.Hash{}
		}
	}
}
