package spend

import (
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Multisig returns the policy that asks for n signatures of the given keys. The
// order of the keys counts; it is ascending in the usual, agreed form, which
// SortKeys brings about.
func Multisig(n int, keys ...[32]byte) (types.Policy, error) { return types.Policy{}, errUnwritten }

// SortKeys sorts keys in ascending order, so that the owners of a Multisig get the
// same address whatever order they exchanged their keys in.
func SortKeys(keys [][32]byte) {}

// HTLC returns a hash-time-lock contract: receiver takes the coin with the secret
// whose SHA-256 is image, sender takes it back once the lock, an after or older
// policy, has passed.
func HTLC(image, receiver, sender [32]byte, lock types.Policy) (types.Policy, error) {
	return types.Policy{}, errUnwritten
}

// TimeLock returns the policy that asks for a signature by key once the lock, an
// after or older policy, has passed.
func TimeLock(key [32]byte, lock types.Policy) (types.Policy, error) {
	return types.Policy{}, errUnwritten
}

// HashLock returns the policy that asks for a signature by key and the secret
// whose SHA-256 is image.
func HashLock(key, image [32]byte) (types.Policy, error) { return types.Policy{}, errUnwritten }

// CheckPolicy returns an error for a policy that a wallet should not receive
// coins with: one that no unlock can ever satisfy within the rules, or that
// names a key twice.
func CheckPolicy(p types.Policy) error { return errUnwritten }

// Means are what a spender has to satisfy a policy with.
type Means struct {
	Key      func(key [32]byte) bool   // whether its owner will sign; nil: nobody
	Preimage func(image [32]byte) bool // whether the secret is known; nil: none
	At       rules.Place               // where locks are judged
	Coin     types.Coin                // whose age an older policy counts
}

// Choose returns the policy with every branch hidden that is not needed, taking
// the lightest branch that the means satisfy. ok is false when they satisfy none.
func Choose(p types.Policy, m Means) (chosen types.Policy, ok bool) { return types.Policy{}, false }
