package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

// The prime modulo which matrices are tested is 256 − 5: what a number of 16
// bits has in its upper byte counts five times. VPMADDUBSW folds all numbers of
// a register so, and leaves at most 1530. A residue times a byte, plus so much,
// stays below 2¹⁶.
const prime = 251

// A simd is the width at which invertible is emitted.
type simd struct {
	name      string
	width     int // bytes in a register
	registers []VecPhysical
}

var (
	wide   = simd{"AVX512", 64, zmm}
	narrow = simd{"AVX2", 32, ymm}
)

// rowSize is that of 64 numbers of 16 bits, in two or four registers.
const rowSize = 128

// Registers of invertible: up to four for the pivot row, up to four for sums,
// and these.
const (
	sum    = 4
	factor = 8
	folder = 9
)

// An elimination is the code of invertible at one width. Its registers hold
// addresses but for the last two.
type elimination struct {
	simd
	residues GPVirtual // table by number
	inverses Register  // table by number
	top      Register  // the pivot row
	end      Register  // behind the last row
	column   Register  // the pivot's offset in its row
	number   GPVirtual // of a row in that column
}

// invertible emits Gaussian elimination modulo the prime.
func (s simd) invertible() {
	TEXT("invertible"+s.name, 0, "func(m *[64][4]uint64, tables *[2][1531]uint32) bool")
	Doc("invertible" + s.name + " reports whether the determinant is not a multiple of 251.")
	e := elimination{s, GP64(), GP64(), emit.Aligned(64 * rowSize), GP64(), GP64(), GP64()}
	LEAQ(emit.At(e.top, 64*rowSize), e.end)
	e.unpack()
	VPBROADCASTD(emit.Table("folder", []byte{1, 5, 1, 5, 0, 0, 0, 0}), s.registers[folder])
	Load(Param("tables"), e.residues)
	LEAQ(emit.At(e.residues, 1531*4), e.inverses)
	XORQ(e.column, e.column)
	for register := range rowSize / s.width {
		e.clear(register)
	}
	result := GP8()
	MOVB(U8(1), result)
	e.leave(result)

	Label("singular")
	MOVB(U8(0), result)
	e.leave(result)
}

func (e elimination) leave(result Register) {
	VZEROUPPER()
	Store(result, ReturnIndex(0))
	RET()
}

// unpack makes numbers of 16 bits of the cells. Their order in the row changes,
// which at most turns the sign of the determinant.
func (e elimination) unpack() {
	from, to := Load(Param("m"), GP64()), GP64()
	MOVQ(e.top, to)
	VMOVDQU(emit.Filled("lowNibbles", 0x0f), Y0)
	VPXOR(Y1, Y1, Y1)
	emit.Repeat("unpack", 64, func() {
		VMOVDQU(emit.At(from, 0), Y2)
		VPSRLQ(U8(4), Y2, Y3)
		for i, nibbles := range ymm[2:4] {
			VPAND(Y0, nibbles, nibbles)
			VPUNPCKLBW(Y1, nibbles, Y4)
			VPUNPCKHBW(Y1, nibbles, Y5)
			VMOVDQA(Y4, emit.At(to, 64*i))
			VMOVDQA(Y5, emit.At(to, 64*i+32))
		}
		ADDQ(U8(32), from)
		ADDQ(U32(rowSize), to)
	})
}

// clear makes the columns of one register zero below the diagonal. The columns
// of the registers before it are not looked at any more.
func (e elimination) clear(register int) {
	label := func(name string) string { return fmt.Sprint(name, register) }
	row := GP64()

	Label(label("column"))
	e.load(e.top)
	e.isZero()
	JE(LabelRef(label("zero")))
	Label(label("pivot"))
	e.scale(register)
	LEAQ(emit.At(e.top, rowSize), row)
	JMP(LabelRef(label("check")))

	Label(label("row"))
	e.load(row)
	VPBROADCASTD(e.entry(e.residues), e.registers[factor])
	for i := register; i < rowSize/e.width; i++ {
		z := e.registers[sum+i]
		VPMULLW(e.registers[factor], e.registers[i], z)
		VPADDW(e.part(row, i), z, z)
		VPMADDUBSW(e.registers[folder], z, z)
		e.move(z, e.part(row, i))
	}
	ADDQ(U32(rowSize), row)
	Label(label("check"))
	CMPQ(row, e.end)
	JNE(LabelRef(label("row")))

	ADDQ(U32(rowSize), e.top)
	ADDQ(U8(2), e.column)
	CMPQ(e.column, U32((register+1)*e.width))
	JNE(LabelRef(label("column")))
	JMP(LabelRef(label("cleared")))

	// Another row takes the place of one that has zero in the column.
	Label(label("zero"))
	MOVQ(e.top, row)
	Label(label("search"))
	ADDQ(U32(rowSize), row)
	CMPQ(row, e.end)
	JE(LabelRef("singular"))
	e.load(row)
	e.isZero()
	JE(LabelRef(label("search")))
	for i := register; i < rowSize/e.width; i++ {
		a, b := e.registers[sum], e.registers[sum+1]
		e.move(e.part(row, i), a)
		e.move(e.part(e.top, i), b)
		e.move(a, e.part(e.top, i))
		e.move(b, e.part(row, i))
	}
	JMP(LabelRef(label("pivot")))
	Label(label("cleared"))
}

// load takes a row's number in the column, which is at most 1530.
func (e elimination) load(row Register) {
	MOVWLZX(Mem{Base: row, Index: e.column, Scale: 1}, e.number.As32())
}

// entry refers to what a table has for the number: twice the same 16 bits.
func (e elimination) entry(table Register) Mem {
	return Mem{Base: table, Index: e.number, Scale: 4}
}

// isZero compares the number's residue with zero.
func (e elimination) isZero() { CMPL(e.entry(e.residues), U8(0)) }

// scale loads the pivot row, multiplied so that the pivot is −1, as bytes. Two
// folds make a byte of what a row has, three of any number.
func (e elimination) scale(register int) {
	VPBROADCASTD(e.entry(e.inverses), e.registers[factor])
	for i := register; i < rowSize/e.width; i++ {
		z := e.registers[i]
		e.move(e.part(e.top, i), z)
		e.fold(z, 2)
		VPMULLW(e.registers[factor], z, z)
		e.fold(z, 3)
	}
}

func (e elimination) fold(z VecPhysical, times int) {
	for range times {
		VPMADDUBSW(e.registers[folder], z, z)
	}
}

func (s simd) part(row Register, register int) Mem { return emit.At(row, s.width*register) }

func (s simd) move(from, to Op) {
	if s.width == 64 {
		VMOVDQU64(from, to)
	} else {
		VMOVDQU(from, to)
	}
}
