package dag

import "github.com/jio-dag/jio/chain/types"

// Hint moves the reindex root towards a new header-selected tip, to Depth below
// it. If the root is not on the tip's selected chain it stays until the tip is
// Slack higher than it, lest two branches in turn make it go back and forth.
func (r *Reachability) Hint(tip types.Hash) {
	from, to := r.nextRoot(tip)
	r.root = to
	if from == to {
		return
	}
	x := newReindexing(r)
	for from != to {
		child := r.NextTreeAncestor(from, to)
		x.concentrate(from, child, child == to)
		from = child
	}
}

// nextRoot returns where the reindex root goes, and the block on the way from
// which on the numbers must be concentrated.
func (r *Reachability) nextRoot(tip types.Hash) (from, to types.Hash) {
	from = r.root
	height := r.height(tip)
	if !r.IsTreeAncestor(from, tip) {
		if height < r.height(from)+r.Slack {
			return from, from
		}
		for !r.IsTreeAncestor(from, tip) {
			from = r.nodes.Node(from).Parent
		}
	}
	for to = from; to != tip; {
		child := r.NextTreeAncestor(to, tip)
		if height < r.height(child)+r.Depth {
			break
		}
		to = child
	}
	return from, to
}

func (r *Reachability) height(h types.Hash) uint64 { return r.nodes.Node(h).Height }

// concentrate gives child, on the way to the next reindex root, all numbers of
// its parent but those that its siblings use and Slack on either side:
//
//	parent  ├ slack ┼ siblings ┼─────── child ───────┼ siblings ┼ slack ┼ own ┤
func (x *reindexing) concentrate(parent, child types.Hash, isNextRoot bool) {
	room := x.interval(parent).capacity()
	room = Interval{room.Start + x.Slack, room.End - x.Slack}
	before, after := x.siblingsAround(child)
	sizesBefore, sizesAfter := x.sizesOf(before), x.sizesOf(after)
	all := Interval{room.Start + sum(sizesBefore), room.End - sum(sizesAfter)}
	x.tighten(before, Interval{room.Start, all.Start - 1}, sizesBefore)
	x.tighten(after, Interval{all.End + 1, room.End}, sizesAfter)
	if isNextRoot && !all.Contains(x.interval(child)) {
		x.settle(child, x.narrowed(all))
	}
	x.set(child, all)
}

// tighten gives siblings exactly the numbers that they use.
func (x *reindexing) tighten(siblings []types.Hash, room Interval, sizes []uint64) {
	for i, part := range room.splitExact(sizes) {
		x.settle(siblings[i], part)
	}
}

// narrowed leaves out what the blocks above a new root will cut off as slack
// while the root advances Depth times: until then no subtree needs to move.
func (x *reindexing) narrowed(all Interval) Interval {
	margin := x.Slack * x.Depth
	return Interval{all.Start + margin, all.End - margin}
}
