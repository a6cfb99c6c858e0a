package pow

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
)

// naiveDecode reads bits as the number 0.m · 256ˡ with sign.
func naiveDecode(bits uint32) (*big.Int, bool) {
	n := big.NewInt(int64(bits & 0x7fffff))
	n.Lsh(n, 8*uint(bits>>24)).Rsh(n, 24)
	if bits&0x800000 != 0 {
		n.Neg(n)
	}
	return n, n.Sign() > 0 && n.BitLen() <= 256
}

// naiveEncode follows the definition through the bytes of the number.
func naiveEncode(n *big.Int) uint32 {
	b := n.Bytes()
	if len(b) > 0 && b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	leading := append(append([]byte{}, b...), 0, 0, 0)[:3]
	return uint32(len(b))<<24 | uint32(leading[0])<<16 | uint32(leading[1])<<8 | uint32(leading[2])
}

func toBig(x types.Uint256) *big.Int {
	b := x.BigEndian()
	return new(big.Int).SetBytes(b[:])
}

// randomUint256 draws numbers of every length.
func randomUint256(t *rapid.T) types.Uint256 {
	limb := rapid.Uint64()
	x := types.Uint256{limb.Draw(t, "l0"), limb.Draw(t, "l1"), limb.Draw(t, "l2"), limb.Draw(t, "l3")}
	return x.Rsh(uint(rapid.IntRange(0, 256).Draw(t, "shift")))
}

func TestDecodeCompact(t *testing.T) {
	tests := []struct {
		bits uint32
		want string // "" where it does not decode
	}{
		{0, ""},
		{0x00123456, ""},
		{0x01003456, ""},
		{0x02000056, ""},
		{0x03000000, ""},
		{0x20000000, ""},
		{0xff000000, ""},
		{0x01123456, "12"},
		{0x02123456, "1234"},
		{0x03123456, "123456"},
		{0x04123456, "12345600"},
		{0x02008000, "80"},
		{0x05009234, "92340000"},
		{0x04000001, "100"},
		{0x01fedcba, ""},
		{0x04923456, ""},
		{0x04800001, ""},
		{0x04800000, ""},
		{0x1d00ffff, "ffff0000000000000000000000000000000000000000000000000000"},
		{0x207fffff, "7fffff0000000000000000000000000000000000000000000000000000000000"},
		{0x2100ffff, "ffff000000000000000000000000000000000000000000000000000000000000"},
		{0x220000ff, "ff00000000000000000000000000000000000000000000000000000000000000"},
		{0x21010000, ""},
		{0x22000100, ""},
		{0x23000001, ""},
		{0xff123456, ""},
	}
	for _, tt := range tests {
		target, ok := DecodeCompact(tt.bits)
		if ok != (tt.want != "") || ok && target.String() != tt.want || !ok && !target.IsZero() {
			t.Errorf("DecodeCompact(%08x) = %v, %t, want %q", tt.bits, target, ok, tt.want)
		}
	}
}

func TestEncodeCompact(t *testing.T) {
	tests := []struct {
		target string
		want   uint32
	}{
		{"0", 0},
		{"1", 0x01010000},
		{"7f", 0x017f0000},
		{"80", 0x02008000},
		{"1234", 0x02123400},
		{"8000", 0x03008000},
		{"123456", 0x03123456},
		{"800000", 0x04008000},
		{"12345678", 0x04123456},
		{"92345678", 0x05009234},
		{"ffff0000000000000000000000000000000000000000000000000000", 0x1d00ffff},
		{"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x2100ffff},
	}
	for _, tt := range tests {
		target, err := types.ParseUint256(tt.target)
		if got := EncodeCompact(target); err != nil || got != tt.want {
			t.Errorf("EncodeCompact(%s) = %08x, want %08x", tt.target, got, tt.want)
		}
	}
}

// checkBits is what holds for all bits.
func checkBits(t interface{ Fatalf(string, ...any) }, bits uint32) {
	target, ok := DecodeCompact(bits)
	want, wantOK := naiveDecode(bits)
	if ok != wantOK || ok && toBig(target).Cmp(want) != 0 {
		t.Fatalf("%08x: %v %t, want %x %t", bits, target, ok, want, wantOK)
	}
	if !ok {
		return
	}
	canonical := EncodeCompact(target)
	if again, ok := DecodeCompact(canonical); !ok || again != target || canonical != naiveEncode(want) {
		t.Fatalf("%08x: canonical bits %08x decode to %v, want %v", bits, canonical, again, target)
	}
}

func TestCompactBitsAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.OneOf(rapid.Uint32Range(0, 36), rapid.Uint32Range(0, 255)).Draw(t, "length")
		checkBits(t, length<<24|rapid.Uint32Range(0, 1<<24-1).Draw(t, "mantissa"))
	})
}

// TestCompactTargetsAgainstBig: encoding cuts a target down, by less than one
// part in 2¹⁵.
func TestCompactTargetsAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := randomUint256(t)
		bits := EncodeCompact(target)
		if want := naiveEncode(toBig(target)); bits != want {
			t.Fatalf("EncodeCompact(%v) = %08x, want %08x", target, bits, want)
		}
		cut, ok := DecodeCompact(bits)
		lost, below := target.Sub(cut)
		if ok == target.IsZero() || below || lost.Cmp(target.Rsh(15)) > 0 {
			t.Fatalf("%v becomes %v", target, cut)
		}
	})
}

func FuzzCompact(f *testing.F) {
	for _, bits := range []uint32{0, 0x01003456, 0x1d00ffff, 0x207fffff, 0x2100ffff, 0x04923456, 0xff123456} {
		f.Add(bits)
	}
	f.Fuzz(func(t *testing.T, bits uint32) { checkBits(t, bits) })
}
