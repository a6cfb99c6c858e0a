package component

import "github.com/jio-dag/jio/tui/style"

// A Column is a column of a table. Width is in cells; one column may have 0 and
// takes what is left, but not less than Least. Where there is no room for all, whole
// columns are left out, those of the greatest Rank first; those of rank 0 stay.
type Column struct {
	Title string
	Width int
	Least int
	Rank  int
	Right bool // figures, written to the right edge
}

func (c *Column) least() int { return max(c.Width, c.Least) }

// A Cell is a text and what it means. Short is said in place of a text that does not
// fit, before anything is cut.
type Cell struct {
	Text  string
	Token style.Token
	Short string
}

func (c *Cell) fitting(width int, g *style.Glyphs) string {
	if c.Short != "" && Width(c.Text) > width {
		return Cut(c.Short, width, g.Ellipsis)
	}
	return Cut(c.Text, width, g.Ellipsis)
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
	if t.Scroll != nil {
		_, a = a.Left(pointerWidth)
	}
	seen := t.seen(a.Width)
	head, body := a.Top(1)
	t.drawRow(head, 0, seen, t.titles(), g)
	if t.Rows == 0 {
		body.Print(0, 0, style.Dim, Cut(t.Empty, body.Width, g.Ellipsis))
		return
	}
	first, selected := 0, -1
	if t.Scroll != nil {
		body = body.wider(pointerWidth)
		first, selected = t.Scroll.See(body, t.Rows), t.Scroll.Selected
	}
	for y := 0; y < body.Height && first+y < t.Rows; y++ {
		_, row := body.Left(body.Width - a.Width)
		t.drawRow(row, y, seen, t.Row(first+y), g)
		if first+y == selected {
			body.Highlight(y, style.Cursor)
			body.Put(0, y, style.Cursor, g.Pointer)
		}
	}
}

// pointerWidth is what the pointer to the selected row takes before the columns.
const pointerWidth = 2

func (t Table) titles() []Cell {
	cells := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = Cell{Text: c.Title, Token: style.Dim}
	}
	return cells
}

// A slot is where a column is drawn.
type slot struct{ column, x, width int }

// seen places the columns that there is room for. The open one takes what the
// others leave.
func (t Table) seen(room int) (slots []slot) {
	left := make([]int, len(t.Columns)) // the columns that are not left out
	for i := range left {
		left[i] = i
	}
	for t.need(left) > room {
		worst := 0
		for i, column := range left {
			if t.Columns[column].Rank >= t.Columns[left[worst]].Rank {
				worst = i
			}
		}
		if t.Columns[left[worst]].Rank == 0 {
			break
		}
		left = append(left[:worst], left[worst+1:]...)
	}
	x, spare := 0, max(0, room-t.need(left))
	for _, i := range left {
		width := t.Columns[i].least()
		if t.Columns[i].Width == 0 {
			width += spare
		}
		slots = append(slots, slot{i, x, width})
		x += width + 1
	}
	return slots
}

// need is how many cells some columns take at least.
func (t Table) need(columns []int) int {
	sum := len(columns) - 1
	for _, i := range columns {
		sum += t.Columns[i].least()
	}
	return sum
}

func (t Table) drawRow(a Area, y int, seen []slot, cells []Cell, g *style.Glyphs) {
	for _, p := range seen {
		if p.column >= len(cells) {
			return
		}
		c := &cells[p.column]
		text := c.fitting(min(p.width, a.Width-p.x), g)
		x := p.x
		if t.Columns[p.column].Right {
			x += p.width - Width(text)
		}
		a.Print(x, y, c.Token, text)
	}
}
