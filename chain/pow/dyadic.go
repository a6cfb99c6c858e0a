package pow

import "math/bits"

// A dyadic is a matrix seen from the prime 2: its cells' lowest bits, eliminated,
// and the steps that did it. Row r of reduced is the sum modulo 2 of the rows of
// the lowest bits that steps[r] names; no row below it has its pivot's bit.
type dyadic struct {
	planes  [4][size]uint64 // bit b of the cells of each row, the columns in any order
	reduced [size]uint64
	steps   [size]uint64
	zero    int // the last row of reduced without a pivot, -1 when all have one
	corank  int // how many rows have none
}

// maxLifts bounds the search for the power of two in a determinant. One in 2³² of
// those that come here have a higher one.
const maxLifts = 32

// invertibleDyadic proves that a matrix has rank 64 if it can, from the power of 2
// that divides the determinant: it is odd for 29 matrices in 100, and for another
// 58 the lowest bits have a rank of 63, when the power can be found step by step.
//
// Let A·v be divisible by 2ᵏ, v being odd somewhere, let r = A·v / 2ᵏ, and let u be
// the combination of rows that is zero modulo 2. Where u·r is odd, the power is
// just 2ᵏ: not A·(v + 2ᵏ·y), for any y, is divisible by 2ᵏ⁺¹. Where u·r is even,
// some y has A·y = r modulo 2, and v − 2ᵏ·y leads to the next k.
func (m *matrix) invertibleDyadic() bool {
	d := dyadic{zero: -1}
	d.eliminate(m)
	if d.corank > 1 {
		return false
	}
	if d.corank == 0 {
		return true
	}
	for r := range m {
		planes := bitPlanes(m[r])
		for b := range planes {
			d.planes[b][r] = planes[b]
		}
	}
	var r [size]int32
	d.subtract(&r, d.null())
	for range maxLifts {
		odd := halve(&r)
		if parity(d.steps[d.zero]&odd) == 1 {
			return true
		}
		d.subtract(&r, d.solve(odd))
	}
	return false
}

// atOnce is how many rows are taken out of those below them at a time, by a table
// of their sums (Arlazarov, Dinic, Kronrod and Faradžev, 1970).
const atOnce = 4

// eliminate brings the lowest bits of m into reduced form.
func (d *dyadic) eliminate(m *matrix) {
	for r := range m {
		d.reduced[r], d.steps[r] = bitPlanes(m[r])[0], 1<<r
	}
	for r := 0; r < size; r += atOnce {
		columns := d.separate(r)
		d.clearBelow(r, columns)
	}
}

// separate takes the pivots of a few rows out of each other and returns their
// columns. A row of zeros has none: whatever column stands for it, to add it
// changes no row, and steps that name it as well lead to the same.
func (d *dyadic) separate(from int) (columns [atOnce]uint) {
	for k := range columns {
		r := from + k
		row, step := d.reduced[r], d.steps[r]
		if row == 0 {
			d.zero = r
			d.corank++
		}
		columns[k] = uint(bits.TrailingZeros64(row)) % size
		for i := from; i < from+atOnce; i++ {
			mask := -(d.reduced[i] >> columns[k] & 1)
			d.reduced[i] ^= row & mask
			d.steps[i] ^= step & mask
		}
		d.reduced[r], d.steps[r] = row, step
	}
	return columns
}

// clearBelow takes the pivots of separate rows out of the rows below.
func (d *dyadic) clearBelow(from int, columns [atOnce]uint) {
	var sums [1 << atOnce]struct{ reduced, step uint64 }
	for i := 1; i < len(sums); i++ {
		r := from + bits.TrailingZeros(uint(i))
		rest := &sums[i&(i-1)]
		sums[i].reduced, sums[i].step = rest.reduced^d.reduced[r], rest.step^d.steps[r]
	}
	c0, c1, c2, c3 := columns[0]%size, columns[1]%size, columns[2]%size, columns[3]%size // tells the compiler
	reduced, steps := d.reduced[from+atOnce:], d.steps[from+atOnce:]
	for i, row := range reduced {
		sum := &sums[row>>c0&1|row>>c1&1<<1|row>>c2&1<<2|row>>c3&1<<3]
		reduced[i] = row ^ sum.reduced
		steps[i] ^= sum.step
	}
}

// null returns, for a corank of 1, the v that is not zero with A·v = 0 modulo 2.
func (d *dyadic) null() uint64 {
	var pivots uint64
	for _, row := range d.reduced {
		pivots |= row & -row
	}
	return d.back(0, ^pivots)
}

// solve returns a y with A·y = r modulo 2, which exists when u·r is even.
func (d *dyadic) solve(r uint64) uint64 {
	var reduced uint64
	for i, step := range d.steps {
		reduced |= parity(step&r) << i
	}
	return d.back(reduced, 0)
}

// back substitutes: from the last row up, each decides the bit of y at its pivot.
func (d *dyadic) back(right, y uint64) uint64 {
	for i := size - 1; i >= 0; i-- {
		row := d.reduced[i]
		y ^= (row & -row) & -(parity(row&y) ^ right>>i&1)
	}
	return y
}

// subtract takes A·y from r, for y of zeros and ones.
func (d *dyadic) subtract(r *[size]int32, y uint64) {
	for i := range r {
		sum := bits.OnesCount64(d.planes[0][i]&y) + 2*bits.OnesCount64(d.planes[1][i]&y) +
			4*bits.OnesCount64(d.planes[2][i]&y) + 8*bits.OnesCount64(d.planes[3][i]&y)
		r[i] -= int32(sum)
	}
}

// halve divides an even vector by 2 and returns which of the halves are odd.
func halve(r *[size]int32) (odd uint64) {
	for i := range r {
		r[i] >>= 1
		odd |= uint64(r[i]&1) << i
	}
	return odd
}

func parity(x uint64) uint64 { return uint64(bits.OnesCount64(x) & 1) }
