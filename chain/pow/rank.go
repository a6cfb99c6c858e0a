package pow

import "math/bits"

// primes decide whether a determinant is zero. |det| of a 64×64 matrix of cells
// 0..15 is at most 120⁶⁴ (Hadamard: no column is longer than 15·√64 = 120), the
// product of these primes is more: a determinant that all of them divide is 0.
// All are below 2¹³, see residues.
var primes = [...]uint64{
	8191, 8179, 8171, 8167, 8161, 8147, 8123, 8117, 8111, 8101, 8093, 8089,
	8087, 8081, 8069, 8059, 8053, 8039, 8017, 8011, 8009, 7993, 7963, 7951,
	7949, 7937, 7933, 7927, 7919, 7907, 7901, 7883, 7879, 7877, 7873,
}

// nonsingular reports whether the rank of m is 64: whether its determinant over
// the integers is not zero. The answer is exact. One prime that does not divide
// the determinant proves it, or the finite power of 2 in it. The quick proofs come
// first: modulo 251 in assembly, which leaves 4 matrices in 1,000, then by way of
// 2 and of 3 in Go, which leave 6 in 100 of those they are tried on. The first of
// the primes leaves one in 8,191 to the others.
func (m *matrix) nonsingular(k kernel) bool {
	if k.invertible(m) || m.invertibleDyadic() || m.invertibleModulo3() {
		return true
	}
	for _, p := range primes {
		if m.residues().invertible(newModulus(p)) {
			return true
		}
	}
	return false
}

// Residues are a matrix modulo a prime below 2¹³, two cells in the 32-bit halves
// of a word, four words in a block. A word can take 63 products of a residue or the prime with another
// residue on top of a cell before a half overflows, one for each row above it:
// elimination reduces a row once, when it becomes the pivot row.
type residues [size][blocks][4]uint64

const blocks = size / 8 // in a row

// residues returns the cells of m. The columns change places, which at most
// turns the sign of the determinant: the word of block 2q+t/4 at t%4 has column
// 16q+t in its low half and column 16q+t+8 in its high half.
func (m *matrix) residues() *residues {
	var a residues
	for r := range m {
		for q, cells := range m[r] {
			for t := range 8 {
				a[r][2*q+t/4][t%4] = cells >> (4 * t) & 0x0000000f_0000000f
			}
		}
	}
	return &a
}

// invertible reports whether the determinant is not zero modulo p, by Gaussian
// elimination in place.
func (a *residues) invertible(p modulus) bool {
	for k := uint(0); k < size; k++ {
		if !a.choosePivot(k, p) {
			return false
		}
		pivot, from := &a[k], k/8 // what is left of that block is zero
		p.scale(pivot[from:], p.inverse(a.at(k, k)))
		for i := k + 1; i < size; i++ {
			addMultiple(&a[i], pivot, from, p.n-p.reduce(a.at(i, k)))
		}
	}
	return true
}

// choosePivot swaps rows so that cell (k, k) is not zero modulo p; it reports
// false when the rest of column k is zero.
func (a *residues) choosePivot(k uint, p modulus) bool {
	for i := k; i < size; i++ {
		if p.reduce(a.at(i, k)) != 0 {
			a[k], a[i] = a[i], a[k]
			return true
		}
	}
	return false
}

// at returns a cell that may not be reduced. Even columns are low halves.
func (a *residues) at(row, column uint) uint64 {
	return a[row][column/8][column/2%4] >> (column % 2 * 32) & (1<<32 - 1)
}

// addMultiple adds f times the pivot row to row, from a block on.
func addMultiple(row, pivot *[blocks][4]uint64, from uint, f uint64) {
	for b := from; b < blocks; b++ {
		sum, term := &row[b], &pivot[b]
		sum[0] += f * term[0]
		sum[1] += f * term[1]
		sum[2] += f * term[2]
		sum[3] += f * term[3]
	}
}

// A modulus is a prime n < 2¹³ with the reciprocal that replaces division.
type modulus struct {
	n          uint64
	reciprocal uint64 // ⌊2⁶⁴/n⌋ + 1
}

func newModulus(n uint64) modulus { return modulus{n, ^uint64(0)/n + 1} }

// reduce returns x mod n for x < 2⁵¹: the fraction of x/n in 64 bits, times n
// (Lemire, Kaser, Kurz, "Faster remainder by direct computation", 2019; exact
// because x·n < 2⁶⁴).
func (p modulus) reduce(x uint64) uint64 {
	r, _ := bits.Mul64(x*p.reciprocal, p.n)
	return r
}

// scale multiplies both halves of each word by f < n and reduces them.
func (p modulus) scale(row [][4]uint64, f uint64) {
	for b := range row {
		for i, w := range row[b] {
			row[b][i] = p.reduce(w>>32*f)<<32 | p.reduce(w&(1<<32-1)*f)
		}
	}
}

// inverse returns 1/x = xⁿ⁻² (Fermat) for an x < 2³² that n does not divide.
func (p modulus) inverse(x uint64) uint64 {
	result, square := uint64(1), p.reduce(x)
	for e := p.n - 2; e != 0; e >>= 1 {
		if e&1 != 0 {
			result = p.reduce(result * square)
		}
		square = p.reduce(square * square)
	}
	return result
}
