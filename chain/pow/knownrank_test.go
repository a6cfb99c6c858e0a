package pow

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// A corner is a matrix so small that the minors of its cells fit 32 bits: Hadamard
// bounds them by (15·√6)⁶ < 2³².
type corner [6][6]int64

// det eliminates without fractions (Bareiss, 1968): what it keeps are minors, what
// it multiplies fits 64 bits.
func (b corner) det() int64 {
	sign, previous := int64(1), int64(1)
	for k := range b {
		pivot := k
		for pivot < len(b) && b[pivot][k] == 0 {
			pivot++
		}
		if pivot == len(b) {
			return 0
		}
		if pivot != k {
			b[k], b[pivot], sign = b[pivot], b[k], -sign
		}
		for i := k + 1; i < len(b); i++ {
			for j := k + 1; j < len(b); j++ {
				b[i][j] = (b[i][j]*b[k][k] - b[i][k]*b[k][j]) / previous
			}
		}
		previous = b[k][k]
	}
	return sign * previous
}

// evenPivots returns by how much the rank modulo 2 is short of full: of all vectors
// of zeros and ones, 2 to that power lead to a multiple of 2.
func (b *corner) evenPivots() int {
	var rows [len(b)]uint
	for i := range b {
		for j, cell := range b[i] {
			rows[i] |= uint(cell&1) << j
		}
	}
	zeros := 0
	for v := range uint(1) << len(b) {
		if !slices.ContainsFunc(rows[:], func(row uint) bool { return bits.OnesCount(row&v)%2 == 1 }) {
			zeros++
		}
	}
	return bits.TrailingZeros(uint(zeros))
}

// units are the cells that no prime in use here divides.
var units = [...]uint64{1, 5, 7, 11, 13}

// triangular returns a matrix with a corner at the upper left and a triangle of
// cells above and units on the rest of the diagonal, its rows and columns in some
// order. But for its sign and its units, the determinant is the corner's. Zero
// cells make the unit matrix.
func triangular(cells []byte, order uint64) (m matrix, b corner) {
	r := rand.New(rand.NewPCG(order, 0))
	rows, columns := r.Perm(size), r.Perm(size)
	next := 0
	for i := range size {
		from := i
		if i < len(b) {
			from = 0
		}
		for j := from; j < size; j++ {
			cell := uint64(cells[next%len(cells)])
			next++
			switch {
			case i < len(b) && i == j:
				cell++
			case i == j:
				cell = units[cell%uint64(len(units))]
			}
			cell &= 15
			if i < len(b) && j < len(b) {
				b[i][j] = int64(cell)
			}
			m[rows[i]][columns[j]/16] |= cell << (columns[j] % 16 * 4)
		}
	}
	return m, b
}

// checkKnown holds every kernel against a determinant that is known from a corner.
func checkKnown(t *testing.T, m *matrix, b *corner) {
	t.Helper()
	det := b.det()
	even, power := b.evenPivots(), bits.TrailingZeros64(uint64(det))
	if got, want := m.invertibleDyadic(), even == 0 || even == 1 && power <= maxLifts; got != want {
		t.Fatalf("proven by way of 2 is %t, the determinant is %d: %x", got, det, *m)
	}
	if got := m.invertibleModulo3(); got != (det%3 != 0) {
		t.Fatalf("proven modulo 3 is %t, the determinant is %d: %x", got, det, *m)
	}
	for _, k := range kernels() {
		want := k != portable && det%251 != 0
		if got := k.invertible(m); got != want {
			t.Fatalf("%v: proven invertible is %t, the determinant is %d: %x", k, got, det, *m)
		}
	}
	// What comes after the kernels' own proofs is the same for all, and takes long
	// where the determinant is zero.
	if got := m.nonsingular(fastest()); got != (det != 0) {
		t.Fatalf("rank 64 is %t, the determinant is %d: %x", got, det, *m)
	}
}

// FuzzRank takes matrices of whatever cells, and the order of their rows and
// columns, whose determinant can be told from a corner of them.
func FuzzRank(f *testing.F) {
	f.Add([]byte{0}, uint64(0))
	f.Add([]byte{0x21, 0x43, 0x65}, uint64(1))
	f.Add([]byte{15}, ^uint64(0))
	f.Add(slices.Repeat([]byte{1, 2, 3, 4, 5, 6, 7}, 300), uint64(2))
	f.Fuzz(func(t *testing.T, cells []byte, order uint64) {
		if len(cells) == 0 {
			t.Skip("no bytes to fill a matrix with")
		}
		m, b := triangular(cells, order)
		checkKnown(t, &m, &b)
	})
}

// TestCorners holds the determinant of corners against elimination in large
// integers, and their even pivots against the twin for whole matrices. Some have
// few different cells.
func TestCorners(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	singular := 0
	for i := range *pairs / 10 {
		var b corner
		rows := make([][]*big.Int, len(b))
		var n naiveMatrix
		for row := range n {
			n[row][row] = 1
		}
		for row := range b {
			for column := range b {
				cell := r.Int64N([]int64{16, 2, 3, 4}[i%4])
				b[row][column], n[row][column] = cell, uint64(cell)
				rows[row] = append(rows[row], big.NewInt(cell))
			}
		}
		rank, det := eliminate(rows)
		if rank < len(b) {
			singular++
			det = new(big.Int)
		}
		if got := big.NewInt(b.det()); got.CmpAbs(det) != 0 {
			t.Fatalf("determinant %v of %v, want ±%v", got, b, det)
		}
		m := n.packed()
		if _, even := dyadicPower(&m); det.Sign() != 0 && b.evenPivots() != even {
			t.Fatalf("%d even pivots of %v, want %d", b.evenPivots(), b, even)
		}
	}
	if singular == 0 {
		t.Error("no corner is singular; choose another seed")
	}
}
