package dag

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// Production values of Reachability.Depth and Reachability.Slack.
const (
	ReindexDepth = 100
	ReindexSlack = 1 << 14
)

// Reachability answers who is an ancestor of whom, and keeps the intervals that
// make it a matter of a few comparisons. Queries change nothing and may run at
// the same time as each other, never at the same time as Add, Remove or Hint.
type Reachability struct {
	// Depth is how far the reindex root stays below the tip of the last Hint, in
	// tree height. Slack is how many numbers are left free on either side of
	// each block below the root. Set them, if at all, before the first use.
	Depth, Slack uint64

	nodes Nodes
	root  types.Hash // the reindex root
}

// NewReachability continues over the nodes of an earlier one, whose Root it is
// given.
func NewReachability(nodes Nodes, root types.Hash) *Reachability {
	return &Reachability{Depth: ReindexDepth, Slack: ReindexSlack, nodes: nodes, root: root}
}

// PlantGenesis creates the node of genesis, the root of the tree, which owns all
// numbers.
func PlantGenesis(nodes Nodes, genesis types.Hash) *Reachability {
	nodes.Create(genesis, Node{Interval: maximalInterval})
	return NewReachability(nodes, genesis)
}

// Root returns the reindex root, to be stored along with the nodes.
func (r *Reachability) Root() types.Hash { return r.root }

// IsTreeAncestor reports whether a is on the selected chain of b, or b itself.
func (r *Reachability) IsTreeAncestor(a, b types.Hash) bool {
	return r.interval(a).Contains(r.interval(b))
}

// IsAncestor reports whether a is in the past of b, or b itself.
func (r *Reachability) IsAncestor(a, b types.Hash) bool {
	node, target := r.nodes.Node(a), r.interval(b)
	if node.Interval.Contains(target) {
		return true
	}
	i := r.search(node.FutureCovering, target)
	return i >= 0 && r.interval(node.FutureCovering[i]).Contains(target)
}

// NextTreeAncestor returns the child of ancestor on the selected chain of
// descendant, or descendant itself if it is that child. It panics unless
// ancestor is a tree ancestor of descendant, and another block.
func (r *Reachability) NextTreeAncestor(ancestor, descendant types.Hash) types.Hash {
	children := r.nodes.Node(ancestor).Children
	i := r.search(children, r.interval(descendant))
	if i < 0 || !r.IsTreeAncestor(children[i], descendant) {
		panic(fmt.Sprintf("dag: block %v is not on the selected chain of %v", ancestor, descendant))
	}
	return children[i]
}

// Add adds a block whose selected parent and merge set (given without the
// selected parent, in any order) were added before. It panics if the merge set
// contradicts the DAG.
func (r *Reachability) Add(h, selectedParent types.Hash, mergeSet []types.Hash) {
	free := r.freeAfter(selectedParent)
	parent := r.nodes.Edit(selectedParent)
	parent.Children = append(parent.Children, h)
	r.nodes.Create(h, Node{Parent: selectedParent, Interval: free.firstHalf(), Height: parent.Height + 1})
	if free.Size() == 0 {
		newReindexing(r).makeRoom(h)
	}
	for _, m := range mergeSet {
		r.cover(m, h)
	}
}

// cover enters h into the future covering set of a block that it merges.
func (r *Reachability) cover(merged, h types.Hash) {
	node := r.nodes.Edit(merged)
	i := r.search(node.FutureCovering, r.interval(h))
	if i >= 0 && r.IsTreeAncestor(node.FutureCovering[i], h) {
		panic(fmt.Sprintf("dag: block %v merges %v, which %v merged below it", h, merged, node.FutureCovering[i]))
	}
	node.FutureCovering = slices.Insert(node.FutureCovering, i+1, h)
}

// Remove forgets a block without children, given its merge set as Add was. Its
// numbers are dealt again when its siblings are next reindexed. It panics for
// genesis and for a block that has a future.
func (r *Reachability) Remove(h types.Hash, mergeSet []types.Hash) {
	node := r.nodes.Node(h)
	if len(node.Children) > 0 || len(node.FutureCovering) > 0 || node.Parent.IsZero() {
		panic(fmt.Sprintf("dag: block %v cannot be removed: it has a future or is genesis", h))
	}
	if r.root == h {
		r.root = node.Parent
	}
	for _, m := range mergeSet {
		merged := r.nodes.Edit(m)
		merged.FutureCovering = remove(merged.FutureCovering, h)
	}
	parent := r.nodes.Edit(node.Parent)
	parent.Children = remove(parent.Children, h)
	r.nodes.Delete(h)
}

// remove removes h, which must be there.
func remove(hashes []types.Hash, h types.Hash) []types.Hash {
	i := slices.Index(hashes, h)
	return slices.Delete(hashes, i, i+1)
}

func (r *Reachability) interval(h types.Hash) Interval { return r.nodes.Node(h).Interval }

// search returns the index of the last of some blocks with disjoint intervals in
// ascending order that starts at or before target does: if one of them contains
// it, it is that one. It is -1 if all start after it.
func (r *Reachability) search(blocks []types.Hash, target Interval) int {
	low, high := 0, len(blocks)
	for low < high {
		middle := (low + high) / 2
		if r.interval(blocks[middle]).Start <= target.Start {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}

// freeAfter returns the numbers that a block has left after its last child, all
// that it can give while it has none.
func (r *Reachability) freeAfter(h types.Hash) Interval {
	node := r.nodes.Node(h)
	free := node.Interval.capacity()
	if n := len(node.Children); n > 0 {
		free.Start = r.interval(node.Children[n-1]).End + 1
	}
	return free
}

// freeBefore returns the numbers that a block has left before its first child,
// all that it can give while it has none.
func (r *Reachability) freeBefore(h types.Hash) Interval {
	node := r.nodes.Node(h)
	free := node.Interval.capacity()
	if len(node.Children) > 0 {
		free.End = r.interval(node.Children[0]).Start - 1
	}
	return free
}
