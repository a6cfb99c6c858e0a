package addrbook

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"pgregory.net/rapid"
)

func anyEntry(*Entry) bool { return true }

// Pick is held against a filter of all entries: it finds one exactly when there
// is one, and always one of them.
func TestPickAgreesWithAFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newScript(t)
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			s.step()
		}
		taken := testID(rapid.IntRange(0, 20).Draw(t, "taken"))
		free := func(e *Entry) bool { return e.ID != taken }
		allowed, unproven := map[key]bool{}, 0
		for _, e := range s.book.order {
			if e.ID != taken && !e.Next.After(s.now) {
				allowed[key{e.ID, e.Addr}] = true
				if e.Worked.IsZero() {
					unproven++
				}
			}
		}
		if e, ok := s.book.Pick(s.now, s.rng, free); ok != (len(allowed) > 0) || ok && !allowed[key{e.ID, e.Addr}] {
			t.Fatalf("picked %v, %v out of %d", e, ok, len(allowed))
		}
		e, ok := s.book.PickUnproven(s.now, s.rng, free)
		if ok != (unproven > 0) || ok && (e.Proven() || !allowed[key{e.ID, e.Addr}]) {
			t.Fatalf("picked %v, %v out of %d unproven", e, ok, unproven)
		}
	})
}

func TestGroupsArePickedAlike(t *testing.T) {
	rng, b := rand.New(rand.NewPCG(3, 4)), New(false)
	for i := range maxPerGroup { // one crowded group and 19 of one entry each
		b.Learn(epoch, spread(i, 1).Addr(), Record{ID: testID(i), Addrs: []Address{spread(0, i)}})
	}
	for i := 1; i < 20; i++ {
		b.Learn(epoch, spread(i, 1).Addr(), Record{ID: testID(100 + i), Addrs: []Address{spread(i, 1)}})
	}
	crowded := 0
	for range 2000 {
		if e, _ := b.Pick(epoch, rng, anyEntry); Group(e.Addr.Addr()) == Group(spread(0, 1).Addr()) {
			crowded++
		}
	}
	if crowded < 60 || crowded > 140 {
		t.Errorf("the crowded group was picked %d times of 2000, want about 100", crowded)
	}
}

func TestPausesGrow(t *testing.T) {
	rng, b, id, a := rand.New(rand.NewPCG(5, 6)), New(false), testID(1), spread(1, 1)
	b.Learn(epoch, spread(2, 2).Addr(), Record{ID: id, Addrs: []Address{a}})
	b.Worked(epoch, id, a)
	base, now := firstPause, epoch
	for range provenTries - 1 {
		b.Failed(now, rng, id, a)
		pause := b.peers[id][0].Next.Sub(now)
		if pause < base*3/4 || pause > base*5/4 {
			t.Errorf("the pause is %v, want %v and a quarter more or less", pause, base)
		}
		if _, ok := b.Pick(now.Add(pause-1), rng, anyEntry); ok {
			t.Error("picked during the pause")
		}
		now = now.Add(pause)
		if _, ok := b.Pick(now, rng, anyEntry); !ok {
			t.Error("not picked after the pause")
		}
		base = min(2*base, longestPause)
	}
	b.Worked(now, id, a)
	if e := b.peers[id][0]; e.Failures != 0 || e.Next.After(now) {
		t.Error("success does not forgive failures")
	}
}

func TestHopelessEntriesAreDropped(t *testing.T) {
	rng, b, id, a := rand.New(rand.NewPCG(5, 6)), New(false), testID(1), spread(1, 1)
	learn := func() { b.Learn(epoch, spread(2, 2).Addr(), Record{ID: id, Addrs: []Address{a}}) }
	fail := func(now time.Time, times int) int {
		for range times {
			b.Failed(now, rng, id, a)
		}
		return b.Len()
	}
	learn()
	for range 100 {
		b.Postpone(epoch, id, a)
	}
	if fail(epoch, unprovenTries-1) != 1 || fail(epoch, 1) != 0 {
		t.Error("an unproven entry is not dropped at its third failure")
	}
	learn()
	b.Worked(epoch, id, a)
	if fail(epoch.Add(provenRest), 100) != 1 || fail(epoch.Add(provenRest+1), 1) != 0 {
		t.Error("a proven entry is not dropped a week after it worked")
	}
	learn()
	b.Sweep(epoch.Add(staleAge))
	if b.Len() != 1 {
		t.Error("swept too early")
	}
	if b.Sweep(epoch.Add(staleAge + 1)); b.Len() != 0 {
		t.Error("a stale entry is not swept")
	}
}

func TestSample(t *testing.T) {
	rng, b := rand.New(rand.NewPCG(7, 8)), New(false)
	for i := range 400 {
		r := Record{ID: testID(i), Addrs: []Address{spread(i%100, i/100), spread(i%100, i/100+50)}}
		if i%2 == 0 {
			r.Envelope = []byte(r.ID)
		}
		b.Learn(epoch, spread(i, 1).Addr(), r)
	}
	seen := map[peer.ID]bool{}
	for _, record := range b.Sample(rng, 64) {
		id := peer.ID(record)
		if seen[id] || len(b.signed[id].bytes) == 0 {
			t.Errorf("%q is told twice or was never signed", record)
		}
		seen[id] = true
	}
	if len(seen) != 50 {
		t.Errorf("%d of 200 signed records are told, want a quarter", len(seen))
	}
	if n := len(b.Sample(rng, 7)); n != 7 {
		t.Errorf("%d are told, want the 7 asked for", n)
	}
}

func TestAnchors(t *testing.T) {
	b := New(false)
	for i := range 5 {
		b.Learn(epoch, spread(9, 9).Addr(), Record{ID: testID(i), Addrs: []Address{spread(i, 1)}})
	}
	b.SetAnchors([]Entry{{ID: testID(1), Addr: spread(1, 1)}, {ID: testID(2), Addr: spread(2, 1)}})
	b.SetAnchors([]Entry{{ID: testID(2), Addr: spread(2, 1)}, {ID: testID(3), Addr: spread(9, 1)}})
	if got := b.Anchors(); len(got) != 1 || got[0].ID != testID(2) {
		t.Errorf("the anchors are %v", got)
	}
}

func BenchmarkPickFromAFullBook(b *testing.B) {
	rng, book := rand.New(rand.NewPCG(1, 1)), New(false)
	for i := range 64 * 64 {
		book.Learn(epoch, spread(i%32, 1).Addr(), Record{ID: testID(i), Addrs: []Address{spread(i%64, i/64)}})
	}
	b.ReportAllocs()
	for b.Loop() {
		book.Pick(epoch, rng, anyEntry)
	}
}
