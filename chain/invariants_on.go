//go:build invariants

package chain

// invariants says whether the Manager checks itself after every operation.
const invariants = true
