package component

import (
	"cmp"
	"slices"
)

// A lane is taken up to a column by the edge of the block last placed on it.
type lane struct{ until, last int }

// assignLanes gives lanes to the blocks in the order in which their edges begin,
// so that a lane is free again as soon as can be.
func (l *DagLayout) assignLanes() {
	l.order = l.order[:0]
	for i := range l.places {
		p := &l.places[i]
		if p.hidden || l.onChain(i) {
			continue
		}
		l.order = append(l.order, i)
		if p.parent >= 0 && !l.onChain(p.parent) {
			l.places[p.parent].reach = max(l.places[p.parent].reach, p.column-1)
		}
	}
	slices.SortStableFunc(l.order, func(a, b int) int { return cmp.Compare(l.begin(&l.places[a]), l.begin(&l.places[b])) })
	taken := make([]lane, 2*l.lanes+1) // lane n at l.lanes+n
	for i := range taken {
		taken[i] = lane{-1, -1}
	}
	for _, i := range l.order {
		l.assignLane(taken, i)
	}
}

func (l *DagLayout) assignLane(taken []lane, i int) {
	p := &l.places[i]
	n, ok := l.freeLane(taken, p)
	if !ok {
		p.hidden = true
		l.hidden[p.column]++
		return
	}
	p.lane = n
	if p.parent >= 0 && taken[l.lanes+n].last == p.parent {
		l.places[p.parent].continued = true
	}
	taken[l.lanes+n] = lane{l.end(p), i}
}

// begin is the first column that the edge from a block's selected parent passes
// through.
func (l *DagLayout) begin(p *place) int {
	if p.parent < 0 || l.places[p.parent].hidden {
		return p.column
	}
	return l.places[p.parent].column + 1
}

// end is the last column that a block's edges to its merger and to what continues
// it pass through.
func (l *DagLayout) end(p *place) int {
	end := max(p.column, p.reach)
	if p.merger >= 0 {
		end = max(end, l.places[p.merger].column-1)
	}
	return end
}

// freeLane returns the lane of the block's selected parent where the block can
// go on with it, else the nearest that is free from its edge's first column on.
func (l *DagLayout) freeLane(taken []lane, p *place) (int, bool) {
	if p.parent >= 0 {
		if n := l.places[p.parent].lane; n != 0 && taken[l.lanes+n].last == p.parent {
			return n, true
		}
	}
	for distance := 1; distance <= l.lanes; distance++ {
		for _, n := range [2]int{-distance, distance} {
			if taken[l.lanes+n].until < l.begin(p) {
				return n, true
			}
		}
	}
	return 0, false
}
