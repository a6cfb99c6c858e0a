// Command asm writes the assembly of package pow for amd64: the search of
// kHeavyHash in eight lanes of AVX-512 and in four of AVX2, the test whether a
// matrix is invertible modulo 251, and a matrix times one vector. "go generate" in the package runs
// it; it is a module of its own so that only those who change the assembly need
// the assembler it is written with.
package main

import (
	"bytes"
	"encoding/binary"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	build.ConstraintExpr("!purego")
	searchAVX512()
	searchAVX2()
	wide.invertible()
	narrow.invertible()
	timesAVX2()
	build.Generate()
}

// searchSignature is the same for both widths.
const searchSignature = "func(first *[25]uint64, packed *[16][64]uint32, nonce, blocks, bound uint64) (left, hits uint64)"

// global refers to word n of a variable of package pow.
func global(name string, n int) operand.Mem {
	return operand.NewDataAddr(operand.Symbol{Name: "·" + name}, 8*n)
}

// at refers to the memory some bytes after an address.
func at(base reg.Register, offset int) operand.Mem {
	return operand.Mem{Base: base, Disp: offset}
}

// parameter refers to a parameter in the frame.
func parameter(name string) operand.Mem {
	b, err := build.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// aligned returns a register with the address of size bytes in the frame, a
// multiple of 64.
func aligned(size int) reg.GPVirtual {
	base := build.GP64()
	build.LEAQ(build.AllocLocal(size+64).Offset(63), base)
	build.ANDQ(operand.I8(-64), base)
	return base
}

// table refers to read-only bytes, which it lays down when first asked for.
func table(name string, b []byte) operand.Mem {
	if m, ok := tables[name]; ok {
		return m
	}
	tables[name] = build.GLOBL(name, attr.RODATA|attr.NOPTR)
	for i := 0; i < len(b); i += 8 {
		build.DATA(i, operand.U64(binary.LittleEndian.Uint64(b[i:])))
	}
	return tables[name]
}

var tables = map[string]operand.Mem{}

// filled returns a table of 32 equal bytes.
func filled(name string, b byte) operand.Mem {
	return table(name, bytes.Repeat([]byte{b}, 32))
}

// repeat emits a loop of so many turns.
func repeat(label string, turns int, body func()) {
	left := build.GP64()
	build.MOVQ(operand.U32(turns), left)
	build.Label(label)
	body()
	build.DECQ(left)
	build.JNZ(operand.LabelRef(label))
}
