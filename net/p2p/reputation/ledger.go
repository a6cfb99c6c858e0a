package reputation

import (
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

const (
	// Best and Worst bound a score; a peer nothing is known of has 0.
	Best, Worst = 100, -100
	// BanScore is the score at which a peer is to be banned, for BanTime.
	BanScore = -50
	// BanTime is how long a ban lasts that a score brought about.
	BanTime = 24 * time.Hour

	// decay is the time in which a score moves by one toward zero.
	decay = 10 * time.Minute
	// rewardPause is the least time between two deeds that raise a score, so
	// that nobody saves up for a crime in a burst.
	rewardPause = time.Minute
	// maxScores bounds the scores remembered.
	maxScores = 8192
)

// A Ledger holds scores and bans. Make one with New.
type Ledger struct {
	scores map[peer.ID]score
	bans   map[Target]Ban
	dirty  map[string]bool // keys of records to write or delete
}

// A score is what a peer had at a moment; decay since then is not in it.
type score struct {
	points   int
	at       time.Time
	rewarded time.Time // last
}

// New returns a ledger without entries.
func New() *Ledger {
	return &Ledger{scores: map[peer.ID]score{}, bans: map[Target]Ban{}, dirty: map[string]bool{}}
}

// Record adds a deed to the score of a peer and returns the score now. At
// BanScore or below the caller is to ban.
func (l *Ledger) Record(now time.Time, id peer.ID, d Deed) int {
	s := l.scores[id].decayed(now)
	points := d.Points()
	if points > 0 {
		if now.Sub(s.rewarded) < rewardPause {
			return s.points
		}
		s.rewarded = now
	}
	s.points = min(max(s.points+points, Worst), Best)
	l.set(now, id, s)
	return s.points
}

// Score returns the score of a peer now.
func (l *Ledger) Score(now time.Time, id peer.ID) int { return l.scores[id].decayed(now).points }

// Forgive sets the score of a peer to zero.
func (l *Ledger) Forgive(id peer.ID) {
	if _, known := l.scores[id]; known {
		delete(l.scores, id)
		l.dirty[scoreKey(id)] = true
	}
}

// decayed returns the score as it is at a later moment. What is left of a decay
// step stays in at, so that asking often changes nothing.
func (s score) decayed(now time.Time) score {
	steps := int(max(now.Sub(s.at), 0) / decay)
	switch {
	case s.points == 0:
		s.at = now // a new count of steps begins with the next deed
		return s
	case steps >= s.points && steps >= -s.points:
		s.points, s.at = 0, now
		return s
	case s.points > 0:
		s.points -= steps
	default:
		s.points += steps
	}
	s.at = s.at.Add(time.Duration(steps) * decay)
	return s
}

func (l *Ledger) set(now time.Time, id peer.ID, s score) {
	if _, known := l.scores[id]; !known && len(l.scores) >= maxScores {
		l.dropMildest(now)
	}
	l.scores[id] = s
	l.dirty[scoreKey(id)] = true
}

// dropMildest forgets the score nearest to zero, of several the one whose id
// comes first: an attacker with many names cannot wash away a bad score.
func (l *Ledger) dropMildest(now time.Time) {
	var mildest peer.ID
	least := Best + 1
	for id, s := range l.scores {
		size := abs(s.decayed(now).points)
		if size < least || size == least && id < mildest {
			mildest, least = id, size
		}
	}
	l.Forgive(mildest)
}

func abs(n int) int { return max(n, -n) }
