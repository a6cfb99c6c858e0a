package spend

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/jio-dag/jio/chain/types"
)

// A selector finds the coins for one transaction: forced ones and some of the
// free ones.
type selector struct {
	accountant
	forced []item
	all    []item  // the others, in descending order of worth
	free   []item  // the start of all: those worth spending
	prefix []int64 // prefix[n] is the worth of the first n free ones, saturated
	suffix []int64 // suffix[n] is the worth of all others, saturated

	payments []types.Output
	change   types.Output // without value
	keep     way          // of the change, once it is a coin
	dice     func(n uint64) uint64
}

// arrange sorts the coins that need not be spent. What costs more to spend than
// it is worth is no money, but may still relieve storage.
func (s *selector) arrange(all []item) {
	s.all = all
	slices.SortFunc(s.all, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), compareOutpoints(a.coin.Outpoint, b.coin.Outpoint))
	})
	n := sort.Search(len(all), func(i int) bool { return all[i].worth <= 0 })
	s.free = all[:n:n]
	s.prefix, s.suffix = make([]int64, n+1), make([]int64, n+1)
	for i := range n {
		s.prefix[i+1] = addWorth(s.prefix[i], s.free[i].worth)
		s.suffix[n-i-1] = addWorth(s.suffix[n-i], s.free[n-i-1].worth)
	}
}

func compareOutpoints(a, b types.Outpoint) int {
	return cmp.Or(a.TxID.Compare(b.TxID), cmp.Compare(a.Index, b.Index))
}

// addWorth adds a worth that is not negative, saturated: all coins of a network without a
// supply cap may sum to more than 63 bits hold.
func addWorth(sum, worth int64) int64 {
	if sum > 0 && worth > math.MaxInt64-sum {
		return math.MaxInt64
	}
	return sum + worth
}

// target is the worth that free coins must bring, in thousandths of a jot, for
// the payments without change: less cannot do, and it may be negative when the
// forced ones suffice.
func (s *selector) target() int64 {
	t := s.begin(s.forced, s.payments, -1)
	return -worthOf(t.in, t.weight, s.tariff.rate) + int64(min(t.out, types.MaxAmount.Jots())*1000)
}

// window is how much more than is due a transaction without change may leave to
// the fee: what a change output would cost, now and when it is spent.
func (s *selector) window() uint64 {
	with := s.begin(nil, append(slices.Clone(s.payments), s.change), -1)
	without := s.begin(nil, s.payments, -1)
	return scaled(with.weight-without.weight+s.keep.weight, s.tariff.rate, 1000)
}

// best returns the cheapest trial found that fits: without change when the coins
// allow, else the least costly of several guesses. Where none fits, the verdict of
// the last says why.
func (s *selector) best() trial {
	if t, ok := s.changeless(); ok {
		return t
	}
	best := s.settle(s.forced)
	s.guesses(func(free []item) {
		if t := s.relieved(append(slices.Clip(s.forced), free...)); s.better(&t, &best) {
			best = t
		}
	})
	return best
}

// settle returns the better of the trials with and without change. Change that
// is worth less than it costs goes to the fee; change that is worth more and only
// finds no room to be stored beside the payments does not.
func (s *selector) settle(items []item) trial {
	with := s.filled(items, append(slices.Clip(s.payments), s.change), len(s.payments))
	if with.verdict == stored {
		return with
	}
	if without := s.closed(items, s.payments); s.better(&without, &with) {
		return without
	}
	return with
}

// better orders trials by cost, those that do not fit last.
func (s *selector) better(a, b *trial) bool {
	if a.verdict != fits || b.verdict != fits {
		return a.verdict == fits
	}
	return s.cost(a) < s.cost(b)
}

// cost is what the owner loses: the fee, and what it will cost to spend the
// change.
func (s *selector) cost(t *trial) uint64 {
	if t.open < 0 {
		return t.fee
	}
	return saturatingAdd(t.fee, scaled(s.keep.weight, s.tariff.rate, 1000))
}

// roomy are the values of change that selections aim at, in jots: the smaller
// the change, the more its storage weighs.
var roomy = []int64{0, 100_000, 1_000_000, 10_000_000, 100_000_000}

// guesses proposes sets of free coins for each size of change: the smallest coin
// that suffices, the fewest coins, the smallest coins that together do, and what
// knapsack finds. Of equally good ones the first is taken.
func (s *selector) guesses(try func(free []item)) {
	target := addWorth(max(s.target(), 0), int64(min(s.tariff.floor, types.MaxAmount.Jots())*1000))
	for _, change := range roomy {
		goal := addWorth(target, change*1000)
		n := s.fewest(goal)
		if n > len(s.free) {
			if change == 0 {
				try(s.free)
			}
			return
		}
		if i := s.smallest(goal); i >= 0 {
			try(s.free[i : i+1])
		}
		try(s.free[:n])
		if i := s.smallestMany(goal); len(s.free)-i <= knapsackCoins {
			try(s.free[i:])
		}
		if found := s.knapsack(goal); found != nil {
			try(found)
		}
	}
}

// fewest returns how many of the largest free coins reach a worth, one more than
// there are when all do not.
func (s *selector) fewest(worth int64) int {
	return sort.Search(len(s.prefix), func(n int) bool { return s.prefix[n] >= worth })
}

// smallest returns the index of the smallest free coin of at least a worth, -1
// without one.
func (s *selector) smallest(worth int64) int {
	return sort.Search(len(s.free), func(i int) bool { return s.free[i].worth < worth }) - 1
}

// smallestMany returns the index from which the smallest free coins reach a
// worth.
func (s *selector) smallestMany(worth int64) int {
	return sort.Search(len(s.suffix), func(i int) bool { return s.suffix[i] < worth }) - 1
}

// relieved settles a set of coins and, where storage is what makes it dear, adds
// coins that make it cheaper: each spent coin gives back the storage it took.
func (s *selector) relieved(items []item) trial {
	best := s.settle(items)
	for best.verdict == stored || best.verdict == short || best.mass > best.weight {
		next := best
		for _, it := range s.relief() {
			if slices.ContainsFunc(items, func(other item) bool { return other.coin == it.coin }) {
				continue
			}
			if t := s.settle(append(slices.Clip(items), it)); s.better(&t, &next) {
				next = t
			}
		}
		if !s.better(&next, &best) {
			return best
		}
		best, items = next, next.items
	}
	return best
}

// relief returns coins that may relieve storage: those near the smallest payment
// in value, the least and the greatest.
func (s *selector) relief() []item {
	least := s.payments[0].Value.Jots()
	for i := range s.payments {
		least = min(least, s.payments[i].Value.Jots())
	}
	near := sort.Search(len(s.all), func(i int) bool { return s.all[i].value() < least })
	var places []int
	for _, i := range []int{0, near - 2, near - 1, near, near + 1, len(s.all) - 1} {
		if i >= 0 && i < len(s.all) && !slices.Contains(places, i) {
			places = append(places, i)
		}
	}
	found := make([]item, len(places))
	for n, i := range places {
		found[n] = s.all[i]
	}
	return found
}
