package component

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestDotHasEveryBlockAndEdge(t *testing.T) {
	var b strings.Builder
	w := window(branches)
	if err := WriteDot(&b, w); err != nil {
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
