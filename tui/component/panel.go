package component

import (
	"strings"

	"github.com/jio-dag/jio/tui/style"
)

// A Panel is a box with a title and, at the right of the same line, a note.
type Panel struct {
	Title, Note string
	Focus       bool
}

// Draw draws the box and returns what is inside, with a free column at each
// side.
func (p Panel) Draw(a Area, g *style.Glyphs) Area {
	token := style.Border
	if p.Focus {
		token = style.Focus
	}
	frame(a, token, g)
	room := a.Width - 4
	if room > 0 && p.Title != "" {
		title := whole(p.Title, room-1, g)
		x := a.Print(1, 0, token, string(g.Lines[style.Left]))
		x = a.Print(x, 0, style.Title, " "+title+" ")
		room = a.Width - x - 3
	}
	if note := p.Note; note != "" && Width(note) <= room {
		a.Print(a.Width-Width(note)-4, 0, style.Dim, " "+note+" ")
	}
	return p.Inside(a)
}

// Inside returns what is inside the box, for what must be known before it is drawn.
func (p Panel) Inside(a Area) Area { return a.Sub(2, 1, a.Width-4, a.Height-2) }

// whole leaves out the last parts of a title, which stand two spaces apart, until it
// fits. Only a part that is too long by itself is cut.
func whole(title string, cells int, g *style.Glyphs) string {
	for Width(title) > cells {
		i := strings.LastIndex(title, "  ")
		if i < 0 {
			return Cut(title, cells, g.Ellipsis)
		}
		title = title[:i]
	}
	return title
}

func frame(a Area, token style.Token, g *style.Glyphs) {
	right, bottom := a.Width-1, a.Height-1
	for x := 1; x < right; x++ {
		a.Put(x, 0, token, g.Lines[style.Left])
		a.Put(x, bottom, token, g.Lines[style.Left])
	}
	for y := 1; y < bottom; y++ {
		a.Put(0, y, token, g.Lines[style.Up])
		a.Put(right, y, token, g.Lines[style.Up])
	}
	a.Put(0, 0, token, g.TopLeft)
	a.Put(right, 0, token, g.TopRight)
	a.Put(0, bottom, token, g.BottomLeft)
	a.Put(right, bottom, token, g.BottomRight)
}

// Pair draws a label and, at a column, its value.
func Pair(a Area, y, column int, label, value string) {
	a.Print(0, y, style.Dim, label)
	a.Print(column, y, style.Plain, value)
}
