package pow

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

var pairs = flag.Int("pairs", 2000, "how many random pairs of matrix and nonce to hold the kernels against each other with")

var quickestKernel = flag.String("fastest", "", "the kernel that must be the fastest here: whether GODEBUG=cpu.avx512f=off, or cpu.avx2=off with it, took the others away")

// TestFastest demands the kernel that the flag names of a machine that has it.
func TestFastest(t *testing.T) {
	names := map[string]kernel{"go": portable, "avx2": avx2, "avx512": avx512}
	want, ok := names[*quickestKernel]
	if !ok {
		t.Skipf("-fastest names no kernel; here it is %v", fastest())
	}
	if fastest() < want {
		t.Skipf("this machine runs %v at most", fastest())
	}
	if fastest() != want {
		t.Errorf("the fastest kernel is %v, want %v", fastest(), want)
	}
}

// kernels returns those that this machine can run, the fastest first.
func kernels() (all []kernel) {
	for k := fastest(); k > portable; k-- {
		all = append(all, k)
	}
	return append(all, portable)
}

// A trial is a search and what the portable kernel finds.
type trial struct {
	target types.Uint256
	nonce  uint64
	found  bool
}

// checkKernels computes the value of a nonce in every kernel, and searches for
// it among its neighbours: with a target that it reaches, with one that only its
// most significant word reaches, and with one that this word exceeds.
func checkKernels(t *testing.T, prePoW types.Hash, timestamp, nonce uint64) {
	t.Helper()
	oracle := kHeavyHash{}.Prepare(prePoW)
	value := oracle.Value(timestamp, nonce)
	below := types.Uint256{^uint64(0), ^uint64(0), ^uint64(0), max(value[3], 1) - 1}
	start, count := nonce-nonce%13, uint32(1+nonce%29)
	trials := []trial{{target: value}, {target: types.Uint256{3: value[3]}}, {target: below}}
	for i := range trials {
		trials[i].nonce, trials[i].found = oracle.Search(trials[i].target, timestamp, start, count)
	}
	for _, k := range kernels() {
		e := kHeavyHash{k}
		job := e.Prepare(prePoW)
		if got, single := job.Value(timestamp, nonce), e.Value(prePoW, timestamp, nonce); got != value || single != value {
			t.Fatalf("%v: value of %v, %d, %d is %v and %v, want %v", k, prePoW, timestamp, nonce, got, single, value)
		}
		for _, want := range trials {
			if got, found := job.Search(want.target, timestamp, start, count); got != want.nonce || found != want.found {
				t.Fatalf("%v: search of %v, %d from %d for %d finds %d %t, want %+v", k, prePoW, timestamp, start, count, got, found, want)
			}
		}
	}
}

// TestKernelsOnRandomPairs takes another matrix for every nonce.
func TestKernelsOnRandomPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for range *pairs {
		checkKernels(t, randomHash(r), r.Uint64(), r.Uint64()>>(r.Uint64()%64))
	}
}

func FuzzKernels(f *testing.F) {
	f.Add([]byte{1}, uint64(0), uint64(0))
	f.Add([]byte("a pre-PoW hash of thirty-two byte"), uint64(1767225600000), ^uint64(0))
	f.Add(slices.Repeat([]byte{0xff}, 32), ^uint64(0), uint64(1)<<63)
	f.Fuzz(func(t *testing.T, seed []byte, timestamp, nonce uint64) {
		var prePoW types.Hash
		copy(prePoW[:], seed)
		if prePoW.IsZero() {
			t.Skip("the zero hash seeds no matrix")
		}
		checkKernels(t, prePoW, timestamp, nonce)
	})
}

