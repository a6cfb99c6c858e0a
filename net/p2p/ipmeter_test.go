package p2p

import (
	"net/netip"
	"testing"
	"time"
)

func TestIPMeter(t *testing.T) {
	now := time.Unix(1000, 0)
	m := newIPMeter(100, false)
	allowed := func(ip string, times int) (n int) {
		for range times {
			if m.allow(now, netip.MustParseAddr(ip)) {
				n++
			}
		}
		return n
	}
	if n := allowed("192.0.2.1", 150); n != 100 {
		t.Errorf("%d at once, want 100", n)
	}
	if n := allowed("::ffff:192.0.2.1", 1); n != 0 {
		t.Error("the same address in another form has an allowance of its own")
	}
	if n := allowed("192.0.2.2", 1); n != 1 {
		t.Error("another address is refused")
	}
	if a, b := allowed("2001:db8::1", 60), allowed("2001:db8::2", 60); a+b != 100 {
		t.Errorf("%d for one /64, want 100", a+b)
	}
	now = now.Add(500 * time.Millisecond)
	if n := allowed("192.0.2.1", 100); n != 50 {
		t.Errorf("%d half a second later, want 50", n)
	}
	now = now.Add(time.Hour)
	if allowed("192.0.2.9", 1); len(m.by) != 1 {
		t.Errorf("%d addresses are remembered for an hour", len(m.by))
	}
	if n := allowed("127.0.0.1", 150); n != 100 {
		t.Errorf("%d from loopback, want 100", n)
	}
	m = newIPMeter(100, true)
	if n := allowed("127.0.0.1", 150); n != 150 || !m.allow(now, netip.Addr{}) {
		t.Errorf("%d from loopback on a local network, want all", n)
	}
}
