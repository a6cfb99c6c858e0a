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
	free   []item  // worth spending, in descending order of worth
	prefix []int64 // prefix[n] is the worth of the first n free ones, saturated
	suffix []int64 // suffix[n] is the worth of all others, saturated

	payments []types.Output
	change   types.Output // without value
	keep     way          // of the change, once it is a coin
	dice     func(n uint64) uint64
}

// arrange sorts the free coins; what costs more to spend than it is worth is
// left out.
func (s *selector) arrange(free []item) {
	s.free = slices.DeleteFunc(free, func(it item) bool { return it.worth <= 0 })
	slices.SortFunc(s.free, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), compareOutpoints(a.coin.Outpoint, b.coin.Outpoint))
	})
	n := len(s.free)
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

// settle returns the better of the trials with and without change.
func (s *selector) settle(items []item) trial {
	with := s.filled(items, append(slices.Clip(s.payments), s.change), len(s.payments))
	without := s.closed(items, s.payments)
	if s.better(&without, &with) {
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

// guesses proposes sets of free coins: the smallest coin that suffices, the
// fewest coins, and what knapsack finds, for each size of change.
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
		try(s.free[:n])
		if i := s.smallest(goal); i >= 0 {
			try(s.free[i : i+1])
		}
		for _, found := range s.knapsack(goal) {
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

// relieved settles a set of coins and, where storage is what makes it dear, adds
// coins that make it cheaper: each spent coin gives back the storage it took.
func (s *selector) relieved(items []item) trial {
	best := s.settle(items)
	for best.verdict == stored || best.verdict == short || best.mass > best.weight {
		next := best
		for _, i := range s.probes() {
			if slices.ContainsFunc(items, func(it item) bool { return it.coin == s.free[i].coin }) {
				continue
			}
			if t := s.settle(append(slices.Clip(items), s.free[i])); s.better(&t, &next) {
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

// probes are the free coins that may relieve storage: those near the smallest
// payment in value, the least and the greatest.
func (s *selector) probes() []int {
	if len(s.free) == 0 {
		return nil
	}
	near := s.smallest(worthOf(s.leastPayment(), s.keep.weight, 0))
	var found []int
	for _, i := range []int{0, near - 1, near, near + 1, near + 2, len(s.free) - 1} {
		if i >= 0 && i < len(s.free) && !slices.Contains(found, i) {
			found = append(found, i)
		}
	}
	return found
}

func (s *selector) leastPayment() uint64 {
	least := s.payments[0].Value.Jots()
	for i := range s.payments {
		least = min(least, s.payments[i].Value.Jots())
	}
	return least
}
