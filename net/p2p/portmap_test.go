package p2p

import (
	"net/netip"
	"testing"

	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	ma "github.com/multiformats/go-multiaddr"
)

// noRouter speaks no UPnP.
type noRouter struct{}

func (noRouter) GetMapping(ma.Multiaddr) ma.Multiaddr { return nil }
func (noRouter) HasDiscoveredNAT() bool               { return false }
func (noRouter) Close() error                         { return nil }

func TestMappedPorts(t *testing.T) {
	m := &portMapper{
		upnp: []basichost.NATManager{noRouter{}}, outside: netip.MustParseAddr("8.1.2.3"),
		ports: map[lease]uint16{{false, 1000}: 2000, {true, 1000}: 3000},
	}
	for listening, want := range map[string]string{
		"/ip4/0.0.0.0/tcp/1000":               "/ip4/8.1.2.3/tcp/2000",
		"/ip4/192.168.1.2/tcp/1000":           "/ip4/8.1.2.3/tcp/2000",
		"/ip4/0.0.0.0/udp/1000/quic-v1":       "/ip4/8.1.2.3/udp/3000/quic-v1",
		"/ip4/127.0.0.1/tcp/1000":             "",
		"/ip4/0.0.0.0/tcp/1001":               "",
		"/ip6/::/tcp/1000":                    "",
		"/ip4/0.0.0.0/udp/1000/webrtc-direct": "",
	} {
		got := ""
		if mapped := m.GetMapping(ma.StringCast(listening)); mapped != nil {
			got = mapped.String()
		}
		if got != want {
			t.Errorf("%s is reached at %q, want %q", listening, got, want)
		}
	}
	if !m.HasDiscoveredNAT() || (&portMapper{upnp: []basichost.NATManager{noRouter{}}}).HasDiscoveredNAT() {
		t.Error("a router is found where there is none, or is not where there is one")
	}
}
