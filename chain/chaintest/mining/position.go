package mining

import (
	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// position computes what follows from a block's GHOSTDAG data.
func (g *graph) position(data *dag.Data) position {
	sp := g.block(data.SelectedParent)
	median := rules.MedianTime(sp.medianTime, g.medianWindow(sp))
	p := position{data: data, medianTime: median, mergeRoot: g.mergeRoot(data)}
	p.daaScore, p.missed = g.daaScore(sp, data, median)
	p.bits = rules.RequiredBits(g.params, p.daaScore, median)
	return p
}

// medianWindow returns the timestamps that a child of sp takes its median of:
// each chain block from sp down, followed by its merge-set blues from the last
// to the first.
func (g *graph) medianWindow(sp *block) []uint64 {
	window := make([]uint64, 0, g.params.MedianTimeSpan)
	for b := sp; b != nil && len(window) < cap(window); b = b.parent {
		window = append(window, b.header.Timestamp)
		for i := len(b.blues) - 1; i >= 1 && len(window) < cap(window); i-- {
			window = append(window, b.blues[i].header.Timestamp)
		}
	}
	return window
}

// daaScore returns the DAA score of a child of sp, and how much of it are slots
// that nobody mined.
func (g *graph) daaScore(sp *block, data *dag.Data, median uint64) (score, missed uint64) {
	in := rules.DAAInput{
		ParentDAAScore:   sp.daaScore,
		ParentBlueScore:  sp.data.BlueScore,
		ParentMedianTime: sp.medianTime,
		MedianTime:       median,
		MergeScores:      make([]uint64, 0, len(data.Blues)+len(data.Reds)),
	}
	counted := uint64(0)
	for _, list := range [][]types.Hash{data.Blues, data.Reds} {
		for _, h := range list {
			b := g.block(h)
			if b.miner < 0 {
				continue // genesis is never in window
			}
			in.MergeScores = append(in.MergeScores, b.data.BlueScore)
			if g.inWindow(b, sp) {
				counted++
			}
		}
	}
	score = rules.DAAScore(g.params, in)
	return score, score - sp.daaScore - counted
}

// inWindow reports whether a block merged above sp counts for the DAA score.
func (g *graph) inWindow(b, sp *block) bool {
	return b.miner >= 0 && rules.InWindow(g.params, b.data.BlueScore, sp.data.BlueScore)
}

// mergeRoot returns the merge-depth root of a block with this data.
func (g *graph) mergeRoot(data *dag.Data) types.Hash {
	sp := g.block(data.SelectedParent)
	return g.chainBelow(sp.mergeRoot, sp, rules.MergeDepthBound(g.params, data.BlueScore))
}

// chainBelow returns the highest block of sp's selected chain, sp included,
// whose blue score is below a bound, genesis when there is none. It walks up
// from a block that is known to be low enough.
func (g *graph) chainBelow(from types.Hash, sp *block, bound uint64) types.Hash {
	for from != sp.hash {
		next := g.NextTreeAncestor(from, sp.hash)
		if g.block(next).data.BlueScore >= bound {
			break
		}
		from = next
	}
	return from
}
