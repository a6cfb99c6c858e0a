package spend

import (
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A way is how a coin will be spent, known before anything is signed.
type way struct {
	weight   uint64 // of the input, unlock included
	size     int    // of the input, in encoded bytes
	sequence uint64 // that its older policies ask for
	lockTime uint64 // that its after policies ask for, 0 for none
}

// keyWay is the way of a coin that asks for one signature and nothing else.
var keyWay = measure(types.Unlock{
	Policy:     types.KeyPolicy([32]byte{}),
	Signatures: make([]types.Signature, 1),
})

// wayOf returns how a coin paid to a policy will be spent.
func wayOf(p *types.Policy) (way, error) {
	if p.Kind == types.PolicyKey {
		return keyWay, nil
	}
	unlock, err := placeholder(*p)
	if err != nil {
		return way{}, err
	}
	w := measure(unlock)
	return w, w.lock(&unlock.Policy)
}

// measure asks the rules what an input weighs with an unlock.
func measure(u types.Unlock) way {
	with := types.Transaction{Inputs: []types.Input{{Unlock: u}}}
	return way{
		weight:   rules.Weight(&with) - rules.Weight(&types.Transaction{}),
		size:     types.EncodedLen(&with) - types.EncodedLen(&types.Transaction{}),
		sequence: rules.SequenceDisabled,
	}
}

// lock takes up what the locks of a revealed policy ask for.
func (w *way) lock(p *types.Policy) error {
	switch p.Kind {
	case types.PolicyAfter:
		lockTime, err := laterLock(w.lockTime, p.N)
		if err != nil {
			return err
		}
		w.lockTime = lockTime
	case types.PolicyOlder:
		if w.sequence == rules.SequenceDisabled || p.N > w.sequence {
			w.sequence = p.N
		}
	case types.PolicyThreshold:
		for i := range p.Children {
			if err := w.lock(&p.Children[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// laterLock returns the lock time that serves two, which must be of one class: a
// transaction has only one.
func laterLock(a, b uint64) (uint64, error) {
	if a != 0 && b != 0 && isDate(a) != isDate(b) {
		return 0, refused(ErrCoin, "a lock by date and one by blue score do not go into one transaction")
	}
	return max(a, b), nil
}

// isDate tells a lock time in milliseconds from a blue score.
func isDate(lock uint64) bool { return lock >= rules.LockTimeThreshold }

// placeholder returns an unlock of the size that the real one will have: of the
// branches in sight as many are revealed as the policy asks for, the heaviest
// ones, with empty signatures and preimages.
func placeholder(p types.Policy) (types.Unlock, error) {
	revealed, err := heaviest(p)
	if err != nil {
		return types.Unlock{}, err
	}
	return blankUnlock(revealed), nil
}

// blankUnlock returns the unlock that reveals a policy, with empty signatures and
// preimages.
func blankUnlock(revealed types.Policy) types.Unlock {
	keys, images := 0, 0
	leaves(&revealed, func(leaf *types.Policy) {
		switch leaf.Kind {
		case types.PolicyKey:
			keys++
		case types.PolicyHash:
			images++
		}
	})
	return types.Unlock{
		Policy:     revealed,
		Signatures: make([]types.Signature, keys),
		Preimages:  make([]types.Preimage, images),
	}
}

// heaviest reveals of each threshold the children in sight that weigh most, as
// many as it asks for.
func heaviest(p types.Policy) (types.Policy, error) {
	switch p.Kind {
	case types.PolicyOpaque:
		return p, refused(ErrCoin, "its policy is hidden")
	case types.PolicyThreshold:
		return heaviestOf(p)
	}
	return p, nil
}

func heaviestOf(p types.Policy) (types.Policy, error) {
	shown := visible(&p)
	if uint64(len(shown)) < p.N {
		return p, refused(ErrCoin, "its policy hides branches that it needs")
	}
	if uint64(len(shown)) > p.N && slices.ContainsFunc(shown, func(i int) bool { return hasLock(&p.Children[i]) }) {
		return p, refused(ErrCoin, "its policy can be satisfied in several ways with different locks; one must be chosen")
	}
	p.Children = slices.Clone(p.Children)
	for _, i := range shown {
		child, err := heaviest(p.Children[i])
		if err != nil {
			return p, err
		}
		p.Children[i] = child
	}
	slices.SortStableFunc(shown, func(a, b int) int { return -compareWeight(&p.Children[a], &p.Children[b]) })
	for _, i := range shown[p.N:] {
		p.Children[i] = types.OpaquePolicy(p.Children[i].Address())
	}
	return p, nil
}

func compareWeight(a, b *types.Policy) int {
	return int(measure(blankUnlock(*a)).weight) - int(measure(blankUnlock(*b)).weight)
}

// visible returns the indices of the children that are not hidden.
func visible(p *types.Policy) []int {
	var shown []int
	for i := range p.Children {
		if p.Children[i].Kind != types.PolicyOpaque {
			shown = append(shown, i)
		}
	}
	return shown
}

// leaves visits what a policy asks for, depth first, left to right, in the order
// in which an unlock lists signatures and preimages.
func leaves(p *types.Policy, visit func(*types.Policy)) {
	if p.Kind != types.PolicyThreshold {
		visit(p)
		return
	}
	for i := range p.Children {
		leaves(&p.Children[i], visit)
	}
}

func hasLock(p *types.Policy) (found bool) {
	leaves(p, func(leaf *types.Policy) {
		found = found || leaf.Kind == types.PolicyAfter || leaf.Kind == types.PolicyOlder
	})
	return found
}
