package component

import (
	"fmt"
	"io"
	"strings"

	"github.com/jio-dag/jio/node/api"
)

// exportColours are those of a picture that leaves the terminal; the letter in
// each block tells the kinds apart without them.
var exportColours = map[string]struct{ fill, letter string }{
	"sink": {"#f4d06f", "S"}, "chain": {"#7fd1c7", "C"}, "blue": {"#7aa7ff", "B"}, "red": {"#ff7a85", "R"}, "pending": {"#dddddd", "?"},
}

func exportKind(b *api.DagBlock, w *api.DagWindow) string {
	if b.Hash == w.Sink {
		return "sink"
	}
	if _, known := exportColours[b.Fate]; known {
		return b.Fate
	}
	return "pending"
}

// WriteDot writes what a layout shows for Graphviz: an arrow from each block to its
// parents, bold to the selected one, and blocks of a column in one rank.
func WriteDot(out io.Writer, l *DagLayout) error {
	p := &printer{out: out}
	p.printf("digraph dag {\n\trankdir=RL\n\tnode [shape=box style=filled fontname=monospace]\n")
	ranks := make([]string, l.Columns)
	for i := range l.places {
		if l.places[i].hidden {
			continue
		}
		b := &l.Window.Blocks[i]
		look := exportColours[exportKind(b, l.Window)]
		p.printf("\t%q [label=\"%s %s\\nblue %d\" fillcolor=%q]\n", b.Hash, look.letter, b.Hash.String()[:8], b.BlueScore, look.fill)
		l.writeArrows(p, i)
		ranks[l.places[i].column] += fmt.Sprintf(" %q", b.Hash)
	}
	for _, blocks := range ranks {
		if strings.Contains(blocks, "\" \"") {
			p.printf("\t{rank=same%s}\n", blocks)
		}
	}
	if l.Older > 0 {
		p.printf("\tlabel=\"+%d older not shown\"\n", l.Older)
	}
	p.printf("}\n")
	return p.err
}

// writeArrows writes those from a block to its parents; those that the chain is made
// of pull harder.
func (l *DagLayout) writeArrows(p *printer, i int) {
	b := &l.Window.Blocks[i]
	for n, parent := range b.Parents {
		j := l.before(i, parent)
		if j < 0 || l.places[j].hidden {
			continue
		}
		style := ""
		switch {
		case n == 0 && l.onChain(i):
			style = " [style=bold weight=9]"
		case n == 0:
			style = " [style=bold]"
		}
		p.printf("\t%q -> %q%s\n", b.Hash, parent, style)
	}
}

// The sizes of an exported picture, in its own units.
const (
	svgColumn = 46
	svgLane   = 40
	svgBlock  = 26
	svgMargin = 30
)

// WriteSVG writes the picture of a layout as an SVG document, every parent of a
// block joined to it.
func WriteSVG(out io.Writer, l *DagLayout) error {
	p := &printer{out: out}
	width, height := l.Columns*svgColumn+2*svgMargin, (2*l.lanes+1)*svgLane+2*svgMargin
	p.printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"monospace\" font-size=\"12\" text-anchor=\"middle\">\n", width, height)
	p.printf("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n")
	for i := range l.places {
		l.writeEdges(p, i)
	}
	for i := range l.places {
		if l.places[i].hidden {
			continue
		}
		b := &l.Window.Blocks[i]
		x, y := l.svgAt(i)
		look := exportColours[exportKind(b, l.Window)]
		p.printf("<g><title>%s\nblue score %d</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#444444\"/>",
			b.Hash, b.BlueScore, x-svgBlock/2, y-svgBlock/2, svgBlock, svgBlock, look.fill)
		p.printf("<text x=\"%d\" y=\"%d\">%s</text></g>\n", x, y+4, look.letter)
	}
	for column, n := range l.hidden {
		if n > 0 {
			p.printf("<text x=\"%d\" y=\"32\">+%d</text>\n", svgMargin+column*svgColumn, n)
		}
	}
	if l.Older > 0 {
		p.printf("<text x=\"4\" y=\"16\" text-anchor=\"start\">+%d older not shown</text>\n", l.Older)
	}
	p.printf("</svg>\n")
	return p.err
}

func (l *DagLayout) svgAt(i int) (x, y int) {
	return svgMargin + l.places[i].column*svgColumn, svgMargin + (l.places[i].lane+l.lanes)*svgLane
}

func (l *DagLayout) writeEdges(p *printer, i int) {
	if l.places[i].hidden {
		return
	}
	x, y := l.svgAt(i)
	for n, parent := range l.Window.Blocks[i].Parents {
		j, ok := l.index[parent]
		if !ok || l.places[j].hidden {
			continue
		}
		width := 1
		if n == 0 {
			width = 2
		}
		px, py := l.svgAt(j)
		p.printf("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#888888\" stroke-width=\"%d\"/>\n", x, y, px, py, width)
	}
}

// A printer keeps the first error of writing.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// LanesFor returns how many lanes on each side of the chain a window needs for
// all its blocks to be seen.
func LanesFor(w *api.DagWindow) int { return Lay(w, len(w.Blocks)).Lanes() }
