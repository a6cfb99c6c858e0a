package p2p

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// mapped is how far a port outside is from that inside: no peer could have
// observed it.
const mapped = 1000

// A pmpServer is the NAT-PMP server of a NAT (RFC 6886): it grants every mapping
// and carries TCP through those of TCP.
type pmpServer struct {
	inside  net.PacketConn
	outside netip.Addr
}

// mapPorts serves the network inside until the process ends.
func mapPorts(inside, outside string) error {
	c, err := net.ListenPacket("udp4", inside+":5351")
	if err != nil {
		return err
	}
	m := &pmpServer{inside: c, outside: netip.MustParseAddr(outside)}
	go m.run()
	return nil
}

func (m *pmpServer) run() {
	request := make([]byte, 64)
	for {
		n, from, err := m.inside.ReadFrom(request)
		if err != nil {
			return
		}
		if answer := m.answer(request[:n], from.(*net.UDPAddr).AddrPort().Addr().Unmap()); answer != nil {
			m.inside.WriteTo(answer, from)
		}
	}
}

func (m *pmpServer) answer(request []byte, from netip.Addr) []byte {
	const address, udp, tcp = 0, 1, 2
	switch {
	case len(request) == 2 && request[1] == address:
		ip := m.outside.As4()
		return append([]byte{0, 128 + address, 0, 0, 0, 0, 0, 1}, ip[:]...)
	case len(request) == 12 && (request[1] == udp || request[1] == tcp):
		answer := append([]byte{0, 128 + request[1], 0, 0, 0, 0, 0, 1}, request[4:6]...)
		port := binary.BigEndian.Uint16(request[4:])
		if request[1] == tcp {
			m.carry(port+mapped, netip.AddrPortFrom(from, port))
		}
		return append(binary.BigEndian.AppendUint16(answer, port+mapped), request[8:12]...)
	}
	return nil
}

// carry takes connections to a port outside to where they are wanted; it may be
// asked for the same again.
func (m *pmpServer) carry(port uint16, to netip.AddrPort) {
	l, err := net.Listen("tcp", netip.AddrPortFrom(m.outside, port).String())
	if err != nil {
		return
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go join(c, to)
		}
	}()
}

func join(c net.Conn, to netip.AddrPort) {
	defer c.Close()
	far, err := net.Dial("tcp", to.String())
	if err != nil {
		return
	}
	defer far.Close()
	go func() {
		io.Copy(far, c)
		far.Close()
	}()
	io.Copy(c, far)
}

// A node behind a NAT that maps ports is reached from outside, tells the address
// under which it is, and knows that it is public.
func TestPortsAreMapped(t *testing.T) {
	s := newStreet(t, "tcp", true)
	b, outside := s.rooms["home-b"], "/ip4/"+s.outside["home-b"]+"/tcp/17111"
	within(t, time.Minute, "b tells its address outside", func() bool {
		for _, a := range call[string, []string](b, "Addrs", "node") {
			if strings.HasPrefix(a, outside+"/") {
				return true
			}
		}
		return false
	})
	internet := s.rooms["internet"]
	internet.ip("address add 25.1.0.1/32 dev lo")
	call[Tenant, string](internet, "Open", Tenant{Name: "stranger", Listen: "25.1.0.1:16111"})
	if id := call[Call, string](internet, "Dial", Call{Name: "stranger", Peer: outside}); id != s.homes["home-b"] {
		t.Errorf("met %s", id)
	}
	within(t, 3*time.Minute, "b knows that it is public", func() bool { return call[string, string](b, "Reach", "node") == "true true" })
	within(t, 3*time.Minute, "a, behind a NAT that maps nothing, knows that it is not", func() bool {
		return call[string, string](s.rooms["home-a"], "Reach", "node") == "false true"
	})
}
