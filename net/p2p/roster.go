package p2p

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"golang.org/x/time/rate"

	"github.com/jio-dag/jio/net/wire"
)

// A link is one connection. Its hello is judged once.
type link struct {
	conn    network.Conn
	inbound bool          // the peer chose this node
	judged  chan struct{} // closed when the hello is over
	limit   *time.Timer   // turns away who says nothing

	// Guarded by the roster; refusal may be read once judged is closed.
	greeting bool // a hello of the peer is being read
	refusal  error
	record   []byte // as the peer signed it
}

func (l *link) id() PeerID { return l.conn.RemotePeer() }

// A member is a peer with a link whose hello was accepted.
type member struct {
	id       PeerID
	links    []*link // those whose hello was accepted, the oldest first
	hello    []byte
	since    time.Time
	ping     time.Duration
	requests *rate.Limiter // parts of metered requests
	gossip   *rate.Limiter // bytes
	control  *rate.Limiter // bytes of them that are no messages
	scolds   *rate.Limiter // deeds for floods
	leave    context.CancelFunc
}

// A change of the roster is told to the owner in the order it happened.
type change struct {
	id     PeerID
	joined bool
	peer   Peer
	ctx    context.Context // of a member that joined: until it leaves
}

// A roster knows every connection and which peers are members.
type roster struct {
	limits *Limits
	now    func() time.Time
	wake   chan struct{} // holds one wake-up for who reads changes

	mu      sync.Mutex
	links   map[string]*link // by connection id
	hopes   map[*hope]bool
	members map[PeerID]*member
	changes []change
}

func newRoster(limits *Limits, now func() time.Time) *roster {
	return &roster{
		limits: limits, now: now, wake: make(chan struct{}, 1),
		links: map[string]*link{}, hopes: map[*hope]bool{}, members: map[PeerID]*member{},
	}
}

// add notes a new connection; late is called when its hello takes too long.
func (r *roster) add(conn network.Conn, inbound bool, late func(*link)) *link {
	l := &link{conn: conn, inbound: inbound, judged: make(chan struct{})}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.links[conn.ID()] = l
	l.limit = time.AfterFunc(r.limits.HelloTimeout, func() { late(l) })
	return l
}

// link returns the link of a connection, nil when it is gone.
func (r *roster) link(conn network.Conn) *link {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.links[conn.ID()]
}

// begin claims the hello of a link; only the first claim succeeds.
func (r *roster) begin(l *link) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !l.greeting
	l.greeting = true
	return first
}

// refuse ends the hello of a link for the worse, and reports whether it had not
// ended before.
func (r *roster) refuse(l *link, why error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !l.open() {
		return false
	}
	r.close(l, why)
	return true
}

// accept ends the hello of a link for the better, if its connection still stands.
func (r *roster) accept(ctx context.Context, l *link, hello []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !l.open() || r.links[l.conn.ID()] != l {
		return
	}
	r.close(l, nil)
	m := r.members[l.id()]
	if m == nil {
		m = &member{
			id: l.id(), since: r.now(),
			requests: rate.NewLimiter(rate.Limit(r.limits.RequestsPerMinute*wire.RequestParts)/60, r.limits.RequestBurst*wire.RequestParts),
			gossip:   rate.NewLimiter(rate.Limit(r.limits.GossipRate), r.limits.GossipBurst),
			control:  rate.NewLimiter(rate.Limit(r.limits.ControlRate), r.limits.ControlBurst),
			scolds:   rate.NewLimiter(rate.Every(time.Minute), 1),
		}
		r.members[m.id] = m
		ctx, m.leave = context.WithCancel(ctx)
		m.links, m.hello = []*link{l}, hello
		r.note(change{id: m.id, joined: true, peer: m.snapshot(), ctx: ctx})
		return
	}
	m.links, m.hello = append(m.links, l), hello
}

func (l *link) open() bool {
	select {
	case <-l.judged:
		return false
	default:
		return true
	}
}

func (r *roster) close(l *link, why error) {
	l.refusal = why
	l.limit.Stop()
	close(l.judged)
	for h := range r.hopes {
		h.hear(l.id(), why)
	}
}

// remove forgets a connection that ended.
func (r *roster) remove(conn network.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.links[conn.ID()]
	if l == nil {
		return
	}
	delete(r.links, conn.ID())
	if l.open() {
		r.close(l, ErrNotConnected)
	}
	m := r.members[l.id()]
	if m == nil {
		return
	}
	m.links = slices.DeleteFunc(m.links, func(o *link) bool { return o == l })
	if len(m.links) == 0 {
		delete(r.members, m.id)
		m.leave()
		r.note(change{id: m.id})
	}
}

func (r *roster) note(c change) {
	r.changes = append(r.changes, c)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// news returns the changes since it was last called.
func (r *roster) news() []change {
	r.mu.Lock()
	defer r.mu.Unlock()
	news := r.changes
	r.changes = nil
	return news
}

func (r *roster) isMember(id PeerID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.members[id] != nil
}

// count returns how many members there are.
func (r *roster) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members)
}

// inbound returns how many connections came from outside.
func (r *roster) inbound() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.links {
		if l.inbound {
			n++
		}
	}
	return n
}

// spend takes from an allowance of a member and reports whether there was
// enough; a peer that is none has no allowance.
func (r *roster) spend(id PeerID, of func(*member) *rate.Limiter, n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.members[id]
	return m != nil && of(m).AllowN(r.now(), n)
}

// charge takes the parts of a request from its peer's allowance, but for the
// first, which was taken before. They may exceed what is left: then the peer
// waits longer for its next request.
func (r *roster) charge(id PeerID, parts int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.members[id]; m != nil {
		m.requests.ReserveN(r.now(), parts-1)
	}
}

func (r *roster) setPing(id PeerID, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.members[id]; m != nil {
		m.ping = d
	}
}

// setRecord keeps the signed record that came over a connection.
func (r *roster) setRecord(conn network.Conn, envelope []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.links[conn.ID()]; l != nil {
		l.record = envelope
	}
}

// record returns the signed record of a member, nil when there is none.
func (r *roster) record(id PeerID) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.members[id]; m != nil {
		for _, l := range m.links {
			if l.record != nil {
				return l.record
			}
		}
	}
	return nil
}

// addresses returns where the links of a peer lead, member or not.
func (r *roster) addresses(id PeerID) (ips []netip.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.links {
		if ip := ipOf(l.conn.RemoteMultiaddr()); l.id() == id && ip.IsValid() && !slices.Contains(ips, ip) {
			ips = append(ips, ip)
		}
	}
	return ips
}

// conns returns the connections that are told by a test of their peer and
// address.
func (r *roster) conns(is func(id PeerID, ip netip.Addr) bool) (conns []network.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.links {
		if is(l.id(), ipOf(l.conn.RemoteMultiaddr())) {
			conns = append(conns, l.conn)
		}
	}
	return conns
}

// peers returns the members, the oldest first, as far as the roster knows them.
func (r *roster) peers() []Peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	peers := make([]Peer, 0, len(r.members))
	for _, m := range r.members {
		peers = append(peers, m.snapshot())
	}
	slices.SortFunc(peers, func(a, b Peer) int {
		return cmp.Or(a.Connected.Compare(b.Connected), cmp.Compare(a.ID, b.ID))
	})
	return peers
}

func (m *member) snapshot() Peer {
	conn := m.links[0].conn
	return Peer{
		ID: m.id, Address: showAddress(conn.RemoteMultiaddr()), Inbound: m.links[0].inbound,
		Ping: m.ping, Connected: m.since, Hello: m.hello,
	}
}
