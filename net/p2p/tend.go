package p2p

import (
	"context"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

// askPause is the time between two questions for addresses to one peer.
const askPause = 30 * time.Minute

// pingLimit is how long a ping may take.
const pingLimit = 20 * time.Second

// tend looks after a peer until it leaves: it pings, and asks a peer this node
// chose for addresses. Inbound peers are not asked, or whoever connects could
// fill the book.
func (h *Host) tend(ctx context.Context, id PeerID, inbound bool) {
	h.learnOwn(id)
	var asked time.Time
	for {
		if now := h.cfg.Now(); !inbound && now.Sub(asked) >= askPause {
			asked = now
			if where, ok := h.dialledAt(id); ok {
				h.archive.dialled(id, where, worked) // whoever had it dialled
			}
			h.askPeers(ctx, id)
		}
		if d, ok := h.ping(ctx, id); ok {
			h.roster.setPing(id, d)
		}
		if !pause(ctx, h.cfg.Limits.PingPause) {
			return
		}
	}
}

// ping measures one round trip.
func (h *Host) ping(ctx context.Context, id PeerID) (time.Duration, bool) {
	ctx, cancel := context.WithTimeout(network.WithNoDial(ctx, "ping"), pingLimit)
	defer cancel()
	results := ping.Ping(ctx, h.net, id)
	r, ok := <-results
	cancel()
	for range results { // ends once the library's goroutine has
	}
	return r.RTT, ok && r.Error == nil
}
