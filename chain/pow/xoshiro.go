package pow

import (
	"encoding/binary"
	"math/bits"

	"github.com/jio-dag/jio/chain/types"
)

// Xoshiro is the generator xoshiro256++ of Blackman and Vigna ("Scrambled linear
// pseudorandom number generators", 2019). It makes the matrix; it is no source
// of secrets.
type xoshiro struct{ a, b, c, d uint64 }

// newXoshiro seeds the generator with the four little-endian words of a hash.
func newXoshiro(seed types.Hash) *xoshiro {
	return &xoshiro{
		binary.LittleEndian.Uint64(seed[0:]),
		binary.LittleEndian.Uint64(seed[8:]),
		binary.LittleEndian.Uint64(seed[16:]),
		binary.LittleEndian.Uint64(seed[24:]),
	}
}

// next returns the next output and the state after it. Passed by value, the
// state stays in registers from one output to the next.
func (x xoshiro) next() (uint64, xoshiro) {
	result := bits.RotateLeft64(x.a+x.d, 23) + x.a
	shifted := x.b << 17
	x.c ^= x.a
	x.d ^= x.b
	x.b ^= x.c
	x.a ^= x.d
	x.c ^= shifted
	x.d = bits.RotateLeft64(x.d, 45)
	return result, x
}
