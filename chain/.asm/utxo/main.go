// Command utxo writes the assembly of package utxo for amd64: the expansion of
// an element of the set commitment in sixteen lanes of AVX-512. "go generate"
// in the package runs it; it is in a module of its own so that only those who
// change the assembly need the assembler it is written with.
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
	expandAVX512()
	build.Generate()
}

// iv and schedule are those of BLAKE3.
var (
	iv       = [4]uint32{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A}
	schedule = [16]int{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8}
)

const (
	rounds  = 7
	halves  = 2  // of an expansion: so many times 16 blocks
	vector  = 64 // bytes
	element = 16 * vector
)

// A compression is sixteen at once, one in each lane, that differ in the counter
// alone. It takes all 32 registers: the words of the state and of the message.
type compression struct {
	state, message [16]reg.VecVirtual
	cv             reg.Register
	length, flags  reg.Register
}

func expandAVX512() {
	build.TEXT("expandAVX512", attr.NOSPLIT, "func(sum *[2][16][16]uint32, block *[16]uint32, cv *[8]uint32, length, flags uint32)")
	sum := build.Load(build.Param("sum"), build.GP64())
	block := build.Load(build.Param("block"), build.GP64())
	c := compression{
		cv:     build.Load(build.Param("cv"), build.GP64()),
		length: build.Load(build.Param("length"), build.GP32()),
		flags:  build.Load(build.Param("flags"), build.GP32()),
	}
	for i := range c.message {
		c.message[i] = build.ZMM()
		build.VPBROADCASTD(emit.At(block, 4*i), c.message[i])
	}
	counter := counters()
	left := build.GP64()
	build.MOVQ(operand.U32(halves), left)
	build.Label("half")
	c.begin(counter)
	for range rounds {
		c.round()
	}
	c.end(sum)
	build.ADDQ(operand.U32(element), sum)
	build.ADDQ(operand.U32(vector), counter)
	build.DECQ(left)
	build.JNZ(operand.LabelRef("half"))
	build.VZEROUPPER()
	build.RET()
}

// begin sets the state of all lanes.
func (c *compression) begin(counter reg.Register) {
	for i := range c.state {
		c.state[i] = build.ZMM()
	}
	for i := range 8 {
		build.VPBROADCASTD(emit.At(c.cv, 4*i), c.state[i])
	}
	initial := emit.Words("iv", iv[:])
	for i := range iv {
		build.VPBROADCASTD(initial.Offset(4*i), c.state[8+i])
	}
	build.VMOVDQU32(emit.At(counter, 0), c.state[12])
	build.VPXORD(c.state[13], c.state[13], c.state[13])
	build.VPBROADCASTD(c.length, c.state[14])
	build.VPBROADCASTD(c.flags, c.state[15])
}

// round mixes columns, then diagonals, four independent mixings at a time so that
// none waits for itself, and permutes the message.
func (c *compression) round() {
	c.mix([4][4]int{{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15}}, c.message[:8])
	c.mix([4][4]int{{0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14}}, c.message[8:])
	before := c.message
	for i, from := range schedule {
		c.message[i] = before[from]
	}
}

func (c *compression) mix(quarters [4][4]int, message []reg.VecVirtual) {
	for half := range 2 {
		each := func(step func(a, b, c, d, m reg.VecVirtual)) {
			for i, q := range quarters {
				step(c.state[q[0]], c.state[q[1]], c.state[q[2]], c.state[q[3]], message[2*i+half])
			}
		}
		right := [2][2]uint64{{16, 12}, {8, 7}}[half]
		each(func(a, b, _, _, _ reg.VecVirtual) { build.VPADDD(b, a, a) })
		each(func(a, _, _, _, m reg.VecVirtual) { build.VPADDD(m, a, a) })
		each(func(a, _, _, d, _ reg.VecVirtual) { build.VPXORD(a, d, d) })
		each(func(_, _, _, d, _ reg.VecVirtual) { build.VPRORD(operand.U8(right[0]), d, d) })
		each(func(_, _, c, d, _ reg.VecVirtual) { build.VPADDD(d, c, c) })
		each(func(_, b, c, _, _ reg.VecVirtual) { build.VPXORD(c, b, b) })
		each(func(_, b, _, _, _ reg.VecVirtual) { build.VPRORD(operand.U8(right[1]), b, b) })
	}
}

// end adds the output, two lanes of 16 bits in a word, to the sum.
func (c *compression) end(sum reg.Register) {
	for i := range 8 {
		low, high := c.state[i], c.state[8+i]
		build.VPXORD(high, low, low)
		build.VPXORD_BCST(emit.At(c.cv, 4*i), high, high)
		addTo(emit.At(sum, vector*i), low)
		addTo(emit.At(sum, vector*(8+i)), high)
	}
}

func addTo(sum operand.Mem, v reg.VecVirtual) {
	build.VPADDW(sum, v, v)
	build.VMOVDQU32(v, sum)
}

// counters refers to the low words of 32 counters; the high ones are zero.
func counters() reg.GPVirtual {
	ascending := make([]uint32, halves*16)
	for i := range ascending {
		ascending[i] = uint32(i)
	}
	base := build.GP64()
	build.LEAQ(emit.Words("counters", ascending), base)
	return base
}
