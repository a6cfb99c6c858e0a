package component

import (
	"unicode"

	"github.com/mattn/go-runewidth"
)

// narrow measures runes as terminals outside East Asian locales do; those
// locales get the ASCII glyphs.
var narrow = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

// printable reports whether a rune takes a cell at all: controls, escapes, marks
// that turn the direction of writing, joiners and combining marks do not.
func printable(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Co) && unicode.IsPrint(r) || r == unicode.ReplacementChar
}

// fitting returns what stands in a cell for a rune: a question mark where the
// rune is not exactly one cell wide.
func fitting(r rune) rune {
	if r < 0x7f && r >= ' ' || r >= 0x2500 && r <= 0x25ff { // lines, blocks and shapes
		return r
	}
	if !printable(r) || narrow.RuneWidth(r) != 1 {
		return '?'
	}
	return r
}
