package p2p

import (
	"errors"
	"testing"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
)

// A peer named by its relay is met directly. It dials back, so that each side has
// a connection of the wrong direction: who dialled through the relay chose the
// other all the same.
func TestRelayedPeersAreMetDirectly(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		relay := a.stranger(t, "50.1.0.1:16111", libp2p.EnableRelayService())
		place := relay.Addrs()[0].String() + "/p2p/" + relay.ID().String()
		node := func(at string, d Discovery) *testNode {
			n := a.node(t, at, func(c *Config) { c.Discovery, c.Add = d, []string{place} })
			relay.answersHello(protocol.ID(n.prefix))
			receive(t, n.joined)
			return n
		}
		seeker, found := node("20.1.0.1:16111", relaying), node("30.1.0.1:16111", relaying)
		through := place + "/p2p-circuit/p2p/"
		if _, err := seeker.Dial(t.Context(), through+found.ID().String()); err == nil {
			t.Error("met without a reservation at the relay")
		}
		reserve(t, found, relay)
		if id, err := seeker.Dial(t.Context(), through+found.ID().String()); id != found.ID() || err != nil {
			t.Fatalf("met %s: %v", id, err)
		}
		if p := receive(t, found.joined); p.ID != seeker.ID() || !p.Inbound || p.Address != "20.1.0.1:16111" {
			t.Errorf("the peer found sees %+v", p)
		}
		if p := receive(t, seeker.joined); p.ID != found.ID() || p.Inbound || p.Address != "30.1.0.1:16111" {
			t.Errorf("the seeker sees %+v", p)
		}
		for _, c := range seeker.net.Network().ConnsToPeer(found.ID()) {
			if c.Stat().Limited {
				t.Error("the relayed connection is kept")
			}
		}

		deaf := node("31.1.0.1:16111", Discovery{Relay: true})
		reserve(t, deaf, relay)
		if _, err := seeker.connectTo(t.Context(), mustParse(t, through+deaf.ID().String()), ""); !errors.Is(err, errNoHole) {
			t.Errorf("a peer that punches no holes: %v", err)
		}
	})
}

func mustParse(t *testing.T, text string) endpoint {
	t.Helper()
	e, err := parseEndpoint(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// reserve has a relay lead to a node, as the library does by itself once a node
// knows that it is behind NAT.
func reserve(t *testing.T, n *testNode, relay *stranger) {
	t.Helper()
	if _, err := client.Reserve(t.Context(), n.net, peer.AddrInfo{ID: relay.ID(), Addrs: relay.Addrs()}); err != nil {
		t.Fatal(err)
	}
}
