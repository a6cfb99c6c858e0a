package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/jio-dag/jio/chain/asm/emit"
)

var ymm = []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}

// spongeSize is that of the sponges of four hashes in memory, lane by lane.
const spongeSize = 25 * 32

// A search256 holds the addresses that the parts of searchAVX2 share. Sixteen
// registers cannot hold the lanes: rounds go from one sponge to another.
type search256 struct {
	constants Register // round constants
	even, odd Mem      // sponges after an even, an odd number of rounds
	second    Mem      // the second sponge before its first round
	hash      Mem      // the words of four hashes
	nibbles   Mem      // 8 blocks of 32 bytes: word by word, the low nibbles, then the high ones
	product   Mem      // hash by hash
}

func searchAVX2() {
	TEXT("searchAVX2", 0, searchSignature)
	Doc("searchAVX2 searches four nonces in a block.")
	frame := emit.Aligned(3*spongeSize + 128 + 256 + 128)
	s := search256{
		constants: GP64(),
		even:      emit.At(frame, 0),
		odd:       emit.At(frame, spongeSize),
		second:    emit.At(frame, 2*spongeSize),
		hash:      emit.At(frame, 3*spongeSize),
		nibbles:   emit.At(frame, 3*spongeSize+128),
		product:   emit.At(frame, 3*spongeSize+128+256),
	}
	first := Load(Param("first"), GP64())
	nonce := Load(Param("nonce"), GP64())
	blocks := Load(Param("blocks"), GP64())
	LEAQ(emit.Global("roundConstants", 0), s.constants)
	phase := GP64()
	s.prepareSecond()

	Label("block")
	s.absorbNonces(first, nonce)
	XORQ(phase, phase)

	Label("permute")
	s.middleRounds()
	TESTQ(phase, phase)
	JNZ(LabelRef("compare"))
	s.squeeze()
	s.multiply()
	s.absorbHashes()
	INCQ(phase)
	JMP(LabelRef("permute"))

	Label("compare")
	hits := s.compare()
	TESTL(hits, hits)
	JNZ(LabelRef("done"))
	ADDQ(U8(4), nonce)
	DECQ(blocks)
	JNZ(LabelRef("block"))

	Label("done")
	VZEROUPPER()
	Store(blocks, Return("left"))
	Store(hits.As64(), Return("hits"))
	RET()
}

// prepareSecond lays down the lanes of the second sponge that no hash changes.
func (s search256) prepareSecond() {
	state := GP64()
	LEAQ(emit.Global("heavyHashState", 0), state)
	for lane := 4; lane < 25; lane++ {
		VPBROADCASTQ(emit.At(state, 8*lane), Y0)
		VMOVDQA(Y0, s.second.Offset(32*lane))
	}
}

// absorbNonces makes the sponges of four nonces after their first round. All but
// the nonce went through the linear part of that round already.
func (s search256) absorbNonces(first, nonce Register) {
	nonces := Y9
	VMOVQ(nonce, X9)
	VPBROADCASTQ(X9, nonces)
	VPADDQ(ascending(), nonces, nonces)
	for y := range 5 {
		row := ymm[:5]
		for x, lane := range row {
			VPBROADCASTQ(emit.At(first, 8*(x+5*y)), lane)
			if rotation, depends := nonceRotation(x + 5*y); depends {
				s.rotate(nonces, Y10, Y11, rotation)
				VPXOR(Y10, lane, lane)
			}
		}
		s.chi(row, s.odd, y, emit.At(s.constants, 0))
	}
}

// middleRounds emits rounds 1 to 22.
func (s search256) middleRounds() {
	k := GP64()
	MOVQ(s.constants, k)
	emit.Repeat("rounds", 11, func() {
		s.round(s.odd, s.even, emit.At(k, 8))
		s.round(s.even, s.odd, emit.At(k, 16))
		ADDQ(U8(16), k)
	})
}

func (s search256) round(from, to, constant Mem) {
	s.theta(from)
	for y := range 5 {
		row := ymm[:5]
		for x := range row {
			s.turn(from, x, y)
		}
		s.chi(row, to, y, constant)
	}
}

// theta leaves in registers 5 to 9 what is to be added to each column.
func (s search256) theta(from Mem) {
	sums, parity := ymm[5:10], ymm[:5]
	for x, c := range parity {
		VMOVDQA(from.Offset(32*x), c)
		for y := 1; y < 5; y++ {
			VPXOR(from.Offset(32*(x+5*y)), c, c)
		}
	}
	for x, d := range sums {
		s.rotate(parity[(x+1)%5], Y10, Y11, 1)
		VPXOR(Y10, parity[(x+4)%5], d)
	}
}

// turn takes a lane to its place in row y.
func (s search256) turn(from Mem, x, y int) {
	lane, to := source(x+5*y), ymm[x]
	moved := ymm[10+x%2*2]
	VPXOR(from.Offset(32*lane), ymm[5+lane%5], moved)
	s.rotate(moved, to, ymm[11+x%2*2], rotations[lane])
}

// rotate may change a register besides the result's.
func (s search256) rotate(from, to, other VecPhysical, n int) {
	switch n {
	case 0:
		VMOVDQA(from, to)
	case 8, 56:
		VPSHUFB(byteRotation(n/8), from, to)
	default:
		VPSRLQ(U8(64-n), from, other)
		if n == 1 {
			VPADDQ(from, from, to)
		} else {
			VPSLLQ(U8(n), from, to)
		}
		VPXOR(other, to, to)
	}
}

// byteRotation moves the bytes of each word up by n places.
func byteRotation(n int) Mem {
	var b []byte
	for i := range 32 {
		b = append(b, byte(i/8%2*8+(i+8-n)%8))
	}
	return emit.Table(fmt.Sprintf("bytes%d", n), b)
}

