package pow

import (
	"encoding/binary"
	"math/bits"

	"github.com/jio-dag/jio/chain/types"
)

// Xoshiro is the generator xoshiro256++ of Blackman and Vigna ("Scrambled linear
// pseudorandom number generators", 2019). It makes the matrix; it is no source
// of secrets.
type xoshiro [4]uint64

// newXoshiro seeds the generator with the four little-endian words of a hash.
func newXoshiro(seed types.Hash) *xoshiro {
	var x xoshiro
	for i := range x {
		x[i] = binary.LittleEndian.Uint64(seed[8*i:])
	}
	return &x
}

// next returns the next output.
func (x *xoshiro) next() uint64 {
	result := bits.RotateLeft64(x[0]+x[3], 23) + x[0]
	shifted := x[1] << 17
	x[2] ^= x[0]
	x[3] ^= x[1]
	x[1] ^= x[2]
	x[0] ^= x[3]
	x[2] ^= shifted
	x[3] = bits.RotateLeft64(x[3], 45)
	return result
}
