package syncer

import (
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// A Stage is how far the node is on the way to the network's state.
type Stage uint8

// The stages, in their order.
const (
	StagePeers     Stage = iota // nobody to ask
	StageNegotiate              // choosing whom to ask
	StageHeaders                // fetching headers
	StageBodies                 // fetching bodies
	StageState                  // all that was announced is here: asking whether that is all
	StageDone                   // in sync
)

// Stages is how many stages there are.
const Stages = int(StageDone) + 1

// String returns the stage in a word.
func (s Stage) String() string {
	return [...]string{"peers", "negotiate", "headers", "bodies", "state", "done"}[s]
}

// A Count is how much of something is there, and of how much as far as known.
type Count struct{ Done, Total uint64 }

// A Status is what the Core tells its users. It is a value of its own.
type Status struct {
	Stage   Stage
	Synced  bool // mining makes sense
	Headers Count
	Bodies  Count
	Rate    float64       // headers or bodies a second, over the last half minute
	ETA     time.Duration // until the stage is over, 0 when not known
	Using   []PeerID      // asked for headers or bodies just now
	Peers   int
	Orphans int // blocks that wait for their parents
	Early   int // blocks that wait for their time
	Relay   Relay

	// Alarm says that fewer than two thirds of the peers, at least three of them
	// and here for a minute, stand on blocks that we know: we may be cut off.
	Alarm bool
	// OtherRules counts peers with another list of rule sets, NextActivation is
	// the next of theirs, 0 for none: an upgrade may be due.
	OtherRules     int
	NextActivation uint64
	// ClockOffset is how far the peers' clocks are ahead of ours, in the median.
	ClockOffset time.Duration
}

// A Relay counts what the bodies of announced blocks were made of, coinbases
// aside.
type Relay struct {
	Blocks  uint64
	Known   uint64 // transactions that the pool had
	Sent    uint64 // that came with the announcement
	Fetched uint64 // that had to be asked for
}

// count adds a block that the chain took.
func (r *Relay) count(a *arrival) {
	if a.compact == nil {
		return
	}
	short := uint64(len(a.compact.compact.ShortIDs))
	r.Blocks++
	r.Sent += uint64(len(a.compact.compact.Prefilled) - 1)
	r.Fetched += uint64(a.lacked)
	r.Known += short - uint64(a.lacked)
}

// A progress measures how fast things go.
type progress struct {
	samples []sample
	caught  bool // a download of the sync under way is complete
}

type sample struct {
	at   time.Time
	done uint64
}

const rateWindow = 30 * time.Second

// add notes how much is done at a time.
func (p *progress) add(at time.Time, done uint64) {
	p.samples = append(p.samples, sample{at, done})
	old := slices.IndexFunc(p.samples, func(s sample) bool { return at.Sub(s.at) <= rateWindow })
	p.samples = p.samples[old:]
}

// rate returns how much was done a second.
func (p *progress) rate() float64 {
	if len(p.samples) == 0 {
		return 0
	}
	first, last := p.samples[0], p.samples[len(p.samples)-1]
	seconds := last.at.Sub(first.at).Seconds()
	if seconds <= 0 || last.done < first.done {
		return 0
	}
	return float64(last.done-first.done) / seconds
}

func (c *Core) stage() Stage {
	switch {
	case c.synced:
		return StageDone
	case len(c.peers) == 0:
		return StagePeers
	case c.download != nil:
		return StageBodies
	case c.session != nil && c.progress.caught:
		return StageState
	case c.session != nil:
		return StageHeaders
	}
	return StageNegotiate
}

// Status returns what the Core knows of its own progress.
func (c *Core) Status() Status {
	s := Status{
		Stage:   c.stage(),
		Synced:  c.synced,
		Rate:    c.progress.rate(),
		Peers:   len(c.peers),
		Orphans: len(c.orphans.held),
		Early:   len(c.early.held),
		Relay:   c.relay,
	}
	s.Headers, s.Bodies = c.counts()
	for _, r := range c.requests {
		if !slices.Contains(s.Using, r.peer.id) {
			s.Using = append(s.Using, r.peer.id)
		}
	}
	c.surveyPeers(&s)
	left := s.Bodies.Total - s.Bodies.Done
	if s.Stage == StageHeaders {
		left = s.Headers.Total - s.Headers.Done
	}
	if s.Rate > 0 && !s.Synced {
		s.ETA = time.Duration(float64(left) / s.Rate * float64(time.Second)).Round(time.Second)
	}
	return s
}

// counts returns headers and bodies. How many headers there are in all is what
// the peer we ask says of itself.
func (c *Core) counts() (headers, bodies Count) {
	snapshot := c.cfg.Chain.Snapshot()
	headers = Count{snapshot.Headers, snapshot.Headers}
	if best, err := c.cfg.Chain.Header(c.bestHeader()); err == nil && c.session != nil {
		if claimed := c.session.peer.hello.DAAScore; claimed > best.DAAScore {
			headers.Total += claimed - best.DAAScore
		}
	}
	return headers, Count{snapshot.Blocks, snapshot.Headers}
}

// eclipseAge is how long a peer must be here to be asked whether we are cut off.
const eclipseAge = time.Minute

func (c *Core) surveyPeers(s *Status) {
	agree, old := 0, 0
	var offsets []time.Duration
	ours := RuleSetsHash(c.cfg.Params)
	for _, p := range c.peers {
		if c.now.Sub(p.joined) >= eclipseAge {
			old++
			if p.agrees {
				agree++
			}
		}
		if p.hello.RuleSets != ours {
			s.OtherRules++
			if next := p.hello.NextActivation; next > 0 && (s.NextActivation == 0 || next < s.NextActivation) {
				s.NextActivation = next
			}
		}
		offsets = append(offsets, clockOffset(p))
	}
	s.Alarm = c.synced && old >= 3 && 3*agree < 2*old
	if slices.Sort(offsets); len(offsets) > 0 {
		s.ClockOffset = offsets[len(offsets)/2]
	}
}

// clockOffset returns how far a peer's clock was ahead of ours when it joined, a
// day at most.
func clockOffset(p *peer) time.Duration {
	const day = uint64(24 * time.Hour / time.Millisecond)
	ours, theirs := uint64(p.joined.UnixMilli()), p.hello.Clock
	if theirs >= ours {
		return time.Duration(min(theirs-ours, day)) * time.Millisecond
	}
	return -time.Duration(min(ours-theirs, day)) * time.Millisecond
}

// firstHash returns the first hash that is not zero.
func firstHash(a, b types.Hash) types.Hash {
	if a.IsZero() {
		return b
	}
	return a
}
