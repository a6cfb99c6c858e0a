package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
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
	inverses Register  // table of negative inverses
	factor   Mem       // of the row, to be broadcast
	top      Register  // the pivot row
	end      Register  // behind the last row
	column   Register  // the pivot's offset in its row
	residue  GPVirtual // of a row's number in that column
}

// invertible emits Gaussian elimination modulo the prime.
func (s simd) invertible() {
	TEXT("invertible"+s.name, 0, "func(m *[64][4]uint64) bool")
	Doc("invertible" + s.name + " reports whether the determinant is not a multiple of 251.")
	e := elimination{s, GP64(), AllocLocal(8), aligned(64 * rowSize), GP64(), GP64(), GP64()}
	LEAQ(at(e.top, 64*rowSize), e.end)
	e.unpack()
	MOVL(U32(0x0501), e.residue.As32())
	e.broadcast(e.residue, s.registers[folder])
	LEAQ(negativeInverses(), e.inverses)
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

// negativeInverses is the table of −1/x modulo the prime.
func negativeInverses() Mem {
	b := make([]byte, 256)
	for x := range prime {
		for y := range prime {
			if x*y%prime == prime-1 {
				b[x] = byte(y)
			}
		}
	}
	return table("negativeInverses", b)
}

// unpack makes numbers of 16 bits of the cells. Their order in the row changes,
// which at most turns the sign of the determinant.
func (e elimination) unpack() {
	from, to := Load(ParamIndex(0), GP64()), GP64()
	MOVQ(e.top, to)
	VMOVDQU(filled("lowNibbles", 0x0f), Y0)
	VPXOR(Y1, Y1, Y1)
	repeat("unpack", 64, func() {
		VMOVDQU(at(from, 0), Y2)
		VPSRLQ(U8(4), Y2, Y3)
		for i, nibbles := range ymm[2:4] {
			VPAND(Y0, nibbles, nibbles)
			VPUNPCKLBW(Y1, nibbles, Y4)
			VPUNPCKHBW(Y1, nibbles, Y5)
			VMOVDQA(Y4, at(to, 64*i))
			VMOVDQA(Y5, at(to, 64*i+32))
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
	e.reduce(e.top)
	JZ(LabelRef(label("zero")))
	Label(label("pivot"))
	e.scale(register)
	LEAQ(at(e.top, rowSize), row)
	JMP(LabelRef(label("check")))

	Label(label("row"))
	e.reduce(row)
	e.broadcast(e.residue, e.registers[factor])
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
	e.reduce(row)
	JZ(LabelRef(label("search")))
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

// reduce takes a row's number in the column modulo the prime and sets the flag
// for zero. The reciprocal is exact enough for numbers to 1530.
func (e elimination) reduce(row Register) {
	residue, quotient := e.residue.As32(), GP32()
	MOVWLZX(Mem{Base: row, Index: e.column, Scale: 1}, residue)
	IMUL3L(U32(1<<20/prime+1), residue, quotient)
	SHRL(U8(20), quotient)
	IMUL3L(U32(prime), quotient, quotient)
	SUBL(quotient, residue)
}

// broadcast goes through memory, which leaves the vector units to the products.
func (e elimination) broadcast(number GPVirtual, to VecPhysical) {
	IMUL3L(U32(0x00010001), number.As32(), number.As32())
	MOVL(number.As32(), e.factor)
	VPBROADCASTD(e.factor, to)
}

// scale loads the pivot row, multiplied so that the pivot is −1, as bytes. Three
// folds make a byte of any number.
func (e elimination) scale(register int) {
	MOVBLZX(Mem{Base: e.inverses, Index: e.residue, Scale: 1}, e.residue.As32())
	e.broadcast(e.residue, e.registers[factor])
	for i := register; i < rowSize/e.width; i++ {
		z := e.registers[i]
		e.move(e.part(e.top, i), z)
		e.fold(z)
		VPMULLW(e.registers[factor], z, z)
		e.fold(z)
	}
}

func (e elimination) fold(z VecPhysical) {
	for range 3 {
		VPMADDUBSW(e.registers[folder], z, z)
	}
}

func (s simd) part(row Register, register int) Mem { return at(row, s.width*register) }

func (s simd) move(from, to Op) {
	if s.width == 64 {
		VMOVDQU64(from, to)
	} else {
		VMOVDQU(from, to)
	}
}
