package dag

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// A reindexing deals intervals anew in one operation. Sizes of subtrees are
// counted where they are needed and remembered until the operation ends.
type reindexing struct {
	*Reachability
	sizes map[types.Hash]uint64
}

func newReindexing(r *Reachability) *reindexing {
	return &reindexing{Reachability: r, sizes: make(map[types.Hash]uint64)}
}

// size returns the number of blocks in the subtree of h, itself included.
func (x *reindexing) size(h types.Hash) uint64 {
	if size, ok := x.sizes[h]; ok {
		return size
	}
	uncounted := []types.Hash{h} // parents before their children
	for i := 0; i < len(uncounted); i++ {
		for _, child := range x.nodes.Node(uncounted[i]).Children {
			if _, ok := x.sizes[child]; !ok {
				uncounted = append(uncounted, child)
			}
		}
	}
	for _, block := range slices.Backward(uncounted) {
		x.sizes[block] = 1 + sum(x.sizesOf(x.nodes.Node(block).Children))
	}
	return x.sizes[h]
}

func (x *reindexing) sizesOf(blocks []types.Hash) []uint64 {
	sizes := make([]uint64, len(blocks))
	for i, block := range blocks {
		sizes[i] = x.size(block)
	}
	return sizes
}

func sum(values []uint64) (total uint64) {
	for _, v := range values {
		total += v
	}
	return total
}

// set gives a block an interval.
func (x *reindexing) set(h types.Hash, interval Interval) {
	if x.interval(h) != interval {
		x.nodes.Edit(h).Interval = interval
	}
}

// settle gives a block an interval and deals it out to the whole subtree.
func (x *reindexing) settle(h types.Hash, interval Interval) {
	x.set(h, interval)
	queue := []types.Hash{h}
	for i := 0; i < len(queue); i++ {
		node := x.nodes.Node(queue[i])
		if len(node.Children) == 0 {
			continue
		}
		parts := node.Interval.capacity().splitExponential(x.sizesOf(node.Children))
		for j, child := range node.Children {
			x.set(child, parts[j])
		}
		queue = append(queue, node.Children...)
	}
}

// makeRoom finds numbers for a new block whose interval is empty: in the
// smallest subtree around it that has enough of them, or, when that would be
// the subtree of a block below the reindex root, by way of the slack there.
func (x *reindexing) makeRoom(h types.Hash) {
	for x.interval(h).Size() < x.size(h) {
		parent := x.nodes.Node(h).Parent
		if h == x.root {
			panic(fmt.Sprintf("dag: the reindex root %v is out of numbers", h))
		}
		if parent != x.root && x.IsTreeAncestor(parent, x.root) {
			x.makeRoomBelowRoot(parent, h, x.size(h))
			return
		}
		h = parent
	}
	x.settle(h, x.interval(h))
}

// makeRoomBelowRoot adds required numbers to the interval of h, a child of
// parent, which is below the reindex root; h leads away from the root:
//
//	        ┌─ h               Each block on the way to the root keeps some slack
//	parent ◄┤                  free on this side of its children. Take what is
//	        └─ a ◄─ b ◄─ root  required from a, then from b, …
//
// Each block that gives moves its edge, and so do the siblings between, so that
// the numbers end up with h. The root gives without limit, and when it comes to
// that each block on the way gets its slack back.
func (x *reindexing) makeRoomBelowRoot(parent, h types.Hash, required uint64) {
	first := x.NextTreeAncestor(parent, x.root)
	s := side{x, h, x.interval(h).Start < x.interval(first).Start}
	giver, found, hops := first, uint64(0), uint64(0)
	for giver != x.root && found+s.slack(giver) < required {
		found += s.slack(giver)
		hops++
		giver = x.NextTreeAncestor(giver, x.root)
	}
	var keep uint64
	if giver == x.root {
		keep = x.Slack
	}
	s.give(giver, required-found+keep*hops)
	for giver != first {
		giver = x.nodes.Node(giver).Parent
		s.give(giver, s.slack(giver)-keep)
	}
}

// A side is the side of the way to the reindex root on which a block needs
// numbers.
type side struct {
	*reindexing
	needy  types.Hash
	before bool // needy's interval is before the root's
}

// slack returns how many numbers a block has free on this side of its children.
func (s side) slack(h types.Hash) uint64 {
	if s.before {
		return s.freeBefore(h).Size()
	}
	return s.freeAfter(h).Size()
}

// give takes n numbers from this side of h, dealing its subtree anew if so many
// are not free, and shifts the siblings on this side over them: so the numbers
// become free in the parent, or go to the needy block where that is a sibling.
func (s side) give(h types.Hash, n uint64) {
	enough := s.slack(h) >= n
	s.set(h, s.shrunk(s.interval(h), n))
	if !enough {
		s.settle(h, s.interval(h))
	}
	for _, sibling := range s.siblings(h) {
		if sibling == s.needy {
			s.settle(sibling, s.grown(s.interval(sibling), n))
			return
		}
		s.settle(sibling, s.shifted(s.interval(sibling), n))
	}
}

// siblings returns the siblings of h on this side, the nearest first.
func (s side) siblings(h types.Hash) []types.Hash {
	before, after := s.siblingsAround(h)
	if s.before {
		before = slices.Clone(before)
		slices.Reverse(before)
		return before
	}
	return after
}

func (s side) shrunk(i Interval, n uint64) Interval {
	if s.before {
		return Interval{i.Start + n, i.End}
	}
	return Interval{i.Start, i.End - n}
}

func (s side) shifted(i Interval, n uint64) Interval {
	if s.before {
		return Interval{i.Start + n, i.End + n}
	}
	return Interval{i.Start - n, i.End - n}
}

func (s side) grown(i Interval, n uint64) Interval {
	if s.before {
		return Interval{i.Start, i.End + n}
	}
	return Interval{i.Start - n, i.End}
}

// siblingsAround returns the other children of h's parent: those before it and
// those after it.
func (x *reindexing) siblingsAround(h types.Hash) (before, after []types.Hash) {
	children := x.nodes.Node(x.nodes.Node(h).Parent).Children
	i := slices.Index(children, h)
	return children[:i], children[i+1:]
}
