package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

// A product is the code that multiplies a matrix with the vector in one hash.
// Its first two registers hold what a row's low and high nibbles meet: the hash's
// nibbles of the other half of the same byte.
type product struct {
	low, high  VecVirtual
	mask, ones VecVirtual
	row        Register // the address of the next rows
}

// timesAVX2 emits the product of a matrix and a vector, eight bytes of it a turn.
func timesAVX2() {
	TEXT("timesAVX2", 0, "func(m *[64][4]uint64, hash, upper *[4]uint64)")
	Doc("timesAVX2 multiplies a matrix with the vector in a hash.")
	p := product{low: YMM(), high: YMM(), mask: YMM(), ones: YMM()}
	p.row = Load(Param("m"), GP64())
	hash, upper := Load(Param("hash"), GP64()), Load(Param("upper"), GP64())
	VMOVDQU(emit.Filled("lowNibbles", 0x0f), p.mask)
	VPBROADCASTD(emit.Table("ones", []byte{1, 0, 1, 0, 0, 0, 0, 0}), p.ones)
	VMOVDQU(emit.At(hash, 0), p.high)
	VPSRLQ(U8(4), p.high, p.low)
	VPAND(p.mask, p.low, p.low)
	VPAND(p.mask, p.high, p.high)
	emit.Repeat("rows", 4, func() {
		VMOVQ(p.word().AsX(), emit.At(upper, 0))
		ADDQ(U8(8), upper)
		ADDQ(U32(16*32), p.row)
	})
	VZEROUPPER()
	RET()
}

// word returns bits 10 to 13 of what sixteen rows make, a nibble each.
func (p product) word() VecVirtual {
	first, second := p.sums(0, 8), p.sums(8, 8)
	halves := YMM()
	VPERM2I128(U8(0x31), second, first, halves)
	VPERM2I128(U8(0x20), second, first, first)
	VPADDW(halves, first, first)
	VPSRLW(U8(10), first, first)
	weights := YMM()
	VPBROADCASTD(emit.Table("evenIsHigh", []byte{16, 0, 1, 0, 0, 0, 0, 0}), weights)
	VPMADDWD(weights, first, first)
	VPACKUSDW(first, first, first)
	VPACKUSWB(first, first, first)
	VEXTRACTI128(U8(1), first, halves.AsX())
	VPUNPCKLDQ(halves.AsX(), first.AsX(), first.AsX())
	return first
}

// sums returns what so many rows make, in order: of each half of a register the
// 8/rows-th parts, as 16-bit lanes.
func (p product) sums(row, rows int) VecVirtual {
	if rows == 1 {
		return p.sum(row)
	}
	a, b := p.sums(row, rows/2), p.sums(row+rows/2, rows/2)
	VPMADDWD(p.ones, a, a)
	VPMADDWD(p.ones, b, b)
	VPACKUSDW(b, a, a)
	return a
}

// sum multiplies a row, to sixteen sums.
func (p product) sum(row int) VecVirtual {
	a, b := YMM(), YMM()
	VMOVDQU(emit.At(p.row, 32*row), a)
	VPSRLQ(U8(4), a, b)
	VPAND(p.mask, a, a)
	VPAND(p.mask, b, b)
	VPMADDUBSW(p.low, a, a)
	VPMADDUBSW(p.high, b, b)
	VPADDW(b, a, a)
	return a
}
