package mining

import (
	"slices"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A view is what a miner has heard of, told by its tips. Blocks enter after
// their parents.
type view struct {
	tips []*block
	sink *block // the greatest tip
}

func newView(genesis *block) view { return view{tips: []*block{genesis}, sink: genesis} }

// enter adds a block, all of whose parents are in the view.
func (v *view) enter(b *block) {
	v.tips = slices.DeleteFunc(v.tips, func(t *block) bool { return slices.Contains(b.header.Parents, t.hash) })
	v.tips = append(v.tips, b)
	if compare(b, v.sink) > 0 {
		v.sink = b
	}
}

// virtual returns the data and the parents of the block that an honest miner
// with these tips mines: on the greatest, merging the others from the greatest
// down while the limits on parents, merge set and merge depth hold.
func (g *graph) virtual(tips []*block) (*dag.Data, []types.Hash) {
	sorted := slices.SortedFunc(slices.Values(tips), func(a, b *block) int { return compare(b, a) })
	sink := sorted[0]
	parents := []types.Hash{sink.hash}
	for _, t := range g.mergeable(sink, sorted[1:]) {
		if !g.inPast(t.hash, parents) {
			parents = append(parents, t.hash)
		}
	}
	if len(parents) > g.params.MaxParents {
		parents = parents[:g.params.MaxParents]
	}
	data := g.merged(parents)
	if data == nil {
		data, parents = g.oneByOne(parents)
	}
	slices.SortFunc(parents[1:], types.Hash.Compare)
	return data, parents
}

// mergeable drops the tips that no block on the sink can merge, lest an old fork
// cost time for ever.
func (g *graph) mergeable(sink *block, tips []*block) []*block {
	root := g.mergeRoot(&dag.Data{SelectedParent: sink.hash, BlueScore: sink.data.BlueScore})
	return slices.DeleteFunc(tips, func(t *block) bool {
		pair := []types.Hash{sink.hash, t.hash}
		return !g.IsAncestor(root, t.hash) || dag.MergeSetExceeds(g, pair, g.params.MergeSetLimit)
	})
}

// oneByOne takes the parents in that leave a valid block, in order.
func (g *graph) oneByOne(parents []types.Hash) (data *dag.Data, taken []types.Hash) {
	for _, p := range parents {
		wider := append(slices.Clone(taken), p)
		if d := g.merged(wider); d != nil {
			data, taken = d, wider
		}
	}
	return data, taken
}

// merged returns the data of a block with these parents, nil when its merge set
// breaks a limit.
func (g *graph) merged(parents []types.Hash) *dag.Data {
	if dag.MergeSetExceeds(g, parents, g.params.MergeSetLimit) {
		return nil
	}
	data := dag.Ghostdag(g, g.params.K, parents)
	if rules.BoundedMerge(g, g.mergeRoot(data), data) != nil {
		return nil
	}
	return data
}

// inPast reports whether a block is one of the others or in the past of one.
func (g *graph) inPast(h types.Hash, others []types.Hash) bool {
	return slices.ContainsFunc(others, func(o types.Hash) bool { return g.IsAncestor(h, o) })
}
