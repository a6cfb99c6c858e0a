package p2p

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
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
	net network.Network

	mu      sync.Mutex
	closed  bool
	upnp    []basichost.NATManager // for TCP, and for QUIC once that found a router
	outside netip.Addr
	ports   map[lease]uint16 // outside
}

var _ basichost.NATManager = (*portMapper)(nil)

// A half is the addresses of one transport on which the node listens. The library
// gives back one port of each number: TCP or QUIC would keep theirs.
type half struct {
	network.Network
	quic bool
}

// ListenAddresses implements network.Network.
func (h half) ListenAddresses() []ma.Multiaddr {
	return slices.DeleteFunc(h.Network.ListenAddresses(), func(addr ma.Multiaddr) bool {
		a, ok := addressOf(addr)
		return !ok || a.QUIC != h.quic
	})
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
	return &portMapper{upnp: []basichost.NATManager{basichost.NewNATManager(half{n, false})}, net: n, ports: map[lease]uint16{}}
}

// GetMapping implements basichost.NATManager: where a listening address is
// reached from outside, nil when it is not.
func (m *portMapper) GetMapping(addr ma.Multiaddr) ma.Multiaddr {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range m.upnp {
		if mapped := u.GetMapping(addr); mapped != nil {
			return mapped
		}
	}
	l, ok := leaseOf(addr)
	if port := m.ports[l]; ok && port != 0 {
		return multiaddrOf(addrbook.Address{AddrPort: netip.AddrPortFrom(m.outside, port), QUIC: l.quic})
	}
	return nil
}

// HasDiscoveredNAT implements basichost.NATManager.
func (m *portMapper) HasDiscoveredNAT() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.ports) > 0 || m.speaksUPnP()
}

func (m *portMapper) speaksUPnP() bool { return m.upnp[0].HasDiscoveredNAT() }

// Close implements basichost.NATManager: the router gets its ports back. It may be
// called again.
func (m *portMapper) Close() (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	for _, u := range m.upnp {
		err = errors.Join(err, u.Close())
	}
	return err
}

// hasUPnP reports whether the router speaks UPnP, which is then asked for the ports
// of QUIC too.
func (m *portMapper) hasUPnP() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := m.speaksUPnP()
	if found && len(m.upnp) == 1 && !m.closed {
		m.upnp = append(m.upnp, basichost.NewNATManager(half{m.net, true}))
	}
	return found
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
		if wait = leaseRetry; !m.hasUPnP() && m.renew() {
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
