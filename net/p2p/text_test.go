package p2p

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"jio/1.0 (linux)":   "jio/1.0 (linux)",
		"a\x1b[2Jb\nc\x00":  "a[2Jbc",
		"left\u202eright":   "leftright", // bidirectional override
		"a\u200bb\u2066c":   "abc",
		"\xff\xfeok":        "ok",
		"grün":              "grün",
		"0123456789abcdefg": "0123456789abcdef",
		"0123456789abcdeü":  "0123456789abcde",
	} {
		limit := 16
		if got := Printable(text, limit); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(0, 50).Draw(t, "limit")
		got := Printable(string(rapid.SliceOf(rapid.Byte()).Draw(t, "text")), limit)
		if len(got) > limit || !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' }) || Printable(got, limit) != got {
			t.Fatalf("%q", got)
		}
	})
}
