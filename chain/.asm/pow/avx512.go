package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

// Truth tables of VPTERNLOG; a is the operand written, then b, then c, from the
// last to the first.
const (
	xor3  = U8(0x96) // a ^ b ^ c
	chi   = U8(0xd2) // a ^ ^b&c
	andOr = U8(0xea) // a&b | c
)

var zmm = []VecPhysical{
	Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
	Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31,
}

// The registers that hold no lane of a sponge.
var (
	parity = zmm[25:30] // of the columns
	spare  = zmm[30:32]
)

// place returns the register of a lane after so many rounds. Pi takes each lane
// elsewhere; the register follows it as far as chi allows, so that a round needs
// no second set, and after four rounds all lanes are back ("Keccak
// implementation overview", 2.5, by the Keccak team).
func place(rounds, lane int) VecPhysical {
	x, y := lane%5, lane/5
	for range rounds % 4 {
		y = (x + 2*y) % 5
	}
	return zmm[x+5*y]
}

// A search512 holds the addresses that the parts of searchAVX512 share.
type search512 struct {
	constants Register // round constants
	nibbles   Register // 8 blocks of 64 bytes: word by word, the low nibbles of 8 hashes, then the high ones
}

// Eight nonces take 4,746 instructions that need a port for vectors: 3,960 in the
// middle rounds, 512 in the sums of the product. A processor that has two such ports
// for 512 bits needs 297 cycles for a nonce at least; a Sapphire Rapids, measured,
// 306. There is nothing to hide behind other nonces: only fewer instructions would
// be faster, or more ports.
func searchAVX512() {
	TEXT("searchAVX512", 0, searchSignature)
	Doc("searchAVX512 searches eight nonces in a block.")
	s := search512{constants: GP64(), nibbles: emit.Aligned(8 * 64)}
	first := Load(Param("first"), GP64())
	nonce := Load(Param("nonce"), GP64())
	blocks := Load(Param("blocks"), GP64())
	LEAQ(emit.Global("roundConstants", 0), s.constants)
	second := GP64()

	Label("block")
	s.absorbNonces(first, nonce)
	XORQ(second, second)

	Label("permute")
	s.middleRounds()
	TESTQ(second, second)
	JNZ(LabelRef("compare"))
	hashes := s.squeeze(2)
	s.multiply(hashes)
	s.absorbHashes(hashes)
	INCQ(second)
	JMP(LabelRef("permute"))

	Label("compare")
	hits := s.compare()
	TESTL(hits, hits)
	JNZ(LabelRef("done"))
	ADDQ(U8(8), nonce)
	DECQ(blocks)
	JNZ(LabelRef("block"))

	Label("done")
	VZEROUPPER()
	Store(blocks, Return("left"))
	Store(hits.As64(), Return("hits"))
	RET()
}

// absorbNonces makes the sponges of eight nonces after their first round. All
// but the nonce went through the linear part of that round already.
func (s search512) absorbNonces(first, nonce Register) {
	nonces := parity[0]
	VPBROADCASTQ(nonce, nonces)
	VPADDQ(ascending(), nonces, nonces)
	for lane := range 25 {
		rotation, depends := nonceRotation(lane)
		if !depends {
			VPBROADCASTQ(emit.At(first, 8*lane), zmm[lane])
			continue
		}
		VPROLQ(U8(rotation), nonces, zmm[lane])
		VPXORQ_BCST(emit.At(first, 8*lane), zmm[lane], zmm[lane])
	}
	for y := range 5 {
		s.chi(zmm[5*y : 5*y+5])
	}
	s.iota(0, 0, s.constants)
}

// ascending refers to the eight integers 0 to 7.
func ascending() Mem {
	var b []byte
	for i := range 8 {
		b = append(b, byte(i), 0, 0, 0, 0, 0, 0, 0)
	}
	return emit.Table("ascending", b)
}

// middleRounds emits rounds 1 to 22.
func (s search512) middleRounds() {
	k := GP64()
	MOVQ(s.constants, k)
	emit.Repeat("rounds", 5, func() {
		for i := range 4 {
			s.round(i, 1+i, k)
		}
		ADDQ(U8(32), k)
	})
	s.round(0, 1, k)
	s.round(1, 2, k)
}

