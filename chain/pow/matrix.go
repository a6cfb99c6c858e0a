package pow

import (
	"math/bits"

	"github.com/jio-dag/jio/chain/types"
)

// size is the number of rows, and of columns, of the matrix.
const size = 64

// A matrix holds 64×64 cells of 4 bits in row order. Four words make a row: the
// cell of column 16q+s is nibble s of word q, counted from the least significant.
type matrix [size][4]uint64

// drawMatrix returns the matrix of a pre-PoW hash. It panics on the zero hash,
// whose generator yields nothing but zeros and so never a matrix of rank 64; no
// header is known to have it.
func drawMatrix(prePoW types.Hash, k kernel) matrix {
	if prePoW.IsZero() {
		panic("pow: the zero hash seeds no matrix")
	}
	x := newXoshiro(prePoW)
	var m matrix
	x.fill(&m)
	x.replaceSingular(&m, k)
	return m
}

// replaceSingular draws other matrices until one has rank 64.
func (x *xoshiro) replaceSingular(m *matrix, k kernel) {
	for !m.nonsingular(k) {
		x.fill(m)
	}
}

// fill draws the 256 words of a matrix.
func (x *xoshiro) fill(m *matrix) {
	s := *x
	for r := range m {
		row := &m[r]
		row[0], s = s.next()
		row[1], s = s.next()
		row[2], s = s.next()
		row[3], s = s.next()
	}
	*x = s
}

// lowNibbles is a mask of the low nibble of each byte.
const lowNibbles = 0x0f0f0f0f0f0f0f0f

// times multiplies the matrix with the vector in a hash and returns the upper 4
// of the product's 14 bits, row by row, laid out like the hash: a byte's high
// nibble comes first, so nibble t of word w stands for row (or column)
// 16w + (t XOR 1). For many hashes a product is quicker.
//
// Four nibbles in the lanes of one word, multiplied with four in reverse order
// in another, add up in the highest lane: 64·15·15 = 14,400 is the most that
// comes together in any.
func (m *matrix) times(hash [4]uint64) (upper [4]uint64) {
	const lanes = 0x000f000f000f000f
	var vector [4][4]uint64
	for q, w := range hash {
		w = w>>4&lowNibbles | w&lowNibbles<<4
		for i := range vector[q] {
			vector[q][i] = bits.ReverseBytes64(w>>(4*i)&lanes) >> 8
		}
	}
	for r := range m {
		var sum uint64
		for q, cells := range m[r] {
			v := &vector[q]
			sum += cells&lanes*v[0] + cells>>4&lanes*v[1] + cells>>8&lanes*v[2] + cells>>12&lanes*v[3]
		}
		upper[r/16] |= sum >> 58 << (4 * (r%16 ^ 1))
	}
	return upper
}
