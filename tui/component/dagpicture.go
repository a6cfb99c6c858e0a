package component

import (
	"fmt"
	"strconv"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// A DagPicture draws a layout: Last is the column at the right edge, and Pitch,
// at least 3, the cells from one column to the next.
type DagPicture struct {
	Layout   *DagLayout
	Last     int
	Pitch    int
	Selected types.Hash          // marked, when it is seen
	Axis     bool                // a row of DAA scores on top
	Left     map[types.Hash]bool // blocks that were on the chain before a reorganisation
}

// lines collects the directions in which edges leave each cell, so that edges
// that meet or cross become the right character.
type lines struct {
	area  Area
	masks []byte
	chain int // the row of the selected chain, drawn in its looks from block to block
}

func (l *lines) add(x, y int, directions byte) {
	if x >= 0 && y >= 0 && x < l.area.Width && y < l.area.Height {
		l.masks[y*l.area.Width+x] |= directions
	}
}

// across draws a line through the cells from one column to another.
func (l *lines) across(from, to, y int) {
	for x := max(from, 0); x <= min(to, l.area.Width-1); x++ {
		l.add(x, y, style.Left|style.Right)
	}
}

// bend draws a line that comes along a row, turns at a column and ends along
// another row. The sides say to where it leaves the column on each row.
func (l *lines) bend(x, y1 int, side1 byte, y2 int, side2 byte) {
	if y1 > y2 {
		y1, side1, y2, side2 = y2, side2, y1, side1
	}
	l.add(x, y1, side1|style.Down)
	for y := y1 + 1; y < y2; y++ {
		l.add(x, y, style.Up|style.Down)
	}
	l.add(x, y2, side2|style.Up)
}

func (l *lines) draw(g *style.Glyphs) {
	for i, mask := range l.masks {
		token, y := style.Edge, i/l.area.Width
		if y == l.chain {
			token = style.Chain
		}
		if mask != 0 {
			l.area.Put(i%l.area.Width, y, token, g.Lines[mask])
		}
	}
}

// Draw draws as much of the DAG as the area holds.
func (p DagPicture) Draw(a Area, g *style.Glyphs) {
	if p.Axis {
		var axis Area
		axis, a = a.Top(1)
		p.drawAxis(axis)
	}
	l := &lines{area: a, masks: make([]byte, a.Width*a.Height), chain: p.y(a.Height, 0)}
	for i := range p.Layout.places {
		p.drawEdges(l, i)
	}
	l.draw(g)
	for i := range p.Layout.places {
		p.drawBlock(a, i, g)
	}
	p.drawHidden(a, g)
}

// x is the cell of a column; the last column keeps a pitch from the edge, so
// that an edge to what comes has room.
func (p DagPicture) x(width, column int) int {
	return width - 2 - (p.Last-column)*p.Pitch
}

func (p DagPicture) y(height, lane int) int { return height/2 + lane }

// At returns the block that Draw puts at a position of the canvas or beside it.
func (p DagPicture) At(a Area, x, y int) (types.Hash, bool) {
	if p.Axis {
		_, a = a.Top(1)
	}
	x, y = x-a.x, y-a.y
	if x < 0 || y < 0 || x >= a.Width || y >= a.Height {
		return types.Hash{}, false
	}
	for i, block := range p.Layout.places {
		if !block.hidden && abs(p.x(a.Width, block.column)-x) <= 1 && p.y(a.Height, block.lane) == y {
			return p.Layout.Window.Blocks[i].Hash, true
		}
	}
	return types.Hash{}, false
}

func (p DagPicture) drawEdges(l *lines, i int) {
	layout := p.Layout
	block := layout.places[i]
	if block.hidden {
		return
	}
	x, y := p.x(l.area.Width, block.column), p.y(l.area.Height, block.lane)
	p.drawParentEdge(l, block, x, y)
	if block.merger < 0 || block.continued {
		return
	}
	merger := layout.places[block.merger]
	turn := p.x(l.area.Width, merger.column) - 1
	l.across(x+1, turn-1, y)
	l.bend(turn, y, style.Left, p.y(l.area.Height, merger.lane), style.Right)
}

func (p DagPicture) drawParentEdge(l *lines, block place, x, y int) {
	if block.parent < 0 || p.Layout.places[block.parent].hidden {
		l.across(x-1, x-1, y)
		return
	}
	parent := p.Layout.places[block.parent]
	turn, py := p.x(l.area.Width, parent.column)+1, p.y(l.area.Height, parent.lane)
	if py == y {
		l.across(turn, x-1, y)
		return
	}
	l.bend(turn, py, style.Left, y, style.Right)
	l.across(turn+1, x-1, y)
}

func (p DagPicture) drawBlock(a Area, i int, g *style.Glyphs) {
	block := p.Layout.places[i]
	if block.hidden {
		return
	}
	b := &p.Layout.Window.Blocks[i]
	token, glyph := BlockLook(b, p.Layout.Window.Sink, g)
	if p.Left[b.Hash] && b.Fate != "chain" {
		glyph = LeftLook(b)
	}
	x, y := p.x(a.Width, block.column), p.y(a.Height, block.lane)
	a.Put(x, y, token, glyph)
	if b.Hash == p.Selected {
		a.Put(x-1, y, style.Cursor, '[')
		a.Put(x, y, style.Cursor, glyph)
		a.Put(x+1, y, style.Cursor, ']')
	}
}

// BlockLook returns how a block is drawn. The kinds differ in shape as well as
// in colour.
func BlockLook(b *api.DagBlock, sink types.Hash, g *style.Glyphs) (style.Token, rune) {
	switch {
	case b.Hash == sink:
		return style.Sink, g.Sink
	case b.Fate == "chain":
		return style.Chain, g.Chain
	case b.Fate == "blue":
		return style.Blue, g.Blue
	case b.Fate == "red":
		return style.Red, g.Red
	}
	return style.Open, g.Open
}

// LeftLook returns the letter of a block that was on the chain before a
// reorganisation: blue and red as small letters, x while nothing merges it.
func LeftLook(b *api.DagBlock) rune {
	switch b.Fate {
	case "blue":
		return 'b'
	case "red":
		return 'r'
	}
	return 'x'
}

// drawHidden says in the top row how many blocks of a column are not shown, and at
// the picture's left end how many are older.
func (p DagPicture) drawHidden(a Area, g *style.Glyphs) {
	free := 0
	if left := p.x(a.Width, 0); p.Layout.Older > 0 && left >= 0 {
		free = a.Print(0, 0, style.Warn, Cut(fmt.Sprintf("+%d older", p.Layout.Older), a.Width, g.Ellipsis)) + 1
	}
	for column, n := range p.Layout.hidden {
		if x := p.x(a.Width, column); n > 0 && x >= free {
			a.Print(x, 0, style.Warn, "+"+strconv.Itoa(n))
		}
	}
}

// OutOfSight returns how many blocks are not drawn in a width though they concern it:
// of those that nothing has merged, what stands further to the left or is older than
// the picture; of those merged by a block that is drawn, what is older.
func (p DagPicture) OutOfSight(width int) (unmerged, merged int) {
	for i := range p.Layout.places {
		place := &p.Layout.places[i]
		switch {
		case p.Layout.Window.Blocks[i].Fate == "pending":
			if place.older || !place.hidden && p.x(width, place.column) < 0 {
				unmerged++
			}
		case place.older && place.merger >= 0 && p.x(width, p.Layout.places[place.merger].column) >= 0:
			merged++
		}
	}
	return unmerged, merged
}

// drawAxis writes the DAA score of a chain block as often as there is room.
func (p DagPicture) drawAxis(a Area) {
	free := 0
	for i := range p.Layout.places {
		if !p.Layout.onChain(i) {
			continue
		}
		x := p.x(a.Width, p.Layout.places[i].column)
		label := strconv.FormatUint(p.Layout.Window.Blocks[i].DAAScore, 10)
		if x < free || x+len(label) > a.Width {
			continue
		}
		free = a.Print(x, 0, style.Dim, label) + 3
	}
}
