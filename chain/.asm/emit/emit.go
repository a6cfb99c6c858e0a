// Package emit has what the programs that write assembly share: addresses,
// read-only tables and loops. It works on the one file that a program writes.
package emit

import (
	"bytes"
	"encoding/binary"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// At refers to the memory some bytes after an address.
func At(base reg.Register, offset int) operand.Mem {
	return operand.Mem{Base: base, Disp: offset}
}

// Global refers to word n of a variable of the package.
func Global(name string, n int) operand.Mem {
	return operand.NewDataAddr(operand.Symbol{Name: "·" + name}, 8*n)
}

// Parameter refers to a parameter in the frame.
func Parameter(name string) operand.Mem {
	b, err := build.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// Aligned returns a register with the address of size bytes in the frame, a
// multiple of 64.
func Aligned(size int) reg.GPVirtual {
	base := build.GP64()
	build.LEAQ(build.AllocLocal(size+64).Offset(63), base)
	build.ANDQ(operand.I8(-64), base)
	return base
}

// Repeat emits a loop of so many turns.
func Repeat(label string, turns int, body func()) {
	left := build.GP64()
	build.MOVQ(operand.U32(turns), left)
	build.Label(label)
	body()
	build.DECQ(left)
	build.JNZ(operand.LabelRef(label))
}

// Table refers to read-only bytes, a multiple of eight, which it lays down when
// first asked for their name.
func Table(name string, b []byte) operand.Mem {
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

// Words is Table of little-endian words, as many as make a multiple of eight bytes.
func Words[W uint32 | uint64](name string, words []W) operand.Mem {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, words); err != nil {
		panic(err)
	}
	return Table(name, b.Bytes())
}

// Filled is Table of 32 equal bytes.
func Filled(name string, b byte) operand.Mem {
	return Table(name, bytes.Repeat([]byte{b}, 32))
}
