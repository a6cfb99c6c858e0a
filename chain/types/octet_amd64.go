//go:build !purego

package types

import (
	"encoding/binary"
	"sync"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"golang.org/x/sys/cpu"
)

// A program in a module of its own writes the assembly.
//
//go:generate go run -C ../.asm ./types -out ../types/field_amd64.s

// multiplyIFMA multiplies lane by lane.
//
//go:noescape
func multiplyIFMA(product, a, b *octet)

// squareIFMA squares each lane so many times. It must be told once or more: it
// counts down to zero after a squaring.
//
//go:noescape
func squareIFMA(power, a *octet, squarings uint64)

// hasIFMA reports whether this machine has the instructions that the assembly
// takes, and they led to the known answers when it was asked for the first time.
var hasIFMA = sync.OnceValue(func() bool {
	return cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512IFMA && knownAnswers()
})

// orderBytes are the order ℓ = 2²⁵² + 27742317777372353535851937790883648493 of the
// base point, in little-endian bytes, and baseX the point's x (RFC 8032, 5.1).
var (
	orderBytes = [32]byte{
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 31: 0x10,
	}
	baseX = limbs{1738742601995546, 1146398526822698, 2070867633025821, 562264141797630, 587772402128613}
)

// knownAnswers tries all of the assembly on what is known of the base point B: its
// x follows from its y in every lane, ℓ·B is the neutral element, and (ℓ − 1)·B is
// not of small order. Each is added twice, so that no bucket has only been neutral.
func knownAnswers() bool {
	var eight [8][32]byte
	for i := range eight {
		eight[i] = *curve.ED25519_BASEPOINT_COMPRESSED
	}
	x, _, found := decodeOctet(&eight)
	for i := range found {
		if !found[i] || x.lane(i) != baseX {
			return false
		}
	}
	base, _ := decodePoints(eight[:1])
	less := orderBytes
	less[0]--
	neutral, other := newMultiscalar(2, columns), newMultiscalar(2, columns)
	for range 2 {
		neutral.add(&base[0], &orderBytes)
		other.add(&base[0], &less)
	}
	return smallOrder(neutral) && !smallOrder(other)
}

// An octet is eight elements of the field modulo 2²⁵⁵ − 19, one in each lane of
// five limbs. Products take limbs below 2⁵² and make limbs below 2⁵¹ + 2¹⁴.
type octet [5][8]uint64

func (o *octet) times(b *octet) (product octet) {
	multiplyIFMA(&product, o, b)
	return product
}

// squared returns the lanes squared so many times.
func (o *octet) squared(times uint64) (power octet) {
	squareIFMA(&power, o, times)
	return power
}

// root returns o^((p−5)/8), in which (p−5)/8 = 2²⁵² − 3: of the ones in the
// exponent it doubles the number again and again.
func (o *octet) root() octet {
	double := func(ones *octet, n uint64) octet {
		shifted := ones.squared(n)
		return shifted.times(ones)
	}
	eight := o.squared(3)
	nine := eight.times(o)
	two := o.squared(1)
	eleven := nine.times(&two)
	twentyTwo := eleven.squared(1)
	ones5 := twentyTwo.times(&nine)
	ones10 := double(&ones5, 5)
	ones20 := double(&ones10, 10)
	ones40 := double(&ones20, 20)
	shifted := ones40.squared(10)
	ones50 := shifted.times(&ones10)
	ones100 := double(&ones50, 50)
	ones200 := double(&ones100, 100)
	shifted = ones200.squared(50)
	ones250 := shifted.times(&ones50)
	shifted = ones250.squared(2)
	return shifted.times(o)
}

func (o *octet) lane(i int) limbs {
	return limbs{o[0][i], o[1][i], o[2][i], o[3][i], o[4][i]}
}

func (o *octet) setLane(i int, e limbs) {
	for j := range e {
		o[j][i] = e[j]
	}
}

// everyLane returns an octet with the same element in each lane.
func everyLane(e limbs) *octet {
	o := new(octet)
	for i := range o[0] {
		o.setLane(i, e)
	}
	return o
}

// Limbs are an element of the field to the base 2⁵¹.
type limbs [5]uint64

const (
	limbBits = 51
	limbMask = 1<<limbBits - 1
)

