package chain

import (
	"iter"
	"slices"
	"sort"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A virtual is the block that would be mined next: built on the sink and as
// many further tips as the limits allow. It is a function of the tips.
type virtual struct {
	position
	sink     types.Hash
	parents  []types.Hash // the sink, then the others in ascending hash order
	accepted *utxo.Acceptance
}

// samePast reports whether a position has virtual's past, so that both accept
// the same.
func (v *virtual) samePast(p *position) bool {
	return v.data.SelectedParent == p.data.SelectedParent &&
		slices.Equal(v.data.Blues, p.data.Blues) && slices.Equal(v.data.Reds, p.data.Reds)
}

// resolve brings sink, coins and virtual up to date with the tips.
func (m *Manager) resolve() {
	c := m.cursor()
	m.searchSink(c)
	m.moveState(c)
	m.virtual = m.buildVirtual()
	m.dropBuried()
}

// searchSink brings the cursor to the greatest qualified block whose chain holds
// the finality point. Where a candidate fails, its parents take its place.
func (m *Manager) searchSink(c *cursor) {
	var candidates candidateHeap
	for _, t := range m.state.tips {
		candidates.add(m.index.block(t))
	}
	for b := candidates.next(); b != nil; b = candidates.next() {
		if m.qualifies(c, b) {
			return
		}
		m.addParents(&candidates, b)
	}
	panic(damaged("no block qualifies as the sink"))
}

// addParents puts the parents of a candidate that failed in its place. Those
// outside the future of the finality point cannot have it on their chain.
func (m *Manager) addParents(candidates *candidateHeap, b *block) {
	for _, p := range b.header.Parents {
		if m.virtual == nil || m.index.IsAncestor(m.virtual.finality, p) {
			candidates.add(m.index.block(p))
		}
	}
}

// qualifies brings the cursor to a sink candidate if it may be the sink.
func (m *Manager) qualifies(c *cursor, b *block) bool {
	if b.status == StatusDisqualified {
		return false
	}
	if !m.index.IsTreeAncestor(m.virtual.finality, b.hash) {
		m.warnFinality(b)
		return false
	}
	return m.moveTo(c, b)
}

// warnFinality tells of a branch that is heavier than ours and refused, once a
// block.
func (m *Manager) warnFinality(b *block) {
	if _, told := m.offFinality.lookup(b.hash); !told {
		m.offFinality.put(b.hash, struct{}{})
		m.log.Warn("a heavier branch leaves our chain below the finality point and is ignored",
			"block", b.hash, "finality point", m.virtual.finality)
	}
}

// moveState makes the cursor's place the sink: coins, totals and the index of
// the selected chain.
func (m *Manager) moveState(c *cursor) {
	if c.at.hash == m.state.sink {
		return
	}
	old := m.index.block(m.state.sink)
	fork := old
	for !m.index.IsTreeAncestor(fork.hash, c.at.hash) {
		m.journal.heights[fork.height] = types.Hash{}
		fork = m.index.selectedParent(fork)
	}
	for _, b := range m.chainBetween(fork, c.at) {
		m.journal.heights[b.height] = b.hash
	}
	for _, d := range c.path {
		m.coins.Apply(d)
	}
	m.state.sink, m.state.totals = c.at.hash, c.totals
}

// buildVirtual computes virtual on the sink.
func (m *Manager) buildVirtual() *virtual {
	sink := m.index.block(m.state.sink)
	parents, data := m.virtualParents(sink)
	v := &virtual{sink: sink.hash, parents: parents, position: m.index.place(data)}
	m.recent.add(parents, v.position)
	v.accepted = m.accept(m.coins, &v.position)
	return v
}

// virtualParents returns the sink and the tips to merge, from the greatest
// down, while the limits on parents, merge set and merge depth hold, and what
// GHOSTDAG makes of them. A tip above the sink did not qualify and is never a
// parent: its parents take its place. A tip that does not see the merge-depth
// root could only be merged as a blue, with the whole depth in its anticone; old
// forks must not cost time for ever.
func (m *Manager) virtualParents(sink *block) ([]types.Hash, *dag.Data) {
	parents, data := m.allParents(sink)
	if data == nil {
		parents = m.parentsInTurn(sink)
		data = dag.Ghostdag(m.index, m.params.K, parents)
	}
	slices.SortFunc(parents[1:], types.Hash.Compare)
	return parents, data
}

// allParents tries the sink and all tips at once; there is no data when a limit
// may not hold. The limits hold for every part of the parents, too, so that trying
// them in turn would take them all: a part merges no more, and all that is merged
// is in the future of the highest merge-depth root that a part can have, with all
// of it blue.
func (m *Manager) allParents(sink *block) ([]types.Hash, *dag.Data) {
	parents := []types.Hash{sink.hash}
	for b := range m.mergeCandidates(sink, &parents) {
		parents = append(parents, b.hash)
	}
	if dag.MergeSetExceeds(m.index, parents, m.params.MergeSetLimit) {
		return parents, nil
	}
	data := dag.Ghostdag(m.index, m.params.K, parents)
	merged := uint64(len(data.Blues) + len(data.Reds))
	root := m.mergeRoot(sink, sink.data.BlueScore+merged)
	for _, list := range [][]types.Hash{data.Blues, data.Reds} {
		for _, h := range list {
			if !m.index.IsAncestor(root, h) {
				return parents, nil
			}
		}
	}
	return parents, data
}

// parentsInTurn tries one tip after the other. Of one that would merge too much a
// lower part is merged first: a branch that was cut off for long comes in by and
// by, as far as the merge depth reaches. A lower part gives way to a later tip
// that has it in its past.
func (m *Manager) parentsInTurn(sink *block) []types.Hash {
	parents := []types.Hash{sink.hash}
	tries := 3 * m.params.MaxParents // of GHOSTDAG, however many tips there are
	for b := range m.mergeCandidates(sink, &parents) {
		b = m.lowered(parents, b)
		if m.index.inPast(b.hash, parents) {
			continue
		}
		wider := slices.DeleteFunc(slices.Clone(parents), func(p types.Hash) bool { return m.index.IsAncestor(p, b.hash) })
		if wider = append(wider, b.hash); m.mergeable(wider) {
			parents = wider
		}
		if tries--; tries == 0 {
			break
		}
	}
	return parents
}

// lowered returns the highest block of a candidate's selected chain, the candidate
// included, that virtual can have for a parent beside those it has without merging
// too many blocks; the highest that they have in their past when there is none.
func (m *Manager) lowered(parents []types.Hash, b *block) *block {
	fits := func(b *block) bool {
		return !dag.MergeSetExceeds(m.index, append(slices.Clip(parents), b.hash), m.params.MergeSetLimit)
	}
	if fits(b) {
		return b
	}
	branch := []*block{m.forkBelow(parents, b)} // upwards
	for i := 0; i < m.params.MergeSetLimit && branch[i] != b; i++ {
		branch = append(branch, m.index.block(m.index.reach.NextTreeAncestor(branch[i].hash, b.hash)))
	}
	return branch[sort.Search(len(branch)-1, func(i int) bool { return !fits(branch[1+i]) })]
}

// forkBelow returns the highest block of a block's selected chain that others have
// in their past. It goes down in the strides of the chain's history: of a
// branch of 3,000 blocks it looks at some dozens.
func (m *Manager) forkBelow(others []types.Hash, b *block) *block {
	for !m.index.inPast(b.hash, others) {
		if m.index.inPast(b.older, others) {
			b = m.index.selectedParent(b)
		} else {
			b = m.index.block(b.older)
		}
	}
	return b
}

// mergeCandidates yields, from the greatest down, the blocks that virtual might
// have for a parent beside those it has by then.
func (m *Manager) mergeCandidates(sink *block, parents *[]types.Hash) iter.Seq[*block] {
	return func(yield func(*block) bool) {
		root := m.mergeRoot(sink, sink.data.BlueScore)
		var candidates candidateHeap
		for _, t := range m.state.tips {
			candidates.add(m.index.block(t))
		}
		for b := candidates.next(); b != nil && len(*parents) < m.params.MaxParents; b = candidates.next() {
			switch {
			case compareBlocks(b, sink) > 0:
				m.addParents(&candidates, b)
			case !m.index.IsAncestor(root, b.hash), m.index.inPast(b.hash, *parents):
			case !yield(b):
				return
			}
		}
	}
}

// inPast reports whether a block is one of the others or in the past of one.
func (x *index) inPast(h types.Hash, others []types.Hash) bool {
	return slices.ContainsFunc(others, func(o types.Hash) bool { return x.IsAncestor(h, o) })
}

// mergeable reports whether a block with these parents keeps the limits on its
// merge set.
func (m *Manager) mergeable(parents []types.Hash) bool {
	if dag.MergeSetExceeds(m.index, parents, m.params.MergeSetLimit) {
		return false // before GHOSTDAG, whose cost is that of the whole set
	}
	data := dag.Ghostdag(m.index, m.params.K, parents)
	root := m.mergeRoot(m.index.block(data.SelectedParent), data.BlueScore)
	return rules.BoundedMerge(m.index, root, data) == nil
}

// mergeRoot returns the merge-depth root of a block of some blue score on sp.
func (m *Manager) mergeRoot(sp *block, blueScore uint64) types.Hash {
	return m.index.chainBelow(sp.mergeRoot, sp, rules.MergeDepthBound(m.params, blueScore))
}
