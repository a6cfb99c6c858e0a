package pow

import "github.com/jio-dag/jio/chain/types"

// The compact form of a target, as Bitcoin writes it: the upper byte of 32 bits
// is the length of the number in bytes, the lower 23 bits are its three leading
// bytes, and the bit between them is a sign that no target has.
const (
	mantissaMask = 0x007fffff
	signBit      = 0x00800000
)

// DecodeCompact returns the target that bits stand for. ok is false, and the
// target zero, when they stand for zero, for a negative number, or for one of
// more than 256 bits. Several bits may stand for one target; EncodeCompact
// yields the canonical ones.
func DecodeCompact(bits uint32) (target types.Uint256, ok bool) {
	length, mantissa := uint(bits>>24), types.NewUint256(uint64(bits&mantissaMask))
	switch {
	case bits&signBit != 0:
		return types.Uint256{}, false
	case length <= 3:
		target = mantissa.Rsh(8 * (3 - length))
	case mantissa.BitLen()+8*int(length-3) > 256:
		return types.Uint256{}, false
	default:
		target = mantissa.Lsh(8 * (length - 3))
	}
	return target, !target.IsZero()
}

// EncodeCompact returns the canonical bits of a target, which stand for it cut
// down to its leading 16 to 23 bits. Zero gives 0, which does not decode.
func EncodeCompact(target types.Uint256) uint32 {
	length := uint(target.BitLen()+7) / 8
	var mantissa uint32
	if length <= 3 {
		mantissa = uint32(target[0] << (8 * (3 - length)))
	} else {
		mantissa = uint32(target.Rsh(8 * (length - 3))[0])
	}
	if mantissa&signBit != 0 {
		mantissa >>= 8
		length++
	}
	return uint32(length)<<24 | mantissa
}
