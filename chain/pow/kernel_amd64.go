//go:build !purego

package pow

import (
	"golang.org/x/sys/cpu"

	"github.com/jio-dag/jio/chain/types"
)

// fastest returns the greatest kernel that this machine can run. It can run those
// below, too.
func fastest() kernel {
	switch x := &cpu.X86; {
	case x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VNNI && x.HasAVX2:
		return avx512
	case x.HasAVX2:
		return avx2
	}
	return portable
}

// prepare returns the kernel's job.
func (k kernel) prepare(prePoW types.Hash, m *matrix) Job {
	if k == portable {
		return newPortableJob(prePoW, m)
	}
	return newLaneJob(k, prePoW, m)
}

// invertible tries the proof that the kernel's assembly has for a rank of 64;
// false means nothing.
func (k kernel) invertible(m *matrix) bool {
	switch k {
	case avx512:
		return invertibleAVX512((*[size][4]uint64)(m), &modulo251)
	case avx2:
		return invertibleAVX2((*[size][4]uint64)(m), &modulo251)
	}
	return false
}

// times multiplies a matrix with the vector in one hash, see matrix.times.
func (k kernel) times(m *matrix, hash [4]uint64) (upper [4]uint64) {
	if k == portable {
		return m.times(hash)
	}
	timesAVX2((*[size][4]uint64)(m), &hash, &upper)
	return upper
}
