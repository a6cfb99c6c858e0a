package rules

import "github.com/jio-dag/jio/chain/params"

// MergeDepthBound returns the blue score that the merge-depth root of a block of
// blueScore lies below: the root is the highest block of the selected parent's
// chain under the bound, genesis when the bound is 0.
func MergeDepthBound(p *params.Params, blueScore uint64) uint64 {
	return saturatingSub(blueScore, p.MergeDepth)
}

// FinalityBound is to the finality point what MergeDepthBound is to the
// merge-depth root.
func FinalityBound(p *params.Params, blueScore uint64) uint64 {
	return saturatingSub(blueScore, p.FinalityDepth)
}

// IsPruningSample reports whether a block may become a pruning point: it is the
// first of its selected chain in an epoch, that is a finality depth of blue
// score. Genesis is not asked about; it is the pruning point until a sample is
// deep enough.
func IsPruningSample(p *params.Params, blueScore, parentBlueScore uint64) bool {
	return blueScore/p.FinalityDepth > parentBlueScore/p.FinalityDepth
}

// IsPruningDepth reports whether a pruning sample lies deep enough below a block
// to be its pruning point; the highest such sample is.
func IsPruningDepth(p *params.Params, sampleBlueScore, blueScore uint64) bool {
	return blueScore >= sampleBlueScore && blueScore-sampleBlueScore >= p.PruningDepth
}

// saturatingSub returns a − b, or 0 when b is larger.
func saturatingSub(a, b uint64) uint64 {
	if b > a {
		return 0
	}
	return a - b
}
