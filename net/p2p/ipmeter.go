package p2p

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/jio-dag/jio/net/p2p/reputation"
)

// An ipMeter bounds the streams per second of one address, or of one /64 of
// IPv6, whatever keys it uses.
type ipMeter struct {
	perSecond int
	local     bool // loopback is free

	mu    sync.Mutex
	by    map[reputation.Target]*rate.Limiter
	sweep time.Time // next
}

func newIPMeter(perSecond int, local bool) *ipMeter {
	return &ipMeter{perSecond: perSecond, local: local, by: map[reputation.Target]*rate.Limiter{}}
}

// allow takes one stream from the allowance of an address.
func (m *ipMeter) allow(now time.Time, ip netip.Addr) bool {
	if !ip.IsValid() || m.local && ip.IsLoopback() {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgetIdle(now)
	t := reputation.NetTarget(ip)
	if m.by[t] == nil {
		m.by[t] = rate.NewLimiter(rate.Limit(m.perSecond), m.perSecond)
	}
	return m.by[t].AllowN(now, 1)
}

// forgetIdle drops, once a minute, what is as good as new.
func (m *ipMeter) forgetIdle(now time.Time) {
	if now.Before(m.sweep) {
		return
	}
	m.sweep = now.Add(time.Minute)
	for t, l := range m.by {
		if l.TokensAt(now) >= float64(m.perSecond) {
			delete(m.by, t)
		}
	}
}
