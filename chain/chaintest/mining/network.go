package mining

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// anchorBits is where simulated difficulty starts: 2¹⁶ times as hard as
// mainnet's easiest target, so that no shock reaches that.
const anchorBits = 0x1c03ffff

// Network returns mainnet's rules of time, difficulty and emission at a number
// of blocks per second, anchored at a difficulty that leaves room on both sides.
func Network(bps uint64) (*params.Params, error) {
	p, err := params.SimNetAt(bps)
	if err != nil {
		return nil, err
	}
	p.NoRetarget = false
	p.MaxBits = params.MainNet().MaxBits
	p.FlatSubsidy = types.Amount{}
	p.Engines[0].Anchor.Bits = anchorBits
	return p, nil
}
