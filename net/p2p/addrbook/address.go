package addrbook

import (
	"fmt"
	"net/netip"
	"strings"
)

// An Address is where a peer listens, by TCP or by QUIC.
type Address struct {
	netip.AddrPort
	QUIC bool
}

// String returns the text that ParseAddress reads, as tcp/192.0.2.1:16110.
func (a Address) String() string {
	if a.QUIC {
		return "quic/" + a.AddrPort.String()
	}
	return "tcp/" + a.AddrPort.String()
}

// ParseAddress reads the text of an address; only the form that String writes is
// one.
func ParseAddress(text string) (Address, error) {
	transport, rest, _ := strings.Cut(text, "/")
	ap, err := netip.ParseAddrPort(rest)
	a := Address{AddrPort: ap, QUIC: transport == "quic"}
	if err != nil || a.String() != text {
		return Address{}, fmt.Errorf("%q is not an address", text)
	}
	return a, nil
}

// Group returns the network that counts as one in the buckets: the /16 of an
// IPv4 address, the /48 of an IPv6 address.
func Group(ip netip.Addr) netip.Prefix { return network(ip, 16, 48) }

// Carrier returns the network that counts as one among outbound peers: the /16
// of an IPv4 address, the /32 of an IPv6 address, which is what one registry
// entry commonly holds.
func Carrier(ip netip.Addr) netip.Prefix { return network(ip, 16, 32) }

func network(ip netip.Addr, bits4, bits6 int) netip.Prefix {
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return netip.PrefixFrom(ip, bits4).Masked()
	}
	return netip.PrefixFrom(ip, bits6).Masked()
}

// special are the ranges no public peer has (RFC 6890 and its registries).
// Tunnels stand here too: in 6to4 and Teredo a single IPv4 address owns a whole
// IPv6 group.
var special = func() (ranges []netip.Prefix) {
	for text := range strings.FieldsSeq(`
		0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
		192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15
		198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
		::/8 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16
		3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8`) {
		ranges = append(ranges, netip.MustParsePrefix(text))
	}
	return ranges
}()

// Public reports whether an address can be that of a peer on the Internet.
func Public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Is4In6() || ip.Zone() != "" {
		return false
	}
	for _, r := range special {
		if r.Contains(ip) {
			return false
		}
	}
	return true
}

// unicast reports whether an address can be that of a peer at all.
func unicast(ip netip.Addr) bool {
	return ip.IsValid() && !ip.Is4In6() && ip.Zone() == "" && !ip.IsUnspecified() && !ip.IsMulticast()
}
