package p2p

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns what of a peer's text may be shown: no control, format or
// bidirectional characters, no malformed UTF-8, at most limit bytes.
func Printable(text string, limit int) string {
	var b strings.Builder
	for _, r := range text {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			continue
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