// chi writes a row of a sponge.
func (s search256) chi(row []VecPhysical, to Mem, y int, constant Mem) {
	for x := range row {
		t := ymm[10+x]
		VPANDN(row[(x+2)%5], row[(x+1)%5], t)
		VPXOR(row[x], t, t)
		if x+y == 0 {
			VPBROADCASTQ(constant, Y15)
			VPXOR(Y15, t, t)
		}
		VMOVDQA(t, to.Offset(32*(x+5*y)))
	}
}

// squeeze emits the last round for the four words of the hashes.
func (s search256) squeeze() {
	s.theta(s.odd)
	for x := range 5 {
		s.turn(s.odd, x, 0)
	}
	low := Y15
	VMOVDQU(emit.Filled("lowNibbles", 0x0f), low)
	for w := range 4 {
		VPANDN(ymm[(w+2)%5], ymm[(w+1)%5], Y10)
		VPXOR(ymm[w], Y10, Y10)
		if w == 0 {
			VPBROADCASTQ(emit.At(s.constants, 8*23), Y11)
			VPXOR(Y11, Y10, Y10)
		}
		VMOVDQA(Y10, s.hash.Offset(32*w))
		VPSRLQ(U8(4), Y10, Y11)
		VPAND(low, Y10, Y10)
		VPAND(low, Y11, Y11)
		VMOVDQA(Y10, s.nibbles.Offset(64*w))
		VMOVDQA(Y11, s.nibbles.Offset(64*w+32))
	}
}

// compare emits the last round for the most significant word and compares it.
func (s search256) compare() GPVirtual {
	s.theta(s.odd)
	for _, x := range []int{0, 3, 4} {
		s.turn(s.odd, x, 0)
	}
	VPANDN(Y0, Y4, Y0)
	VPXOR(Y0, Y3, Y3)
	VPBROADCASTQ(emit.Table("signBit", []byte{0, 0, 0, 0, 0, 0, 0, 0x80}), Y1)
	VPBROADCASTQ(emit.Parameter("bound"), Y2)
	VPXOR(Y1, Y2, Y2)
	VPXOR(Y1, Y3, Y3)
	VPCMPGTQ(Y2, Y3, Y3)
	hits := GP32()
	VMOVMSKPD(Y3, hits)
	XORL(U8(15), hits)
	return hits
}

// multiply multiplies the matrix with the nibbles of each hash.
func (s search256) multiply() {
	from, to := GP64(), GP64()
	LEAQ(s.nibbles, from)
	LEAQ(s.product, to)
	emit.Repeat("product", 4, func() {
		s.sums(from)
		s.pack()
		VMOVDQU(Y0, emit.At(to, 0))
		ADDQ(U8(8), from)
		ADDQ(U8(32), to)
	})
}

// sums multiplies a hash: registers 0 to 3 take the sums of 8 even rows each, 4
// to 7 those of the odd rows after them. Each row has two sums of 16 bits.
func (s search256) sums(hash Register) {
	sums := ymm[:8]
	for _, y := range sums {
		VPXOR(y, y, y)
	}
	nibbles, matrix := GP64(), Load(Param("packed"), GP64())
	MOVQ(hash, nibbles)
	emit.Repeat("sums", 8, func() {
		for four := range 2 {
			VPBROADCASTD(emit.At(nibbles, 4*four), ymm[8+four])
			for g, sum := range sums {
				t := ymm[10+g%4]
				VPMADDUBSW(emit.At(matrix, 256*four+32*g), ymm[8+four], t)
				VPADDW(t, sum, sum)
			}
		}
		ADDQ(U8(32), nibbles)
		ADDQ(U32(512), matrix)
	})
}

// pack takes bits 10 to 13 of the sums as nibbles of the 32 bytes in register 0.
func (s search256) pack() {
	ones, mask := Y8, Y9
	VPBROADCASTD(emit.Table("ones", []byte{1, 0, 1, 0, 0, 0, 0, 0}), ones)
	VPBROADCASTD(emit.Table("highNibble", []byte{0xf0, 0, 0, 0, 0, 0, 0, 0}), mask)
	for g := range 4 {
		even, odd := ymm[g], ymm[g+4]
		VPMADDWD(ones, even, even)
		VPMADDWD(ones, odd, odd)
		VPSRLD(U8(6), even, even)
		VPSRLD(U8(10), odd, odd)
		VPAND(mask, even, even)
		VPOR(odd, even, even)
	}
	VPACKUSDW(Y1, Y0, Y0)
	VPACKUSDW(Y3, Y2, Y2)
	VPACKUSWB(Y2, Y0, Y0)
}

// absorbHashes makes the sponges of the products XOR the hashes after the first
// round.
func (s search256) absorbHashes() {
	for h := range 4 {
		VMOVDQU(s.product.Offset(32*h), ymm[h])
	}
	for half := range 2 {
		a, b := ymm[2*half], ymm[2*half+1]
		VPUNPCKLQDQ(b, a, ymm[4+half])
		VPUNPCKHQDQ(b, a, ymm[6+half])
	}
	state := GP64()
	LEAQ(emit.Global("heavyHashState", 0), state)
	for w := range 4 {
		a, b := ymm[4+w%2*2], ymm[5+w%2*2]
		VPERM2I128(U8(0x20+w/2*0x11), b, a, ymm[w])
		VPBROADCASTQ(emit.At(state, 8*w), Y8)
		VPXOR(s.hash.Offset(32*w), Y8, Y8)
		VPXOR(Y8, ymm[w], ymm[w])
		VMOVDQA(ymm[w], s.second.Offset(32*w))
	}
	s.round(s.second, s.odd, emit.At(s.constants, 0))
}
