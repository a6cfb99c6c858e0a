package spend

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Multisig returns the policy that asks for n signatures of the given keys. The
// order of the keys counts; it is ascending in the usual, agreed form, which
// SortKeys brings about.
func Multisig(n int, keys ...[32]byte) (types.Policy, error) {
	if n < 1 || n > len(keys) || n > math.MaxUint8 {
		return types.Policy{}, refused(ErrPolicy, "%d signatures of %d keys", n, len(keys))
	}
	children := make([]types.Policy, len(keys))
	for i, key := range keys {
		children[i] = types.KeyPolicy(key)
	}
	return checked(types.ThresholdPolicy(uint8(n), children...))
}

// SortKeys sorts keys in ascending order, so that the owners of a Multisig get the
// same address whatever order they exchanged their keys in.
func SortKeys(keys [][32]byte) {
	slices.SortFunc(keys, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
}

// HTLC returns a hash-time-lock contract: receiver takes the coin with the secret
// whose SHA-256 is image, sender takes it back once the lock, an after or older
// policy, has passed.
func HTLC(image, receiver, sender [32]byte, lock types.Policy) (types.Policy, error) {
	claim, err := HashLock(receiver, image)
	if err != nil {
		return types.Policy{}, err
	}
	refund, err := TimeLock(sender, lock)
	if err != nil {
		return types.Policy{}, err
	}
	return checked(types.ThresholdPolicy(1, claim, refund))
}

// TimeLock returns the policy that asks for a signature by key once the lock, an
// after or older policy, has passed.
func TimeLock(key [32]byte, lock types.Policy) (types.Policy, error) {
	if lock.Kind != types.PolicyAfter && lock.Kind != types.PolicyOlder {
		return types.Policy{}, refused(ErrPolicy, "a lock is after(N) or older(N)")
	}
	return checked(types.ThresholdPolicy(2, lock, types.KeyPolicy(key)))
}

// HashLock returns the policy that asks for a signature by key and the secret
// whose SHA-256 is image.
func HashLock(key, image [32]byte) (types.Policy, error) {
	return checked(types.ThresholdPolicy(2, types.HashPolicy(image), types.KeyPolicy(key)))
}

func checked(p types.Policy) (types.Policy, error) {
	if err := CheckPolicy(p); err != nil {
		return types.Policy{}, err
	}
	return p, nil
}

// CheckPolicy returns ErrPolicy for a policy that a wallet should not receive
// coins with: one that no unlock can ever satisfy within the rules, some way of
// which is beyond their bounds, or that names a key twice. What an opaque branch
// hides is taken on trust.
func CheckPolicy(p types.Policy) error {
	if p.Kind == types.PolicyOpaque {
		return refused(ErrPolicy, "all of it is hidden")
	}
	c := inspection{keys: make(map[[32]byte]bool)}
	if _, err := c.inspect(&p, 1); err != nil {
		return err
	}
	if !satisfiable(&p, false) && !satisfiable(&p, true) {
		return refused(ErrPolicy, "it needs a lock by date and one by blue score at once, which no transaction can have")
	}
	return nil
}

// An inspection walks a policy once.
type inspection struct {
	nodes int
	keys  map[[32]byte]bool
}

// inspect returns the greatest number of keys that a way to satisfy the policy
// reveals.
func (c *inspection) inspect(p *types.Policy, depth int) (keys int, err error) {
	if c.nodes++; c.nodes > rules.MaxPolicyNodes {
		return 0, refused(ErrPolicy, "more than %d parts", rules.MaxPolicyNodes)
	}
	if depth > rules.MaxPolicyDepth {
		return 0, refused(ErrPolicy, "deeper than %d levels", rules.MaxPolicyDepth)
	}
	switch p.Kind {
	case types.PolicyKey:
		return 1, c.inspectKey(p.Key)
	case types.PolicyHash:
	case types.PolicyAfter:
		if p.N == 0 {
			return 0, refused(ErrPolicy, "after(0) never locks")
		}
	case types.PolicyOlder:
		if p.N > math.MaxUint32 {
			return 0, refused(ErrPolicy, "older(%d) is beyond 32 bits", p.N)
		}
	case types.PolicyThreshold:
		return c.inspectThreshold(p, depth)
	case types.PolicyOpaque:
		if p.Hidden.Version != 0 {
			return 0, refused(ErrPolicy, "addresses of version %d are reserved", p.Hidden.Version)
		}
	default:
		return 0, refused(ErrPolicy, "kind %d is unknown", p.Kind)
	}
	return 0, nil
}

func (c *inspection) inspectKey(key [32]byte) error {
	if !types.ValidKey(key) {
		return refused(ErrPolicy, "%x is not a public key", key)
	}
	if c.keys[key] {
		return refused(ErrPolicy, "the key %x stands in it twice", key)
	}
	c.keys[key] = true
	return nil
}

func (c *inspection) inspectThreshold(p *types.Policy, depth int) (int, error) {
	if p.N < 1 || p.N > uint64(len(p.Children)) || p.N > math.MaxUint8 {
		return 0, refused(ErrPolicy, "%d of %d parts", p.N, len(p.Children))
	}
	counts := make([]int, len(p.Children))
	for i := range p.Children {
		keys, err := c.inspect(&p.Children[i], depth+1)
		if err != nil {
			return 0, err
		}
		counts[i] = keys
	}
	slices.Sort(counts)
	most := 0
	for _, keys := range counts[len(counts)-int(p.N):] {
		most += keys
	}
	if most > rules.MaxPolicyKeys {
		return 0, refused(ErrPolicy, "%d signatures at once, at most %d are allowed", most, rules.MaxPolicyKeys)
	}
	return most, nil
}

// satisfiable reports whether some way to satisfy a policy has no absolute lock
// but those of one class.
func satisfiable(p *types.Policy, byDate bool) bool {
	switch p.Kind {
	case types.PolicyAfter:
		return isDate(p.N) == byDate
	case types.PolicyThreshold:
		good := uint64(0)
		for i := range p.Children {
			if satisfiable(&p.Children[i], byDate) {
				good++
			}
		}
		return good >= p.N
	}
	return true
}

// shortHex returns the start of a key or an image in hex, for words.
func shortHex(b [32]byte) string { return fmt.Sprintf("%x…", b[:4]) }
