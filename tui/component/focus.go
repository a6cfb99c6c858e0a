package component

import "github.com/jio-dag/jio/tui/style"

// Focus makes the border of a panel that was drawn in an area that of the panel that
// has the keys.
func Focus(a Area) {
	for y := range a.Height {
		for x := range a.Width {
			if x > 0 && y > 0 && x < a.Width-1 && y < a.Height-1 {
				continue
			}
			if cell := &a.canvas.cells[(a.y+y)*a.canvas.width+a.x+x]; cell.token == style.Border {
				cell.token = style.Focus
			}
		}
	}
}

// Has reports whether a position of the canvas is in the area.
func (a Area) Has(x, y int) bool {
	return x >= a.x && x < a.x+a.Width && y >= a.y && y < a.y+a.Height
}
