package p2p

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

// An endpoint is a peer as its user names it: HOST:PORT or a multiaddr, with or
// without its id.
type endpoint struct {
	text  string
	id    PeerID // "" until learnt
	addrs []ma.Multiaddr
}

// ParsePeer reports what is wrong with PEER as it is given on a command line:
// HOST:PORT, or a multiaddr that may end in /p2p/ID.
func ParsePeer(text string) error {
	_, err := parseEndpoint(text)
	return err
}

func parseEndpoint(text string) (endpoint, error) {
	if !strings.HasPrefix(text, "/") {
		addr, err := hostPort(text)
		return endpoint{text: text, addrs: []ma.Multiaddr{addr}}, err
	}
	addr, err := ma.NewMultiaddr(text)
	if err != nil {
		return endpoint{}, fmt.Errorf("the peer %q: %w", text, err)
	}
	addr, id := peer.SplitAddr(addr)
	if addr == nil {
		return endpoint{}, fmt.Errorf("the peer %q has no address", text)
	}
	if id != "" && !isEd25519(id) {
		return endpoint{}, fmt.Errorf("the peer %q: only ed25519 ids are let in", text)
	}
	e := endpoint{text: text, id: id, addrs: []ma.Multiaddr{addr}}
	if e.relayed() && (id == "" || strings.HasPrefix(addr.String(), "/p2p")) {
		return endpoint{}, fmt.Errorf("the peer %q: behind a relay the address of the relay and both ids are needed", text)
	}
	return e, nil
}

func hostPort(text string) (ma.Multiaddr, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return nil, fmt.Errorf("the peer %q: %w", text, err)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return nil, fmt.Errorf("the peer %q: no port %q", text, port)
	}
	kind := "dns"
	if ip, err := netip.ParseAddr(host); err == nil {
		kind, host = "ip6", ip.Unmap().WithZone("").String()
		if ip.Unmap().Is4() {
			kind = "ip4"
		}
	}
	addr, err := ma.NewMultiaddr("/" + kind + "/" + host + "/tcp/" + port)
	if err != nil {
		return nil, fmt.Errorf("the peer %q: %w", text, err)
	}
	return addr, nil
}

// named reports whether dialling the endpoint needs a name looked up.
func (e endpoint) named() bool { return strings.HasPrefix(e.addrs[0].String(), "/dns") }

// relayed reports whether the endpoint is behind NAT and its address that of a
// relay.
func (e endpoint) relayed() bool { return strings.HasSuffix(e.addrs[0].String(), "/p2p-circuit") }

// connectTo connects to an endpoint and returns its id. When the user gave none,
// a first dial under a guess fails with the id of who answered, and the second
// is under that.
func (h *Host) connectTo(ctx context.Context, e endpoint, guess PeerID) (id PeerID, err error) {
	id = e.id
	if id == "" {
		id = guess
	}
	if id == "" {
		if id, err = strangerID(); err != nil {
			return "", err
		}
		h.gate.expect(id)
		defer h.gate.unexpect(id)
	}
	h.startAfresh(id)
	if e.relayed() {
		return id, h.connectThrough(ctx, e)
	}
	err = h.connect(ctx, peer.AddrInfo{ID: id, Addrs: e.addrs})
	var mismatch sec.ErrPeerIDMismatch
	if e.id != "" || !errors.As(err, &mismatch) {
		return id, err
	}
	h.net.Peerstore().RemovePeer(id)
	h.net.Peerstore().ClearAddrs(id)
	id = mismatch.Actual
	if id == h.id {
		return id, errSelf
	}
	h.gate.learnt(e, id)
	h.startAfresh(id)
	return id, h.connect(ctx, peer.AddrInfo{ID: id, Addrs: e.addrs})
}

// startAfresh makes the library dial a peer where its user says and nowhere else,
// and now: by itself it would also try the addresses that the peer once told,
// which may lead around a tunnel, and would not try for a while what failed
// before, which the dialer minds already.
func (h *Host) startAfresh(id PeerID) {
	if h.roster.isMember(id) {
		return
	}
	h.net.Peerstore().ClearAddrs(id)
	if s, ok := h.net.Network().(*swarm.Swarm); ok {
		s.Backoff().Clear(id)
	}
}

// addressOf returns the address a multiaddr stands for; relayed ones and those
// of other transports are none.
func addressOf(m ma.Multiaddr) (addrbook.Address, bool) {
	if m == nil {
		return addrbook.Address{}, false
	}
	part := strings.Split(m.String(), "/")
	if len(part) > 2 && part[len(part)-2] == "p2p" {
		part = part[:len(part)-2]
	}
	quic := len(part) == 6 && part[3] == "udp" && part[5] == "quic-v1"
	if !quic && (len(part) != 5 || part[3] != "tcp") || part[1] != "ip4" && part[1] != "ip6" {
		return addrbook.Address{}, false
	}
	ip, err := netip.ParseAddr(part[2])
	port, err2 := strconv.ParseUint(part[4], 10, 16)
	if err != nil || err2 != nil {
		return addrbook.Address{}, false
	}
	return addrbook.Address{AddrPort: netip.AddrPortFrom(ip.Unmap(), uint16(port)), QUIC: quic}, true
}

// multiaddrOf is the inverse of addressOf.
func multiaddrOf(a addrbook.Address) ma.Multiaddr {
	family, suffix := "ip6", "/tcp/%d"
	if a.Addr().Is4() {
		family = "ip4"
	}
	if a.QUIC {
		suffix = "/udp/%d/quic-v1"
	}
	return ma.StringCast(fmt.Sprintf("/%s/%s"+suffix, family, a.Addr(), a.Port()))
}

// ipOf returns the address a connection comes from or goes to; an invalid one
// when it is relayed.
func ipOf(m ma.Multiaddr) netip.Addr {
	a, _ := addressOf(m)
	return a.Addr()
}

// showAddress returns HOST:PORT where a multiaddr has one.
func showAddress(m ma.Multiaddr) string {
	if a, ok := addressOf(m); ok {
		return a.AddrPort.String()
	}
	return Printable(m.String(), 128)
}
