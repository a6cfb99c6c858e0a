// Command types writes the assembly of package types for amd64: arithmetic in
// the field of Curve25519 with the 52-bit products of AVX-512 (IFMA), eight
// elements in the lanes of a register. "go generate" in the package runs it; it
// is in a module of its own so that only those who change the assembly need the
// assembler it is written with.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

func main() {
	build.ConstraintExpr("!purego")
	multiply()
	square()
	add()
	accumulate()
	build.Generate()
}

// multiply and square take eight independent elements.

func multiply() {
	build.TEXT("multiplyIFMA", attr.NOSPLIT, "func(product, a, b *[5][8]uint64)")
	product := build.Load(build.Param("product"), build.GP64())
	a := build.Load(build.Param("a"), build.GP64())
	b := build.Load(build.Param("b"), build.GP64())
	times(load(a), load(b)).store(product)
	build.VZEROUPPER()
	build.RET()
}

func square() {
	build.TEXT("squareIFMA", attr.NOSPLIT, "func(power, a *[5][8]uint64, squarings uint64)")
	power := build.Load(build.Param("power"), build.GP64())
	a := build.Load(build.Param("a"), build.GP64())
	left := build.Load(build.Param("squarings"), build.GP64())
	e := load(a)
	build.Label("squaring")
	s := e.squared()
	for i := range e {
		build.VMOVDQA64(s[i], e[i])
	}
	build.DECQ(left)
	build.JNZ(operand.LabelRef("squaring"))
	e.store(power)
	build.VZEROUPPER()
	build.RET()
}

func load(from reg.Register) (e element) {
	for i := range e {
		e[i] = build.ZMM()
		build.VMOVDQU64(emit.At(from, 64*i), e[i])
	}
	return e
}

func (e element) store(to reg.Register) {
	for i := range e {
		build.VMOVDQU64(e[i], emit.At(to, 64*i))
	}
}
