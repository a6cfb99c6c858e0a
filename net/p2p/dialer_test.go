package p2p

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/net/p2p/addrbook"
)

// A node that knows one other finds a third through it, and remembers both.
func TestPeersAreFoundThroughPeers(t *testing.T) {
	cfg := testConfig(t)
	hub, far := startNode(t, nil), startNode(t, nil)
	dial(t, far, hub)
	eventually(t, "the hub to know the far node's record", func() bool { return len(hub.archive.sample(9)) == 1 })
	cfg.Bootstrap = []string{hub.tcp(t)}
	a := runNode(t, cfg)
	met := map[PeerID]bool{}
	for len(met) < 2 {
		met[receive(t, a.joined).ID] = true
	}
	if !met[hub.ID()] || !met[far.ID()] {
		t.Errorf("met %v", met)
	}
	eventually(t, "a slot for the far node", func() bool {
		a.dialer.mu.Lock()
		defer a.dialer.mu.Unlock()
		return a.dialer.slots[far.ID()].connected
	})
	a.end(t)

	cfg.Bootstrap = nil
	a = runNode(t, cfg)
	for !a.roster.isMember(far.ID()) {
		receive(t, a.joined)
	}
}

func TestAnchorsAreKept(t *testing.T) {
	a := startNode(t, nil)
	var peers []*testNode
	for i := range 3 {
		n := startNode(t, nil)
		peers = append(peers, n)
		where := netip.MustParseAddrPort(n.tcp(t))
		a.archive.learn(netip.Addr{}, addrbook.Record{ID: n.ID(), Addrs: []addrbook.Address{{AddrPort: where}}})
		eventually(t, "an outbound peer", func() bool {
			a.dialer.mu.Lock()
			defer a.dialer.mu.Unlock()
			return a.dialer.slots[n.ID()].connected
		})
		if i == 0 && len(a.archive.anchors()) != 0 {
			t.Error("an anchor from the start")
		}
	}
	cfg := a.cfg
	a.end(t)
	h, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	anchors := h.dialer.anchors
	if len(anchors) != 2 {
		t.Fatalf("the anchors are %+v", anchors)
	}
	for i, n := range peers {
		kept := anchors[0].ID == n.ID() || anchors[1].ID == n.ID()
		if kept != (i < 2) {
			t.Errorf("peer %d is an anchor = %v; want the two oldest", i, kept)
		}
	}
}

// Two peers of one carrier take one slot.
func TestCarriersOfOutboundPeers(t *testing.T) {
	cfg := testConfig(t)
	cfg.Params = params.MainNet()
	cfg.Go = nil
	h := &Host{cfg: cfg}
	d := &dialer{h: h, slots: map[PeerID]slot{"a": {entry: addrbook.Entry{Addr: addrbook.Address{AddrPort: netip.MustParseAddrPort("192.0.2.1:1")}}}}}
	for ip, want := range map[string]bool{"192.0.3.3": false, "192.1.2.1": true, "127.0.0.1": true, "2a01:4f8::1": true} {
		if got := d.carrierIsFree("b", netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s is free = %v", ip, got)
		}
	}
	if !d.carrierIsFree("a", netip.MustParseAddr("192.0.3.3")) {
		t.Error("a peer stands in its own way")
	}
	d.slots["c"] = slot{entry: addrbook.Entry{Addr: addrbook.Address{AddrPort: netip.MustParseAddrPort("127.0.0.1:1")}}}
	if d.carrierIsFree("b", netip.MustParseAddr("127.0.0.2")) {
		t.Error("loopback is free on a public network")
	}
	h.cfg.Params = params.DevNet()
	if !d.carrierIsFree("b", netip.MustParseAddr("127.0.0.2")) {
		t.Error("loopback is not free on devnet")
	}
}

func TestFeelersTryAndHangUp(t *testing.T) {
	far := startNode(t, nil)
	a := startNode(t, func(c *Config) {
		c.Limits.Outbound, c.Limits.FeelerPause = 0, 20*time.Millisecond
	})
	where := netip.MustParseAddrPort(far.tcp(t))
	a.archive.learn(netip.Addr{}, addrbook.Record{ID: far.ID(), Addrs: []addrbook.Address{{AddrPort: where}}})
	receive(t, a.joined)
	if id := receive(t, a.left); id != far.ID() {
		t.Errorf("%s left", id)
	}
	tried := func(e *addrbook.Entry) bool { return e.Addr.AddrPort == where && !e.Addr.QUIC }
	if _, ok := a.archive.pick(true, tried); ok {
		t.Error("the book does not know that the address works")
	}
}

// A socksServer passes on what a SOCKS5 client wants and tells where to.
func socksServer(t *testing.T) (address string, asked <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	to := make(chan string, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go passOn(c, to)
		}
	}()
	return l.Addr().String(), to
}

// passOn serves one connection (RFC 1928): no authentication, CONNECT to IPv4.
func passOn(c net.Conn, to chan<- string) {
	defer c.Close()
	var greeting [3]byte
	var request [10]byte
	if _, err := io.ReadFull(c, greeting[:]); err != nil {
		return
	}
	c.Write([]byte{5, 0})
	if _, err := io.ReadFull(c, request[:]); err != nil {
		return
	}
	where := netip.AddrPortFrom(netip.AddrFrom4([4]byte(request[4:8])), binary.BigEndian.Uint16(request[8:]))
	to <- where.String()
	far, err := net.Dial("tcp", where.String())
	if err != nil {
		return
	}
	defer far.Close()
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go func() {
		io.Copy(far, c)
		far.Close()
	}()
	io.Copy(c, far)
}

func TestProxy(t *testing.T) {
	proxy, asked := socksServer(t)
	far := startNode(t, nil)
	a := startNode(t, func(c *Config) { c.Proxy = proxy })
	if _, err := a.Dial(t.Context(), far.tcp(t)); err != nil {
		t.Fatal(err)
	}
	if to := receive(t, asked); to != far.tcp(t) {
		t.Errorf("the proxy was asked for %s", to)
	}
	other := startNode(t, func(c *Config) { c.Proxy = proxy })
	for _, m := range far.Addrs() {
		if !strings.Contains(m, "quic") {
			continue
		}
		if _, err := other.Dial(t.Context(), m); err == nil {
			t.Error("QUIC goes around the proxy")
		}
	}
	if len(a.Addrs()) != 0 {
		t.Errorf("who hides tells its addresses: %v", a.Addrs())
	}
}

// With everything on that announces a node, it still starts and ends.
func TestDiscoveryStartsAndEnds(t *testing.T) {
	// Who does not ask whether it can be reached takes itself for public.
	a := startNode(t, func(c *Config) { c.Discovery = Discovery{DHT: true} })
	b := startNode(t, func(c *Config) {
		c.Discovery = Discovery{DHT: true, AutoNAT: true, HolePunch: true, Relay: true}
	})
	dial(t, b, a)
	eventually(t, "the DHT to know the other", func() bool { return b.kad.RoutingTable().Size() == 1 })
}

func TestDiscoveryOf(t *testing.T) {
	for _, name := range params.Names() {
		p, err := params.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		if on := DiscoveryOf(p) != (Discovery{}); on != (name == "mainnet" || name == "testnet") {
			t.Errorf("discovery on %s is on = %v", name, on)
		}
	}
}
