package p2p

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// masquerade makes a NAT of the machine, as nft would with
//
//	table ip home {
//		chain out { type nat hook postrouting priority srcnat; masquerade; }
//		chain in  { type filter hook input priority filter; policy drop; }
//	}
//
// so that nobody comes in who was not written to first, and unasked packets are
// dropped in silence, as by the routers of homes; one that maps ports listens
// itself and has no second chain.
func masquerade(listens bool) error {
	if err := forward(); err != nil {
		return err
	}
	var rule []byte
	rule = appendText(rule, unix.NFTA_RULE_TABLE, "home")
	rule = appendText(rule, unix.NFTA_RULE_CHAIN, "out")
	expression := appendText(nil, unix.NFTA_EXPR_NAME, "masq")
	rule = appendNest(rule, unix.NFTA_RULE_EXPRESSIONS, appendNest(nil, unix.NFTA_LIST_ELEM, expression))
	changes := [][]byte{
		nftMessage(unix.NFT_MSG_NEWTABLE, appendText(nil, unix.NFTA_TABLE_NAME, "home")),
		nftMessage(unix.NFT_MSG_NEWCHAIN, nftChain("out", "nat", unix.NF_INET_POST_ROUTING, 100, 1)),
		nftMessage(unix.NFT_MSG_NEWRULE, rule),
	}
	if !listens {
		changes = append(changes, nftMessage(unix.NFT_MSG_NEWCHAIN, nftChain("in", "filter", unix.NF_INET_LOCAL_IN, 0, 0)))
	}
	return nftables(changes...)
}

// forward makes a router of the machine.
func forward() error { return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0) }

// nftChain describes a base chain of the table; policy 1 accepts and 0 drops.
func nftChain(name, kind string, hook, priority, policy uint32) []byte {
	var at, chain []byte
	at = appendNumber(at, unix.NFTA_HOOK_HOOKNUM, hook)
	at = appendNumber(at, unix.NFTA_HOOK_PRIORITY, priority)
	chain = appendText(chain, unix.NFTA_CHAIN_TABLE, "home")
	chain = appendText(chain, unix.NFTA_CHAIN_NAME, name)
	chain = appendNest(chain, unix.NFTA_CHAIN_HOOK, at)
	chain = appendText(chain, unix.NFTA_CHAIN_TYPE, kind)
	return appendNumber(chain, unix.NFTA_CHAIN_POLICY, policy)
}

// nftMessage is one change of the ruleset of IPv4 (linux/netfilter/nf_tables.h).
func nftMessage(kind uint16, attributes []byte) []byte {
	return netlinkMessage(unix.NFNL_SUBSYS_NFTABLES<<8|kind, unix.NLM_F_CREATE|unix.NLM_F_ACK, unix.AF_INET, 0, attributes)
}

// netlinkMessage has a header of netlink, one of netfilter, and attributes.
func netlinkMessage(kind, flags uint16, family byte, resource uint16, attributes []byte) []byte {
	const headers = unix.SizeofNlMsghdr + 4
	m := make([]byte, headers, headers+len(attributes))
	binary.NativeEndian.PutUint32(m[0:], uint32(headers+len(attributes)))
	binary.NativeEndian.PutUint16(m[4:], kind)
	binary.NativeEndian.PutUint16(m[6:], unix.NLM_F_REQUEST|flags)
	m[unix.SizeofNlMsghdr] = family
	binary.BigEndian.PutUint16(m[unix.SizeofNlMsghdr+2:], resource)
	return append(m, attributes...)
}

func appendAttribute(b []byte, kind uint16, value []byte) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(unix.SizeofNlAttr+len(value)))
	b = append(binary.NativeEndian.AppendUint16(b, kind), value...)
	return append(b, make([]byte, -len(b)&3)...)
}

func appendText(b []byte, kind uint16, text string) []byte {
	return appendAttribute(b, kind, append([]byte(text), 0))
}

func appendNumber(b []byte, kind uint16, n uint32) []byte {
	return appendAttribute(b, kind, binary.BigEndian.AppendUint32(nil, n))
}

func appendNest(b []byte, kind uint16, inner []byte) []byte {
	return appendAttribute(b, kind|unix.NLA_F_NESTED, inner)
}

// nftables applies changes as one transaction.
func nftables(changes ...[]byte) error {
	s, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_NETFILTER)
	if err != nil {
		return fmt.Errorf("netfilter: %w", err)
	}
	defer unix.Close(s)
	batch := netlinkMessage(unix.NFNL_MSG_BATCH_BEGIN, 0, unix.AF_UNSPEC, unix.NFNL_SUBSYS_NFTABLES, nil)
	for _, c := range changes {
		batch = append(batch, c...)
	}
	batch = append(batch, netlinkMessage(unix.NFNL_MSG_BATCH_END, 0, unix.AF_UNSPEC, unix.NFNL_SUBSYS_NFTABLES, nil)...)
	if err := unix.Sendto(s, batch, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return fmt.Errorf("netfilter: %w", err)
	}
	answer := make([]byte, 1<<13)
	for heard := 0; heard < len(changes); {
		n, _, err := unix.Recvfrom(s, answer, 0)
		if err != nil {
			return fmt.Errorf("netfilter: %w", err)
		}
		for rest := answer[:n]; len(rest) >= unix.SizeofNlMsghdr+4; heard++ {
			if code := int32(binary.NativeEndian.Uint32(rest[unix.SizeofNlMsghdr:])); code != 0 {
				return fmt.Errorf("netfilter: change %d: %w", heard+1, unix.Errno(-code))
			}
			rest = rest[(binary.NativeEndian.Uint32(rest)+3)&^3:]
		}
	}
	return nil
}
