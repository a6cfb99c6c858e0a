package rules

import (
	"fmt"
	"math/bits"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// RequiredBits returns the bits that a block must carry at a DAA score and past
// median time: ASERT from the anchor of the engine in force, or the anchor's own
// bits where the network does not retarget.
func RequiredBits(p *params.Params, daaScore, medianTime uint64) uint32 {
	anchor := p.EngineAt(daaScore).Anchor
	if p.NoRetarget {
		return anchor.Bits
	}
	schedule := Schedule{
		AnchorTarget: decodeBits(anchor.Bits),
		AnchorTime:   anchor.Time,
		Spacing:      p.Spacing,
		HalfLife:     p.HalfLife,
		Limit:        decodeBits(p.MaxBits),
	}
	return pow.EncodeCompact(Asert(&schedule, medianTime, daaScore-anchor.DAAScore))
}

// decodeBits decodes bits that parameters carry; it panics on what is no target.
func decodeBits(compact uint32) types.Uint256 {
	target, ok := pow.DecodeCompact(compact)
	if !ok {
		panic(fmt.Sprintf("rules: parameters hold bits %08x, which are no target", compact))
	}
	return target
}

// A Schedule is an ideal one: AnchorTarget at AnchorTime, from there a block
// every Spacing, and a target that doubles for every HalfLife of delay. The
// three times share one unit, milliseconds in consensus. Limit is the easiest
// target; AnchorTarget is from 1 to Limit.
type Schedule struct {
	AnchorTarget types.Uint256
	AnchorTime   uint64
	Spacing      uint64
	HalfLife     uint64
	Limit        types.Uint256
}

// radix is the fixed point of the exponent: 16 bits of fraction.
const radix = 16

// maxShift bounds the whole part of the exponent: from any target of 256 bits, a
// shift this far leads to 1 or past every limit.
const maxShift = 512

// Asert returns the target, from 1 to the schedule's limit, after slots blocks
// at a time: the anchor's target times 2^((time − anchor − spacing·slots) /
// half-life). It is aserti3-2d of Bitcoin Cash (CHIP 2020-11-15) with as many
// bits as the arguments need: nothing wraps, whatever they are.
func Asert(s *Schedule, time, slots uint64) types.Uint256 {
	delay, late := s.delay(time, slots)
	exponent, _ := delay.Lsh(radix).DivMod(types.NewUint256(s.HalfLife))
	switch {
	case exponent.Cmp(types.NewUint256(maxShift<<radix)) < 0:
		return s.scale(signed(exponent[0], late))
	case late:
		return s.Limit
	}
	return types.NewUint256(1)
}

// delay returns |time − anchor − spacing·slots| and whether blocks are late
// rather than early. The magnitude stays below 2¹²⁸, and with magnitude and
// sign apart the division that follows truncates toward zero, as it must.
func (s *Schedule) delay(time, slots uint64) (magnitude types.Uint256, late bool) {
	hi, lo := bits.Mul64(s.Spacing, slots)
	due, _ := types.Uint256{lo, hi}.Add(types.NewUint256(s.AnchorTime))
	at := types.NewUint256(time)
	if magnitude, early := at.Sub(due); !early {
		return magnitude, true
	}
	magnitude, _ = due.Sub(at)
	return magnitude, false
}

func signed(magnitude uint64, positive bool) int64 {
	if positive {
		return int64(magnitude)
	}
	return -int64(magnitude)
}

// scale multiplies the anchor's target by 2^(exponent/2¹⁶): a shift for the
// whole part, a cubic for the fraction.
func (s *Schedule) scale(exponent int64) types.Uint256 {
	shift, factor := int(exponent>>radix), powerOfFraction(uint64(exponent)&(1<<radix-1))
	target := s.AnchorTarget
	if shift > 0 {
		if target.BitLen()+shift > 256 {
			return s.Limit
		}
		target, shift = target.Lsh(uint(shift)), 0
	}
	low, high := target.Mul64(factor)
	down := uint(radix - shift)
	scaled := shiftRight(low, high, down)
	switch {
	case high>>down != 0 || scaled.Cmp(s.Limit) > 0:
		return s.Limit
	case scaled.IsZero():
		return types.NewUint256(1)
	}
	return scaled
}

// powerOfFraction returns 2^(f/2¹⁶) in units of 2⁻¹⁶ for f < 2¹⁶. The largest
// sum, at f = 65535, is just below 2⁶⁴.
func powerOfFraction(f uint64) uint64 {
	return 1<<radix + (195_766_423_245_049*f+971_821_376*f*f+5_127*f*f*f+1<<47)>>48
}

// shiftRight returns the low 256 bits of (high·2²⁵⁶ + low) / 2ⁿ.
func shiftRight(low types.Uint256, high uint64, n uint) types.Uint256 {
	if n >= 256 {
		return types.NewUint256(high).Rsh(n - 256)
	}
	sum, _ := low.Rsh(n).Add(types.NewUint256(high).Lsh(256 - n)) // no bit in common
	return sum
}
