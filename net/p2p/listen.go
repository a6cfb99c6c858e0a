package p2p

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

// listen comes last when a Host is opened: whoever connects finds everything in
// place.
func (h *Host) listen() error {
	if h.cfg.Listen == "" {
		return nil
	}
	places, err := listenPlaces(h.cfg.Listen, h.cfg.Proxy == "")
	if err != nil {
		return err
	}
	addrs := make([]ma.Multiaddr, len(places))
	for i, a := range places {
		if err := taken(a); err != nil {
			return err
		}
		addrs[i] = multiaddrOf(a)
	}
	return h.net.Network().Listen(addrs...)
}

// listenPlaces returns where HOST:PORT means to listen; without a host, on all
// interfaces.
func listenPlaces(hostPort string, quic bool) (places []addrbook.Address, err error) {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	ports := []string{hostPort}
	if host == "" {
		ports = []string{"0.0.0.0" + hostPort, "[::]" + hostPort}
	}
	for _, text := range ports {
		ap, err := netip.ParseAddrPort(text)
		if err != nil {
			return nil, fmt.Errorf("p2p: listen on %q: an IP address and a port are needed", hostPort)
		}
		places = append(places, addrbook.Address{AddrPort: ap})
		if quic {
			places = append(places, addrbook.Address{AddrPort: ap, QUIC: true})
		}
	}
	return places, nil
}

// taken reports an address that another program listens on. The library shares
// ports, so without asking two nodes would split each other's connections.
func taken(a addrbook.Address) error {
	if a.QUIC {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(a.AddrPort))
		if err == nil {
			return c.Close()
		}
		return inUse(a, err)
	}
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(a.AddrPort))
	if err == nil {
		return l.Close()
	}
	return inUse(a, err)
}

// inUse lets pass what the library will say better, or may work around: no IPv6
// on this machine, for example.
func inUse(a addrbook.Address, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("p2p: listen on %v: %w", a, err)
	}
	return nil
}
