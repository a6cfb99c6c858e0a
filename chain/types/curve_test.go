package types

import (
	"crypto/sha512"
	"math/big"
	"slices"
)

// The naive twin of the signature code: the Edwards curve of RFC 8032 in affine
// coordinates over math/big, and ZIP-215 as it is written.

func bigOf(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 0)
	if !ok {
		panic(s)
	}
	return n
}

var (
	one        = big.NewInt(1)
	fieldPrime = bigOf("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")
	groupOrder = bigOf("0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")
	curveD     = quotient(big.NewInt(-121665), big.NewInt(121666))
	basePoint  = mustPoint(fieldBytes(quotient(big.NewInt(4), big.NewInt(5))))
)

func product(a, b *big.Int) *big.Int {
	c := new(big.Int).Mul(a, b)
	return c.Mod(c, fieldPrime)
}

func quotient(a, b *big.Int) *big.Int {
	return product(a, new(big.Int).ModInverse(new(big.Int).Mod(b, fieldPrime), fieldPrime))
}

// littleEndian reads a number of any length, fieldBytes writes one of 32 bytes.
func littleEndian(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

func fieldBytes(n *big.Int) (b [32]byte) {
	n.FillBytes(b[:])
	slices.Reverse(b[:])
	return b
}

type point struct{ x, y *big.Int }

// decodePoint accepts y ≥ p and a sign on x = 0, as ZIP-215 demands; ok is
// false when no point has that y.
func decodePoint(b [32]byte) (pt point, ok bool) {
	sign := uint(b[31] >> 7)
	b[31] &= 0x7f
	y := littleEndian(b[:])
	y.Mod(y, fieldPrime)
	yy := product(y, y)
	u := new(big.Int).Sub(yy, one)
	v := new(big.Int).Add(product(curveD, yy), one)
	x := new(big.Int).ModSqrt(quotient(u, v), fieldPrime)
	if x == nil {
		return point{}, false
	}
	if x.Bit(0) != sign {
		x.Sub(fieldPrime, x).Mod(x, fieldPrime)
	}
	return point{x, y}, true
}

func mustPoint(b [32]byte) point {
	pt, ok := decodePoint(b)
	if !ok {
		panic("not on the curve")
	}
	return pt
}

func (a point) encode() [32]byte {
	b := fieldBytes(a.y)
	b[31] |= byte(a.x.Bit(0)) << 7
	return b
}

func (a point) add(b point) point {
	xx, yy := product(a.x, b.x), product(a.y, b.y)
	cross := product(curveD, product(xx, yy))
	x := new(big.Int).Add(product(a.x, b.y), product(a.y, b.x))
	y := new(big.Int).Add(yy, xx)
	return point{
		quotient(x, new(big.Int).Add(one, cross)),
		quotient(y, new(big.Int).Sub(one, cross)),
	}
}

func (a point) times(n *big.Int) point {
	sum := point{new(big.Int), big.NewInt(1)}
	for i := n.BitLen() - 1; i >= 0; i-- {
		if sum = sum.add(sum); n.Bit(i) == 1 {
			sum = sum.add(a)
		}
	}
	return sum
}

func (a point) equal(b point) bool { return a.x.Cmp(b.x) == 0 && a.y.Cmp(b.y) == 0 }

func (a point) smallOrder() bool {
	return a.times(big.NewInt(8)).equal(point{new(big.Int), one})
}

// challenge is k = SHA-512(R ‖ A ‖ M) modulo the group order.
func challenge(r, key [32]byte, msg Hash) *big.Int {
	sum := sha512.Sum512(slices.Concat(r[:], key[:], msg[:]))
	k := littleEndian(sum[:])
	return k.Mod(k, groupOrder)
}

// twinVerify is ZIP-215: 8·s·B = 8·R + 8·k·A, s below the group order.
func twinVerify(c *SignatureCheck) bool {
	r := [32]byte(c.Signature[:32])
	s := littleEndian(c.Signature[32:])
	keyPoint, ok := decodePoint(c.Key)
	rPoint, okR := decodePoint(r)
	if !ok || !okR || s.Cmp(groupOrder) >= 0 {
		return false
	}
	eight := big.NewInt(8)
	left := basePoint.times(s).times(eight)
	right := rPoint.add(keyPoint.times(challenge(r, c.Key, c.Message))).times(eight)
	return left.equal(right)
}

// twinValidKey is the definition: the encoding is the one that the point it
// decodes to would be given, and eight times the point is not the neutral one.
func twinValidKey(key [32]byte) bool {
	pt, ok := decodePoint(key)
	return ok && pt.encode() == key && !pt.smallOrder()
}
