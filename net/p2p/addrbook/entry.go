package addrbook

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

const (
	// firstPause and longestPause bound the time between two attempts at an
	// entry; it doubles with each failure.
	firstPause   = 30 * time.Second
	longestPause = 6 * time.Hour

	// unprovenTries is how often an entry may fail that never worked, provenTries
	// one that did, if that was longer than provenRest ago.
	unprovenTries = 3
	provenTries   = 10
	provenRest    = 7 * 24 * time.Hour

	// staleAge is the age of an entry that nobody has confirmed.
	staleAge = 30 * 24 * time.Hour
)

// An Entry is one address of one peer and what is known of it.
type Entry struct {
	ID       peer.ID
	Addr     Address
	Source   netip.Prefix // the group of who told first; invalid for the peer's user
	Heard    time.Time    // when it was last told
	Worked   time.Time    // when a connection to it last held, zero for never
	Next     time.Time    // not to be dialled before
	Failures int          // in a row
	Anchor   bool         // an outbound peer of the last run
}

// Proven reports whether a connection to the entry ever held.
func (e *Entry) Proven() bool { return !e.Worked.IsZero() }

// fail counts a failed attempt and puts off the next, by a quarter more or less
// so that a network that fell apart does not come back in step.
func (e *Entry) fail(now time.Time, rng *rand.Rand) {
	e.Failures++
	pause := min(firstPause<<min(e.Failures-1, 16), longestPause)
	e.Next = now.Add(pause*3/4 + time.Duration(rng.Int64N(int64(pause/2))))
}

// hopeless reports whether the entry failed too often to be kept.
func (e *Entry) hopeless(now time.Time) bool {
	if !e.Proven() {
		return e.Failures >= unprovenTries
	}
	return e.Failures >= provenTries && now.Sub(e.Worked) > provenRest
}

// stale reports whether the entry is too old to be believed.
func (e *Entry) stale(now time.Time) bool {
	oldest := now.Add(-staleAge)
	return e.Heard.Before(oldest) && e.Worked.Before(oldest)
}

// expendable reports whether the entry gives way to any newcomer.
func (e *Entry) expendable(now time.Time) bool {
	return e.stale(now) || !e.Proven() && e.Failures > 0
}
