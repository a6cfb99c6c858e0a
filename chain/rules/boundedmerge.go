package rules

import (
	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
)

// BoundedMerge checks that a block merges nothing that was kept back for longer
// than the merge depth. Every red is in the future of root, the merge-depth
// root, or is vouched for by a blue above it that builds on root:
//
//	genesis ── root ── … ── SP ── B        red x: future of root
//	    \         \──── x ────/  /         red y: ancestor of blue z,
//	     \─── y ─────── z ──────/          and z must build on root
func BoundedMerge(view Ancestry, root types.Hash, data *dag.Data) error {
	for _, red := range data.Reds {
		if !view.IsAncestor(root, red) && !vouchedFor(view, root, red, data.Blues) {
			return broken(ErrBoundedMerge, "merges %v, which is not in the future of the merge-depth root %v", red, root)
		}
	}
	return nil
}

// vouchedFor reports whether a blue has root on its selected chain and red in
// its past. The tree is asked first: its answer is the cheaper one.
func vouchedFor(view Ancestry, root, red types.Hash, blues []types.Hash) bool {
	for _, blue := range blues {
		if view.IsTreeAncestor(root, blue) && view.IsAncestor(red, blue) {
			return true
		}
	}
	return false
}
