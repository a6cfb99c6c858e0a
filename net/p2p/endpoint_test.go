package p2p

import (
	"net/netip"
	"testing"

	ma "github.com/multiformats/go-multiaddr"
	"pgregory.net/rapid"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

const someID = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"

func TestParsePeer(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1:16110":                     "/ip4/192.0.2.1/tcp/16110",
		"[2001:db8::1]:16110":                 "/ip6/2001:db8::1/tcp/16110",
		"[::ffff:192.0.2.1]:1":                "/ip4/192.0.2.1/tcp/1",
		"seed.example.org:16110":              "/dns/seed.example.org/tcp/16110",
		"/ip4/192.0.2.1/tcp/1":                "/ip4/192.0.2.1/tcp/1",
		"/ip4/192.0.2.1/tcp/1/p2p/" + someID:  "/ip4/192.0.2.1/tcp/1",
		"/ip4/192.0.2.1/udp/1/quic-v1":        "/ip4/192.0.2.1/udp/1/quic-v1",
		"":                                    "",
		"192.0.2.1":                           "",
		"192.0.2.1:0":                         "",
		"192.0.2.1:65536":                     "",
		"192.0.2.1:http":                      "",
		"bad/name:1":                          "",
		"/":                                   "",
		"/ip4/192.0.2/tcp/1":                  "",
		"/p2p/" + someID:                      "",
		"/ip4/192.0.2.1/tcp/1/p2p/QmNotAPeer": "",
		"/ip4/192.0.2.1/tcp/1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N": "", // RSA
	} {
		e, err := parseEndpoint(text)
		if (err != nil) != (want == "") || err == nil && e.addrs[0].String() != want {
			t.Errorf("%q is read as %v, %v; want %q", text, e.addrs, err, want)
		}
		if (ParsePeer(text) == nil) != (err == nil) {
			t.Errorf("ParsePeer(%q) disagrees", text)
		}
	}
	if e, _ := parseEndpoint("/ip4/192.0.2.1/tcp/1/p2p/" + someID); e.id.String() != someID {
		t.Errorf("the id is %s", e.id)
	}
}

func TestAddressRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytes := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "ip")
		if rapid.Bool().Draw(t, "v4") {
			bytes = bytes[:4]
		}
		ip, _ := netip.AddrFromSlice(bytes)
		want := addrbook.Address{
			AddrPort: netip.AddrPortFrom(ip.Unmap(), rapid.Uint16().Draw(t, "port")),
			QUIC:     rapid.Bool().Draw(t, "quic"),
		}
		if got, ok := addressOf(multiaddrOf(want)); !ok || got != want {
			t.Fatalf("%v reads back as %v", want, got)
		}
	})
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, text := range []string{
		"/dns4/example.org/tcp/1", "/ip4/192.0.2.1/udp/1", "/ip4/192.0.2.1/tcp/1/ws", "/ip4/192.0.2.1",
		"/ip4/192.0.2.1/tcp/1/p2p/" + someID + "/p2p-circuit", "/ip6zone/eth0/ip6/fe80::1/tcp/1", "/p2p/" + someID,
	} {
		if a, ok := addressOf(ma.StringCast(text)); ok {
			t.Errorf("%s is read as %v", text, a)
		}
	}
	if _, ok := addressOf(nil); ok {
		t.Error("nothing is read as an address")
	}
	if a, ok := addressOf(ma.StringCast("/ip4/192.0.2.1/tcp/1/p2p/" + someID)); !ok || a.String() != "tcp/192.0.2.1:1" {
		t.Errorf("an address with an id is read as %v, %v", a, ok)
	}
}
