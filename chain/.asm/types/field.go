package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

// An element is eight elements of the field modulo 2²⁵⁵ − 19, of five limbs to the
// base 2⁵¹ each. Products take limbs below 2⁵² and leave limbs below 2⁵¹ + 2¹⁴.
type element [5]reg.VecVirtual

const base = 51

// A sum is where the low and the high halves of products add up: those of limbs i
// and j at i + j, the high ones with half their weight at i + j + 1.
type sum struct{ low, high [9]reg.VecVirtual }

func newSum() (s sum) {
	for i := range s.low {
		s.low[i], s.high[i] = zero(), zero()
	}
	return s
}

func zero() reg.VecVirtual {
	z := build.ZMM() // loaded, since to the assembler XOR would read what was there
	build.VPBROADCASTQ(emit.Words("nought", []uint64{0}), z)
	return z
}

func (s *sum) add(i, j int, a, b reg.VecVirtual) {
	build.VPMADD52LUQ(b, a, s.low[i+j])
	build.VPMADD52HUQ(b, a, s.high[i+j])
}

func times(a, b element) element {
	s := newSum()
	for i := range a {
		for j := range b {
			s.add(i, j, a[i], b[j])
		}
	}
	return s.reduced()
}

// squared doubles the sums of products of different limbs.
func (e element) squared() element {
	s := newSum()
	for i := range e {
		for j := i + 1; j < len(e); j++ {
			s.add(i, j, e[i], e[j])
		}
	}
	for i := 1; i < 8; i++ {
		build.VPADDQ(s.low[i], s.low[i], s.low[i])
		build.VPADDQ(s.high[i], s.high[i], s.high[i])
	}
	for i := range e {
		s.add(i, i, e[i], e[i])
	}
	return s.reduced()
}

// reduced brings the halves together, below 2⁵⁶, and what weighs 2²⁵⁵ and more back
// 19-fold, below 2⁶¹.
func (s *sum) reduced() (e element) {
	limbs := append(s.low[:], zero())
	for i, h := range s.high {
		build.VPADDQ(h, h, h)
		build.VPADDQ(h, limbs[i+1], limbs[i+1])
	}
	for i := range e {
		e[i] = limbs[i]
		over := limbs[i+5]
		sixteenfold := build.ZMM()
		build.VPSLLQ(operand.U8(4), over, sixteenfold)
		build.VPADDQ(over, e[i], e[i])
		build.VPADDQ(over, over, over)
		build.VPADDQ(sixteenfold, e[i], e[i])
		build.VPADDQ(over, e[i], e[i])
	}
	e.carry()
	return e
}

// carry moves what is above the base to the next limb, once.
func (e element) carry() {
	var carries element
	for i := range e {
		carries[i] = build.ZMM()
		build.VPSRLQ(operand.U8(base), e[i], carries[i])
		build.VPANDQ_BCST(emit.Words("mask", []uint64{1<<base - 1}), e[i], e[i])
	}
	build.VPMADD52LUQ_BCST(emit.Words("nineteen", []uint64{19}), carries[4], e[0])
	for i := range 4 {
		build.VPADDQ(carries[i], e[i+1], e[i+1])
	}
}
