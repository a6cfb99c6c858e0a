package component

import "github.com/jio-dag/jio/tui/style"

// A Column is a column of a table. Width is in cells; one column may have 0 and
// takes what is left.
type Column struct {
	Title string
	Width int
	Right bool // figures, written to the right edge
}

// A Cell is a text and what it means.
type Cell struct {
	Text  string
	Token style.Token
}

// A Table is a list with columns, of which one row may be selected. Rows are
// asked for only when they are seen.
type Table struct {
	Columns []Column
	Rows    int
	Row     func(i int) []Cell
	Scroll  *Scroll // the selected row, which is marked; nil for a list without one
	Empty   string  // said in place of rows
}

// Draw draws the titles and as many rows as fit below.
func (t Table) Draw(a Area, g *style.Glyphs) {
	widths := t.widths(a.Width)
	head, body := a.Top(1)
	t.drawRow(head, 0, widths, t.titles(), g)
	if t.Rows == 0 {
		body.Print(2, 0, style.Dim, Cut(t.Empty, body.Width-2, g.Ellipsis))
		return
	}
	first, selected := 0, -1
	if t.Scroll != nil {
		first, selected = t.Scroll.See(body, t.Rows), t.Scroll.Selected
	}
	for y := 0; y < body.Height && first+y < t.Rows; y++ {
		t.drawRow(body, y, widths, t.Row(first+y), g)
		if first+y == selected {
			body.Highlight(y, style.Cursor)
			body.Put(0, y, style.Cursor, g.Pointer)
		}
	}
}

func (t Table) titles() []Cell {
	cells := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = Cell{c.Title, style.Dim}
	}
	return cells
}

// widths gives the open column what the others leave.
func (t Table) widths(room int) []int {
	room -= 2 // for the pointer
	widths := make([]int, len(t.Columns))
	open := -1
	for i, c := range t.Columns {
		widths[i] = c.Width
		room -= c.Width + 1
		if c.Width == 0 {
			open = i
		}
	}
	if open >= 0 {
		widths[open] = max(0, room+1)
	}
	return widths
}

func (t Table) drawRow(a Area, y int, widths []int, cells []Cell, g *style.Glyphs) {
	x := 2
	for i, c := range cells {
		if i == len(widths) {
			return
		}
		text := Cut(c.Text, widths[i], g.Ellipsis)
		at := x
		if t.Columns[i].Right {
			at += widths[i] - Width(text)
		}
		a.Print(at, y, c.Token, text)
		x += widths[i] + 1
	}
}