var (
	edwardsD      = limbs{929955233495203, 466365720129213, 1662059464998953, 2033849074728123, 1442794654840575}
	edwardsTwoD   = limbs{1859910466990425, 932731440258426, 1072319116312658, 1815898335770999, 633789495995903}
	rootOfMinus1  = limbs{1718705420411056, 234908883556509, 2233514472574048, 2117202627021982, 765476049583133}
	minusOne      = limbs{limbMask - 19, limbMask, limbMask, limbMask, limbMask}
	twiceModulus  = limbs{2*limbMask - 36, 2 * limbMask, 2 * limbMask, 2 * limbMask, 2 * limbMask}
	lanesOfD      = everyLane(edwardsD)
	lanesOfTwoD   = everyLane(edwardsTwoD)
	lanesOfRootM1 = everyLane(rootOfMinus1)
)

// limbsOf reads 32 little-endian bytes without their highest bit.
func limbsOf(b *[32]byte) limbs {
	w0, w1 := binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:])
	w2, w3 := binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])
	return limbs{
		w0 & limbMask,
		(w0>>51 | w1<<13) & limbMask,
		(w1>>38 | w2<<26) & limbMask,
		(w2>>25 | w3<<39) & limbMask,
		w3 >> 12 & limbMask,
	}
}

func (e limbs) plus(b limbs) limbs {
	for i := range e {
		e[i] += b[i]
	}
	return e
}

// minus subtracts an element whose limbs do not exceed twice the modulus's.
func (e limbs) minus(b limbs) limbs {
	for i := range e {
		e[i] += twiceModulus[i] - b[i]
	}
	return e
}

// carried moves what is above 51 bits of each limb to the next, once.
func (e limbs) carried() limbs {
	return limbs{
		e[0]&limbMask + e[4]>>limbBits*19,
		e[1]&limbMask + e[0]>>limbBits,
		e[2]&limbMask + e[1]>>limbBits,
		e[3]&limbMask + e[2]>>limbBits,
		e[4]&limbMask + e[3]>>limbBits,
	}
}

// reduced returns the one form of an element with limbs of 51 bits below the
// modulus. Its own limbs may have 60 bits.
func (e limbs) reduced() limbs {
	e = e.carried().carried()
	over := (e[0] + 19) >> limbBits
	for _, limb := range e[1:] {
		over = (limb + over) >> limbBits
	}
	e[0] += 19 * over
	for i := range 4 {
		e[i+1] += e[i] >> limbBits
		e[i] &= limbMask
	}
	e[4] &= limbMask
	return e
}

// decodeOctet returns the points that eight encodings stand for under ZIP-215: any
// y is taken modulo p, and x = 0 may have a sign. The coordinates are reduced.
func decodeOctet(encoded *[8][32]byte) (x, y octet, found [8]bool) {
	for i := range encoded {
		y.setLane(i, limbsOf(&encoded[i]))
	}
	yy := y.squared(1)
	u, v := yy, yy.times(lanesOfD)
	for i := range found {
		u.setLane(i, yy.lane(i).plus(minusOne).carried())
		v[0][i]++
	}
	candidate := quotientRoot(&u, &v)
	other := candidate.times(lanesOfRootM1)
	square := candidate.squared(1)
	square = square.times(&v)
	for i := range found {
		is, want := square.lane(i).reduced(), u.lane(i).reduced()
		root := candidate.lane(i)
		if is != want {
			root = other.lane(i)
		}
		found[i] = is == want || is == limbs{}.minus(want).reduced()
		if root = root.reduced(); root[0]&1 != uint64(encoded[i][31]>>7) {
			root = limbs{}.minus(root).reduced()
		}
		x.setLane(i, root)
		y.setLane(i, y.lane(i).reduced())
	}
	return x, y, found
}

// quotientRoot returns u·v³·(u·v⁷)^((p−5)/8), which is a root of u/v or of −u/v if
// either has one (RFC 8032, 5.1.3).
func quotientRoot(u, v *octet) octet {
	vv := v.squared(1)
	v3 := vv.times(v)
	uv3 := v3.times(u)
	v6 := v3.squared(1)
	v7 := v6.times(v)
	uv7 := v7.times(u)
	root := uv7.root()
	return root.times(&uv3)
}
