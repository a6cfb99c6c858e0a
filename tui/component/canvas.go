package component

import (
	"strings"

	"github.com/jio-dag/jio/tui/style"
)

// A Canvas is the grid of cells of one frame.
type Canvas struct {
	// Cut, where there is one, is told of each text that was drawn without its end.
	Cut func(text string)

	width, height int
	cells         []cell
}

type cell struct {
	glyph rune
	token style.Token
}

// NewCanvas returns an empty canvas of so many columns and rows.
func NewCanvas(width, height int) *Canvas {
	c := new(Canvas)
	c.Resize(width, height)
	return c
}

// Resize empties the canvas and gives it a size. Areas of it from before must not
// be drawn on any more.
func (c *Canvas) Resize(width, height int) {
	c.width, c.height = max(width, 0), max(height, 0)
	if n := c.width * c.height; n > cap(c.cells) {
		c.cells = make([]cell, n)
	} else {
		c.cells = c.cells[:n]
	}
	for i := range c.cells {
		c.cells[i] = cell{glyph: ' '}
	}
}

// Area returns the whole canvas to draw on.
func (c *Canvas) Area() Area { return Area{canvas: c, Width: c.width, Height: c.height} }

// Encode returns the frame as lines with escape sequences; what is empty at the
// end of a line is left out.
func (c *Canvas) Encode(p *style.Painter) string {
	var b strings.Builder
	b.Grow(len(c.cells) * 2)
	for y := range c.height {
		if y > 0 {
			b.WriteByte('\n')
		}
		c.encodeRow(&b, c.cells[y*c.width:(y+1)*c.width], p)
	}
	return b.String()
}

// encodeRow writes each change of looks once. A space that shows nothing is
// written in the looks before it, as long as those show nothing either, since every
// sequence costs more than it.
func (c *Canvas) encodeRow(b *strings.Builder, row []cell, p *style.Painter) {
	now := style.Plain
	for _, cell := range trimmed(row, p) {
		if invisible(cell, p) && !p.Fills(now) {
			b.WriteByte(' ')
			continue
		}
		if p.On(cell.token) != p.On(now) {
			if p.On(now) != "" && !p.Replaces(cell.token, now) {
				b.WriteString(style.Off)
			}
			b.WriteString(p.On(cell.token))
		}
		now = cell.token
		b.WriteRune(cell.glyph)
	}
	if p.On(now) != "" {
		b.WriteString(style.Off)
	}
}

func invisible(c cell, p *style.Painter) bool { return c.glyph == ' ' && !p.Fills(c.token) }

// trimmed leaves out the cells at the end of a row that show nothing.
func trimmed(row []cell, p *style.Painter) []cell {
	end := len(row)
	for end > 0 && invisible(row[end-1], p) {
		end--
	}
	return row[:end]
}

// String returns the characters of the frame without their looks.
func (c *Canvas) String() string { return c.Encode(new(style.Painter)) }

// Tokens returns the looks of the frame: a letter for the token of each cell
// that shows something, from 'a' for style.Plain on.
func (c *Canvas) Tokens() string {
	var b strings.Builder
	for i, cell := range c.cells {
		if i > 0 && i%c.width == 0 {
			b.WriteByte('\n')
		}
		if cell.glyph == ' ' && cell.token == style.Plain {
			b.WriteByte(' ')
			continue
		}
		b.WriteByte('a' + byte(cell.token))
	}
	return b.String()
}
