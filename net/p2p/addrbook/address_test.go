package addrbook

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "100.63.255.255": true, "100.64.0.0": false, "100.128.0.0": true,
		"10.0.0.1": false, "127.0.0.1": false, "169.254.1.1": false, "172.15.0.1": true,
		"172.16.0.1": false, "172.31.255.255": false, "172.32.0.0": true, "192.168.0.1": false,
		"198.17.0.1": true, "198.19.0.1": false, "203.0.113.9": false, "223.255.255.255": true,
		"224.0.0.1": false, "255.255.255.255": false, "0.0.0.0": false,
		"2a00:1450::1": true, "2001:4860::1": true, "2001:db8::1": false, "2001::1": false,
		"2002:808:808::1": false, "64:ff9b::808:808": false, "::1": false, "::": false,
		"fe80::1": false, "fd00::1": false, "ff02::1": false, "::ffff:8.8.8.8": false,
	} {
		if got := Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("Public(%s) = %v, want %v", text, got, want)
		}
	}
	if Public(netip.Addr{}) || unicast(netip.Addr{}) {
		t.Error("no address is taken for one")
	}
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string][2]string{
		"198.51.100.7":          {"198.51.0.0/16", "198.51.0.0/16"},
		"::ffff:198.51.100.7":   {"198.51.0.0/16", "198.51.0.0/16"},
		"2a01:4f8:1:2::3":       {"2a01:4f8:1::/48", "2a01:4f8::/32"},
		"fe80::1%eth0":          {"fe80::/48", "fe80::/32"},
		"2a01:4f8:ffff:2::3":    {"2a01:4f8:ffff::/48", "2a01:4f8::/32"},
		"255.255.255.255":       {"255.255.0.0/16", "255.255.0.0/16"},
		"2a01:4f9:ffff:ffff::3": {"2a01:4f9:ffff::/48", "2a01:4f9::/32"},
	} {
		ip := netip.MustParseAddr(text)
		if g, c := Group(ip).String(), Carrier(ip).String(); g != want[0] || c != want[1] {
			t.Errorf("%s is in group %s of carrier %s, want %v", text, g, c, want)
		}
	}
}

func TestAddressTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Address{
			AddrPort: netip.AddrPortFrom(drawIP(t), rapid.Uint16().Draw(t, "port")),
			QUIC:     rapid.Bool().Draw(t, "quic"),
		}
		if got, err := ParseAddress(want.String()); err != nil || got != want {
			t.Fatalf("%v reads back as %v, %v", want, got, err)
		}
	})
	for _, bad := range []string{"", "tcp", "tcp/", "udp/8.8.8.8:1", "tcp/8.8.8.8", "tcp/8.8.8.8:01", "tcp/[2A00::1]:1", "TCP/8.8.8.8:1"} {
		if a, err := ParseAddress(bad); err == nil {
			t.Errorf("%q is read as %v", bad, a)
		}
	}
}

// drawIP draws a public address out of few groups.
func drawIP(t *rapid.T) netip.Addr {
	b := []byte{byte(rapid.IntRange(20, 23).Draw(t, "net")), byte(rapid.IntRange(0, 3).Draw(t, "sub")), 1, rapid.Byte().Draw(t, "host")}
	if rapid.IntRange(0, 3).Draw(t, "v6") == 0 {
		b = append([]byte{0x2a, b[0], b[1], 0, 0, b[1]}, append(make([]byte, 9), b[3])...)
	}
	ip, _ := netip.AddrFromSlice(b)
	return ip
}
