package pow

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// bigMatrix returns the cells as big integers.
func bigMatrix(n *naiveMatrix) [][]*big.Int {
	rows := make([][]*big.Int, size)
	for r := range n {
		for _, cell := range n[r] {
			rows[r] = append(rows[r], new(big.Int).SetUint64(cell))
		}
	}
	return rows
}

// eliminate turns rows to echelon form without fractions (Bareiss, 1968) and
// returns the rank and, if that is full, ± the determinant.
func eliminate(rows [][]*big.Int) (rank int, det *big.Int) {
	previous, product := big.NewInt(1), new(big.Int)
	for column := range rows {
		pivot := rank
		for pivot < len(rows) && rows[pivot][column].Sign() == 0 {
			pivot++
		}
		if pivot == len(rows) {
			continue
		}
		rows[rank], rows[pivot] = rows[pivot], rows[rank]
		top := rows[rank]
		for _, row := range rows[rank+1:] {
			f := new(big.Int).Set(row[column])
			for j := column; j < len(row); j++ {
				product.Mul(f, top[j])
				row[j].Mul(row[j], top[column]).Sub(row[j], product).Quo(row[j], previous)
			}
		}
		previous = top[column]
		rank++
	}
	return rank, previous
}

func naiveRank(n *naiveMatrix) int {
	rank, _ := eliminate(bigMatrix(n))
	return rank
}

// checkRank holds the matrix against its determinant over the integers, and
// each modulus against the determinant modulo it.
func checkRank(t *testing.T, name string, n *naiveMatrix, want int) {
	t.Helper()
	m := n.packed()
	rank, det := eliminate(bigMatrix(n))
	if want != rank {
		t.Errorf("%s: rank %d, want %d", name, rank, want)
	}
	if rank < size {
		det = new(big.Int)
	}
	divides := func(p uint64) bool {
		return new(big.Int).Mod(det, new(big.Int).SetUint64(p)).Sign() == 0
	}
	for _, k := range kernels() {
		if got := m.nonsingular(k); got != (rank == size) {
			t.Errorf("%s: nonsingular says %t in %v", name, got, k)
		}
		if k != portable && k.invertible(&m) == divides(251) {
			t.Errorf("%s: wrong modulo 251 in %v", name, k)
		}
	}
	if m.invertibleModulo3() == divides(3) {
		t.Errorf("%s: wrong modulo 3", name)
	}
	checkDyadic(t, &m)
	if power, _ := dyadicPower(&m); rank == size && power != min(int(det.TrailingZeroBits()), 64) {
		t.Errorf("%s: 2^%d divides the determinant, the twin says 2^%d", name, det.TrailingZeroBits(), power)
	}
	for _, p := range primes {
		if m.residues().invertible(newModulus(p)) == divides(p) {
			t.Errorf("%s: wrong modulo %d", name, p)
		}
	}
}

// TestRankKnownAnswers uses cells of 16 bits, which only the naive rank takes:
// it is the judge of the other tests.
func TestRankKnownAnswers(t *testing.T) {
	var n naiveMatrix
	if got := naiveRank(&n); got != 0 {
		t.Errorf("rank of zero is %d", got)
	}
	x := newXoshiro(filledHash(0x2a))
	for i := range n {
		for j := range n[i] {
			n[i][j] = x.draw() & 0xffff
		}
	}
	if got := naiveRank(&n); got != 64 {
		t.Errorf("rank %d, want 64", got)
	}
	equal := n
	equal[0] = equal[1]
	if got := naiveRank(&equal); got != 63 {
		t.Errorf("rank with two equal rows %d, want 63", got)
	}
	for j := range n[0] {
		n[0][j], n[33][j] = 2*n[1][j], 3*n[32][j]
	}
	if got := naiveRank(&n); got != 62 {
		t.Errorf("rank with two pairs of proportional rows %d, want 62", got)
	}
}

func TestRankOfConstructedMatrices(t *testing.T) {
	seeded := readMatrix(t, "testdata/matrix-seed-2a.txt")
	checkRank(t, "seed 2a", &seeded, 64)
	equalRows := seeded
	equalRows[0] = equalRows[1]
	checkRank(t, "equal rows", &equalRows, 63)
	near := equalRows
	near[0][63] ^= 1
	checkRank(t, "equal rows but for one cell", &near, 64)
	sums := seeded
	for j := range sums[0] {
		sums[1][j], sums[2][j] = sums[1][j]/2, sums[2][j]/2
		sums[0][j] = sums[1][j] + sums[2][j]
		sums[63][j] = 15 - sums[62][j] // rows 62 and 63 add up to 15 in each cell
		sums[61][j] = 15
	}
	checkRank(t, "sums", &sums, 62)
	columns := seeded
	for i := range columns {
		columns[i][63] = columns[i][0]
	}
	checkRank(t, "equal columns", &columns, 63)
	given := readMatrix(t, "testdata/matrix-given.txt")
	checkRank(t, "given", &given, 64)
	checkRank(t, "zero", &naiveMatrix{}, 0)
}

