package p2p

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

const (
	// dialsAtOnce bounds the dials of this node's own choosing.
	dialsAtOnce = 4
	// maxNeighbours bounds the peers of the LAN that are dialled.
	maxNeighbours = 8
	// neighbourTries is how often one may fail before it is forgotten.
	neighbourTries = 3
	// fixedPause and fixedLongest bound the time between two attempts at a peer
	// that is to be kept connected.
	fixedPause   = 2 * time.Second
	fixedLongest = 2 * time.Minute
)

// protect is how the connection manager knows peers it must keep.
const protect = "kept"

// A dialer keeps this node connected: to the peers its user named, and to
// Limits.Outbound others out of the book, each of another carrier.
type dialer struct {
	h       *Host
	only    bool             // dial nobody but the fixed peers
	anchors []addrbook.Entry // of the last run, still to be dialled

	mu     sync.Mutex
	fixed  []*fixedPeer
	slots  map[PeerID]slot
	busy   int       // dials under way
	feeler time.Time // next
}

// A slot is taken by an outbound peer, from the moment it is dialled.
type slot struct {
	entry     addrbook.Entry
	connected bool
}

// A fixedPeer is to be kept connected whatever the book says.
type fixedPeer struct {
	endpoint
	last      PeerID // whom it last turned out to be
	neighbour bool   // found on the LAN, given up after a while
	bootstrap bool   // dialled only while the node knows nobody
	next      time.Time
	failures  int
	busy      bool
}

func newDialer(h *Host) (*dialer, error) {
	d := &dialer{h: h, only: len(h.cfg.Connect) > 0, slots: map[PeerID]slot{}, anchors: h.archive.anchors()}
	d.feeler = h.cfg.Now().Add(h.cfg.Limits.FeelerPause)
	for _, list := range []struct {
		texts     []string
		bootstrap bool
	}{{h.cfg.Connect, false}, {h.cfg.Add, false}, {h.cfg.Bootstrap, true}} {
		for _, text := range list.texts {
			e, err := h.parseReachable(text)
			if err != nil {
				return nil, err
			}
			if list.bootstrap && d.only {
				continue
			}
			h.gate.name(e)
			d.fixed = append(d.fixed, &fixedPeer{endpoint: e, bootstrap: list.bootstrap})
		}
	}
	return d, nil
}

// parseReachable reads a peer that this node could dial.
func (h *Host) parseReachable(text string) (endpoint, error) {
	e, err := parseEndpoint(text)
	if err == nil && h.cfg.Proxy != "" && e.named() {
		err = fmt.Errorf("the peer %q: with a proxy an IP address is needed, a name would be looked up around it", text)
	}
	if err == nil && e.relayed() && (h.cfg.Proxy != "" || !h.cfg.Discovery.HolePunch) {
		err = fmt.Errorf("the peer %q: hole punching is off, so a peer behind a relay cannot be reached", text)
	}
	return e, err
}

// Dial connects to PEER, which is HOST:PORT or a multiaddr, returns its id and
// keeps it connected from then on. Where it is not met the error is ErrUnreached.
func (h *Host) Dial(ctx context.Context, text string) (PeerID, error) {
	e, err := h.parseReachable(text)
	if err != nil {
		return "", err
	}
	h.gate.name(e)
	if !h.tasks.enter() {
		return "", ErrClosed
	}
	defer h.tasks.leave()
	id, err := h.connectTo(ctx, e, "")
	if err != nil {
		return "", unreached(text, err)
	}
	h.dialer.keep(&fixedPeer{endpoint: e, last: id})
	return id, nil
}

// connect connects to a peer and waits for its hello to be accepted.
func (h *Host) connect(ctx context.Context, info peer.AddrInfo) error {
	if info.ID == h.id {
		return errSelf
	}
	ctx, cancel := context.WithTimeout(ctx, h.cfg.Limits.DialTimeout)
	defer cancel()
	verdict := h.roster.hope(info.ID)
	defer h.roster.drop(verdict)
	err := h.net.Connect(network.WithForceDirectDial(ctx, "peers are met directly"), info)
	if errors.Is(err, swarm.ErrDialToSelf) {
		return errSelf
	}
	if err != nil {
		return err
	}
	return h.roster.await(ctx, verdict)
}

