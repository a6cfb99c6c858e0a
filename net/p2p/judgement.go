package p2p

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/network"

	"github.com/jio-dag/jio/net/p2p/reputation"
)

// tagScore is how the connection manager knows a peer's reputation: the worst
// connections are the first to go when there are too many.
const tagScore = "reputation"

// Report notes what a peer did, unless it is banned already. A peer whose score
// falls to reputation.BanScore is banned, with its addresses, and disconnected.
func (h *Host) Report(id PeerID, d reputation.Deed) {
	if id == h.id || h.archive.banned(id, netip.Addr{}) {
		return
	}
	score := h.archive.record(id, d)
	h.net.ConnManager().TagPeer(id, tagScore, score)
	if d.Points() < 0 {
		h.rare.info("a peer misbehaved", "peer", id, "what", d.String(), "score", score)
	}
	if score > reputation.BanScore {
		return
	}
	for _, t := range h.targets(id) {
		h.expel(t, reputation.BanTime, d.String())
	}
}

// targets are a peer and its addresses, which nobody knows any more once it is
// disconnected.
func (h *Host) targets(id PeerID) []reputation.Target {
	targets := []reputation.Target{{Peer: id}}
	for _, ip := range h.roster.addresses(id) {
		if isLocal(h.cfg.Params) && ip.IsLoopback() {
			continue // it is the address of every node here
		}
		targets = append(targets, reputation.NetTarget(ip))
	}
	return targets
}

// Ban keeps out a peer id, an address or a CIDR range for a while and
// disconnects whom that concerns. The reason is for the operator.
func (h *Host) Ban(target string, d time.Duration, reason string) error {
	t, err := reputation.ParseTarget(target)
	if err != nil {
		return err
	}
	if d <= 0 {
		return fmt.Errorf("p2p: a ban of %v", d)
	}
	h.expel(t, d, Printable(reason, 80))
	return nil
}

// Unban lifts the ban of a target as it was given to Ban, or stands in Bans, and
// reports whether there was one.
func (h *Host) Unban(target string) (bool, error) {
	t, err := reputation.ParseTarget(target)
	if err != nil {
		return false, err
	}
	was := h.archive.unban(t)
	h.save()
	return was, nil
}

// Bans returns the bans in force, the one that ends first first.
func (h *Host) Bans() []reputation.Ban { return h.archive.bans() }

func (h *Host) expel(t reputation.Target, d time.Duration, reason string) {
	h.archive.ban(t, d, reason)
	h.counts.banned.Add(1)
	h.rare.info("banned", "who", t.String(), "for", d, "reason", reason)
	conns := h.roster.conns(func(id PeerID, ip netip.Addr) bool { return t.Matches(id, ip) })
	// Report may be called where the library waits, and it waits in Close.
	h.spawn("ban", func(context.Context) {
		for _, c := range conns {
			c.CloseWithError(network.ConnGated)
		}
		h.save()
	})
}

// save writes what the archive has to write. A store that failed once does not
// recover, so the Host ends.
func (h *Host) save() {
	if err := h.archive.flush(); err != nil {
		h.cancel(fmt.Errorf("the store of peers: %w", err))
	}
}
