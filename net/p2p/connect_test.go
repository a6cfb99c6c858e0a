package p2p

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

// A node that is to speak with named peers alone dials nobody else and lets
// nobody else in: a name without an id stands for all at its address, one with an
// id for that id wherever it is.
func TestConnectNamesTheOnlyPeers(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		hub, far := a.node(t, "30.1.0.1:16111", nil), a.node(t, "31.1.0.1:16111", nil)
		place, _, _ := strings.Cut(hub.Addrs()[0], "/p2p/")
		for _, c := range []struct {
			name, connect string
			sameAddress   bool
		}{{"address", place, true}, {"id", hub.Addrs()[0], false}} {
			n := a.node(t, "20.1.0.1:16111", func(cfg *Config) {
				cfg.Connect, cfg.Bootstrap = []string{c.connect}, far.Addrs()[:1]
			})
			where := netip.MustParseAddrPort("31.1.0.1:16111")
			n.archive.learn(netip.Addr{}, addrbook.Record{ID: far.ID(), Addrs: []addrbook.Address{{AddrPort: where, QUIC: true}}})
			if p := receive(t, n.joined); p.ID != hub.ID() || p.Inbound {
				t.Errorf("by %s: met %+v", c.name, p)
			}
			if a.gets(t, n, "32.1.0.1:16111") {
				t.Errorf("by %s: a stranger is let in", c.name)
			}
			if got := a.gets(t, n, "30.1.0.1:2000"); got != c.sameAddress {
				t.Errorf("by %s: another key at the same address is let in = %v", c.name, got)
			}
			n.Hangup(hub.ID()) // and is back, after more than one round of the dialer
			for receive(t, n.joined).ID != hub.ID() {
			}
			if len(n.Peers()) > 2 || n.roster.isMember(far.ID()) {
				t.Errorf("by %s: the peers are %+v", c.name, n.Peers())
			}
			if _, err := n.Dial(t.Context(), far.Addrs()[0]); err != nil {
				t.Errorf("by %s: who was named later is not met: %v", c.name, err)
			}
			n.end(t)
		}
	})
}

// Who named a peer lets it in as well.
func TestConnectLetsTheNamedIn(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		friend := a.stranger(t, "30.1.0.1:1000")
		key := friend.Peerstore().PrivKey(friend.ID())
		for name, connect := range map[string]string{
			"address": "/ip4/30.1.0.1/udp/9/quic-v1",
			"id":      "/ip4/39.1.0.1/udp/9/quic-v1/p2p/" + friend.ID().String(),
		} {
			n := a.node(t, "20.1.0.1:16111", func(c *Config) { c.Connect = []string{connect} })
			if err := friend.connect(n); err != nil || friend.tryGreet(n) != nil {
				t.Errorf("named by its %s it is not let in: %v", name, err)
			}
			n.end(t)
		}
		friend.Close()
		moved := a.stranger(t, "33.1.0.1:1000", libp2p.Identity(key))
		n := a.node(t, "20.1.0.1:16111", func(c *Config) {
			c.Connect = []string{"/ip4/30.1.0.1/udp/9/quic-v1/p2p/" + moved.ID().String()}
		})
		if err := moved.connect(n); err != nil || moved.tryGreet(n) != nil {
			t.Errorf("elsewhere it is not let in: %v", err)
		}
	})
}

// A name is looked up; who answers there is the one that is named.
func TestConnectByName(t *testing.T) {
	hub := startNode(t, nil)
	_, port, _ := net.SplitHostPort(hub.tcp(t))
	n := startNode(t, func(c *Config) { c.Connect = []string{"localhost:" + port} })
	if p := receive(t, n.joined); p.ID != hub.ID() {
		t.Errorf("met %+v", p)
	}
	if s := newStranger(t); s.connect(n) == nil && s.tryGreet(n) == nil {
		t.Error("a stranger is let in")
	}
}

// What looks for strangers, or announces the node to them, is off.
func TestConnectAnnouncesNothing(t *testing.T) {
	all := Discovery{MDNS: true, DHT: true, PortMap: true, AutoNAT: true, HolePunch: true, Relay: true}
	n := startNode(t, func(c *Config) { c.Connect, c.Discovery = []string{"127.0.0.1:1"}, all })
	if got := n.Host.cfg.Discovery; got != (Discovery{HolePunch: true, Relay: true}) || n.kad != nil {
		t.Errorf("on is %+v", got)
	}
}
