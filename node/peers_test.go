package node

import (
	"strings"
	"testing"

	"github.com/jio-dag/jio/net/p2p"
)

func TestDiscoverTurnsOnAllThatFindsPeers(t *testing.T) {
	n := mustOpen(t, simConfig(t))
	for _, on := range []bool{false, true} {
		n.cfg.P2P = &P2P{Discover: on}
		want := p2p.Discovery{}
		if on {
			want = p2p.Discovery{MDNS: true, DHT: true, PortMap: true, AutoNAT: true, HolePunch: true, Relay: true}
		}
		if got := n.networkConfig(nil).P2P.Discovery; got != want {
			t.Errorf("with Discover = %v the host is told %+v", on, got)
		}
	}
}

// What the interface says of a node that listens: TCP and QUIC, and that nobody
// was asked whether it can be reached.
func TestNetworkOfAListener(t *testing.T) {
	cfg := simConfig(t)
	cfg.P2P = &P2P{Listen: "127.0.0.1:0"}
	seen := mustOpen(t, cfg).describeNetwork()
	var tcp, quic int
	for _, a := range seen.Listening {
		if strings.Contains(a, "/quic-v1/p2p/"+seen.PeerID) {
			quic++
		}
		if strings.Contains(a, "/tcp/") {
			tcp++
		}
	}
	if tcp != 1 || quic != 1 || len(seen.Listening) != 2 || seen.Public != "unknown" {
		t.Errorf("the node says %+v", seen)
	}
}
