package types

import (
	"encoding/hex"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

var twoTo256 = new(big.Int).Lsh(one, 256)

func (x Uint256) big() *big.Int {
	n := new(big.Int)
	for i := 3; i >= 0; i-- {
		n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(x[i]))
	}
	return n
}

func fromBig(n *big.Int) (x Uint256) {
	n = new(big.Int).Mod(n, twoTo256)
	for i := range x {
		x[i] = new(big.Int).Rsh(n, uint(64*i)).Uint64()
	}
	return x
}

// agree holds every operation on x, y, m and shift against math/big.
func agree(t interface {
	Helper()
	Fatalf(string, ...any)
}, x, y Uint256, m uint64, shift uint,
) {
	t.Helper()
	a, b := x.big(), y.big()
	same := func(name string, got Uint256, want *big.Int) {
		t.Helper()
		if got != fromBig(want) {
			t.Fatalf("%s of x=%v y=%v m=%d shift=%d: %v, want %x", name, x, y, m, shift, got, want)
		}
	}
	holds := func(name string, ok bool) {
		t.Helper()
		if !ok {
			t.Fatalf("%s of x=%v y=%v m=%d shift=%d is wrong", name, x, y, m, shift)
		}
	}
	sum := new(big.Int).Add(a, b)
	got, flag := x.Add(y)
	same("Add", got, sum)
	holds("Add's overflow", flag == (sum.BitLen() > 256))
	if flag {
		sum = new(big.Int).Sub(twoTo256, one)
	}
	same("SaturatingAdd", x.SaturatingAdd(y), sum)
	got, flag = x.Sub(y)
	same("Sub", got, new(big.Int).Sub(a, b))
	holds("Sub's underflow", flag == (a.Cmp(b) < 0))
	same("Not", x.Not(), new(big.Int).Not(a))
	same("Lsh", x.Lsh(shift), new(big.Int).Lsh(a, shift%1024))
	same("Rsh", x.Rsh(shift), new(big.Int).Rsh(a, shift%1024))
	low, high := x.Mul64(m)
	wide := new(big.Int).Mul(a, new(big.Int).SetUint64(m))
	same("Mul64", low, wide)
	holds("Mul64's high word", new(big.Int).Rsh(wide, 256).Uint64() == high)
	holds("Cmp", x.Cmp(y) == a.Cmp(b))
	holds("BitLen", x.BitLen() == a.BitLen())
	holds("IsZero", x.IsZero() == (a.Sign() == 0))
	if b.Sign() != 0 {
		quotient, remainder := x.DivMod(y)
		q, r := new(big.Int).QuoRem(a, b, new(big.Int))
		same("DivMod's quotient", quotient, q)
		same("DivMod's remainder", remainder, r)
	}
	holds("String", x.String() == a.Text(16))
	back, err := ParseUint256(x.String())
	holds("ParseUint256", err == nil && back == x)
	bytes := x.BigEndian()
	holds("BigEndian", new(big.Int).SetBytes(bytes[:]).Cmp(a) == 0)
	holds("Uint256FromBigEndian", Uint256FromBigEndian(bytes) == x)
	little := fieldBytes(a)
	holds("Uint256FromLittleEndian", Uint256FromLittleEndian(little) == x)
}

// limb prefers the values at which carries and trial quotients go wrong.
func limb(t *rapid.T) uint64 {
	edges := []uint64{0, 1, 2, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<64 - 2, 1<<64 - 1}
	return rapid.OneOf(rapid.SampledFrom(edges), rapid.Uint64()).Draw(t, "limb")
}

func TestUint256AgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := Uint256{limb(t), limb(t), limb(t), limb(t)}
		y := Uint256{limb(t), limb(t), limb(t), limb(t)}
		y = y.Rsh(rapid.UintRange(0, 256).Draw(t, "narrow"))
		agree(t, x, y, limb(t), rapid.UintRange(0, 300).Draw(t, "shift"))
	})
}

