package component

import (
	"unicode/utf8"

	"github.com/jio-dag/jio/tui/style"
)

// An Area is a rectangle of a canvas. Positions in it count from its upper left
// corner; what falls outside is not drawn.
type Area struct {
	canvas        *Canvas
	x, y          int
	Width, Height int
}

// Sub returns the part of the area that begins at a position, cut to what is
// there.
func (a Area) Sub(x, y, width, height int) Area {
	x, y = clamp(x, 0, a.Width), clamp(y, 0, a.Height)
	return Area{a.canvas, a.x + x, a.y + y, clamp(width, 0, a.Width-x), clamp(height, 0, a.Height-y)}
}

// Top cuts so many rows off the top and returns them and the rest.
func (a Area) Top(rows int) (top, rest Area) {
	rows = clamp(rows, 0, a.Height)
	return a.Sub(0, 0, a.Width, rows), a.Sub(0, rows, a.Width, a.Height-rows)
}

// Bottom cuts so many rows off the bottom and returns the rest and them.
func (a Area) Bottom(rows int) (rest, bottom Area) { return a.Top(a.Height - clamp(rows, 0, a.Height)) }

// Left cuts so many columns off the left and returns them and the rest.
func (a Area) Left(columns int) (left, rest Area) {
	columns = clamp(columns, 0, a.Width)
	return a.Sub(0, 0, columns, a.Height), a.Sub(columns, 0, a.Width-columns, a.Height)
}

// wider returns the area with so many columns more at its left, which must be there.
func (a Area) wider(columns int) Area {
	a.x, a.Width = a.x-columns, a.Width+columns
	return a
}

// Inset leaves out a margin of columns on both sides.
func (a Area) Inset(columns int) Area { return a.Sub(columns, 0, a.Width-2*columns, a.Height) }

// Put draws one cell.
func (a Area) Put(x, y int, token style.Token, glyph rune) {
	if x < 0 || y < 0 || x >= a.Width || y >= a.Height {
		return
	}
	a.canvas.cells[(a.y+y)*a.canvas.width+a.x+x] = cell{fitting(glyph), token}
}

// Print draws text from a position on and returns the column after it. Text
// that does not fit is cut off, and the canvas notes it.
func (a Area) Print(x, y int, token style.Token, text string) int {
	if y >= 0 && y < a.Height && x+len(text) > a.Width {
		a.noteCut(x, text)
	}
	for _, r := range text {
		if !printable(r) {
			continue
		}
		a.Put(x, y, token, r)
		x++
	}
	return x
}

// noteCut tells who watches the canvas of a text that will lose its end.
func (a Area) noteCut(x int, text string) {
	if a.canvas.Cut != nil && x+Width(text) > a.Width {
		a.canvas.Cut(text)
	}
}

// PrintRight draws text that ends at the area's right edge.
func (a Area) PrintRight(y int, token style.Token, text string) {
	a.Print(a.Width-Width(text), y, token, text)
}

// PrintCenter draws text in the middle of a row.
func (a Area) PrintCenter(y int, token style.Token, text string) {
	a.Print(max(0, (a.Width-Width(text))/2), y, token, text)
}

// Fill draws the same cell everywhere.
func (a Area) Fill(token style.Token, glyph rune) {
	for y := range a.Height {
		for x := range a.Width {
			a.Put(x, y, token, glyph)
		}
	}
}

// Clear empties the area, for what is drawn above something else.
func (a Area) Clear() { a.Fill(style.Plain, ' ') }

// Highlight gives the cells of a row another token and leaves their characters.
func (a Area) Highlight(y int, token style.Token) {
	if y < 0 || y >= a.Height {
		return
	}
	for x := range a.Width {
		a.canvas.cells[(a.y+y)*a.canvas.width+a.x+x].token = token
	}
}

// Width returns the number of cells that text takes.
func Width(text string) (n int) {
	for _, r := range text {
		if printable(r) {
			n++
		}
	}
	return n
}

// Cut shortens text to so many cells, the last of which then shows that
// something is missing.
func Cut(text string, cells int, ellipsis rune) string {
	if Width(text) <= cells {
		return text
	}
	if cells <= 0 {
		return ""
	}
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if !printable(r) {
			continue
		}
		if cells == 1 {
			break
		}
		out = utf8.AppendRune(out, r)
		cells--
	}
	return string(utf8.AppendRune(out, ellipsis))
}

func clamp(v, low, high int) int { return max(low, min(v, max(low, high))) }