// round emits a round for lanes that went through so many; constant counts from
// the address in k.
func (s search512) round(rounds, constant int, k Register) {
	s.parities(rounds)
	for x := range 5 {
		turned := spare[x%2]
		VPROLQ(U8(1), parity[(x+1)%5], turned)
		for y := range 5 {
			VPTERNLOGQ(xor3, turned, parity[(x+4)%5], place(rounds, x+5*y))
		}
	}
	for y := range 5 {
		s.turn(rounds, y)
		row := make([]VecPhysical, 5)
		for x := range row {
			row[x] = place(rounds+1, x+5*y)
		}
		s.chi(row)
	}
	s.iota(rounds+1, constant, k)
}

// parities leaves the sums of the columns in their registers.
func (s search512) parities(rounds int) {
	for x, c := range parity {
		VMOVDQA64(place(rounds, x), c)
		for y := 1; y < 5; y += 2 {
			VPTERNLOGQ(xor3, place(rounds, x+5*y), place(rounds, x+5*y+5), c)
		}
	}
}

// turn rotates the lanes that pi takes to row y into the registers where the row
// stays. Each register but the first is free before it is written to.
func (s search512) turn(rounds, y int) {
	rotate := func(x int, to VecPhysical) (free VecPhysical) {
		from := source(x + 5*y)
		free = place(rounds, from)
		switch {
		case rotations[from] != 0:
			VPROLQ(U8(rotations[from]), free, to)
		case free != to:
			VMOVDQA64(free, to)
		}
		return free
	}
	into := func(register VecPhysical) int {
		for x := range 5 {
			if place(rounds+1, x+5*y) == register {
				return x
			}
		}
		panic("no lane of the row stays there")
	}
	for x, done := 0, 0; done < 5; x++ {
		if y == 0 {
			rotate(x, place(rounds+1, x))
			done++
			continue
		}
		free := rotate(0, spare[0])
		for x := into(free); x != 0; x = into(free) {
			free = rotate(x, place(rounds+1, x+5*y))
		}
		VMOVDQA64(spare[0], place(rounds+1, 5*y))
		done = 5
	}
}

// chi works on a row in place.
func (s search512) chi(row []VecPhysical) {
	VMOVDQA64(row[0], spare[0])
	VMOVDQA64(row[1], spare[1])
	six := append(append([]VecPhysical{}, row...), spare...)
	for x := range 5 {
		VPTERNLOGQ(chi, six[x+2], six[x+1], six[x])
	}
}

func (s search512) iota(rounds, constant int, k Register) {
	VPXORQ_BCST(emit.At(k, 8*constant), place(rounds, 0), place(rounds, 0))
}

// lastTheta emits what the last round does to the lanes that pi takes to the
// first row, for some of that row.
func (s search512) lastTheta(rounds int, row ...int) (out [5]VecPhysical) {
	s.parities(rounds)
	for _, x := range row {
		out[x] = place(rounds, source(x))
		VPROLQ(U8(1), parity[(x+1)%5], spare[0])
		VPTERNLOGQ(xor3, spare[0], parity[(x+4)%5], out[x])
		if r := rotations[source(x)]; r != 0 {
			VPROLQ(U8(r), out[x], out[x])
		}
	}
	return out
}

// squeeze emits the last round for the four words of the hashes.
func (s search512) squeeze(rounds int) []VecPhysical {
	row := s.lastTheta(rounds, 0, 1, 2, 3, 4)
	hashes := zmm[26:30]
	for x, h := range hashes {
		VMOVDQA64(row[x], h)
		VPTERNLOGQ(chi, row[(x+2)%5], row[(x+1)%5], h)
	}
	VPXORQ_BCST(emit.At(s.constants, 8*23), hashes[0], hashes[0])
	return hashes
}

// compare emits the last round for the most significant word and compares it.
func (s search512) compare() GPVirtual {
	row := s.lastTheta(2, 0, 3, 4)
	VPTERNLOGQ(chi, row[0], row[4], row[3])
	lessOrEqual := U8(2)
	VPCMPUQ_BCST(lessOrEqual, emit.Parameter("bound"), row[3], K1)
	hits := GP32()
	KMOVB(K1, hits)
	return hits
}

