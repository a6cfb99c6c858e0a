//go:build !amd64 || purego

package pow

import "github.com/jio-dag/jio/chain/types"

// fastest returns the greatest kernel that this machine can run. It can run those
// below, too.
func fastest() kernel { return portable }

// prepare returns the kernel's job.
func (kernel) prepare(prePoW types.Hash, m *matrix) Job { return newPortableJob(prePoW, m) }

// invertible tries the proof that the kernel's assembly has for a rank of 64;
// false means nothing.
func (kernel) invertible(*matrix) bool { return false }

// times multiplies a matrix with the vector in one hash, see matrix.times.
func (kernel) times(m *matrix, hash [4]uint64) [4]uint64 { return m.times(hash) }
