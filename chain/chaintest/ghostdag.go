package chaintest

import (
	"math/big"
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// colour is GHOSTDAG from its definition: the merge set is what the selected
// parent does not see, sorted; a block is blue if the blues with it are still a
// k-cluster, every blue having at most k blues in its anticone, and no more than
// k are added beside the selected parent.
func (o *Oracle) colour(b *Block) {
	sp, k := b.SelectedParent, o.Params.K
	b.Blues = []*Block{sp}
	b.blueSet = sp.blueSet.with(sp.index)
	for _, c := range o.mergeSet(b) {
		if len(b.Blues) <= k && o.keepsCluster(b.blueSet, c) {
			b.Blues = append(b.Blues, c)
			b.blueSet = b.blueSet.with(c.index)
		} else {
			b.Reds = append(b.Reds, c)
		}
	}
	b.merged = append([]*Block{sp}, o.mergeSet(b)...)
	b.BlueScore = sp.BlueScore + uint64(len(b.Blues))
	b.blueWork = new(big.Int).Set(sp.blueWork)
	for _, blue := range b.Blues {
		b.blueWork.Add(b.blueWork, blue.work)
	}
}

// mergeSet returns past(b) without past(SP) and SP, in consensus order.
func (o *Oracle) mergeSet(b *Block) []*Block {
	var merged []*Block
	b.past.each(func(i int) {
		if x := o.list[i]; x != b.SelectedParent && !b.SelectedParent.past.has(i) {
			merged = append(merged, x)
		}
	})
	slices.SortFunc(merged, order)
	return merged
}

// keepsCluster reports whether blues with c added have no block with more than k
// others in its anticone.
func (o *Oracle) keepsCluster(blues bitset, c *Block) bool {
	peers := o.anticone(blues, c)
	if len(peers) > o.Params.K {
		return false
	}
	return !slices.ContainsFunc(peers, func(p *Block) bool {
		return len(o.anticone(blues, p)) >= o.Params.K
	})
}

// anticone returns the members of a set that x neither sees nor is seen by.
func (o *Oracle) anticone(set bitset, x *Block) []*Block {
	var found []*Block
	set.each(func(i int) {
		y := o.list[i]
		if y != x && !o.Ancestor(x, y) && !o.Ancestor(y, x) {
			found = append(found, y)
		}
	})
	return found
}

// Mergeable returns the limit that a block with these parents would break,
// rules.ErrMergeSetSize or rules.ErrBoundedMerge; nil when it keeps both.
func (o *Oracle) Mergeable(parents []types.Hash) error {
	b := o.placed(parents)
	if len(b.merged) > o.Params.MergeSetLimit {
		return rules.ErrMergeSetSize
	}
	if !o.boundedMerge(b) {
		return rules.ErrBoundedMerge
	}
	return nil
}

// boundedMerge reports whether every red of b is in the future of the merge-depth
// root or vouched for by a blue that has the root on its chain.
func (o *Oracle) boundedMerge(b *Block) bool {
	root := o.chainBelow(b, o.Params.MergeDepth)
	for _, red := range b.Reds {
		vouched := slices.ContainsFunc(b.Blues, func(blue *Block) bool {
			return o.onChain(root, blue) && o.Ancestor(red, blue)
		})
		if !o.Ancestor(root, red) && !vouched {
			return false
		}
	}
	return true
}

// onChain reports whether a is b or on b's selected chain.
func (o *Oracle) onChain(a, b *Block) bool {
	for x := b; x != nil; x = x.SelectedParent {
		if x == a {
			return true
		}
	}
	return false
}
