package p2p

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"github.com/jio-dag/jio/net/p2p/reputation"
)

// A gate is asked before a dial and at every stage of a connection: it keeps out
// the banned, the denied, keys of other kinds, inbound peers beyond the limit,
// and where the user named the only peers, all others.
type gate struct {
	archive *archive
	roster  *roster
	inbound int
	only    bool // those that the user named
	allow   []reputation.Target
	deny    []reputation.Target
	open    atomic.Bool // while the Host runs

	mu       sync.Mutex
	expected map[PeerID]bool     // made-up ids under which a real one is being learnt
	places   map[netip.Addr]bool // of peers named without an id, and of relays
	ids      map[string]PeerID   // by what the user calls them
}

var _ connmgr.ConnectionGater = (*gate)(nil)

func newGate(cfg *Config, a *archive, r *roster) (*gate, error) {
	g := &gate{
		archive: a, roster: r, inbound: cfg.Limits.Inbound, only: len(cfg.Connect) > 0,
		expected: map[PeerID]bool{}, places: map[netip.Addr]bool{}, ids: map[string]PeerID{},
	}
	var err error
	if g.allow, err = parseTargets(cfg.Allow); err != nil {
		return nil, fmt.Errorf("allow list: %w", err)
	}
	if g.deny, err = parseTargets(cfg.Deny); err != nil {
		return nil, fmt.Errorf("deny list: %w", err)
	}
	return g, nil
}

func parseTargets(texts []string) (targets []reputation.Target, err error) {
	for _, text := range texts {
		t, err := reputation.ParseTarget(text)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

func matchAny(targets []reputation.Target, id PeerID, ip netip.Addr) bool {
	for _, t := range targets {
		if t.Matches(id, ip) {
			return true
		}
	}
	return false
}

// permits reports whether a peer at an address may be connected. Either may be
// unknown yet.
func (g *gate) permits(id PeerID, ip netip.Addr) bool {
	return g.open.Load() && !g.archive.banned(id, ip) && g.lists(id, ip)
}

// lists reports whether the lists of the user let a peer pass; those that say who
// may decide once both the peer and its address are known.
func (g *gate) lists(id PeerID, ip netip.Addr) bool {
	if matchAny(g.deny, id, ip) {
		return false
	}
	complete := id != "" && ip.IsValid() && !g.isExpected(id)
	return !complete || (len(g.allow) == 0 || matchAny(g.allow, id, ip)) && (!g.only || g.isNamed(id, ip))
}

// name notes a peer that its user named: its id, or else everyone at its
// address.
func (g *gate) name(e endpoint) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e.id != "" {
		g.ids[e.text] = e.id
	}
	for _, m := range e.addrs {
		ip, err := manet.ToIP(m)
		if addr, ok := netip.AddrFromSlice(ip); err == nil && ok && (e.id == "" || e.relayed()) {
			g.places[addr.Unmap()] = true
		}
	}
}

// learnt notes who answers where a peer was named.
func (g *gate) learnt(e endpoint, id PeerID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ids[e.text] = id
}

func (g *gate) isNamed(id PeerID, ip netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.places[ip] {
		return true
	}
	for _, named := range g.ids {
		if named == id {
			return true
		}
	}
	return false
}

// InterceptPeerDial implements connmgr.ConnectionGater.
func (g *gate) InterceptPeerDial(id PeerID) bool { return g.permits(id, netip.Addr{}) }

// InterceptAddrDial implements connmgr.ConnectionGater.
func (g *gate) InterceptAddrDial(id PeerID, addr ma.Multiaddr) bool { return g.permits(id, ipOf(addr)) }

// InterceptAccept implements connmgr.ConnectionGater.
func (g *gate) InterceptAccept(addrs network.ConnMultiaddrs) bool {
	return g.permits("", ipOf(addrs.RemoteMultiaddr())) && g.roster.inbound() < g.inbound
}

// InterceptSecured implements connmgr.ConnectionGater.
func (g *gate) InterceptSecured(dir network.Direction, id PeerID, addrs network.ConnMultiaddrs) bool {
	if dir == network.DirInbound && g.roster.inbound() >= g.inbound {
		return false
	}
	return isEd25519(id) && g.permits(id, ipOf(addrs.RemoteMultiaddr()))
}

// InterceptUpgraded implements connmgr.ConnectionGater.
func (g *gate) InterceptUpgraded(network.Conn) (bool, control.DisconnectReason) { return true, 0 }

// expect lets a made-up id be dialled whatever the allow list says.
func (g *gate) expect(id PeerID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expected[id] = true
}

func (g *gate) unexpect(id PeerID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.expected, id)
}

func (g *gate) isExpected(id PeerID) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.expected[id]
}
