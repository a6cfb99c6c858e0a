//go:build !amd64 || purego

package types

// A pair is of no use here.
type pair struct{}

// wide reports whether a batch of n signatures is verified by assembly.
func wide(int) bool { return false }

func holdWide([]SignatureCheck) bool { panic("types: this machine has no wide batches") }

// rememberKeys has nothing to gain here.
func rememberKeys([][32]byte) {}
