package p2p

import (
	"slices"
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/network"
)

// What a node is configured to do to be found behind NAT is what the library is
// told to do, and nothing besides.
func TestDiscoveryIsWhatTheLibraryDoes(t *testing.T) {
	all := Discovery{MDNS: true, DHT: true, PortMap: true, AutoNAT: true, HolePunch: true, Relay: true}
	type switches struct{ portMap, autoNAT, relayClient, relayService, punch, publicByDecree bool }
	for name, c := range map[string]struct {
		discovery Discovery
		proxy     string
		want      switches
	}{
		"all":          {all, "", switches{true, true, true, true, true, false}},
		"none":         {Discovery{}, "", switches{publicByDecree: true}},
		"proxy":        {all, "127.0.0.1:1", switches{publicByDecree: true}},
		"port mapping": {Discovery{PortMap: true}, "", switches{portMap: true, publicByDecree: true}},
		"AutoNAT":      {Discovery{AutoNAT: true}, "", switches{autoNAT: true}},
		"relay client": {Discovery{Relay: true}, "", switches{relayClient: true, publicByDecree: true}},
		"named peers":  {all.ofNamed(), "", switches{relayClient: true, punch: true, publicByDecree: true}},
	} {
		h := &Host{cfg: Config{Discovery: c.discovery, Proxy: c.proxy}}
		var told libp2p.Config
		if err := told.Apply(h.reach()); err != nil {
			t.Fatal(err)
		}
		decree := told.AutoNATConfig.ForceReachability
		got := switches{
			told.NATManager != nil, told.AutoNATConfig.EnableService && told.EnableAutoNATv2,
			told.Relay && told.EnableAutoRelay, told.EnableRelayService, told.EnableHolePunching,
			decree != nil && *decree == network.ReachabilityPublic,
		}
		if got != c.want {
			t.Errorf("%s: the library does %+v, want %+v", name, got, c.want)
		}
	}
}

// A node listens by TCP and by QUIC on one port; behind a proxy by TCP alone.
func TestTransports(t *testing.T) {
	for name, c := range map[string]struct {
		proxy string
		want  []string
	}{"direct": {"", []string{"quic", "tcp"}}, "proxy": {"127.0.0.1:1", []string{"tcp"}}} {
		n := startNode(t, func(cfg *Config) { cfg.Proxy = c.proxy })
		var got []string
		for _, m := range n.net.Network().ListenAddresses() {
			a, ok := addressOf(m)
			if !ok {
				t.Fatalf("%s: listens on %v", name, m)
			}
			kind, _, _ := strings.Cut(a.String(), "/")
			got = append(got, kind)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: listens by %v, want %v", name, got, c.want)
		}
	}
}

// A node that asks nobody does not say whether it can be reached.
func TestReachableIsUnknownUnasked(t *testing.T) {
	n := startNode(t, nil)
	if _, known := n.Reachable(); known {
		t.Error("it knows by itself")
	}
}
