//go:build !amd64 || purego

package pow

import "github.com/jio-dag/jio/chain/types"

// kernels returns those that this machine can run, the fastest first.
func kernels() []kernel { return []kernel{portable} }

// fastest returns the first of kernels.
func fastest() kernel { return portable }

// prepare returns the kernel's job.
func (kernel) prepare(prePoW types.Hash, m *matrix) Job { return newPortableJob(prePoW, m) }

// invertible tries the kernel's quickest proof that a matrix has rank 64; false
// means nothing.
func (kernel) invertible(m *matrix) bool {
	return m.invertibleDyadic() || m.invertibleModulo3()
}
