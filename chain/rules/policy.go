package rules

import (
	"crypto/sha256"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// The bounds of the policy that one unlock reveals.
const (
	MaxPolicyDepth = 4  // levels; the root is the first
	MaxPolicyNodes = 64 // opaque ones included
	MaxPolicyKeys  = 20
)

// PolicyShape judges an unlock without the coin it spends: the bounds of its
// revealed policy, that each threshold reveals exactly what it asks for, that
// the keys are acceptable, and that there are as many signatures and preimages
// as the policy consumes.
func PolicyShape(u *types.Unlock) error {
	if err := unlockStructure(u); err != nil {
		return err
	}
	return keysAcceptable(&u.Policy)
}

// unlockStructure is PolicyShape without the keys, whose decoding costs far
// more than all the rest.
func unlockStructure(u *types.Unlock) error {
	if u.Policy.Kind == types.PolicyOpaque {
		return broken(ErrPolicyRoot, "the whole policy is opaque")
	}
	var t tally
	if err := t.count(&u.Policy, 1); err != nil {
		return err
	}
	if t.keys != len(u.Signatures) {
		return broken(ErrSignatureCount, "%d signatures for %d keys", len(u.Signatures), t.keys)
	}
	if t.images != len(u.Preimages) {
		return broken(ErrPreimageCount, "%d preimages for %d images", len(u.Preimages), t.images)
	}
	return nil
}

// A tally counts what a policy holds and stops at the first bound.
type tally struct{ nodes, keys, images int }

func (t *tally) count(p *types.Policy, depth int) error {
	if depth > MaxPolicyDepth {
		return broken(ErrPolicyDepth, "policy deeper than %d levels", MaxPolicyDepth)
	}
	if t.nodes++; t.nodes > MaxPolicyNodes {
		return broken(ErrPolicyNodes, "policy of more than %d nodes", MaxPolicyNodes)
	}
	switch p.Kind {
	case types.PolicyKey:
		if t.keys++; t.keys > MaxPolicyKeys {
			return broken(ErrPolicyKeys, "policy of more than %d keys", MaxPolicyKeys)
		}
	case types.PolicyHash:
		t.images++
	case types.PolicyAfter, types.PolicyOlder:
	case types.PolicyThreshold:
		return t.countThreshold(p, depth)
	case types.PolicyOpaque:
		if p.Hidden.Version != 0 {
			return broken(ErrPolicyOpaque, "opaque address version %d is reserved", p.Hidden.Version)
		}
	default:
		return broken(ErrPolicyKind, "policy kind %d is unknown", p.Kind)
	}
	return nil
}

func (t *tally) countThreshold(p *types.Policy, depth int) error {
	if p.N < 1 || p.N > uint64(len(p.Children)) {
		return broken(ErrPolicyThreshold, "threshold %d of %d", p.N, len(p.Children))
	}
	revealed := uint64(0)
	for i := range p.Children {
		if p.Children[i].Kind != types.PolicyOpaque {
			revealed++
		}
		if err := t.count(&p.Children[i], depth+1); err != nil {
			return err
		}
	}
	if revealed != p.N {
		return broken(ErrPolicyReveal, "threshold %d reveals %d children", p.N, revealed)
	}
	return nil
}

func keysAcceptable(p *types.Policy) error {
	if p.Kind == types.PolicyKey && !types.ValidKey(p.Key) {
		return broken(ErrPolicyKey, "key %x is not canonical or of small order", p.Key)
	}
	for i := range p.Children {
		if err := keysAcceptable(&p.Children[i]); err != nil {
			return err
		}
	}
	return nil
}

// Unlocks judges what the unlocks of a transaction assert about the outputs it
// spends, given in the order of its inputs, and returns the signatures that are
// still to be verified; the transaction holds when all of them do. The answer
// depends on nothing else, so it may be remembered by transaction hash.
func Unlocks(tx *types.Transaction, spent []types.Output, genesis types.Hash) ([]types.SignatureCheck, error) {
	return UnlocksSigning(tx, spent, tx.SigningHash(genesis, spent))
}

// UnlocksSigning is Unlocks of a transaction whose signing hash is known.
func UnlocksSigning(tx *types.Transaction, spent []types.Output, message types.Hash) ([]types.SignatureCheck, error) {
	a := assertions{tx: tx, message: message}
	for i := range tx.Inputs {
		if err := a.unlock(&tx.Inputs[i], spent[i].Address); err != nil {
			return nil, inInput(i, err)
		}
	}
	return a.checks, nil
}

// assertions walks the unlocks of one transaction.
type assertions struct {
	tx      *types.Transaction
	message types.Hash
	checks  []types.SignatureCheck

	sequence   uint64 // of the input at hand
	signatures []types.Signature
	preimages  []types.Preimage
}

// unlock judges the structure again, at next to no cost: a root that is opaque,
// or a threshold that hides what it asks for, would assert nothing.
func (a *assertions) unlock(in *types.Input, address types.Address) error {
	if err := unlockStructure(&in.Unlock); err != nil {
		return err
	}
	if got := in.Unlock.Policy.Address(); got != address {
		return broken(ErrAddressMismatch, "policy of address hash %v, version %d: the coin's is %v, version %d",
			got.Hash, got.Version, address.Hash, address.Version)
	}
	a.sequence = in.Sequence
	a.signatures = in.Unlock.Signatures
	a.preimages = in.Unlock.Preimages
	return a.holds(&in.Unlock.Policy)
}

// holds judges a policy depth first, left to right, consuming signatures and
// preimages as it meets their keys and images.
func (a *assertions) holds(p *types.Policy) error {
	switch p.Kind {
	case types.PolicyKey:
		a.checks = append(a.checks, types.SignatureCheck{Key: p.Key, Message: a.message, Signature: a.signatures[0]})
		a.signatures = a.signatures[1:]
	case types.PolicyHash:
		preimage := a.preimages[0]
		a.preimages = a.preimages[1:]
		if sha256.Sum256(preimage[:]) != p.Key {
			return broken(ErrPreimage, "preimage %x is not that of %x", preimage, p.Key)
		}
	case types.PolicyAfter:
		if isTime(a.tx.LockTime) != isTime(p.N) || a.tx.LockTime < p.N {
			return broken(ErrAfter, "lock time %d: the policy asks for %d", a.tx.LockTime, p.N)
		}
	case types.PolicyOlder:
		if age, locked := relativeLock(a.sequence); !locked || age < p.N {
			return broken(ErrOlder, "sequence %#x: the policy asks for %d", a.sequence, p.N)
		}
	case types.PolicyThreshold:
		return a.childrenHold(p)
	}
	return nil
}

// childrenHold judges the children in sight, which are as many as the threshold
// asks for.
func (a *assertions) childrenHold(p *types.Policy) error {
	for i := range p.Children {
		if err := a.holds(&p.Children[i]); err != nil {
			return err
		}
	}
	return nil
}

func inInput(i int, err error) error { return fmt.Errorf("input %d: %w", i, err) }