// Every combination of the limbs that matter: it reaches each branch of long
// division, among them the rare corrections of the trial quotient.
func TestUint256EdgeLimbs(t *testing.T) {
	var values []Uint256
	edges := []uint64{0, 1, 1 << 63, 1<<64 - 2, 1<<64 - 1}
	for i := range 625 {
		values = append(values, Uint256{edges[i%5], edges[i/5%5], edges[i/25%5], edges[i/125]})
	}
	for i, x := range values {
		for j := i % 7; j < len(values); j += 7 {
			if y := values[j]; !y.IsZero() {
				quotient, remainder := x.DivMod(y)
				q, r := new(big.Int).QuoRem(x.big(), y.big(), new(big.Int))
				if quotient != fromBig(q) || remainder != fromBig(r) {
					t.Fatalf("%v / %v = %v rest %v", x, y, quotient, remainder)
				}
			}
		}
		agree(t, x, values[len(values)-1-i], x[1], uint(i))
	}
}

func TestUint256HugeShifts(t *testing.T) {
	for _, n := range []uint{256, 257, 1 << 20, 1<<63 + 1, ^uint(0)} {
		if !MaxUint256.Lsh(n).IsZero() || !MaxUint256.Rsh(n).IsZero() {
			t.Errorf("something is left after a shift by %d", n)
		}
	}
}

func TestUint256DivisionByZeroPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("divided by zero")
		}
	}()
	MaxUint256.DivMod(Uint256{})
}

func TestParseUint256(t *testing.T) {
	sixtyFour := "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	for s, want := range map[string]Uint256{
		"0": {}, "00": {}, "1": NewUint256(1), "FfF": NewUint256(0xfff), sixtyFour: MaxUint256,
		"10000000000000000": {0, 1},
	} {
		if got, err := ParseUint256(s); err != nil || got != want {
			t.Errorf("%q reads as %v: %v", s, got, err)
		}
	}
	for _, s := range []string{"", "g", "0x1", "-1", "+1", " 1", "1_0", "0" + sixtyFour} {
		if got, err := ParseUint256(s); err == nil {
			t.Errorf("%q reads as %v", s, got)
		}
	}
}

func TestUint256Allocations(t *testing.T) {
	x, y := Uint256{1, 2, 3, 4}, Uint256{5, 6, 7}
	if n := testing.AllocsPerRun(100, func() {
		sum, _ := x.Add(y)
		diff, _ := sum.Sub(y)
		low, _ := diff.Mul64(7)
		q, r := low.DivMod(y)
		q2, r2 := low.DivMod(NewUint256(9))
		x = q.SaturatingAdd(r).Not().Lsh(3).Rsh(5).SaturatingAdd(q2).SaturatingAdd(r2)
		b := x.BigEndian()
		x = Uint256FromBigEndian(b)
		if x.Cmp(y) == 0 || x.IsZero() || x.BitLen() == 0 {
			x = MaxUint256
		}
	}); n != 0 {
		t.Errorf("arithmetic allocates %v times", n)
	}
}

func FuzzUint256(f *testing.F) {
	f.Add([]byte{}, []byte{1}, uint64(0), uint(0))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\x80"), []byte{0x80, 0, 0, 0, 0, 0, 0, 0, 1}, ^uint64(0), uint(65))
	f.Fuzz(func(t *testing.T, x, y []byte, m uint64, shift uint) {
		agree(t, padded256(x), padded256(y), m, shift)
		text := hex.EncodeToString(x)
		if v, err := ParseUint256(text); err == nil && v.big().Cmp(new(big.Int).SetBytes(x)) != 0 {
			t.Errorf("%s reads as %v", text, v)
		}
	})
}

func padded256(b []byte) Uint256 {
	var full [32]byte
	copy(full[:], b)
	return Uint256FromBigEndian(full)
}

func BenchmarkUint256DivMod(b *testing.B) {
	x := MaxUint256
	for name, y := range map[string]Uint256{"1limb": {1 << 40}, "3limbs": {1, 2, 3}, "4limbs": {1, 2, 3, 4}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.DivMod(y)
			}
		})
	}
}

func BenchmarkUint256Add(b *testing.B) {
	x, y := MaxUint256, Uint256{1, 2, 3, 4}
	b.ReportAllocs()
	for b.Loop() {
		x.SaturatingAdd(y)
	}
}
