package types

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"strings"
)

// Uint256 is an unsigned 256-bit integer in four 64-bit limbs, the least
// significant first: work, blue work and targets. It is a value; its arithmetic
// never allocates.
type Uint256 [4]uint64

// MaxUint256 is 2²⁵⁶ − 1.
var MaxUint256 = Uint256{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

// NewUint256 returns v as a Uint256.
func NewUint256(v uint64) Uint256 { return Uint256{v} }

// Uint256FromBigEndian reads 32 bytes, the most significant first.
func Uint256FromBigEndian(b [32]byte) (x Uint256) {
	for i := range x {
		x[3-i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return x
}

// Uint256FromLittleEndian reads 32 bytes, the least significant first.
func Uint256FromLittleEndian(b [32]byte) (x Uint256) {
	for i := range x {
		x[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return x
}

// ParseUint256 reads 1 to 64 hex digits.
func ParseUint256(s string) (Uint256, error) {
	if len(s) == 0 || len(s) > 64 {
		return Uint256{}, fmt.Errorf("256-bit number %.80q: want 1 to 64 hex digits", s)
	}
	var b [32]byte
	if _, err := hex.Decode(b[:], []byte(strings.Repeat("0", 64-len(s))+s)); err != nil {
		return Uint256{}, fmt.Errorf("256-bit number %.80q: %w", s, err)
	}
	return Uint256FromBigEndian(b), nil
}

// BigEndian returns the 32 bytes of x, the most significant first.
func (x Uint256) BigEndian() (b [32]byte) {
	for i := range x {
		binary.BigEndian.PutUint64(b[8*i:], x[3-i])
	}
	return b
}

// String returns x in hex without leading zeros, "0" for zero.
func (x Uint256) String() string {
	b := x.BigEndian()
	if s := strings.TrimLeft(hex.EncodeToString(b[:]), "0"); s != "" {
		return s
	}
	return "0"
}

// IsZero reports whether x is 0.
func (x Uint256) IsZero() bool { return x == Uint256{} }

// BitLen returns the number of bits needed to write x; it is 0 for 0.
func (x Uint256) BitLen() int {
	for i := 3; i >= 0; i-- {
		if x[i] != 0 {
			return 64*i + bits.Len64(x[i])
		}
	}
	return 0
}

// Cmp returns -1, 0 or +1 as x is less than, equal to or greater than y.
func (x Uint256) Cmp(y Uint256) int {
	for i := 3; i >= 0; i-- {
		switch {
		case x[i] < y[i]:
			return -1
		case x[i] > y[i]:
			return 1
		}
	}
	return 0
}

// Add returns x + y modulo 2²⁵⁶ and whether the true sum is larger.
func (x Uint256) Add(y Uint256) (sum Uint256, overflow bool) {
	var carry uint64
	for i := range x {
		sum[i], carry = bits.Add64(x[i], y[i], carry)
	}
	return sum, carry != 0
}

// SaturatingAdd returns x + y, or MaxUint256 when the sum does not fit.
func (x Uint256) SaturatingAdd(y Uint256) Uint256 {
	sum, overflow := x.Add(y)
	if overflow {
		return MaxUint256
	}
	return sum
}

// Sub returns x − y modulo 2²⁵⁶ and whether y is larger than x.
func (x Uint256) Sub(y Uint256) (diff Uint256, underflow bool) {
	var borrow uint64
	for i := range x {
		diff[i], borrow = bits.Sub64(x[i], y[i], borrow)
	}
	return diff, borrow != 0
}

// Not returns the bitwise complement of x, that is 2²⁵⁶ − 1 − x.
func (x Uint256) Not() Uint256 { return Uint256{^x[0], ^x[1], ^x[2], ^x[3]} }

// Mul64 returns the low 256 bits of x·m and the 64 bits above them.
func (x Uint256) Mul64(m uint64) (low Uint256, high uint64) {
	for i := range x {
		hi, lo := bits.Mul64(x[i], m)
		var carry uint64
		low[i], carry = bits.Add64(lo, high, 0)
		high = hi + carry // hi ≤ 2⁶⁴−2, so this cannot overflow
	}
	return low, high
}

// Lsh returns x shifted left by n bits; bits above 2²⁵⁶ are lost.
func (x Uint256) Lsh(n uint) (y Uint256) {
	words, n := int(min(n/64, 4)), n%64
	for i := 3; i >= words; i-- {
		y[i] = x[i-words] << n
		if i > words {
			y[i] |= x[i-words-1] >> (64 - n) // a shift by 64 yields 0
		}
	}
	return y
}

// Rsh returns x shifted right by n bits.
func (x Uint256) Rsh(n uint) (y Uint256) {
	words, n := int(min(n/64, 4)), n%64
	for i := 0; i+words < 4; i++ {
		y[i] = x[i+words] >> n
		if i+words < 3 {
			y[i] |= x[i+words+1] << (64 - n)
		}
	}
	return y
}

// DivMod returns ⌊x/y⌋ and x − y·⌊x/y⌋. It panics when y is zero.
func (x Uint256) DivMod(y Uint256) (quotient, remainder Uint256) {
	if y.IsZero() {
		panic("types: division of a Uint256 by zero")
	}
	if y[1]|y[2]|y[3] == 0 {
		return x.divMod64(y[0])
	}
	return x.divModLong(y)
}

func (x Uint256) divMod64(y uint64) (quotient, remainder Uint256) {
	var r uint64
	for i := 3; i >= 0; i-- {
		quotient[i], r = bits.Div64(r, x[i], y)
	}
	return quotient, Uint256{r}
}

// divModLong divides by a y of at least two limbs: schoolbook long division
// with normalised limbs (Knuth, TAOCP 2, 4.3.1, algorithm D).
func (x Uint256) divModLong(y Uint256) (quotient, remainder Uint256) {
	n := (y.BitLen() + 63) / 64
	shift := uint(64*n - y.BitLen())
	v := y.Lsh(shift)
	low := x.Lsh(shift)
	u := [5]uint64{low[0], low[1], low[2], low[3], x[3] >> (64 - shift)}
	for j := 4 - n; j >= 0; j-- {
		q := trialQuotient(u[j+n], u[j+n-1], u[j+n-2], v[n-1], v[n-2])
		quotient[j] = subtractMultiple(u[j:j+n+1], v[:n], q)
	}
	return quotient, Uint256{u[0], u[1], u[2], u[3]}.Rsh(shift)
}

// trialQuotient estimates ⌊(u2·2¹²⁸+u1·2⁶⁴+u0)/(v1·2⁶⁴+v0)⌋; the estimate is
// never too small and at most one too large.
func trialQuotient(u2, u1, u0, v1, v0 uint64) uint64 {
	q, r, carry := ^uint64(0), uint64(0), uint64(0)
	if u2 < v1 {
		q, r = bits.Div64(u2, u1, v1)
	} else if r, carry = bits.Add64(u1, v1, 0); carry != 0 {
		return q
	}
	for {
		hi, lo := bits.Mul64(q, v0)
		if hi < r || hi == r && lo <= u0 {
			return q
		}
		q--
		if r, carry = bits.Add64(r, v1, 0); carry != 0 {
			return q
		}
	}
}

// subtractMultiple sets u to u − q·v, correcting q by one when it was too
// large, and returns the digit that fits.
func subtractMultiple(u, v []uint64, q uint64) uint64 {
	var carry, borrow uint64
	for i := range v {
		hi, lo := bits.Mul64(q, v[i])
		var c uint64
		lo, c = bits.Add64(lo, carry, 0)
		carry = hi + c
		u[i], borrow = bits.Sub64(u[i], lo, borrow)
	}
	n := len(v)
	u[n], borrow = bits.Sub64(u[n], carry, borrow)
	if borrow == 0 {
		return q
	}
	carry = 0
	for i := range v {
		u[i], carry = bits.Add64(u[i], v[i], carry)
	}
	u[n] += carry
	return q - 1
}

// EncodeTo appends 32 bytes, the most significant first.
func (x Uint256) EncodeTo(e *Encoder) {
	b := x.BigEndian()
	e.Write(b[:])
}

// DecodeFrom reads 32 bytes, the most significant first.
func (x *Uint256) DecodeFrom(d *Decoder) {
	var b [32]byte
	d.Read(b[:])
	*x = Uint256FromBigEndian(b)
}

// MarshalText returns the hex that String prints.
func (x Uint256) MarshalText() ([]byte, error) { return []byte(x.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (x *Uint256) UnmarshalText(text []byte) (err error) {
	*x, err = ParseUint256(string(text))
	return err
}