// checkInvertible holds the quick proofs against plain elimination modulo their
// primes, and the kernels' decisions against each other.
func checkInvertible(t *testing.T, m *matrix) {
	t.Helper()
	want := m.nonsingular(portable)
	power, even := dyadicPower(m)
	if got := m.invertibleDyadic(); got != (even == 0 || even == 1 && power <= maxLifts) {
		t.Fatalf("proven by way of 2 is %t: %x", got, *m)
	}
	if got := m.invertibleModulo3(); got != invertibleModulo(m.cells(), 3) {
		t.Fatalf("proven modulo 3 is %t: %x", got, *m)
	}
	for _, k := range kernels() {
		if got := m.nonsingular(k); got != want {
			t.Fatalf("%v: rank 64 is %t, the portable kernel says %t: %x", k, got, want, *m)
		}
		if got := k.invertible(m); got != k.invertibleTwin(m) {
			t.Fatalf("%v: proven invertible is %t: %x", k, got, *m)
		}
	}
}

// invertibleTwin says in a simple way what a kernel's invertible must.
func (k kernel) invertibleTwin(m *matrix) bool {
	return k != portable && invertibleModulo(m.cells(), 251)
}

// TestInvertibleOnRandomMatrices also takes matrices that are sparse, in which
// most pivots must be looked for, and such as have few different cells.
func TestInvertibleOnRandomMatrices(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	x := newXoshiro(filledHash(4))
	for i := range *pairs / 10 {
		var m matrix
		x.fill(&m)
		for row := range m {
			for q := range m[row] {
				switch i % 4 {
				case 1: // ones
					m[row][q] &= 0x1111111111111111
				case 2: // 0 and 15
					m[row][q] = m[row][q] & 0x1111111111111111 * 15
				case 3: // one cell in 32
					m[row][q] &= 15 << (4 * r.Uint64N(32))
				}
			}
			if i%4 == 3 { // and a permutation
				m[row][row*29%size/16] |= 7 << (row * 29 % 16 * 4)
			}
		}
		checkInvertible(t, &m)
	}
}

func TestInvertibleWherePivotsHide(t *testing.T) {
	var reversed, shifted, last matrix
	for row := range size {
		for m, column := range map[*matrix]int{&reversed: size - 1 - row, &shifted: (row + 33) % size, &last: row} {
			m[row][column/16] |= uint64(row%15+1) << (column % 16 * 4)
		}
	}
	last[size-1] = [4]uint64{}
	for _, m := range []*matrix{&reversed, &shifted, &last, {}} {
		checkInvertible(t, m)
	}
	if !reversed.nonsingular(fastest()) || !shifted.nonsingular(fastest()) || last.nonsingular(fastest()) {
		t.Error("wrong rank of a matrix with one cell in a row")
	}
}

func TestImplementations(t *testing.T) {
	names := Implementations("kheavyhash")
	if len(names) == 0 || names[len(names)-1] != "go" {
		t.Fatalf("implementations %v, want go as the last", names)
	}
	for _, name := range append(names, Auto) {
		e, ok := ByImplementation("kheavyhash", name)
		if !ok || e.ID() != "kheavyhash" || name != Auto && e.Implementation() != name {
			t.Errorf("ByImplementation(%q) = %v, %t", name, e, ok)
		}
	}
	best, _ := ByID("kheavyhash")
	auto, _ := ByImplementation("kheavyhash", Auto)
	if best.Implementation() != names[0] || auto != best {
		t.Errorf("ByID runs %s and Auto %s, the first of %v is wanted", best.Implementation(), auto.Implementation(), names)
	}
	for _, c := range [][2]string{{"kheavyhash", ""}, {"kheavyhash", "AVX2"}, {"sha256d", "avx2"}, {"scrypt", "go"}, {"scrypt", Auto}} {
		if e, ok := ByImplementation(c[0], c[1]); ok || e != nil {
			t.Errorf("ByImplementation(%q, %q) = %v", c[0], c[1], e)
		}
	}
	if names := Implementations("sha256d"); !slices.Equal(names, []string{"go"}) {
		t.Errorf("implementations of sha256d: %v", names)
	}
	if names := Implementations("scrypt"); names != nil {
		t.Errorf("implementations of an unknown engine: %v", names)
	}
}
