package mempool

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
)

// A rankingModel drives a ranking and a plain list through the same calls.
type rankingModel struct {
	ranking ranking
	list    []*Entry
	rng     *rand.Rand
	serial  byte
}

// newcomer is one of few rates and times, so that many are equal.
func (m *rankingModel) newcomer(t *rapid.T) *Entry {
	m.serial++
	e := &Entry{
		Digest: types.Digest{ID: types.Hash{byte(m.rng.Uint32()), m.serial}},
		Fee:    types.Jots(rapid.Uint64Range(1, 40).Draw(t, "fee")),
		Weight: rapid.Uint64Range(1, 4).Draw(t, "weight"),
		Added:  time.UnixMilli(rapid.Int64Range(0, 2).Draw(t, "added")),
	}
	rate := float64(e.Fee.Jots()) / float64(e.Weight)
	e.standing = standing{priority: m.rng.Uint64(), chance: rate * rate * rate, ready: rapid.Bool().Draw(t, "ready")}
	return e
}

func (m *rankingModel) insert(t *rapid.T) {
	e := m.newcomer(t)
	m.ranking.insert(e)
	at, _ := slices.BinarySearchFunc(m.list, e, comparePreference)
	m.list = slices.Insert(m.list, at, e)
}

func (m *rankingModel) some(t *rapid.T) *Entry {
	if len(m.list) == 0 {
		t.Skip("nothing is ranked yet: there is no entry to take")
	}
	return m.list[rapid.IntRange(0, len(m.list)-1).Draw(t, "at")]
}

func (m *rankingModel) remove(t *rapid.T) {
	e := m.some(t)
	m.ranking.remove(e)
	m.list = slices.DeleteFunc(m.list, func(x *Entry) bool { return x == e })
}

func (m *rankingModel) turn(t *rapid.T) {
	e := m.some(t)
	e.ready = !e.ready
	m.ranking.update(e)
}

// open returns the open entries in order and the tally of them.
func (m *rankingModel) open() (open []*Entry, sum tally) {
	for _, e := range m.list {
		if e.isOpen() {
			open = append(open, e)
			sum = tally{sum.count + 1, sum.weight + e.Weight, sum.chances + e.chance}
		}
	}
	return open, sum
}

// draw lays the chances end to end, in order, and takes what lies at a point
// that is no border.
func (m *rankingModel) draw(t *rapid.T) {
	open, sum := m.open()
	if len(open) == 0 {
		t.Skip("no entry is open: there is nothing to draw")
	}
	i := rapid.IntRange(0, len(open)-1).Draw(t, "which")
	u := open[i].chance / 2
	for _, e := range open[:i] {
		u += e.chance
	}
	defer m.ranking.giveBack()
	got := m.ranking.draw(u)
	if got != open[i] || got.isOpen() {
		t.Fatalf("drew %v at %v of %v, want %v", got, u, sum.chances, open[i])
	}
	if rapid.Bool().Draw(t, "again") {
		m.draw(t)
	}
}

func (m *rankingModel) cut(t *rapid.T) {
	open, sum := m.open()
	bound := rapid.Uint64Range(0, sum.weight+2).Draw(t, "bound")
	many := rapid.IntRange(0, len(open)+1).Draw(t, "many")
	var want *Entry
	before := uint64(0)
	for i, e := range open {
		if before+e.Weight > bound || many > 0 && i >= many {
			want = e
			break
		}
		before += e.Weight
	}
	if got, weight := m.ranking.cut(bound, many); got != want || weight != before {
		t.Fatalf("cut at %d and %d: %v after %d, want %v after %d", bound, many, got, weight, want, before)
	}
}

func (m *rankingModel) above(t *rapid.T) {
	rate := rapid.Uint64Range(0, 41_000).Draw(t, "rate")
	count, weight := 0, uint64(0)
	for _, e := range m.list {
		if e.FeeRate() >= rate {
			count, weight = count+1, weight+e.Weight
		}
	}
	if c, w := m.ranking.above(rate); c != count || w != weight {
		t.Fatalf("%d of %d pay %d, want %d of %d", c, w, rate, count, weight)
	}
}