// multiply replaces each hash's words in registers 0 to 3 by the upper bits of
// the product of the matrix with its nibbles.
func (s search512) multiply(hashes []VecPhysical) {
	mask := zmm[25]
	VPBROADCASTQ(emit.Filled("lowNibbles", 0x0f), mask)
	for w, h := range hashes {
		VPANDQ(mask, h, zmm[0])
		VPSRLQ(U8(4), h, zmm[1])
		VPANDQ(mask, zmm[1], zmm[1])
		VMOVDQA64(zmm[0], emit.At(s.nibbles, 128*w))
		VMOVDQA64(zmm[1], emit.At(s.nibbles, 128*w+64))
	}
	pairs := []VecPhysical{Z30, Z31, Z24, Z25}
	for half := range 2 {
		s.sums(half)
		s.pack(pairs[2*half:][:2])
	}
	transpose(pairs)
}

// sums multiplies four hashes. Registers 4i to 4i+3 take the sums of hash i: 16
// even rows in each of the first two, the odd rows after them in the others.
func (s search512) sums(half int) {
	sums, cells, nibbles := zmm[:16], zmm[16:20], zmm[20:24]
	for _, z := range sums {
		VPXORD(z, z, z)
	}
	from, matrix := GP64(), Load(Param("packed"), GP64())
	MOVQ(s.nibbles, from)
	emit.Repeat(fmt.Sprintf("sums%d", half), 8, func() {
		for four := range 2 {
			for g, c := range cells {
				VMOVDQU64(emit.At(matrix, 256*four+64*g), c)
			}
			for i, n := range nibbles {
				VPBROADCASTD(emit.At(from, 8*(4*half+i)+4*four), n)
				for g, c := range cells {
					VPDPBUSD(n, c, sums[4*i+g])
				}
			}
		}
		ADDQ(U8(64), from)
		ADDQ(U32(512), matrix)
	})
}

// pack takes bits 10 to 13 of the sums as nibbles; each result has word j of two
// hashes in its quarter j.
func (s search512) pack(pairs []VecPhysical) {
	mask := zmm[16]
	VPBROADCASTD(emit.Table("highNibble", []byte{0xf0, 0, 0, 0, 0, 0, 0, 0}), mask)
	for i := 0; i < 16; i += 4 {
		for g := i; g < i+2; g++ {
			VPSRLD(U8(6), zmm[g], zmm[g])
			VPSRLD(U8(10), zmm[g+2], zmm[g+2])
			VPTERNLOGD(andOr, zmm[g+2], mask, zmm[g])
		}
		VPACKUSDW(zmm[i+1], zmm[i], zmm[i])
	}
	VPACKUSWB(zmm[4], zmm[0], pairs[0])
	VPACKUSWB(zmm[12], zmm[8], pairs[1])
}

// transpose collects the words of eight hashes in registers 0 to 3.
func transpose(pairs []VecPhysical) {
	for half := range 2 {
		a, b := pairs[2*half], pairs[2*half+1]
		VSHUFI64X2(U8(0x44), b, a, zmm[4+half])
		VSHUFI64X2(U8(0xee), b, a, zmm[6+half])
	}
	for w := range 4 {
		a, b := zmm[4+w/2*2], zmm[5+w/2*2]
		VSHUFI64X2(U8([]uint8{0x88, 0xdd}[w%2]), b, a, zmm[w])
	}
}

// absorbHashes makes the sponges of the products XOR the hashes after the first
// round.
func (s search512) absorbHashes(hashes []VecPhysical) {
	state := GP64()
	LEAQ(emit.Global("heavyHashState", 0), state)
	for w, h := range hashes {
		VPTERNLOGQ_BCST(xor3, emit.At(state, 8*w), zmm[w], h)
	}
	// One round before the shared rounds: the lanes start in the places from
	// which it takes them to their own.
	for lane := range 25 {
		if lane < len(hashes) {
			VMOVDQA64(hashes[lane], place(3, lane))
			continue
		}
		VPBROADCASTQ(emit.At(state, 8*lane), place(3, lane))
	}
	s.round(3, 0, s.constants)
}
