package pow

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// dyadicPower eliminates over the 2-adic integers, to a precision of 64 bits, and
// always by a cell with the fewest factors of 2. It returns the power of 2 in the
// determinant, at most 64, and how many pivots are even.
func dyadicPower(m *matrix) (power, even int) {
	var a [size][size]uint64
	for r, row := range m.cells() {
		for c, cell := range row {
			a[r][c] = uint64(cell)
		}
	}
	for k := range size {
		row, column := oddest(&a, k)
		a[k], a[row] = a[row], a[k]
		for r := range a {
			a[r][k], a[r][column] = a[r][column], a[r][k]
		}
		shift := bits.TrailingZeros64(a[k][k])
		if power += shift; power >= 64 {
			return 64, even + 1
		}
		if shift > 0 {
			even++
		}
		inverse := a[k][k] >> shift
		for range 6 { // Newton's iteration
			inverse *= 2 - a[k][k]>>shift*inverse
		}
		for r := k + 1; r < size; r++ {
			factor := a[r][k] >> shift * inverse
			for c := k; c < size; c++ {
				a[r][c] -= factor * a[k][c]
			}
		}
	}
	return power, even
}

// oddest returns a cell of what is left from the k-th row and column on.
func oddest(a *[size][size]uint64, k int) (row, column int) {
	fewest := 65
	for r := k; r < size; r++ {
		for c := k; c < size; c++ {
			if factors := bits.TrailingZeros64(a[r][c]); factors < fewest {
				fewest, row, column = factors, r, c
			}
		}
	}
	return row, column
}

func checkDyadic(t *testing.T, m *matrix) (proven bool) {
	t.Helper()
	power, even := dyadicPower(m)
	want := even == 0 || even == 1 && power <= maxLifts
	if got := m.invertibleDyadic(); got != want {
		t.Fatalf("proven invertible: %t, want %t: 2^%d divides the determinant, %d pivots are even: %x", got, want, power, even, *m)
	}
	return want
}

// TestDyadicOnRandomMatrices takes full and sparse ones, and counts what is
// proven.
func TestDyadicOnRandomMatrices(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	x := newXoshiro(filledHash(5))
	proven := 0
	for i := range *pairs / 10 {
		var m matrix
		x.fill(&m)
		if i%2 == 0 {
			if checkDyadic(t, &m) {
				proven++
			}
			continue
		}
		for row := range m {
			for q := range m[row] {
				m[row][q] &= 15 << (4 * r.Uint64N(16)) * (r.Uint64N(8) / 7)
			}
			m[row][row*29%size/16] |= (1 + 2*r.Uint64N(8)) << (row * 29 % 16 * 4)
		}
		checkDyadic(t, &m)
	}
	if total := *pairs / 20; proven < total*8/10 {
		t.Errorf("%d of %d random matrices are proven invertible, want 87 in 100", proven, total)
	}
}

// TestDyadicPowers takes matrices with a single even pivot and any power of 2 in
// the determinant: a staircase of k steps
//
//	2 1
//	  2 1
//	    2        has the determinant 2ᵏ and, modulo 2, a rank of k−1.
func TestDyadicPowers(t *testing.T) {
	for k := range size + 1 {
		var m matrix
		cell := func(row, column int, v uint64) { m[row][column/16] |= v << (column % 16 * 4) }
		for i := range size {
			switch {
			case i >= k:
				cell(i, i, 1)
			case i == k-1:
				cell(i, i, 2)
			default:
				cell(i, i, 2)
				cell(i, i+1, 1)
			}
		}
		if proven := checkDyadic(t, &m); proven != (k <= maxLifts) {
			t.Errorf("the determinant 2^%d: proven is %t", k, proven)
		}
		m[k%size] = m[(k+7)%size]
		if checkDyadic(t, &m) {
			t.Errorf("two rows are the same, and yet the rank is 64")
		}
	}
}
