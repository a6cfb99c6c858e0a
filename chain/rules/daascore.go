package rules

import "github.com/jio-dag/jio/chain/params"

// DAAInput is what a block's DAA score is computed from. Times are past median
// times in milliseconds.
type DAAInput struct {
	ParentDAAScore   uint64 // of the selected parent
	ParentBlueScore  uint64
	ParentMedianTime uint64
	MedianTime       uint64
	MergeScores      []uint64 // blue scores of the merge set, selected parent included, genesis never
}

// DAAScore returns a block's DAA score, the clock of difficulty and emission: its
// selected parent's, plus the merged blocks in window, plus the slots that
// nobody mined. Forgiving those keeps a network that slept from mining all it
// missed in one burst.
func DAAScore(p *params.Params, in DAAInput) uint64 {
	score := in.ParentDAAScore + missedSlots(p, in.ParentMedianTime, in.MedianTime)
	for _, merged := range in.MergeScores {
		if InWindow(p, merged, in.ParentBlueScore) {
			score++
		}
	}
	return score
}

// InWindow reports whether a merged block counts for the DAA score, and may earn
// its subsidy, in a block whose selected parent has blue score spBlueScore. The
// rule is not for genesis, which is never in window.
func InWindow(p *params.Params, blockBlueScore, spBlueScore uint64) bool {
	return saturatingSub(spBlueScore, blockBlueScore) <= p.DAAWindow()
}

// missedSlots counts the slots that passed since the selected parent beyond a
// quarter of the half-life, which honest timestamps may well differ by.
func missedSlots(p *params.Params, parentMedian, median uint64) uint64 {
	gap := saturatingSub(median, parentMedian)
	return saturatingSub(gap, p.HalfLife/4) / p.Spacing
}
