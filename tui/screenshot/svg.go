package main

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hinshun/vt10x"

	"github.com/jio-dag/jio/tui/style"
)

// The picture, in its own units: a cell of the terminal, and a margin around all.
const (
	cellWidth  = 8
	cellHeight = 17
	baseline   = 13
	margin     = 12
)

// The colours of the terminal that is pretended.
const (
	foreground = "#d8dae5"
	background = "#14161f"
)

// A screen is the cells of a terminal, row by row.
type screen [][]vt10x.Glyph

// bold is an attribute of vt10x.Glyph.Mode, which that package does not export.
const bold = 1 << 2

// writeSVG writes a screen as a picture. Lines and bars are drawn, so that they join
// whatever the font; the rest is text, each run of it as wide as its cells.
func writeSVG(w io.Writer, s screen) error {
	b := bufio.NewWriter(w)
	columns := 0
	for _, row := range s {
		columns = max(columns, len(row))
	}
	width, height := columns*cellWidth+2*margin, len(s)*cellHeight+2*margin
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="13.2">`+"\n", width, height)
	fmt.Fprintf(b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
	fmt.Fprintf(b, `<g transform="translate(%d %d)">`+"\n", margin, margin)
	lines := map[string]*strings.Builder{}
	for y, row := range s {
		writeBackgrounds(b, row, y)
		for x, cell := range row {
			drawLines(lines, cell, x, y)
			drawBar(b, cell, x, y)
		}
		writeText(b, row, y)
	}
	for _, colour := range sortedKeys(lines) {
		fmt.Fprintf(b, `<path d="%s" stroke="%s" fill="none"/>`+"\n", lines[colour], colour)
	}
	fmt.Fprint(b, "</g>\n</svg>\n")
	return b.Flush()
}

func sortedKeys(m map[string]*strings.Builder) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// runs calls draw for each stretch of cells that are alike.
func runs(row []vt10x.Glyph, alike func(a, b vt10x.Glyph) bool, draw func(from, to int)) {
	for from := 0; from < len(row); {
		to := from + 1
		for to < len(row) && alike(row[from], row[to]) {
			to++
		}
		draw(from, to)
		from = to
	}
}

func writeBackgrounds(w io.Writer, row []vt10x.Glyph, y int) {
	runs(row, func(a, b vt10x.Glyph) bool { return a.BG == b.BG }, func(from, to int) {
		if colour := colourOf(row[from].BG, background); colour != background {
			fmt.Fprintf(w, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", from*cellWidth, y*cellHeight, (to-from)*cellWidth, cellHeight, colour)
		}
	})
}

// writeText writes words; spaces and what is drawn end them.
func writeText(w io.Writer, row []vt10x.Glyph, y int) {
	text := func(g vt10x.Glyph) bool { return g.Char > ' ' && directions(g.Char) == 0 && barLevel(g.Char) == 0 }
	alike := func(a, b vt10x.Glyph) bool { return text(a) && text(b) && a.FG == b.FG && a.Mode&bold == b.Mode&bold }
	runs(row, alike, func(from, to int) {
		if !text(row[from]) {
			return
		}
		var word strings.Builder
		for _, g := range row[from:to] {
			_ = xml.EscapeText(&word, []byte(string(g.Char))) // a Builder takes everything
		}
		weight := ""
		if row[from].Mode&bold != 0 {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(w, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n",
			from*cellWidth, y*cellHeight+baseline, (to-from)*cellWidth, colourOf(row[from].FG, foreground), weight, word.String())
	})
}

// directions are the sides to which the lines of a character go, 0 when it is not
// made of lines.
func directions(char rune) int {
	if char <= ' ' {
		return 0
	}
	for mask := len(style.Unicode.Lines) - 1; mask > 0; mask-- {
		if style.Unicode.Lines[mask] == char {
			return mask
		}
	}
	return 0
}

func drawLines(paths map[string]*strings.Builder, g vt10x.Glyph, x, y int) {
	mask := directions(g.Char)
	if mask == 0 {
		return
	}
	colour := colourOf(g.FG, foreground)
	if paths[colour] == nil {
		paths[colour] = new(strings.Builder)
	}
	left, top := float64(x*cellWidth), float64(y*cellHeight)
	middle, center := left+cellWidth/2, top+cellHeight/2.0
	for _, side := range []struct {
		mask int
		x, y float64
	}{{style.Up, middle, top}, {style.Down, middle, top + cellHeight}, {style.Left, left, center}, {style.Right, left + cellWidth, center}} {
		if mask&side.mask != 0 {
			fmt.Fprintf(paths[colour], "M%g %gL%g %g", middle, center, side.x, side.y)
		}
	}
}

// barLevel is how many eighths of a cell a character fills, 0 for other characters.
func barLevel(char rune) int { return slices.Index(style.Unicode.Bars, char) + 1 }

func drawBar(w io.Writer, g vt10x.Glyph, x, y int) {
	level := barLevel(g.Char)
	if level == 0 {
		return
	}
	height := float64(cellHeight*level) / float64(len(style.Unicode.Bars))
	fmt.Fprintf(w, `<rect x="%d" y="%g" width="%d" height="%g" fill="%s"/>`+"\n", x*cellWidth, float64((y+1)*cellHeight)-height, cellWidth, height, colourOf(g.FG, foreground))
}

// colourOf returns a colour as SVG has it. The dashboard uses no palette in a
// terminal with all colours, so what is below 256 is black.
func colourOf(c vt10x.Color, otherwise string) string {
	switch {
	case c == vt10x.DefaultFG:
		return foreground
	case c == vt10x.DefaultBG:
		return background
	case c > 0xffffff:
		return otherwise
	}
	return fmt.Sprintf("#%06x", uint32(c))
}
