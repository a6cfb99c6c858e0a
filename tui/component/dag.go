package component

import (
	"math"
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
// Columns are counted from the newest chain block to the left. A chain block
// stands as far to the right as its children let it, so that the chain is always
// in sight; any other stands where the chain was at its time, but right of its
// parents and left of its children. What would stand left of the first chain block
// is older than the picture and left out.
type DagLayout struct {
	Window  *api.DagWindow
	Columns int
	Older   int // blocks left out because they are older than the first chain block
	places  []place
	index   map[types.Hash]int // into Window.Blocks and places
	chain   []int              // the chain blocks, likewise
	times   []int64            // of the chain blocks, in milliseconds since 1970, none later than the next
	hidden  []int              // blocks without a lane, by column
	order   []int              // places in the order in which they take lanes
	lanes   int                // on each side of the chain
}

// A place is where a block stands. Of a block that something else continues on
// the same lane, no edge goes on to the merging block.
type place struct {
	column, lane int
	latest       int // the last column that the children leave
	reach        int // the last column that edges to what continues the block pass through
	ahead        int // how many blocks above the newest chain block
	hidden       bool
	older        bool
	continued    bool
	parent       int // the selected parent's index, -1 outside the window
	merger       int // the merging chain block's index, -1 when none is in the window
}

// mostAhead is how many columns there are right of the newest chain block, for what
// is not merged yet. Of what stands on that block only so much is drawn.
const mostAhead = 3

// Lay places the blocks of a window on so many lanes on each side of the chain.
func Lay(w *api.DagWindow, lanes int) *DagLayout {
	l := &DagLayout{index: make(map[types.Hash]int, len(w.Blocks))}
	l.Lay(w, lanes)
	return l
}

// Lay places the blocks of another window in the memory of the one before.
func (l *DagLayout) Lay(w *api.DagWindow, lanes int) {
	l.Window, l.lanes = w, max(lanes, 0)
	l.join()
	l.readTimes()
	l.leaveOut()
	l.fromTheRight()
	l.fromTheLeft()
	l.count()
	l.assignLanes()
}

// join finds each block's selected parent and merger, and the chain.
func (l *DagLayout) join() {
	clear(l.index)
	for i := range l.Window.Blocks {
		l.index[l.Window.Blocks[i].Hash] = i
	}
	l.places, l.chain = l.places[:0], l.chain[:0]
	for i := range l.Window.Blocks {
		p := place{parent: -1, merger: -1, latest: mostAhead}
		b := &l.Window.Blocks[i]
		if len(b.Parents) > 0 {
			p.parent = l.before(i, b.Parents[0])
		}
		if l.onChain(i) {
			l.chain = append(l.chain, i)
		} else if j, ok := l.index[b.MergedBy]; ok && j > i {
			p.merger = j
		}
		l.places = append(l.places, p)
	}
}

// before returns the index of a block's parent, -1 outside the window.
func (l *DagLayout) before(i int, parent types.Hash) int {
	if j, ok := l.index[parent]; ok && j < i {
		return j
	}
	return -1
}

func (l *DagLayout) onChain(i int) bool { return l.Window.Blocks[i].Fate == "chain" }

// readTimes takes for the time of a chain block the earliest of itself and those
// above it, so that one with a wrong clock moves little.
func (l *DagLayout) readTimes() {
	l.times = append(l.times[:0], make([]int64, len(l.chain))...)
	earliest := int64(math.MaxInt64)
	for n, i := range slices.Backward(l.chain) {
		earliest = min(earliest, l.Window.Blocks[i].Timestamp)
		l.times[n] = earliest
	}
}

// leaveOut marks what is older than the first chain block, and what stands on the
// newest one too high.
func (l *DagLayout) leaveOut() {
	for i := range l.places {
		if l.onChain(i) {
			continue
		}
		p, b := &l.places[i], &l.Window.Blocks[i]
		for _, parent := range b.Parents {
			if j := l.before(i, parent); j >= 0 && (l.places[j].ahead > 0 || l.newest() == j) {
				p.ahead = max(p.ahead, l.places[j].ahead+1)
			}
		}
		p.older = len(l.times) > 0 && b.Timestamp < l.times[0]
		p.hidden = p.older || p.ahead > mostAhead
	}
}

// newest is the index of the newest chain block, -1 when there is none.
func (l *DagLayout) newest() int {
	if len(l.chain) == 0 {
		return -1
	}
	return l.chain[len(l.chain)-1]
}

// fromTheRight tells each block's parents the last column it leaves them. The
// newest chain block stands in column 0.
func (l *DagLayout) fromTheRight() {
	for i := range slices.Backward(l.places) {
		p := &l.places[i]
		if p.hidden {
			continue
		}
		switch {
		case i == l.newest():
			p.latest = 0
		case p.merger >= 0:
			p.latest = min(p.latest, l.places[p.merger].latest-1)
		}
		for _, parent := range l.Window.Blocks[i].Parents {
			if j := l.before(i, parent); j >= 0 {
				l.places[j].latest = min(l.places[j].latest, p.latest-1)
			}
		}
	}
}

// fromTheLeft gives each block its column.
func (l *DagLayout) fromTheLeft() {
	for i := range l.places {
		p := &l.places[i]
		p.column = p.latest
		if l.onChain(i) || p.hidden {
			continue
		}
		p.column = min(p.column, l.columnAt(l.Window.Blocks[i].Timestamp))
		for _, parent := range l.Window.Blocks[i].Parents {
			if j := l.before(i, parent); j >= 0 && !l.places[j].hidden {
				p.column = max(p.column, l.places[j].column+1)
			}
		}
		if len(l.chain) > 0 && p.column < l.places[l.chain[0]].latest {
			p.hidden, p.older = true, true
		}
	}
}

// columnAt returns the column of the first chain block that is not older than a
// time, else of the newest.
func (l *DagLayout) columnAt(time int64) int {
	n, _ := slices.BinarySearch(l.times, time)
	if n == len(l.times) {
		return 0
	}
	return l.places[l.chain[n]].latest
}

// count lets columns begin with 0 and counts what is left out.
func (l *DagLayout) count() {
	first, last := math.MaxInt, math.MinInt
	for i := range l.places {
		if !l.places[i].hidden {
			first, last = min(first, l.places[i].column), max(last, l.places[i].column)
		}
	}
	l.Columns, l.Older = 0, 0
	if first <= last {
		l.Columns = last - first + 1
	}
	l.hidden = append(l.hidden[:0], make([]int, l.Columns)...)
	for i := range l.places {
		p := &l.places[i]
		p.column -= first
		switch {
		case p.older:
			l.Older++
		case p.hidden:
			p.column = l.Columns - 1
			l.hidden[p.column]++
		}
	}
}

// SameDag reports whether two windows show the same blocks with the same fates.
func SameDag(a, b *api.DagWindow) bool {
	return a.Sink == b.Sink && slices.EqualFunc(a.Blocks, b.Blocks, func(a, b api.DagBlock) bool {
		return a.Hash == b.Hash && a.Fate == b.Fate && a.MergedBy == b.MergedBy && a.Tip == b.Tip
	})
}

// Column returns the column of a block, false when it is not in the window or older
// than the picture.
func (l *DagLayout) Column(h types.Hash) (int, bool) {
	i, ok := l.index[h]
	if !ok || l.places[i].older {
		return 0, false
	}
	return l.places[i].column, true
}

// IsOlder reports whether a block of the window is left out because it is older than
// the first chain block.
func (l *DagLayout) IsOlder(i int) bool { return l.places[i].older }

// Block returns a block of the window, nil when it is not there.
func (l *DagLayout) Block(h types.Hash) *api.DagBlock {
	i, ok := l.index[h]
	if !ok {
		return nil
	}
	return &l.Window.Blocks[i]
}

// Hidden returns how many blocks of the window have a column and no lane.
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

// Width returns how many blocks stand in the newest chain block's column or right
// of it, and the most in any.
func (l *DagLayout) Width() (now, most int) {
	counts := make([]int, l.Columns)
	for i := range l.places {
		p := &l.places[i]
		if p.older {
			continue
		}
		counts[p.column]++
		most = max(most, counts[p.column])
		if n := l.newest(); n >= 0 && p.column >= l.places[n].column {
			now++
		}
	}
	return now, most
}

// Step returns the block that stands next to another in a direction: along its
// lane to the left or right, else on the nearest lane above or below in the
// nearest column. It returns the block itself where there is none.
func (l *DagLayout) Step(from types.Hash, dx, dy int) types.Hash {
	i, ok := l.index[from]
	if !ok || l.places[i].older {
		if n := l.newest(); n >= 0 {
			return l.Window.Blocks[n].Hash
		}
		return from
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
