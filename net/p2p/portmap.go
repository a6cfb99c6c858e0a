package p2p

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	natpmp "github.com/jackpal/go-nat-pmp"
	"github.com/libp2p/go-libp2p/core/network"
	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	"github.com/libp2p/go-netroute"
	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

const (
	// leaseTime is how long a port is asked for, renewed after half of it.
	leaseTime = time.Hour
	// leaseRetry is the time to the next attempt where none was granted.
	leaseRetry = 5 * time.Minute
	// upnpTime is how long the library looks for a router that speaks UPnP.
	upnpTime = 12 * time.Second
	// pmpTime is how long a router may take to answer by NAT-PMP.
	pmpTime = 2 * time.Second
)

// A portMapper asks the router for ports outside: by UPnP, which is the
// library's, and where no router speaks that by NAT-PMP (RFC 6886), for which the
// library asks the system for a route to 0.0.0.0, and gets none.
type portMapper struct {
	basichost.NATManager // UPnP
	net                  network.Network

	mu      sync.Mutex
	outside netip.Addr
	ports   map[lease]uint16 // outside
}

// A lease is one of the ports this node listens on.
type lease struct {
	quic bool
	port uint16
}

func (l lease) protocol() string {
	if l.quic {
		return "udp"
	}
	return "tcp"
}

func newPortMapper(n network.Network) *portMapper {
	return &portMapper{NATManager: basichost.NewNATManager(n), net: n, ports: map[lease]uint16{}}
}

// GetMapping implements basichost.NATManager: where a listening address is
// reached from outside, nil when it is not.
func (m *portMapper) GetMapping(addr ma.Multiaddr) ma.Multiaddr {
	if mapped := m.NATManager.GetMapping(addr); mapped != nil {
		return mapped
	}
	l, ok := leaseOf(addr)
	m.mu.Lock()
	defer m.mu.Unlock()
	if port := m.ports[l]; ok && port != 0 {
		return multiaddrOf(addrbook.Address{AddrPort: netip.AddrPortFrom(m.outside, port), QUIC: l.quic})
	}
	return nil
}

// HasDiscoveredNAT implements basichost.NATManager.
func (m *portMapper) HasDiscoveredNAT() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.ports) > 0 || m.NATManager.HasDiscoveredNAT()
}

// leaseOf returns what has to be asked for so that a listening address is reached
// from outside, if that makes sense.
func leaseOf(addr ma.Multiaddr) (lease, bool) {
	a, ok := addressOf(addr)
	ip := a.Addr()
	return lease{a.QUIC, a.Port()}, ok && ip.Is4() && (ip.IsUnspecified() || ip.IsGlobalUnicast())
}

// run keeps the ports by NAT-PMP until ctx ends, and gives them back.
func (m *portMapper) run(ctx context.Context) {
	for wait := upnpTime; pause(ctx, wait); {
		if wait = leaseRetry; !m.NATManager.HasDiscoveredNAT() && m.renew() {
			wait = leaseTime / 2
		}
	}
	m.giveBack()
}

// renew asks for all ports and reports whether there is a router that grants any.
func (m *portMapper) renew() bool {
	router, outside, ok := router()
	ports := map[lease]uint16{}
	for _, addr := range m.net.ListenAddresses() {
		l, wanted := leaseOf(addr)
		if !ok || !wanted {
			continue
		}
		granted, err := router.AddPortMapping(l.protocol(), int(l.port), int(l.port), int(leaseTime/time.Second))
		if err == nil {
			ports[l] = granted.MappedExternalPort
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.outside, m.ports = outside, ports
	return len(ports) > 0
}

// router returns the router that leads outside and the public address it has
// there.
func router() (*natpmp.Client, netip.Addr, bool) {
	routes, err := netroute.New()
	if err != nil {
		return nil, netip.Addr{}, false
	}
	_, gateway, _, err := routes.Route(net.IPv4(8, 8, 8, 8)) // somewhere outside: no packet goes there
	if err != nil || gateway == nil {
		return nil, netip.Addr{}, false
	}
	client := natpmp.NewClientWithTimeout(gateway, pmpTime)
	said, err := client.GetExternalAddress()
	if err != nil {
		return nil, netip.Addr{}, false
	}
	outside := netip.AddrFrom4(said.ExternalIPAddress)
	return client, outside, addrbook.Public(outside)
}

// giveBack ends the leases.
func (m *portMapper) giveBack() {
	m.mu.Lock()
	ports := m.ports
	m.ports = map[lease]uint16{}
	m.mu.Unlock()
	if len(ports) == 0 {
		return
	}
	if router, _, ok := router(); ok {
		for l := range ports {
			router.AddPortMapping(l.protocol(), int(l.port), 0, 0)
		}
	}
}
