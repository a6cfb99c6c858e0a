package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

// A pair of points fills an element: lanes 0 to 3 have X, Y, T and Z of the first
// in extended coordinates, lanes 4 to 7 those of the second. In memory the second
// point follows the first.
const pointSize = 5 * 4 * 8

// add adds a pair to another.
func add() {
	build.TEXT("addIFMA", attr.NOSPLIT, "func(sum, other *[2][5][4]uint64)")
	sum := build.Load(build.Param("sum"), build.GP64())
	other := build.Load(build.Param("other"), build.GP64())
	m := newMasks()
	second := func(p reg.Register) reg.Register {
		s := build.GP64()
		build.LEAQ(emit.At(p, pointSize), s)
		return s
	}
	q := loadPair(other, second(other))
	m.sides(q)
	var factors element
	for i := range factors {
		factors[i] = build.ZMM()
		build.VMOVDQU64(emit.Words("factors", addFactors()).Offset(64*i), factors[i])
	}
	q = times(q, factors)
	high := second(sum)
	m.plus(loadPair(sum, high), q).storePair(sum, high)
	build.VZEROUPPER()
	build.RET()
}

// addFactors turn Y − X, Y + X, T and Z into what is multiplied with the other
// point's: 1, 1, 2d and 2 of both points.
func addFactors() []uint64 {
	twoD := [5]uint64{1859910466990425, 932731440258426, 1072319116312658, 1815898335770999, 633789495995903}
	words := make([]uint64, 5*8)
	for half := 0; half < 8; half += 4 {
		words[half], words[half+1], words[half+3] = 1, 1, 2
		for i, limb := range twoD {
			words[8*i+half+2] = limb
		}
	}
	return words
}

// accumulate adds points to the buckets that their digits name, of two columns at
// a time; a negative digit takes the negative point, which follows.
func accumulate() {
	build.TEXT("accumulateIFMA", attr.NOSPLIT, "func(buckets *[129][2][5][4]uint64, points *[2][5][4]uint64, first, second *int8, count uint64)")
	buckets := build.Load(build.Param("buckets"), build.GP64())
	points := build.Load(build.Param("points"), build.GP64())
	first := build.Load(build.Param("first"), build.GP64())
	second := build.Load(build.Param("second"), build.GP64())
	left := build.Load(build.Param("count"), build.GP64())
	m := newMasks()
	build.Label("point")
	firstBucket, firstPoint := choose(first, buckets, points)
	secondBucket, secondPoint := choose(second, buckets, points)
	build.ADDQ(operand.U32(pointSize), secondBucket)
	p, q := loadPair(firstBucket, secondBucket), loadPair(firstPoint, secondPoint)
	m.plus(p, q).storePair(firstBucket, secondBucket)
	build.ADDQ(operand.U32(2*pointSize), points)
	build.INCQ(first)
	build.INCQ(second)
	build.DECQ(left)
	build.JNZ(operand.LabelRef("point"))
	build.VZEROUPPER()
	build.RET()
}

// choose returns where the bucket of a digit is, and the point or its negative.
func choose(digit, buckets, points reg.Register) (bucket, point reg.Register) {
	d, sign := build.GP64(), build.GP64()
	build.MOVBQSX(emit.At(digit, 0), d)
	build.MOVQ(d, sign)
	build.SARQ(operand.U8(63), sign)
	build.XORQ(sign, d)
	build.SUBQ(sign, d)
	build.IMUL3Q(operand.U32(2*pointSize), d, d)
	build.ADDQ(buckets, d)
	build.ANDQ(operand.U32(pointSize), sign)
	build.ADDQ(points, sign)
	return d, sign
}

func loadPair(first, second reg.Register) (e element) {
	for i := range e {
		e[i] = build.ZMM()
		build.VBROADCASTI64X4(emit.At(first, 32*i), e[i])
		build.VINSERTI64X4(operand.U8(1), emit.At(second, 32*i), e[i], e[i])
	}
	return e
}

func (e element) storePair(first, second reg.Register) {
	for i := range e {
		build.VMOVDQU64(e[i].AsY(), emit.At(first, 32*i))
		build.VEXTRACTI64X4(operand.U8(1), e[i], emit.At(second, 32*i))
	}
}

// masks choose lanes of both points.
type masks struct{ lane0, lane1, even, odd reg.Register }

func newMasks() masks {
	mask := func(bits uint32) reg.Register {
		r, k := build.GP32(), build.K()
		build.MOVL(operand.U32(bits), r)
		build.KMOVW(r, k)
		return k
	}
	return masks{mask(0x11), mask(0x22), mask(0x55), mask(0xaa)}
}

// sides turns X, Y, T and Z into Y − X, Y + X, T and Z.
func (m masks) sides(e element) { e.crossed(m.lane0, m.lane1) }

// crossed makes of neighbouring lanes a, b the difference b − a in lanes of the
// first mask and the sum in lanes of the second. Twice the modulus keeps the
// difference positive.
func (e element) crossed(differences, sums reg.Register) {
	for i := range e {
		other := build.ZMM()
		build.VPSHUFD(operand.U8(0x4e), e[i], other)
		build.VPADDQ(other, e[i], sums, e[i])
		build.VPADDQ_BCST(twiceModulus(i), other, other)
		build.VPSUBQ(e[i], other, differences, e[i])
	}
	e.carry()
}

func twiceModulus(limb int) operand.Mem {
	return emit.Words("twice", []uint64{1<<52 - 38, 1<<52 - 2}).Offset(8 * min(limb, 1))
}

// plus adds q, already in the form that is multiplied, to p (Hisil, Wong, Carter
// and Dawson, 2008, for a = −1): with A, B, C, D the products,
// E = B − A, H = B + A, F = D − C and G = D + C,
// X = E·F, Y = H·G, T = E·H and Z = G·F.
func (m masks) plus(p, q element) element {
	m.sides(p)
	r := times(p, q)
	r.crossed(m.even, m.odd) // E, H, F, G
	var left, right element
	for i := range r {
		left[i], right[i] = build.ZMM(), build.ZMM()
		build.VPERMQ(operand.U8(0<<0|1<<2|0<<4|3<<6), r[i], left[i])
		build.VPERMQ(operand.U8(2<<0|3<<2|1<<4|2<<6), r[i], right[i])
	}
	return times(left, right)
}
