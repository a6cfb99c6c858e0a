package syncer

import (
	"errors"
	"slices"
	"time"
)

// A rest is how long a peer is not asked for headers and bodies.
type rest struct {
	until time.Time
	least time.Time // it may end here where nobody else is there to ask
}

const (
	// restFirst doubles with every failure in a row, restDoublings times at most.
	restFirst     = 10 * time.Second
	restDoublings = 6
	// restShort is the rest of a peer that serves well, and the least rest of one
	// that only failed to answer.
	restShort = time.Second

	// A time-out costs as much credit as some answers bring: a peer that lets fewer
	// than one request in four time out always has some, and one that stalls on
	// purpose has to serve for it.
	timeoutCost = 3
	creditMost  = 3 * timeoutCost

	// unreliable is how many failures in a row make a peer's claims worth nothing.
	unreliable = 3
)

// fail lets the peer be for a while after a failure that cost so many points. A lie
// counts for as many failures as it takes; a time-out of a peer that serves well is
// excused, which is reported, and counts for none.
func (p *peer) fail(now time.Time, err error, points int) (excused bool) {
	late := errors.Is(err, errTimeout) && points == 0
	if excused = late && p.serves(); excused {
		p.credit -= timeoutCost
		p.rest = rest{now.Add(restShort), now.Add(restShort)}
		return excused
	}
	p.rest.until = now.Add(restFirst << min(p.failures, restDoublings))
	p.rest.least = p.rest.until
	if p.failures++; late {
		p.rest.least = now.Add(restShort)
	}
	if points != 0 {
		p.failures = max(p.failures, unreliable)
	}
	return excused
}

// earn notes an answer that was of use.
func (p *peer) earn() { p.credit = min(p.credit+1, creditMost) }

// serves reports whether the peer has answered most of what it was asked lately.
func (p *peer) serves() bool { return p.credit >= timeoutCost }

// available returns the peers that may be asked for headers and bodies: those that
// do not rest, and where all do, those that have rested the least they must. A node
// with few peers cannot choose.
func (c *Core) available() []*peer {
	if fit := c.rested(func(p *peer) time.Time { return p.rest.until }); len(fit) > 0 {
		return fit
	}
	return c.rested(func(p *peer) time.Time { return p.rest.least })
}

func (c *Core) rested(end func(*peer) time.Time) []*peer {
	return slices.DeleteFunc(slices.Clone(c.peers), func(p *peer) bool { return c.now.Before(end(p)) })
}