func (m *rankingModel) best(t *rapid.T) {
	open, sum := m.open()
	bound := rapid.Uint64Range(0, sum.weight+2).Draw(t, "bound")
	n := 0
	for weight := uint64(0); n < len(open) && (n == 0 || weight+open[n].Weight <= bound); n++ {
		weight += open[n].Weight
	}
	if got := m.ranking.best(bound); !slices.Equal(got, open[:n]) {
		t.Fatalf("the best up to %d are %d, want %d", bound, len(got), n)
	}
}

func (m *rankingModel) check(t *rapid.T) {
	var all []*Entry
	m.ranking.each(func(e *Entry) bool { all = append(all, e); return true })
	if !slices.Equal(all, m.list) {
		t.Fatalf("the order is %v, want %v", all, m.list)
	}
	if slices.ContainsFunc(all, func(e *Entry) bool { return e.drawn || e.lent }) {
		t.Fatal("an entry was not given back")
	}
	if len(m.list) == 0 {
		if m.ranking.last() != nil {
			t.Fatal("nothing has a last")
		}
		return
	}
	_, want := m.open()
	got := m.ranking.root.open
	if got.count != want.count || got.weight != want.weight || math.Abs(got.chances-want.chances) > 1e-9*want.chances {
		t.Fatalf("open are %+v, want %+v", got, want)
	}
	if m.ranking.root.count != len(m.list) || m.ranking.last() != m.list[len(m.list)-1] {
		t.Fatalf("%d entries, the last %v", m.ranking.root.count, m.ranking.last())
	}
}

func TestRanking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &rankingModel{rng: rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))}
		t.Repeat(map[string]func(*rapid.T){
			"insert": m.insert, "insert more": m.insert, "remove": m.remove, "turn": m.turn,
			"draw": m.draw, "cut": m.cut, "above": m.above, "best": m.best, "": m.check,
		})
	})
}

// TestDrawRich draws an entry beside which the chances of the others are nothing:
// when it is gone, they are what they were.
func TestDrawRich(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 100 {
		var r ranking
		for i := range 8 {
			e := &Entry{Digest: types.Digest{ID: types.Hash{byte(i)}}, Fee: types.Jots(uint64(i + 1)), Weight: 1}
			e.standing = standing{priority: rng.Uint64(), chance: 1, ready: true}
			if i == 4 {
				e.chance = 1e30
			}
			r.insert(e)
		}
		if e := r.draw(5e29); e.chance != 1e30 {
			t.Fatalf("an entry of chance %v was drawn", e.chance)
		}
		if left := r.root.open; left.count != 7 || left.chances != 7 {
			t.Fatalf("%d entries of chance 1 are left, of chance %v together", left.count, left.chances)
		}
	}
}

// TestDrawn draws each entry as often as its chance says: the first drawn of
// three is of the chances 1, 8 and 27 of 36.
func TestDrawn(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var r ranking
	entries := make([]*Entry, 3)
	for i := range entries {
		rate := float64(i + 1)
		entries[i] = &Entry{Digest: types.Digest{ID: types.Hash{byte(i)}}, Fee: types.Jots(uint64(i + 1)), Weight: 1}
		entries[i].standing = standing{priority: rng.Uint64(), chance: rate * rate * rate, ready: true}
		r.insert(entries[i])
	}
	const rounds = 36_000
	var first [3]int
	for range rounds {
		drawn := r.drawn(rng.Float64, nil, 10)
		if len(drawn) != 3 {
			t.Fatalf("%d drawn", len(drawn))
		}
		first[slices.Index(entries, drawn[0])]++
	}
	for i, want := range []int{1000, 8000, 27000} {
		if math.Abs(float64(first[i]-want)) > 5*math.Sqrt(float64(want)) {
			t.Errorf("entry %d is drawn first %d times, want about %d", i, first[i], want)
		}
	}
}
