package component

import "github.com/jio-dag/jio/tui/style"

// Spark draws a small graph one row high, the latest value at the right end of
// the width, scaled to the greatest that is seen.
func Spark(a Area, x, y, width int, values []float64, g *style.Glyphs) {
	if len(values) > width {
		values = values[len(values)-width:]
	}
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	x += width - len(values)
	for i, v := range values {
		a.Put(x+i, y, style.Graph, g.Bars[level(v, top, len(g.Bars))])
	}
}

// Graph draws columns over the whole area, scaled to the greatest value seen.
func Graph(a Area, values []float64, g *style.Glyphs) {
	if len(values) > a.Width {
		values = values[len(values)-a.Width:]
	}
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	steps := len(g.Bars)
	x := a.Width - len(values)
	for i, v := range values {
		filled := level(v, top, a.Height*steps)
		for row := range a.Height {
			rest := filled - row*steps
			if rest < 0 {
				break
			}
			a.Put(x+i, a.Height-1-row, style.Graph, g.Bars[min(rest, steps-1)])
		}
	}
}

// level is the step of so many on which a value stands, 0 to steps-1.
func level(v, top float64, steps int) int {
	if !(top > 0) || !(v > 0) {
		return 0
	}
	return clamp(int(v/top*float64(steps)), 0, steps-1)
}

// Progress draws a bar that is full at 1.
func Progress(a Area, x, y, width int, share float64, g *style.Glyphs) {
	full := 0
	if share > 0 {
		full = clamp(int(share*float64(width)), 0, width)
	}
	for i := range width {
		glyph, token := g.Full, style.Graph
		if i >= full {
			glyph, token = g.Empty, style.Dim
		}
		a.Put(x+i, y, token, glyph)
	}
}
