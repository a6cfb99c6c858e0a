package chaintest

import (
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// SinkAbove returns the greatest qualified block that has a block on its chain,
// a finality point, or is it.
func (o *Oracle) SinkAbove(finality *Block) *Block {
	sink := finality
	for _, b := range o.list {
		if b.Qualified && o.onChain(finality, b) && order(b, sink) > 0 {
			sink = b
		}
	}
	return sink
}

// Virtual returns the block that would be mined next on a sink: its parents are
// the sink and, from the greatest down while the limits allow, the tips below it
// and the parents of the blocks above it, or, of one that would merge too many
// blocks, the highest block of its chain that does not. It has a place and what it accepts, but
// no content, and is not in the Oracle.
func (o *Oracle) Virtual(sink *Block) *Block {
	candidates := o.Blocks()
	slices.SortFunc(candidates, func(a, b *Block) int { return order(b, a) })
	parents := []*Block{sink}
	for _, b := range candidates {
		if len(parents) == o.Params.MaxParents || order(b, sink) >= 0 || !o.offered(b, sink) {
			continue
		}
		seen := func(b *Block) bool {
			return slices.ContainsFunc(parents, func(p *Block) bool { return b == p || o.Ancestor(b, p) })
		}
		for !seen(b) && o.Mergeable(hashes(append(slices.Clone(parents), b))) == rules.ErrMergeSetSize {
			b = b.SelectedParent
		}
		below := func(p *Block) bool { return o.Ancestor(p, b) }
		if wider := append(slices.DeleteFunc(slices.Clone(parents), below), b); !seen(b) && o.Mergeable(hashes(wider)) == nil {
			parents = wider
		}
	}
	v := o.draft(hashes(parents))
	v.Header.Parents = o.parentOrder(v, hashes(parents))
	return v
}

// offered reports whether a block below a sink is a tip or the parent of a block
// above the sink.
func (o *Oracle) offered(b, sink *Block) bool {
	tip := true
	for _, child := range o.list {
		if slices.Contains(child.Header.Parents, b.Hash) {
			tip = false
			if order(child, sink) > 0 {
				return true
			}
		}
	}
	return tip
}

func hashes(blocks []*Block) []types.Hash {
	hashes := make([]types.Hash, len(blocks))
	for i, b := range blocks {
		hashes[i] = b.Hash
	}
	return hashes
}
