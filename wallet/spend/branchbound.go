package spend

import "slices"

// maxTries bounds the search for a changeless set, counted in coins looked at.
const maxTries = 100_000

// changeless returns a trial without change whose excess over the fee that is due
// lies within the window, by branch and bound over the free coins in descending
// order of worth (Erhardt, 2016). It finds one whenever there is one, unless the
// search gets too long.
//
// Storage weight is judged where a set is complete; the bounds use what holds
// whatever its storage: the fee due is at least that of the weight, and at most
// that of all outputs stored with no coin given back.
func (s *selector) changeless() (trial, bool) {
	if s.tariff.charge != 0 {
		return trial{}, false // what replaces another pays for that too: the bounds do not hold
	}
	b := s.newBranch()
	for tries, more := 0, true; more && tries < maxTries; more = b.advance() {
		tries += 1 + len(b.taken)
		if b.worth < b.target || b.worth > b.most {
			continue
		}
		if t := s.closed(b.items, s.payments); t.verdict == fits && t.fee-s.tariff.of(t.charged()) <= b.window {
			t.items = slices.Clone(t.items)
			return t, true
		}
	}
	return trial{}, false
}

// A branch is a place in the search: the free coins before next are decided.
type branch struct {
	s      *selector
	items  []item // forced and taken
	taken  []int  // indices of free coins, ascending
	next   int
	worth  int64
	weight uint64

	target int64  // worth that is needed
	most   int64  // worth above which the excess leaves the window
	window uint64 // jots
}

func (s *selector) newBranch() *branch {
	t := s.begin(s.forced, s.payments, -1)
	b := &branch{s: s, items: slices.Clone(s.forced), target: s.target(), window: s.window(), weight: t.weight}
	b.most = addWorth(b.target, int64(min(b.window+1, 1<<50)*1000))
	s.coins = s.coins[:0]
	if created := s.massOf(s.payments); created > t.weight {
		b.most = addWorth(b.most, worthOf(0, created-t.weight, s.tariff.rate)*-1)
	}
	return b
}

// advance takes the next coin that may lead into the window; it returns false
// when there is none.
func (b *branch) advance() bool {
	for b.next == len(b.s.free) || b.hopeless() {
		if !b.turn() {
			return false
		}
	}
	b.take()
	return true
}

// hopeless reports whether no further coin can bring the branch into the window.
func (b *branch) hopeless() bool {
	return addWorth(b.worth, b.s.suffix[b.next]) < b.target || b.worth > b.most || b.weight > b.s.limits.weight
}

func (b *branch) take() {
	it := b.s.free[b.next]
	b.items = append(b.items, it)
	b.taken = append(b.taken, b.next)
	b.worth += it.worth
	b.weight += it.weight
	b.next++
}

// turn gives up the last coin taken and goes on without it and its equals; it
// returns false when none is left.
func (b *branch) turn() bool {
	if len(b.taken) == 0 {
		return false
	}
	last := b.taken[len(b.taken)-1]
	it := &b.s.free[last]
	b.taken = b.taken[:len(b.taken)-1]
	b.items = b.items[:len(b.items)-1]
	b.worth -= it.worth
	b.weight -= it.weight
	for b.next = last + 1; b.next < len(b.s.free) && b.s.free[b.next].equal(it); {
		b.next++
	}
	return true
}

// equal reports whether two coins are the same to a selection.
func (it *item) equal(other *item) bool {
	return it.value() == other.value() && it.way == other.way
}
