package chain

import (
	"slices"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// position computes what the past makes of a block with these parents, which
// must be known and form an antichain.
func (x *index) position(parents []types.Hash) position {
	return x.place(dag.Ghostdag(x, x.params.K, parents))
}

// place computes the position of a block from its GHOSTDAG data.
func (x *index) place(data *dag.Data) position {
	sp := x.block(data.SelectedParent)
	median := rules.MedianTime(sp.medianTime, x.medianWindow(sp))
	daaScore := x.daaScore(sp, data, median)
	p := position{
		data:       data,
		height:     sp.height + 1,
		medianTime: median,
		daaScore:   daaScore,
		bits:       rules.RequiredBits(x.params, daaScore, median),
		history:    x.historyAbove(sp),
		older:      x.olderHistory(sp),
		mergeRoot:  x.chainBelow(sp.mergeRoot, sp, rules.MergeDepthBound(x.params, data.BlueScore)),
		finality:   x.chainBelow(sp.finality, sp, rules.FinalityBound(x.params, data.BlueScore)),
		sample:     x.sampleBelow(sp),
	}
	p.pruning = x.pruningPoint(p.sample, data.BlueScore)
	return p
}

// medianWindow returns the timestamps that a child of sp takes its median of:
// each chain block from sp down, followed by its merge-set blues from the last
// to the first. They are good until the next call.
func (x *index) medianWindow(sp *block) []uint64 {
	window := x.windows.room(x.params.MedianTimeSpan)
	for b := sp; b != nil && len(window) < cap(window); b = x.selectedParent(b) {
		if below, ok := x.windows.find(b.hash); ok {
			window = append(window, below[:min(len(below), cap(window)-len(window))]...)
			break
		}
		window = append(window, b.header.Timestamp)
		for i := len(b.data.Blues) - 1; i >= 1 && len(window) < cap(window); i-- {
			window = append(window, x.block(b.data.Blues[i]).header.Timestamp)
		}
	}
	x.windows.add(sp.hash, window)
	x.windows.lent = append(x.windows.lent[:0], window...)
	return x.windows.lent
}

// recentWindows remembers the last median windows, from which those of the blocks
// above them are made in a few steps. It uses its memory again.
type recentWindows struct {
	entries [8]struct {
		block  types.Hash
		window []uint64
	}
	next int      // the oldest
	lent []uint64 // a copy for whoever reorders it
}

// room returns the memory of the oldest window, which is forgotten, for so many
// timestamps.
func (r *recentWindows) room(span int) []uint64 {
	n := &r.entries[r.next]
	window := slices.Grow(n.window[:0], span)[:0:span]
	n.block, n.window = types.Hash{}, nil
	return window
}

func (r *recentWindows) find(block types.Hash) ([]uint64, bool) {
	for i := range r.entries {
		if n := &r.entries[i]; n.block == block && n.window != nil {
			return n.window, true
		}
	}
	return nil, false
}

// add remembers a window, which must not change any more, in the oldest's place.
func (r *recentWindows) add(block types.Hash, window []uint64) {
	n := &r.entries[r.next]
	n.block, n.window = block, window
	r.next = (r.next + 1) % len(r.entries)
}

func (x *index) daaScore(sp *block, data *dag.Data, median uint64) uint64 {
	var scores []uint64
	for _, list := range [][]types.Hash{data.Blues, data.Reds} {
		for _, h := range list {
			if b := x.block(h); b.height > 0 { // genesis is never in window
				scores = append(scores, b.data.BlueScore)
			}
		}
	}
	return rules.DAAScore(x.params, rules.DAAInput{
		ParentDAAScore:   sp.daaScore,
		ParentBlueScore:  sp.data.BlueScore,
		ParentMedianTime: sp.medianTime,
		MedianTime:       median,
		MergeScores:      scores,
	})
}

// historyAbove returns the history of a child of sp: sp's own and sp.
func (x *index) historyAbove(sp *block) rules.Peaks {
	var others []types.Hash
	if sp.height > 0 {
		others = dag.MergeSet(x, sp.data)[1:]
	}
	return sp.history.Append(rules.HistoryLeaf(sp.hash, others, sp.data.BlueWork))
}

// olderHistory returns the block whose history is that of a child of sp without
// the newest peak: as many leaves as sp's height, and one, less the lowest bit.
func (x *index) olderHistory(sp *block) types.Hash {
	b := sp
	for height := rules.LeavesBeforeNewest(sp.height + 1); b.height > height; {
		b = x.block(b.older)
	}
	return b.hash
}

// chainBelow returns the highest block of sp's selected chain, sp included,
// whose blue score is below a bound, genesis when there is none. It walks up
// from a block that is known to be low enough.
func (x *index) chainBelow(from types.Hash, sp *block, bound uint64) types.Hash {
	for from != sp.hash {
		next := x.reach.NextTreeAncestor(from, sp.hash)
		if x.block(next).data.BlueScore >= bound {
			break
		}
		from = next
	}
	return from
}

// sampleBelow returns the highest pruning sample on the chain of sp, sp
// included; genesis counts as one.
func (x *index) sampleBelow(sp *block) types.Hash {
	if sp.height == 0 {
		return sp.hash
	}
	parent := x.block(sp.data.SelectedParent)
	if rules.IsPruningSample(x.params, sp.data.BlueScore, parent.data.BlueScore) {
		return sp.hash
	}
	return sp.sample
}

// pruningPoint returns the highest sample, from the given one down, that lies
// the pruning depth below a blue score, genesis when there is none.
func (x *index) pruningPoint(sample types.Hash, score uint64) types.Hash {
	b := x.block(sample)
	for b.height > 0 && !rules.IsPruningDepth(x.params, b.data.BlueScore, score) {
		b = x.block(b.sample)
	}
	return b.hash
}

// recalled is how many positions are remembered: enough for the blocks that were
// mined on one of the last virtuals, or beside each other.
const recalled = 16

// recentPositions remembers positions by the parents that make them, the last
// used first.
type recentPositions struct {
	entries []placed
}

// A placed is a position and its parents.
type placed struct {
	parents  []types.Hash
	position position
}

// find returns the position of a block with these parents, if it is remembered.
func (r *recentPositions) find(parents []types.Hash) (position, bool) {
	i := slices.IndexFunc(r.entries, func(p placed) bool { return slices.Equal(p.parents, parents) })
	if i < 0 {
		return position{}, false
	}
	found := r.entries[i]
	copy(r.entries[1:i+1], r.entries[:i])
	r.entries[0] = found
	return found.position, true
}

// add remembers a position in place of the one that was not used for longest. The
// parents stay the caller's.
func (r *recentPositions) add(parents []types.Hash, p position) {
	if len(r.entries) < recalled {
		r.entries = append(r.entries, placed{})
	}
	copy(r.entries[1:], r.entries)
	r.entries[0] = placed{slices.Clone(parents), p}
}
