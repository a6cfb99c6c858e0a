package component

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A DagLayout says where the blocks of a window stand in a picture: time runs
// from left to right, the selected chain on lane 0, other blocks on lanes above
// (negative) and below (positive), the nearest free one first.
//
//	lane -1      B──╮
//	lane  0   ◆──◆──◆──◆──▶
//	lane  1      ╰──R
//
// A block's column is one right of the last of its parents, so that every edge
// points to the left. Blocks that found no lane are counted in their column.
type DagLayout struct {
	Window  *api.DagWindow
	Columns int
	places  []place
	index   map[types.Hash]int // into Window.Blocks and places
	hidden  []int              // blocks without a lane, by column
	lanes   int                // on each side of the chain
}

// A place is where a block stands. Of a block that something else continues on
// the same lane, no edge goes on to the merging block.
type place struct {
	column, lane int
	hidden       bool
	continued    bool
	parent       int // the selected parent's index, -1 outside the window
	merger       int // the merging chain block's index, -1 when none is in the window
}

// Lay places the blocks of a window on so many lanes on each side of the chain.
func Lay(w *api.DagWindow, lanes int) *DagLayout {
	l := &DagLayout{index: make(map[types.Hash]int, len(w.Blocks))}
	l.Lay(w, lanes)
	return l
}

// Lay places the blocks of another window in the memory of the one before.
func (l *DagLayout) Lay(w *api.DagWindow, lanes int) {
	l.Window, l.lanes, l.Columns = w, max(lanes, 0), 0
	clear(l.index)
	for i := range w.Blocks {
		l.index[w.Blocks[i].Hash] = i
	}
	l.places = l.places[:0]
	for i := range w.Blocks {
		l.places = append(l.places, l.column(&w.Blocks[i]))
		l.Columns = max(l.Columns, l.places[i].column+1)
	}
	l.hidden = append(l.hidden[:0], make([]int, l.Columns)...)
	l.assignLanes()
}

func (l *DagLayout) column(b *api.DagBlock) place {
	p := place{parent: -1, merger: -1}
	for n, parent := range b.Parents {
		i, ok := l.index[parent]
		if !ok {
			continue
		}
		p.column = max(p.column, l.places[i].column+1)
		if n == 0 {
			p.parent = i
		}
	}
	if i, ok := l.index[b.MergedBy]; ok && b.Fate != "chain" {
		p.merger = i
	}
	return p
}

// A lane is taken up to a column by the edge of the block last placed on it.
type lane struct{ until, last int }

func (l *DagLayout) assignLanes() {
	taken := make([]lane, 2*l.lanes+1) // lane n at l.lanes+n
	for i := range taken {
		taken[i] = lane{-1, -1}
	}
	for i := range l.places {
		p := &l.places[i]
		if l.onChain(i) {
			continue
		}
		n, ok := l.freeLane(taken, p)
		if !ok {
			p.hidden = true
			l.hidden[p.column]++
			continue
		}
		p.lane = n
		if taken[l.lanes+n].last == p.parent && p.parent >= 0 {
			l.places[p.parent].continued = true
		}
		taken[l.lanes+n] = lane{l.end(p), i}
	}
}

func (l *DagLayout) onChain(i int) bool { return l.Window.Blocks[i].Fate == "chain" }

// end is the last column a block's edge to its merger passes through.
func (l *DagLayout) end(p *place) int {
	if p.merger < 0 {
		return p.column
	}
	return l.places[p.merger].column - 1
}

// freeLane returns the lane of the block's selected parent where the block can
// go on with it, else the nearest that is free from the parent's column on.
func (l *DagLayout) freeLane(taken []lane, p *place) (int, bool) {
	from := p.column
	if p.parent >= 0 {
		parent := l.places[p.parent]
		if n := parent.lane; n != 0 && taken[l.lanes+n].last == p.parent {
			return n, true
		}
		from = parent.column + 1
	}
	for distance := 1; distance <= l.lanes; distance++ {
		for _, n := range [2]int{-distance, distance} {
			if taken[l.lanes+n].until < from {
				return n, true
			}
		}
	}
	return 0, false
}

// SameDag reports whether two windows show the same blocks with the same fates.
func SameDag(a, b *api.DagWindow) bool {
	return a.Sink == b.Sink && slices.EqualFunc(a.Blocks, b.Blocks, func(a, b api.DagBlock) bool {
		return a.Hash == b.Hash && a.Fate == b.Fate && a.MergedBy == b.MergedBy && a.Tip == b.Tip
	})
}

// Column returns the column of a block, false when it is not in the window.
func (l *DagLayout) Column(h types.Hash) (int, bool) {
	i, ok := l.index[h]
	if !ok {
		return 0, false
	}
	return l.places[i].column, true
}

// Block returns a block of the window, nil when it is not there.
func (l *DagLayout) Block(h types.Hash) *api.DagBlock {
	i, ok := l.index[h]
	if !ok {
		return nil
	}
	return &l.Window.Blocks[i]
}

// Hidden returns how many blocks of the window found no lane.
func (l *DagLayout) Hidden() (n int) {
	for _, h := range l.hidden {
		n += h
	}
	return n
}

// Lanes returns how many lanes on one side of the chain have blocks on them.
func (l *DagLayout) Lanes() (n int) {
	for _, p := range l.places {
		n = max(n, abs(p.lane))
	}
	return n
}

// Width returns how many blocks stand in the last column, and the most in any.
func (l *DagLayout) Width() (now, most int) {
	counts := make([]int, l.Columns)
	for _, p := range l.places {
		counts[p.column]++
		most = max(most, counts[p.column])
	}
	if l.Columns > 0 {
		now = counts[l.Columns-1]
	}
	return now, most
}

// Step returns the block that stands next to another in a direction: along its
// lane to the left or right, else on the nearest lane above or below in the
// nearest column. It returns the block itself where there is none.
func (l *DagLayout) Step(from types.Hash, dx, dy int) types.Hash {
	i, ok := l.index[from]
	if !ok {
		return l.Window.Sink
	}
	best, cost := i, int(^uint(0)>>1)
	for j := range l.places {
		if c, ok := l.stepCost(i, j, dx, dy); ok && c < cost {
			best, cost = j, c
		}
	}
	return l.Window.Blocks[best].Hash
}

func (l *DagLayout) stepCost(i, j, dx, dy int) (int, bool) {
	if i == j || l.places[j].hidden {
		return 0, false
	}
	across := l.places[j].column - l.places[i].column
	down := l.places[j].lane - l.places[i].lane
	if dx != 0 {
		return abs(across) + 100*abs(down), across*dx > 0
	}
	return abs(down) + 100*abs(across), down*dy > 0 && abs(across) <= 3
}

func abs(n int) int { return max(n, -n) }
