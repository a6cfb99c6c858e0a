package spend

import (
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Means are what a spender has to satisfy a policy with.
type Means struct {
	Key      func(key [32]byte) bool   // whether its owner will sign; nil: nobody
	Preimage func(image [32]byte) bool // whether the secret is known; nil: none
	At       rules.Place               // where locks are judged
	Coin     types.Coin                // whose age an older policy counts
}

// Choose returns the policy with every branch hidden that is not needed, taking
// the lightest branches that the means satisfy; where more of equal weight and
// without locks would do, they stay in sight, so that any of them may sign. ok is
// false when the means satisfy the policy in no way.
func Choose(p types.Policy, m Means) (chosen types.Policy, ok bool) {
	// A transaction has one lock time, by blue score or by date.
	for _, byDate := range []bool{false, true} {
		c := chooser{open: true, satisfied: func(leaf *types.Policy) bool {
			return (leaf.Kind != types.PolicyAfter || isDate(leaf.N) == byDate) && m.satisfy(leaf)
		}}
		if found, good := c.choose(p); good && (!ok || compareReveal(&found, &chosen) < 0) {
			chosen, ok = found, true
		}
	}
	return chosen, ok
}

// Opens returns when the means will satisfy a policy that they do not satisfy
// yet: a blue score, or milliseconds since 1970 as in a lock time, and 0 where it
// takes one of each. ok is false where no time helps.
func Opens(p types.Policy, m Means) (at uint64, ok bool) {
	now := m.At
	for _, lock := range opening(&p, m.Coin.BlueScore) { // blue scores come first
		m.At = now
		if isDate(lock) {
			m.At.MedianTime = lock
		} else {
			m.At.BlueScore = lock
		}
		if _, ok := Choose(p, m); ok {
			return lock, true
		}
	}
	const someDay = 1 << 62
	m.At = rules.Place{BlueScore: someDay, MedianTime: someDay}
	_, ok = Choose(p, m)
	return 0, ok
}

// opening returns the places at which the locks of a policy open for a coin of
// some age, in ascending order.
func opening(p *types.Policy, since uint64) (at []uint64) {
	leaves(p, func(leaf *types.Policy) {
		switch leaf.Kind {
		case types.PolicyAfter:
			at = append(at, leaf.N+1)
		case types.PolicyOlder:
			at = append(at, since+leaf.N)
		}
	})
	slices.Sort(at)
	return at
}

func (m *Means) satisfy(leaf *types.Policy) bool {
	switch leaf.Kind {
	case types.PolicyKey:
		return m.Key != nil && m.Key(leaf.Key)
	case types.PolicyHash:
		return m.Preimage != nil && m.Preimage(leaf.Key)
	case types.PolicyAfter, types.PolicyOlder:
		return passed(leaf, &m.Coin, m.At)
	}
	return false
}

// passed asks the rules whether a lock on a coin is over at a place.
func passed(lock *types.Policy, coin *types.Coin, at rules.Place) bool {
	tx := types.Transaction{Inputs: []types.Input{{Sequence: rules.SequenceDisabled}}}
	if lock.Kind == types.PolicyAfter {
		tx.LockTime = lock.N
		return rules.AbsoluteLock(&tx, at) == nil
	}
	tx.Inputs[0].Sequence = lock.N
	return rules.RelativeLocks(&tx, []types.Coin{*coin}, at) == nil
}

// A chooser hides the branches of a policy that are not needed.
type chooser struct {
	satisfied func(leaf *types.Policy) bool
	open      bool // keep what is equally good in sight
}

func (c *chooser) choose(p types.Policy) (types.Policy, bool) {
	if p.Kind != types.PolicyThreshold {
		return p, c.satisfied(&p)
	}
	p.Children = slices.Clone(p.Children)
	var good []int
	for i := range p.Children {
		child, ok := c.choose(p.Children[i])
		if ok {
			p.Children[i] = child
			good = append(good, i)
		}
	}
	if uint64(len(good)) < p.N {
		return p, false
	}
	good = c.keep(&p, good)
	for i := range p.Children {
		if !slices.Contains(good, i) {
			p.Children[i] = types.OpaquePolicy(p.Children[i].Address())
		}
	}
	return p, true
}

// keep returns which of the satisfied children stay in sight: the lightest ones,
// as many as the threshold asks for.
func (c *chooser) keep(p *types.Policy, good []int) []int {
	if c.open && c.interchangeable(p, good) {
		return good
	}
	slices.SortStableFunc(good, func(a, b int) int { return compareReveal(&p.Children[a], &p.Children[b]) })
	return good[:p.N]
}

func (c *chooser) interchangeable(p *types.Policy, good []int) bool {
	return !slices.ContainsFunc(good, func(i int) bool {
		return hasLock(&p.Children[i]) || compareReveal(&p.Children[i], &p.Children[good[0]]) != 0
	})
}

// compareReveal orders policies by what they weigh when the heaviest of what is
// in sight is revealed.
func compareReveal(a, b *types.Policy) int {
	return revealWeight(a) - revealWeight(b)
}

func revealWeight(p *types.Policy) int {
	unlock, err := placeholder(*p)
	if err != nil {
		panic("spend: a chosen policy is undecided: " + err.Error())
	}
	return int(measure(unlock).weight)
}
