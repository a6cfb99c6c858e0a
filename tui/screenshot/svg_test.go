package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"
)

// picture of a few cells: everything that can be seen is in it, and it is XML.
func TestSVG(t *testing.T) {
	terminal := vt10x.New(vt10x.WithSize(12, 2))
	if _, err := io.WriteString(terminal, "\x1b[1;38;2;1;2;255ma<&\x1b[0m\u2500\u253c \u2588\x1b[48;2;9;9;9m b"); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := writeSVG(&b, cellsOf(terminal, 12, 2)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<text x="0" y="13" textLength="24" lengthAdjust="spacingAndGlyphs" fill="#0102ff" font-weight="bold">a&lt;&amp;</text>`,
		`<path d="M28 8.5L24 8.5M28 8.5L32 8.5M36 8.5L36 0M36 8.5L36 17M36 8.5L32 8.5M36 8.5L40 8.5" stroke="` + foreground + `"`,
		`<rect x="48" y="0" width="8" height="17" fill="` + foreground + `"/>`,
		`<rect x="56" y="0" width="16" height="17" fill="#090909"/>`,
		`textLength="8" lengthAdjust="spacingAndGlyphs" fill="` + foreground + `">b</text>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing in\n%s", want, &b)
		}
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