// keep adds a fixed peer, unless it is one.
func (d *dialer) keep(p *fixedPeer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.ContainsFunc(d.fixed, func(o *fixedPeer) bool { return o.text == p.text }) {
		d.fixed = append(d.fixed, p)
	}
	if p.last != "" {
		d.h.net.ConnManager().Protect(p.last, protect)
	}
}

// visit takes up a peer found on the LAN.
func (d *dialer) visit(e endpoint) {
	d.mu.Lock()
	n := 0
	for _, p := range d.fixed {
		if p.neighbour {
			n++
		}
	}
	d.mu.Unlock()
	if n < maxNeighbours && !d.only {
		d.keep(&fixedPeer{endpoint: e, neighbour: true})
	}
}

// run dials whenever there is reason to, until ctx ends.
func (d *dialer) run(ctx context.Context) {
	ticker := time.NewTicker(d.h.cfg.Limits.DialPause)
	defer ticker.Stop()
	for {
		d.dialFixed()
		if !d.only {
			d.dialBook()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// dialFixed starts a dial to every fixed peer that is due.
func (d *dialer) dialFixed() {
	now, alone := d.h.cfg.Now(), d.h.roster.count() == 0
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.fixed {
		if p.busy || now.Before(p.next) || p.bootstrap && !alone || p.last != "" && d.h.roster.isMember(p.last) {
			continue
		}
		p.busy = true
		d.h.spawn("dial", func(ctx context.Context) { d.tryFixed(ctx, p) })
	}
}

func (d *dialer) tryFixed(ctx context.Context, p *fixedPeer) {
	id, err := d.h.connectTo(ctx, p.endpoint, p.last)
	d.count(err)
	wait := d.h.archive.jitter(min(fixedPause<<min(p.failures, 10), fixedLongest))
	d.mu.Lock()
	defer d.mu.Unlock()
	p.busy, p.next = false, d.h.cfg.Now().Add(wait)
	if err != nil {
		p.failures++
		d.h.rare.info("a peer cannot be reached", "peer", p.text, "error", Printable(err.Error(), 300))
		if p.neighbour && p.failures >= neighbourTries {
			d.fixed = slices.DeleteFunc(d.fixed, func(o *fixedPeer) bool { return o == p })
		}
		return
	}
	p.failures = 0
	if p.last != id {
		p.last = id
		d.h.cfg.Log.Info("connected", "peer", p.text, "id", id)
	}
	if !p.bootstrap {
		d.h.net.ConnManager().Protect(id, protect)
	}
}

func (d *dialer) count(err error) {
	d.h.counts.dials.Add(1)
	if err != nil {
		d.h.counts.failures.Add(1)
	}
}

// dialBook starts at most one dial to an entry of the book: for a free slot, or
// as a feeler.
func (d *dialer) dialBook() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy >= dialsAtOnce {
		return
	}
	now := d.h.cfg.Now()
	if len(d.slots) < d.h.cfg.Limits.Outbound {
		if e, ok := d.next(); ok {
			d.slots[e.ID] = slot{entry: e}
			d.start(func(ctx context.Context) { d.tryEntry(ctx, e) })
		}
		return
	}
	if !now.Before(d.feeler) {
		d.feeler = now.Add(d.h.cfg.Limits.FeelerPause)
		if e, ok := d.h.archive.pick(true, d.free); ok {
			d.start(func(ctx context.Context) { d.feel(ctx, e) })
		}
	}
}

func (d *dialer) start(f func(context.Context)) {
	d.busy++
	d.h.spawn("dial", func(ctx context.Context) {
		f(ctx)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.busy--
	})
}

// next returns the anchors of the last run first, then what the book picks.
func (d *dialer) next() (addrbook.Entry, bool) {
	for len(d.anchors) > 0 {
		e := d.anchors[0]
		d.anchors = d.anchors[1:]
		if d.free(&e) {
			return e, true
		}
	}
	return d.h.archive.pick(false, d.free)
}

// free reports whether an entry may take a slot beside those that are taken.
func (d *dialer) free(e *addrbook.Entry) bool {
	if _, taken := d.slots[e.ID]; taken || e.ID == d.h.id || d.h.roster.isMember(e.ID) {
		return false
	}
	return d.carrierIsFree(e.ID, e.Addr.Addr()) && d.h.gate.lists(e.ID, e.Addr.Addr())
}

// carrierIsFree reports whether no other slot is taken by a peer of the same
// carrier. On one's own machine there is only one.
func (d *dialer) carrierIsFree(id PeerID, ip netip.Addr) bool {
	if isLocal(d.h.cfg.Params) && ip.IsLoopback() {
		return true
	}
	for other, s := range d.slots {
		if other != id && addrbook.Carrier(s.entry.Addr.Addr()) == addrbook.Carrier(ip) {
			return false
		}
	}
	return true
}

// tryEntry dials an entry for the slot it has taken.
func (d *dialer) tryEntry(ctx context.Context, e addrbook.Entry) {
	where, err := d.reach(ctx, e)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil || !d.h.roster.isMember(e.ID) { // or gone again
		delete(d.slots, e.ID)
		return
	}
	// The peer may have been reached where another address of it leads.
	if e.Addr = where; !d.carrierIsFree(e.ID, where.Addr()) {
		delete(d.slots, e.ID)
		d.h.spawn("hang up", func(context.Context) { d.h.Hangup(e.ID) })
		return
	}
	d.slots[e.ID] = slot{entry: e, connected: true}
	d.h.net.ConnManager().Protect(e.ID, protect)
}

// feel tries an entry and hangs up, so that the book knows it works.
func (d *dialer) feel(ctx context.Context, e addrbook.Entry) {
	if _, err := d.reach(ctx, e); err == nil {
		d.h.Hangup(e.ID)
	}
}

// reach dials an entry, tells the book what came of it, and returns where the
// connection leads.
func (d *dialer) reach(ctx context.Context, e addrbook.Entry) (addrbook.Address, error) {
	err := d.h.connect(ctx, peer.AddrInfo{ID: e.ID, Addrs: []ma.Multiaddr{multiaddrOf(e.Addr)}})
	d.count(err)
	switch {
	case ctx.Err() != nil:
		return e.Addr, ctx.Err()
	case err != nil && d.h.roster.count() == 0:
		d.h.archive.dialled(e.ID, e.Addr, undecided) // this node may be offline
	case err != nil:
		d.h.archive.dialled(e.ID, e.Addr, failed)
	default:
		if a, ok := d.h.dialledAt(e.ID); ok {
			e.Addr = a
		}
		d.h.archive.dialled(e.ID, e.Addr, worked)
	}
	return e.Addr, err
}

// dialledAt returns where this node reached a peer.
func (h *Host) dialledAt(id PeerID) (addr addrbook.Address, ok bool) {
	for _, c := range h.net.Network().ConnsToPeer(id) {
		if a, is := addressOf(c.RemoteMultiaddr()); is && c.Stat().Direction == network.DirOutbound {
			addr, ok = a, true
		}
	}
	return addr, ok
}

// left frees the slot of a peer that is gone.
func (d *dialer) left(id PeerID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.slots[id].connected {
		delete(d.slots, id)
		d.h.net.ConnManager().Unprotect(id, protect)
	}
}

// keepAnchors remembers the oldest outbound peers for the next start. While
// there are none the last ones stay.
func (d *dialer) keepAnchors() {
	d.mu.Lock()
	var anchors []addrbook.Entry
	for _, p := range d.h.roster.peers() {
		if s := d.slots[p.ID]; s.connected && len(anchors) < d.h.cfg.Limits.Anchors {
			anchors = append(anchors, s.entry)
		}
	}
	d.mu.Unlock()
	if len(anchors) > 0 {
		d.h.archive.setAnchors(anchors)
	}
}
