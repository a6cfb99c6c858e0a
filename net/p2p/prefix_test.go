package p2p

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/net/p2p/addrbook"
	"github.com/jio-dag/jio/net/p2p/reputation"
)

func quicAt(ap netip.AddrPort) ma.Multiaddr {
	return multiaddrOf(addrbook.Address{AddrPort: ap, QUIC: true})
}

// gets reports whether a stranger at IP:PORT is let in.
func (a *air) gets(t *testing.T, n *testNode, at string) bool {
	t.Helper()
	s := a.stranger(t, at)
	return s.connect(n) == nil && s.tryGreet(n) == nil
}

// getsOf counts how many of n strangers are let in, the i-th at where(i).
func (a *air) getsOf(t *testing.T, host *testNode, n int, where func(i int) string) (in int) {
	t.Helper()
	for i := range n {
		if a.gets(t, host, where(i)) {
			in++
		}
	}
	return in
}

// The limits of a node as it is, against peers that have the addresses they like.
func TestLimitsByPrefix(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		n, l := a.node(t, "20.1.0.1:16111", nil), DefaultLimits()
		got := a.getsOf(t, n, l.ConnsPerIP+2, func(i int) string { return fmt.Sprintf("21.1.1.1:%d", 1000+i) })
		if got != l.ConnsPerIP {
			t.Errorf("%d of one address are in, want %d", got, l.ConnsPerIP)
		}
		got = a.getsOf(t, n, l.ConnsPerNet, func(i int) string { return fmt.Sprintf("21.1.1.%d:1000", 2+i) })
		if want := l.ConnsPerNet - l.ConnsPerIP; got != want {
			t.Errorf("%d more of one /24 are in, want %d", got, want)
		}
		if !a.gets(t, n, "21.1.2.1:1000") || !a.gets(t, n, "22.1.1.1:1000") {
			t.Error("others are not let in any more")
		}
	})
}

func TestLimitsByPrefixOfIPv6(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		n, l := a.node(t, "[2a00::1]:16111", nil), DefaultLimits()
		got := a.getsOf(t, n, 12, func(i int) string { return fmt.Sprintf("[2a01:4f8:1:2%02x::%d]:1000", i, i+1) })
		if got != 12 {
			t.Errorf("%d of twelve /64 of one /56 are in", got)
		}
		got = a.getsOf(t, n, 12, func(i int) string { return fmt.Sprintf("[2a01:4f8:1:3aa::%d]:1000", i+1) })
		if got != l.ConnsPerIP {
			t.Errorf("%d of one /64 are in, want %d", got, l.ConnsPerIP)
		}
		got = a.getsOf(t, n, 12, func(i int) string { return fmt.Sprintf("[2a01:4f8:1:3%02x::1]:1000", i) })
		if want := l.ConnsPerNet - l.ConnsPerIP; got != want {
			t.Errorf("%d more of its /56 are in, want %d", got, want)
		}
		if !a.gets(t, n, "[2a01:4f8:1:400::1]:1000") {
			t.Error("others are not let in any more")
		}
	})
}

// Whoever connects from everywhere takes what is for inbound peers, no more.
func TestInboundPeersOfAllPrefixes(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		far := a.node(t, "30.1.0.1:16111", nil)
		n, l := a.node(t, "20.1.0.1:16111", nil), DefaultLimits()
		got := a.getsOf(t, n, l.Inbound+8, func(i int) string { return fmt.Sprintf("40.%d.1.1:1000", i) })
		if got != l.Inbound {
			t.Errorf("%d are in, want %d", got, l.Inbound)
		}
		if _, err := n.Dial(t.Context(), far.Addrs()[0]); err != nil {
			t.Errorf("no peer of its own choosing: %v", err)
		}
	})
}

// A ban is of the key and of its address, and ends.
func TestBansByAddress(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		var later atomic.Int64 // that the node's clock shows
		n := a.node(t, "20.1.0.1:16111", func(c *Config) {
			c.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
		})
		s := a.stranger(t, "21.1.1.1:1000")
		s.meet(n)
		s.greet(n)
		n.Report(s.ID(), reputation.BadBlock)
		if id := receive(t, n.left); id != s.ID() {
			t.Errorf("%s left", id)
		}
		if a.gets(t, n, "21.1.1.1:2000") {
			t.Error("the address is back under another key")
		}
		if !a.gets(t, n, "21.1.1.2:1000") {
			t.Error("its neighbour is banned with it")
		}
		later.Store(int64(reputation.BanTime))
		if !a.gets(t, n, "21.1.1.1:3000") {
			t.Error("the ban does not end")
		}
	})
}
