package reputation

import (
	"fmt"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"pgregory.net/rapid"
)

var epoch = time.UnixMilli(1_750_000_000_000).UTC()

func TestPoints(t *testing.T) {
	for d, want := range map[Deed]int{
		UsefulBlock: 1, BadSignature: -20, BadWork: -20, BadBlock: -50, Oversized: -5,
		Unrequested: -5, TimedOut: -2, WrongSync: -25,
	} {
		if got := d.Points(); got != want {
			t.Errorf("%v is worth %d, want %d", d, got, want)
		}
	}
}

// A naiveScore takes every step of decay by itself.
type naiveScore struct {
	points   int
	steps    []time.Time // moments at which the next step of decay is due: one
	rewarded time.Time
}

func (n *naiveScore) at(now time.Time) int {
	for n.points != 0 && !n.steps[0].After(now) {
		if n.points > 0 {
			n.points--
		} else {
			n.points++
		}
		n.steps[0] = n.steps[0].Add(10 * time.Minute)
	}
	return n.points
}

func (n *naiveScore) record(now time.Time, d Deed) {
	n.at(now)
	if d == UsefulBlock {
		if !n.rewarded.IsZero() && now.Before(n.rewarded.Add(time.Minute)) {
			return
		}
		n.rewarded = now
	}
	if n.points == 0 {
		n.steps = []time.Time{now.Add(10 * time.Minute)}
	}
	n.points += d.Points()
	if n.points > 100 {
		n.points = 100
	}
	if n.points < -100 {
		n.points = -100
	}
}

func TestScoresAgreeWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, now := New(), epoch
		twins := map[peer.ID]*naiveScore{"a": {}, "b": {}}
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40*60_000).Draw(t, "ms")) * time.Millisecond)
			id := rapid.SampledFrom([]peer.ID{"a", "b"}).Draw(t, "id")
			if rapid.Bool().Draw(t, "deed") {
				d := Deed(rapid.IntRange(0, len(deeds)-1).Draw(t, "which"))
				l.Record(now, id, d)
				twins[id].record(now, d)
			}
			for id, twin := range twins {
				if got, want := l.Score(now, id), twin.at(now); got != want {
					t.Fatalf("score of %s is %d, want %d", string(id), got, want)
				}
			}
		}
	})
}

func TestBlocksAreWorthLittleInABurst(t *testing.T) {
	l := New()
	for range 1000 {
		l.Record(epoch, "a", UsefulBlock)
	}
	if got := l.Score(epoch, "a"); got != 1 {
		t.Errorf("a burst of blocks is worth %d, want 1", got)
	}
}

func TestForgottenScoresAreTheMildest(t *testing.T) {
	l := New()
	l.Record(epoch, "villain", BadBlock)
	for i := range maxScores + 100 {
		l.Record(epoch, peer.ID(fmt.Sprint("peer", i)), TimedOut)
	}
	if n := len(l.scores); n > maxScores {
		t.Errorf("%d scores are kept", n)
	}
	if got := l.Score(epoch, "villain"); got != -50 {
		t.Errorf("the worst score was washed away: %d", got)
	}
}

func TestSweepForgetsWhatIsOver(t *testing.T) {
	l := New()
	l.Record(epoch, "a", TimedOut)
	l.Ban(epoch, Target{Peer: "a"}, time.Hour, "")
	later := epoch.Add(time.Hour)
	l.Sweep(later.Add(-1))
	if len(l.bans) != 1 {
		t.Error("a ban in force was swept")
	}
	l.Sweep(later)
	if len(l.scores)+len(l.bans) != 0 {
		t.Errorf("left: %v %v", l.scores, l.bans)
	}
}
