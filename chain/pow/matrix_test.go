package pow

import (
	"encoding/hex"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// A naiveMatrix has one cell per element.
type naiveMatrix [size][size]uint64

// packed is the other direction of cells.
func (n *naiveMatrix) packed() (m matrix) {
	for r := range n {
		for c, cell := range n[r] {
			m[r][c/16] |= cell << (c % 16 * 4)
		}
	}
	return m
}

func (m *matrix) cells() (n naiveMatrix) {
	for r := range m {
		for q, word := range m[r] {
			for s := range 16 {
				n[r][16*q+s] = word >> (4 * s) & 15
			}
		}
	}
	return n
}

// readMatrix reads 64 lines of 64 hex digits.
func readMatrix(t *testing.T, path string) (n naiveMatrix) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for r, line := range strings.Fields(string(text)) {
		for c, digit := range line {
			n[r][c] = uint64(strings.IndexRune("0123456789abcdef", digit))
		}
	}
	return n
}

func randomMatrix(r *rand.Rand) (n naiveMatrix) {
	for i := range n {
		for j := range n[i] {
			n[i][j] = r.Uint64N(16)
		}
	}
	return n
}

// naiveTimes multiplies by the definition: two nibbles of a byte at a time, the
// high one first.
func naiveTimes(n *naiveMatrix, hash types.Hash) (product types.Hash) {
	var vector [size]uint64
	for i, b := range hash {
		vector[2*i], vector[2*i+1] = uint64(b>>4), uint64(b&15)
	}
	upper := func(row int) byte {
		var sum uint64
		for c, cell := range n[row] {
			sum += cell * vector[c]
		}
		return byte(sum >> 10)
	}
	for i := range product {
		product[i] = upper(2*i)<<4 | upper(2*i+1)
	}
	return product
}

func TestMatrixOfSeed(t *testing.T) {
	want := readMatrix(t, "testdata/matrix-seed-2a.txt")
	for _, k := range kernels() {
		m := drawMatrix(filledHash(0x2a), k)
		if m.cells() != want {
			t.Errorf("matrix of 32 bytes 0x2a is %x in %v, want %x", m.cells(), k, want)
		}
	}
}

func TestHeavyHashOfGivenMatrix(t *testing.T) {
	n := readMatrix(t, "testdata/matrix-given.txt")
	input := mustHash(t, "522ed4da1cc08f5cd542563ff5f19bbd499fe5b4ca699fa66dac8088a9c36129")
	m := n.packed()
	words, upper := hashWords(input), newProduct(&m).times(hashWords(input))
	for i := range words {
		words[i] ^= upper[i]
	}
	mixed := mustHash(t, "116ae7e92f83bc1f9676650cc6c2a8897ddbd6808e4dac955eefb3cceaf7521d")
	if words != hashWords(mixed) {
		t.Errorf("product XOR input = %x, want the words of %v", words, mixed)
	}
	out := cshake("HeavyHash", mixed[:])
	if got := hex.EncodeToString(out[:]); got != "87689f379943eaf9b7475ca95325687772bfcc68fc7899caeb4409ec4590c325" {
		t.Errorf("heavy hash %s", got)
	}
}

func TestProductAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	full := naiveMatrix{}
	for i := range full {
		for j := range full[i] {
			full[i][j] = 15
		}
	}
	for _, n := range []naiveMatrix{{}, full, randomMatrix(r), randomMatrix(r), randomMatrix(r)} {
		m := n.packed()
		p := newProduct(&m)
		for _, hash := range []types.Hash{{}, filledHash(0xff), randomHash(r), randomHash(r), randomHash(r)} {
			want := hashWords(naiveTimes(&n, hash))
			if got := p.times(hashWords(hash)); got != want {
				t.Fatalf("product with %v is %x, want %x", hash, got, want)
			}
			for _, k := range kernels() {
				if got := k.times(&m, hashWords(hash)); got != want {
					t.Fatalf("%v: matrix times %v is %x, want %x", k, hash, got, want)
				}
			}
		}
	}
}

// TestProductPlaces lets a single cell meet a single nibble, for every cell.
func TestProductPlaces(t *testing.T) {
	for row := range size {
		n := naiveMatrix{}
		for c := range n[row] {
			n[row][c] = 15
		}
		m := n.packed()
		p := newProduct(&m)
		for half := range 2 {
			hash := types.Hash{}
			for i := range 16 {
				hash[16*half+i] = 0xf0 >> (row % 2 * 4) // 16 · 15 · 15 = 3600
			}
			got, want := p.times(hashWords(hash)), hashWords(naiveTimes(&n, hash))
			if got != want || got == [4]uint64{} {
				t.Fatalf("row %d: %x, want %x", row, got, want)
			}
			for _, k := range kernels() {
				if once := k.times(&m, hashWords(hash)); once != want {
					t.Fatalf("%v: row %d: %x, want %x", k, row, once, want)
				}
			}
		}
	}
}

// TestSecondDraw replaces a singular matrix by the next one of the generator,
// and no other.
func TestSecondDraw(t *testing.T) {
	for _, k := range kernels() {
		x := newXoshiro(filledHash(3))
		var next matrix
		twin := *x
		twin.fill(&next)
		if !next.nonsingular(k) {
			t.Fatal("the next matrix must have rank 64")
		}
		singular := next
		singular[63] = singular[0]
		x.replaceSingular(&singular, k)
		if singular != next || *x != twin {
			t.Errorf("%v: the singular matrix was not replaced by the next one", k)
		}
		x.replaceSingular(&next, k)
		if singular != next || *x != twin {
			t.Errorf("%v: a matrix of rank 64 was replaced", k)
		}
	}
}

func mustHash(t *testing.T, s string) types.Hash {
	t.Helper()
	h, err := types.ParseHash(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
