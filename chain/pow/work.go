package pow

import (
	"math/big"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// Work returns ⌊2²⁵⁶/(T+1)⌋, the number of hashes that a target T takes on
// average. It is 0 for the target 0, which no header may have: 2²⁵⁶ is one too
// many.
func Work(target types.Uint256) types.Uint256 {
	divisor, overflow := target.Add(types.NewUint256(1))
	if overflow {
		return types.NewUint256(1)
	}
	// 2²⁵⁶ = (2²⁵⁶ − 1 − T) + (T + 1), and the first fits 256 bits.
	quotient, _ := target.Not().DivMod(divisor)
	work, _ := quotient.Add(types.NewUint256(1))
	return work
}

// BlockWork returns what a header adds to the work of its chain:
// max(1, ⌊2²⁵⁶·num/((T+1)·den)⌋ with the weight num/den of the engine in force
// at its DAA score, or MaxUint256 when that is less. It is 0 when the bits do
// not decode; such a header is refused before anybody counts its work.
func BlockWork(p *params.Params, h *types.Header) types.Uint256 {
	target, ok := DecodeCompact(h.Bits)
	if !ok {
		return types.Uint256{}
	}
	engine := p.EngineAt(h.DAAScore)
	if engine.Num == 1 && engine.Den == 1 {
		return Work(target)
	}
	return weightedWork(target, engine.Num, engine.Den)
}

// weightedWork returns ⌊2²⁵⁶·num/((T+1)·den)⌋ within 1 and MaxUint256. It
// panics when den is 0.
func weightedWork(target types.Uint256, num, den uint64) types.Uint256 {
	t := target.BigEndian()
	divisor := new(big.Int).SetBytes(t[:])
	divisor.Add(divisor, big.NewInt(1))
	divisor.Mul(divisor, new(big.Int).SetUint64(den))
	work := new(big.Int).SetUint64(num)
	work.Lsh(work, 256).Quo(work, divisor)
	if work.Sign() == 0 {
		return types.NewUint256(1)
	}
	if work.BitLen() > 256 {
		return types.MaxUint256
	}
	var b [32]byte
	work.FillBytes(b[:])
	return types.Uint256FromBigEndian(b)
}
