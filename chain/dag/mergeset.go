package dag

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// View is what GHOSTDAG reads of the blocks below a new one. It has no error
// results: it panics when asked for a block it does not know.
type View interface {
	// Parents returns the parents of a block, in any order.
	Parents(h types.Hash) []types.Hash
	// Data returns a block's own GHOSTDAG data, read-only.
	Data(h types.Hash) *Data
	// Work returns the work of a block itself, which its blue work does not hold.
	// It is at least 1: otherwise ancestors would not come first by blue work.
	Work(h types.Hash) types.Uint256
	// IsAncestor reports whether a is in the past of b, or b itself.
	IsAncestor(a, b types.Hash) bool
}

// SelectedParent returns the greatest of the parents by (blue work, hash). It
// panics when there are none.
func SelectedParent(v View, parents []types.Hash) types.Hash {
	greatest := rank(v, parents[0])
	for _, p := range parents[1:] {
		if r := rank(v, p); r.Compare(greatest) > 0 {
			greatest = r
		}
	}
	return greatest.Hash
}

// MergeSet returns the merge set of the block that d belongs to in consensus
// order: the selected parent, then blues and reds together, ascending by (blue
// work, hash). It is empty for genesis. The caller owns the slice.
func MergeSet(v View, d *Data) []types.Hash {
	if len(d.Blues) == 0 {
		return nil
	}
	blues, reds := d.Blues[1:], d.Reds
	order := make([]types.Hash, 1, len(d.Blues)+len(d.Reds))
	order[0] = d.SelectedParent
	for len(blues) > 0 && len(reds) > 0 {
		next := &blues
		if Less(v, reds[0], blues[0]) {
			next = &reds
		}
		order = append(order, (*next)[0])
		*next = (*next)[1:]
	}
	return append(append(order, blues...), reds...)
}

// MergeSetExceeds reports whether a block with these parents would merge more
// than limit blocks, the selected parent included. It counts no further than
// that, so that a long branch that was kept back costs little to turn down.
func MergeSetExceeds(v View, parents []types.Hash, limit int) bool {
	return 1+len(mergeSet(v, SelectedParent(v, parents), parents, limit)) > limit
}

// mergeSet returns past(block) \ (past(sp) ∪ {sp}) of a block with the given
// parents, ascending by (blue work, hash): breadth first from the parents, going
// no further where the past of sp begins. It stops once there are limit of them,
// or a few more.
func mergeSet(v View, sp types.Hash, parents []types.Hash, limit int) []Rank {
	merged := make([]Rank, 0, len(parents)-1)
	seen := make(map[types.Hash]struct{})
	visit := func(hashes []types.Hash) {
		for _, h := range hashes {
			if _, ok := seen[h]; ok {
				continue
			}
			seen[h] = struct{}{}
			if !v.IsAncestor(h, sp) {
				merged = append(merged, rank(v, h))
			}
		}
	}
	visit(parents)
	for i := 0; i < len(merged) && len(merged) < limit; i++ {
		visit(v.Parents(merged[i].Hash))
	}
	slices.SortFunc(merged, Rank.Compare)
	return merged
}
