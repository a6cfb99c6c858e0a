package component

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestDotHasEveryBlockAndEdge(t *testing.T) {
	var b strings.Builder
	w := window(branches)
	if err := WriteDot(&b, Lay(w, len(w.Blocks))); err != nil {
		t.Fatal(err)
	}
	edges := 0
	for _, block := range w.Blocks {
		edges += len(block.Parents)
		if !strings.Contains(b.String(), `"`+block.Hash.String()+`" [label`) {
			t.Errorf("block %v is missing", block.Hash)
		}
	}
	if got := strings.Count(b.String(), "->"); got != edges {
		t.Errorf("%d edges, want %d", got, edges)
	}
}

// A branch from further back is drawn as far as the chain is, and the rest counted.
func TestExportsLeaveOutWhatIsOlder(t *testing.T) {
	w := partition(20, 20, 0)
	l := Lay(w, LanesFor(w))
	if l.Older != 3 {
		t.Fatalf("%d blocks are older, want 3", l.Older)
	}
	for name, write := range map[string]func(io.Writer, *DagLayout) error{"dot": WriteDot, "svg": WriteSVG} {
		var b strings.Builder
		if err := write(&b, l); err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]bool{"+3 older not shown": true, named("s2").String(): false, w.Sink.String(): true, named("c0").String(): true} {
			if strings.Contains(b.String(), text) != want {
				t.Errorf("%s: %s is there: %v", name, text, !want)
			}
		}
	}
}

// In the picture, blocks stand where the layout says, the sink near the right end.
func TestSVGShowsTheChainFirstToLast(t *testing.T) {
	w := partition(30, 30, 0)
	l := Lay(w, LanesFor(w))
	var b strings.Builder
	if err := WriteSVG(&b, l); err != nil {
		t.Fatal(err)
	}
	var first, sink int
	for name, x := range map[string]*int{"c0": &first, "c29": &sink} {
		_, after, _ := strings.Cut(b.String(), named(name).String())
		_, after, _ = strings.Cut(after, `x="`)
		fmt.Sscan(after, x)
	}
	if from, to := svgMargin-svgBlock/2, svgMargin+(l.Columns-1-mostAhead)*svgColumn-svgBlock/2; first != from || sink < to {
		t.Errorf("the chain is drawn from %d to %d, want from %d to at least %d", first, sink, from, to)
	}
}

func TestSVGIsXMLWithEveryPlacedBlock(t *testing.T) {
	for lanes := range 3 {
		var b strings.Builder
		l := Lay(window(branches), lanes)
		if err := WriteSVG(&b, l); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Count(b.String(), "<g>"), len(l.places)-l.Hidden(); got != want {
			t.Errorf("%d lanes: %d blocks drawn, want %d", lanes, got, want)
		}
		d := xml.NewDecoder(strings.NewReader(b.String()))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestExportStopsAtAFailingWriter(t *testing.T) {
	if err := WriteSVG(failing{}, Lay(window(branches), 1)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
