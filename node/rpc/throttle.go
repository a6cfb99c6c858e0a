package rpc

import (
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

// How often wrong credentials are looked at. Secrets have 256 bits, so this is
// not what keeps them from being guessed; it keeps a guesser from costing
// anything.
const (
	triesPerSource  = 4  // a second
	triesAltogether = 20 // a second
	maxSources      = 4096
	logEvery        = time.Minute
)

// A bucket holds so many tries and fills up again within a second.
type bucket struct {
	size, left float64
	at         time.Time
}

func newBucket(size float64, now time.Time) *bucket { return &bucket{size: size, left: size, at: now} }

func (b *bucket) fill(now time.Time) {
	b.left = min(b.size, b.left+b.size*max(0, now.Sub(b.at).Seconds()))
	b.at = now
}

// A throttle slows down whoever presents wrong credentials: his own source to 4
// tries a second, all such sources to 20. While a source has no try left it is
// turned away whether or not its credentials are right, so that it learns
// nothing; a source that made no mistake is let in whatever others do.
type throttle struct {
	log *slog.Logger

	mu      sync.Mutex
	all     *bucket
	sources map[netip.Prefix]*bucket // of those that failed within the last second
	failed  int                      // since logged
	logged  time.Time
}

func newThrottle(log *slog.Logger, now time.Time) *throttle {
	return &throttle{log: log, all: newBucket(triesAltogether, now), sources: make(map[netip.Prefix]*bucket)}
}

// admit takes note of an attempt from an address and reports whether its outcome
// may be told.
func (t *throttle) admit(from netip.Addr, right bool, now time.Time) bool {
	source := sourceOf(from)
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.sources[source]
	if own == nil {
		if right {
			return true
		}
		own = t.remember(source, now)
	}
	own.fill(now)
	t.all.fill(now)
	if right && own.left == own.size {
		delete(t.sources, source)
		return true
	}
	if !right {
		t.note(from, now)
	}
	if own.left < 1 || t.all.left < 1 {
		return false
	}
	if !right {
		own.left--
		t.all.left--
	}
	return true
}

// remember makes a bucket for a source, and forgets those that are full again.
// Sources beyond a number share one bucket.
func (t *throttle) remember(source netip.Prefix, now time.Time) *bucket {
	if len(t.sources) >= maxSources {
		for s, b := range t.sources {
			if b.fill(now); b.left == b.size {
				delete(t.sources, s)
			}
		}
	}
	if len(t.sources) >= maxSources {
		source = netip.Prefix{}
	}
	if t.sources[source] == nil {
		t.sources[source] = newBucket(triesPerSource, now)
	}
	return t.sources[source]
}

// note logs at most a line a minute.
func (t *throttle) note(from netip.Addr, now time.Time) {
	t.failed++
	if now.Sub(t.logged) < logEvery {
		return
	}
	t.log.Warn("wrong credentials were presented", "times", t.failed, "last", from)
	t.failed, t.logged = 0, now
}

// sourceOf is what counts as one source: an IPv4 address, or the /64 that one
// IPv6 subscriber is usually given.
func sourceOf(from netip.Addr) netip.Prefix {
	from = from.Unmap()
	bits := from.BitLen()
	if from.Is6() {
		bits = 64
	}
	p, _ := from.WithZone("").Prefix(bits)
	return p
}