func TestRankOfRandomMatrices(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	byThree := 0
	for range 4 {
		n := randomMatrix(r)
		checkRank(t, "random", &n, 64)
		if m := n.packed(); !m.invertibleModulo3() {
			byThree++
		}
	}
	if byThree == 0 || byThree == 4 {
		t.Error("want both multiples of 3 and others; choose another seed")
	}
}

// blockModulo returns a 4×4 block of cells whose determinant is a multiple of
// p and not zero.
func blockModulo(r *rand.Rand, p int64) (block [4][4]uint64) {
	for {
		var b [4][4]int64
		for i := range b {
			for j := range b[i] {
				block[i][j] = r.Uint64N(16)
				b[i][j] = int64(block[i][j])
			}
		}
		if det := determinant4(b); det != 0 && det%p == 0 {
			return block
		}
	}
}

// determinant4 expands by the 2×2 minors of the upper and lower two rows.
func determinant4(b [4][4]int64) (det int64) {
	minor := func(row, i, j int) int64 { return b[row][i]*b[row+1][j] - b[row][j]*b[row+1][i] }
	pairs := [6][5]int64{{0, 1, 2, 3, 1}, {0, 2, 1, 3, -1}, {0, 3, 1, 2, 1}, {1, 2, 0, 3, 1}, {1, 3, 0, 2, -1}, {2, 3, 0, 1, 1}}
	for _, p := range pairs {
		det += p[4] * minor(0, int(p[0]), int(p[1])) * minor(2, int(p[2]), int(p[3]))
	}
	return det
}

// TestRankNeedsLaterPrimes builds a block triangular matrix whose determinant
// is not zero but a multiple of 3, of 251 and of the first six primes.
func TestRankNeedsLaterPrimes(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	n := randomMatrix(r)
	for b := range 16 {
		p := int64(3)
		switch {
		case b < 6:
			p = int64(primes[b])
		case b == 6:
			p = 251
		}
		block := blockModulo(r, p)
		for i := range 4 {
			clear(n[4*b+i][:4*b])
			copy(n[4*b+i][4*b:], block[i][:])
		}
	}
	m := n.packed()
	for _, p := range primes[:6] {
		if m.residues().invertible(newModulus(p)) {
			t.Errorf("determinant is no multiple of %d", p)
		}
	}
	checkRank(t, "multiple of the first six primes", &n, 64)
}

func TestPrimes(t *testing.T) {
	product := big.NewInt(1)
	for i, p := range primes {
		n := new(big.Int).SetUint64(p)
		if !n.ProbablyPrime(0) || i > 0 && primes[i-1] <= p { // exact below 2⁶⁴
			t.Errorf("%d is no prime in descending order", p)
		}
		if most := 63*p*(p-1) + 15; bits.Len64(most) > 32 {
			t.Errorf("sums modulo %d need %d bits", p, bits.Len64(most))
		}
		product.Mul(product, n)
	}
	if bound := new(big.Int).Exp(big.NewInt(120), big.NewInt(64), nil); product.Cmp(bound) <= 0 {
		t.Errorf("the product of the primes is below Hadamard's bound")
	}
}

func TestModulus(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, n := range primes {
		p := newModulus(n)
		for range 1000 {
			x := r.Uint64() >> (13 + r.Uint64N(51))
			for _, x := range []uint64{x, x / n * n, 1<<51 - 1, 1<<51 - 1 - (1<<51-1)%n} {
				if got := p.reduce(x); got != x%n {
					t.Fatalf("%d mod %d = %d, got %d", x, n, x%n, got)
				}
			}
			if x%n != 0 && x < 1<<32 && p.reduce(p.inverse(x)*(x%n)) != 1 {
				t.Fatalf("inverse of %d modulo %d is %d", x, n, p.inverse(x))
			}
		}
	}
}

func TestTernaryAddition(t *testing.T) {
	encode := func(v int) ternary {
		return ternary{uint64(v%3) & 1, uint64(v%3) >> 1}
	}
	for a := range 3 {
		for b := range 3 {
			if got := encode(a).add(encode(b)); got.plus&1 != encode(a+b).plus || got.minus&1 != encode(a+b).minus {
				t.Errorf("%d + %d = %v modulo 3", a, b, got)
			}
		}
	}
}
