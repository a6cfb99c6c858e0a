package reputation

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// maxBans bounds the bans remembered.
const maxBans = 8192

// maxReason bounds the reason of a ban, in bytes.
const maxReason = 80

// A Target is who a ban is about: a peer or a range of addresses, never both.
type Target struct {
	Peer peer.ID
	Net  netip.Prefix
}

// A Ban keeps a target out until a moment.
type Ban struct {
	Target
	Until  time.Time
	Reason string
}

// ParseTarget reads a peer id, an IP address or a CIDR range.
func ParseTarget(text string) (Target, error) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return Target{Net: prefix.Masked()}, nil
	}
	if ip, err := netip.ParseAddr(text); err == nil {
		return NetTarget(ip), nil
	}
	id, err := peer.Decode(text)
	if err != nil {
		return Target{}, fmt.Errorf("%q is neither a peer id nor an address nor a range of addresses", text)
	}
	return Target{Peer: id}, nil
}

// NetTarget returns the range that one owner of an address has: the address
// itself of IPv4, the /64 of IPv6.
func NetTarget(ip netip.Addr) Target {
	ip = ip.Unmap().WithZone("")
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	return Target{Net: netip.PrefixFrom(ip, bits).Masked()}
}

// String returns the text that ParseTarget reads.
func (t Target) String() string {
	switch {
	case t.Peer != "":
		return t.Peer.String()
	case t.Net.IsSingleIP() && t.Net.Addr().Is4(): // an IPv6 address alone means its /64
		return t.Net.Addr().String()
	}
	return t.Net.String()
}

// Matches reports whether the target is the peer or holds the address; an
// invalid address is in no range.
func (t Target) Matches(id peer.ID, ip netip.Addr) bool {
	if t.Peer != "" {
		return t.Peer == id
	}
	return t.Net.Contains(ip.Unmap().WithZone(""))
}

// Ban keeps a target out for a while from now; a longer ban of it stays.
func (l *Ledger) Ban(now time.Time, t Target, d time.Duration, reason string) {
	until := now.Add(d)
	old, banned := l.bans[t]
	if banned && old.Until.After(until) {
		return
	}
	if !banned && len(l.bans) >= maxBans {
		l.dropShortest()
	}
	l.bans[t] = Ban{Target: t, Until: until, Reason: reason[:min(len(reason), maxReason)]}
	l.dirty[banKey(t)] = true
}

// Unban lifts the ban of a target and reports whether there was one. A peer's
// score starts anew, or the next deed would bring the ban back.
func (l *Ledger) Unban(t Target) bool {
	_, banned := l.bans[t]
	if banned {
		delete(l.bans, t)
		l.dirty[banKey(t)] = true
	}
	if t.Peer != "" {
		l.Forgive(t.Peer)
	}
	return banned
}

// Banned reports whether a peer, or the address it comes from, is kept out now.
// Either may be unknown: an empty id, an invalid address.
func (l *Ledger) Banned(now time.Time, id peer.ID, ip netip.Addr) bool {
	if id != "" && now.Before(l.bans[Target{Peer: id}].Until) {
		return true
	}
	ip = ip.Unmap().WithZone("")
	for bits := 0; bits <= ip.BitLen() && ip.IsValid(); bits++ {
		if now.Before(l.bans[Target{Net: netip.PrefixFrom(ip, bits).Masked()}].Until) {
			return true
		}
	}
	return false
}

// Bans returns the bans in force, the one that ends first first.
func (l *Ledger) Bans(now time.Time) []Ban {
	var bans []Ban
	for _, b := range l.bans {
		if now.Before(b.Until) {
			bans = append(bans, b)
		}
	}
	slices.SortFunc(bans, byEnd)
	return bans
}

func byEnd(a, b Ban) int {
	if c := a.Until.Compare(b.Until); c != 0 {
		return c
	}
	return strings.Compare(a.Target.String(), b.Target.String())
}

// dropShortest forgets the ban that ends first.
func (l *Ledger) dropShortest() {
	var first Ban
	for _, b := range l.bans {
		if first.Until.IsZero() || byEnd(b, first) < 0 {
			first = b
		}
	}
	delete(l.bans, first.Target)
	l.dirty[banKey(first.Target)] = true
}

// Sweep forgets bans that are over and scores that decayed to nothing.
func (l *Ledger) Sweep(now time.Time) {
	for t, b := range l.bans {
		if !now.Before(b.Until) {
			delete(l.bans, t)
			l.dirty[banKey(t)] = true
		}
	}
	for id, s := range l.scores {
		if s.decayed(now).points == 0 && now.Sub(s.rewarded) >= rewardPause {
			l.Forgive(id)
		}
	}
}
