package spend

import "slices"

// The bounds of a knapsack search: coins looked at and passes over them.
const (
	knapsackCoins  = 1000
	knapsackPasses = 24
)

// knapsack returns a set of small free coins whose worth comes close to a goal
// from above: coins that are worth less than the goal, tried in random passes
// that keep the closest sum (Nakamoto's approximation to the subset sum). Small
// coins spent make the storage of small outputs lighter. Without dice there is
// one greedy pass.
func (s *selector) knapsack(goal int64) []item {
	from := s.smallest(goal) + 1
	small := s.free[from:min(len(s.free), from+knapsackCoins)]
	best, closest := make([]bool, len(small)), int64(0)
	for i := range small {
		best[i] = true
		closest = addWorth(closest, small[i].worth)
	}
	if closest < goal {
		return nil
	}
	passes := 1
	if s.dice != nil {
		passes = knapsackPasses
	}
	for pass := 0; pass < passes && closest > goal; pass++ {
		toss := func() bool { return pass == 0 || s.dice(2) == 0 }
		if taken, sum := fill(small, goal, toss); sum < closest {
			best, closest = taken, sum
		}
	}
	return pick(small, best)
}

// fill makes one pass: coins in descending order go in as the toss says, then
// all others; one that reaches the goal is noted and taken out again, so that
// smaller ones may come closer.
func fill(small []item, goal int64, toss func() bool) (best []bool, closest int64) {
	taken := make([]bool, len(small))
	closest = 1<<63 - 1
	var sum int64
	for round := range 2 {
		for i := range small {
			if taken[i] || round == 0 && !toss() {
				continue
			}
			if reached := sum + small[i].worth; reached < goal {
				taken[i], sum = true, reached
			} else if reached < closest {
				taken[i] = true
				best, closest = slices.Clone(taken), reached
				taken[i] = false
			}
		}
	}
	return best, closest
}

func pick(items []item, taken []bool) []item {
	var picked []item
	for i, ok := range taken {
		if ok {
			picked = append(picked, items[i])
		}
	}
	return picked
}
