package rules

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// emissionMonth is a twelfth of 365.25 days, in seconds: the time that an entry
// of the emission table lasts.
const emissionMonth = 2_629_800

// Subsidy returns what a block at a DAA score issues when a chain block merges it
// as a blue in window: the flat subsidy of the network, or the share of one
// block in what its month issues per second. It halves smoothly every four
// years and ends at zero.
func Subsidy(p *params.Params, daaScore uint64) types.Amount {
	if !p.FlatSubsidy.IsZero() {
		return p.FlatSubsidy
	}
	month := daaScore / (emissionMonth * p.BlocksPerSecond)
	if month >= uint64(len(emissionTable)) {
		return types.Amount{}
	}
	return types.Jots(emissionTable[month] / p.BlocksPerSecond)
}
