package p2p

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/metrics"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"

	"github.com/jio-dag/jio/chain/params"
)

// An air carries the UDP packets of a test from any address to any other, in
// virtual time, and loses none that somebody waits for.
type air struct {
	t *testing.T

	mu    sync.Mutex
	conns map[netip.AddrPort]*airConn
}

// airTime is how long a packet takes.
const airTime = 20 * time.Millisecond

// inAir runs a test whose hosts have whatever addresses they like.
func inAir(t *testing.T, f func(t *testing.T, a *air)) {
	t.Helper()
	// What the library starts once for all hosts must not wait for virtual time.
	metrics.NewBandwidthCounter().LogSentMessage(1)
	synctest.Test(t, func(t *testing.T) { f(t, &air{t: t, conns: map[netip.AddrPort]*airConn{}}) })
}

// options make a libp2p host speak QUIC through the air. What it opened there
// is closed after it: call options before the host is opened.
func (a *air) options(t *testing.T) []libp2p.Option {
	own := &source{}
	manager := remembering(quicreuse.NewConnManager, func(m *quicreuse.ConnManager) {
		t.Cleanup(func() { m.Close() })
	})
	return []libp2p.Option{
		libp2p.Transport(libp2pquic.NewTransport),
		libp2p.DisableIdentifyAddressDiscovery(), // its timers are not of this time
		libp2p.QUICReuse(manager,
			quicreuse.OverrideSourceIPSelector(func() (quicreuse.SourceIPSelector, error) { return own, nil }),
			quicreuse.OverrideListenUDP(func(_ string, at *net.UDPAddr) (net.PacketConn, error) {
				own.ip = at.IP
				return a.listen(at), nil
			})),
	}
}

// remembering wraps a constructor, whose keys are of types only it needs to name.
func remembering[K, L any](make func(K, L, ...quicreuse.Option) (*quicreuse.ConnManager, error), keep func(*quicreuse.ConnManager)) func(K, L, ...quicreuse.Option) (*quicreuse.ConnManager, error) {
	return func(k K, l L, options ...quicreuse.Option) (*quicreuse.ConnManager, error) {
		m, err := make(k, l, options...)
		if err == nil {
			keep(m)
		}
		return m, err
	}
}

// A source says from which address a host dials: the one it listens on.
type source struct{ ip net.IP }

func (s *source) PreferredSourceIPForDestination(*net.UDPAddr) (net.IP, error) { return s.ip, nil }

// node runs a node of a public network, at IP:PORT.
func (a *air) node(t *testing.T, at string, change func(*Config)) *testNode {
	t.Helper()
	network := a.options(t)
	return startNode(t, func(c *Config) {
		c.Params, c.Limits, c.Listen, c.network = params.MainNet(), DefaultLimits(), at, network
		if change != nil {
			change(c)
		}
	})
}

// stranger makes a host without our manners at IP:PORT.
func (a *air) stranger(t *testing.T, at string, more ...libp2p.Option) *stranger {
	t.Helper()
	ap := netip.MustParseAddrPort(at)
	s := newStranger(t, append(a.options(t), more...)...)
	if err := s.Network().Listen(quicAt(ap)); err != nil {
		t.Fatal(err)
	}
	return s
}

func (a *air) listen(at *net.UDPAddr) *airConn {
	c := &airConn{air: a, at: plain(at), in: make(chan airPacket, 1<<12), over: make(chan struct{}), expired: make(chan struct{})}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conns[c.at] = c
	return c
}

// plain returns an address without the IPv6 dress that net gives to IPv4.
func plain(a net.Addr) netip.AddrPort {
	ap := a.(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

func (a *air) carry(to netip.AddrPort, p airPacket) {
	a.mu.Lock()
	c := a.conns[to]
	a.mu.Unlock()
	if c == nil {
		return
	}
	select {
	case c.in <- p:
	default: // as a socket whose buffer is full
	}
}

type airPacket struct {
	from netip.AddrPort
	data []byte
}

// An airConn is a socket.
type airConn struct {
	air  *air
	at   netip.AddrPort
	in   chan airPacket
	over chan struct{} // closed by Close
	once sync.Once

	expired chan struct{} // closed at the deadline
	expire  sync.Once
}

var _ net.PacketConn = (*airConn)(nil)

func (c *airConn) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case <-c.over:
		return 0, nil, net.ErrClosed
	case <-c.expired:
		return 0, nil, os.ErrDeadlineExceeded
	case p := <-c.in:
		return copy(b, p.data), net.UDPAddrFromAddrPort(p.from), nil
	}
}

func (c *airConn) WriteTo(b []byte, to net.Addr) (int, error) {
	p := airPacket{c.at, append([]byte(nil), b...)}
	time.AfterFunc(airTime, func() { c.air.carry(plain(to), p) })
	return len(b), nil
}

func (c *airConn) Close() error {
	c.once.Do(func() {
		close(c.over)
		c.air.mu.Lock()
		defer c.air.mu.Unlock()
		delete(c.air.conns, c.at)
	})
	return nil
}

func (c *airConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.at) }

// SetReadDeadline never takes back one that passed: who sets deadlines here does
// so in order to close.
func (c *airConn) SetReadDeadline(end time.Time) error {
	if !end.IsZero() {
		time.AfterFunc(time.Until(end), func() { c.expire.Do(func() { close(c.expired) }) })
	}
	return nil
}

func (c *airConn) SetWriteDeadline(time.Time) error { return nil }
func (c *airConn) SetDeadline(end time.Time) error  { return c.SetReadDeadline(end) }

// quic-go wants to be able to ask for large buffers.
func (c *airConn) SetReadBuffer(int) error  { return nil }
func (c *airConn) SetWriteBuffer(int) error { return nil }
