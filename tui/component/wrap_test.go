package component

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Nothing of a text is lost, and no line is too long.
func TestWrapKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("abc  \n世\u0301é"))).Draw(t, "text")
		width := rapid.IntRange(-2, 70).Draw(t, "width")
		lines := Wrap(text, width)
		bare := strings.Join(strings.Fields(text), "")
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != bare {
			t.Fatalf("%q became %q", bare, got)
		}
		for _, line := range lines {
			if Width(line) > max(1, width) {
				t.Fatalf("%q is longer than %d", line, width)
			}
		}
	})
}

// A word that has room in a line is not broken, however long.
func TestWrapBreaksOnlyWhatIsTooLong(t *testing.T) {
	long := strings.Repeat("x", 71)
	for width, want := range map[int][]string{
		90: {"to " + long + " for"},
		71: {"to", long, "for"},
		60: {"to", long[:60], long[60:] + " for"},
	} {
		if got := Wrap("to "+long+" for", width); !slices.Equal(got, want) {
			t.Errorf("at %d: %q", width, got)
		}
	}
}
