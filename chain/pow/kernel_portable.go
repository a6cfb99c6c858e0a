//go:build !amd64 || purego

package pow

import "github.com/jio-dag/jio/chain/types"

// fastest returns the greatest kernel that this machine can run. It can run those
// below, too.
func fastest() kernel { return portable }

// prepare returns the kernel's job.
func (kernel) prepare(prePoW types.Hash, m *matrix) Job { return newPortableJob(prePoW, m) }

// invertible tries the kernel's quickest proof that a matrix has rank 64; false
// means nothing.
func (kernel) invertible(m *matrix) bool {
	return m.invertibleDyadic() || m.invertibleModulo3()
}
