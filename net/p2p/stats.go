package p2p

import "sync/atomic"

// Stats counts what a Host did since it was opened.
type Stats struct {
	Peers, Inbound  int   // now
	Known           int   // addresses in the book, now
	BytesIn         int64 // over all connections
	BytesOut        int64
	Asked           uint64 // requests sent
	Served          uint64 // requests answered
	Refused         uint64 // requests turned down: budget, entitlement, or nothing there
	TurnedAway      uint64 // connections whose hello failed
	Banned          uint64
	Dials, Failures uint64 // of this node's own choosing
	Accepted        uint64 // gossip by verdict
	Ignored         uint64
	Rejected        uint64
	Flooded         uint64 // gossip over a peer's byte budget
}

// counts are the counters behind Stats.
type counts struct {
	asked, served, refused, turnedAway, banned atomic.Uint64
	dials, failures                            atomic.Uint64
	accepted, ignored, rejected, flooded       atomic.Uint64
}

// Stats returns what the Host did so far.
func (h *Host) Stats() Stats {
	s := Stats{
		Known: h.archive.known(),
		Asked: h.counts.asked.Load(), Served: h.counts.served.Load(), Refused: h.counts.refused.Load(),
		TurnedAway: h.counts.turnedAway.Load(), Banned: h.counts.banned.Load(),
		Dials: h.counts.dials.Load(), Failures: h.counts.failures.Load(),
		Accepted: h.counts.accepted.Load(), Ignored: h.counts.ignored.Load(),
		Rejected: h.counts.rejected.Load(), Flooded: h.counts.flooded.Load(),
	}
	for _, p := range h.roster.peers() {
		s.Peers++
		if p.Inbound {
			s.Inbound++
		}
	}
	total := h.meter.GetBandwidthTotals()
	s.BytesIn, s.BytesOut = total.TotalIn, total.TotalOut
	return s
}
