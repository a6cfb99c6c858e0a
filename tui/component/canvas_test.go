package component

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"pgregory.net/rapid"

	"github.com/jio-dag/jio/tui/style"
)

func TestAreasKeepToThemselves(t *testing.T) {
	c := NewCanvas(10, 3)
	a := c.Area().Sub(2, 1, 4, 1)
	a.Print(-1, 0, style.Plain, "abcdefgh")
	a.Print(0, 1, style.Plain, "below")
	a.Print(0, -1, style.Plain, "above")
	if got, want := c.String(), "\n  bcde\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHostileTextIsHarmless(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"\x1b[2Jgone", "[2Jgone"},
		{"a\nb\tc\rd", "abcd"},
		{"right\u202eleft", "rightleft"},
		{"e\u0301", "e"},
		{"wide 世界", "wide ??"},
		{"\u009b31m", "31m"},
		{"zero\u200bwidth\u2066", "zerowidth"},
		{string([]byte{0xff, 'x'}), "\uFFFDx"},
	} {
		canvas := NewCanvas(20, 1)
		end := canvas.Area().Print(0, 0, style.Plain, c.text)
		if got := canvas.String(); got != c.want {
			t.Errorf("%q is drawn as %q, want %q", c.text, got, c.want)
		}
		if end != Width(c.text) || end != utf8.RuneCountInString(c.want) {
			t.Errorf("%q: drawn over %d cells, measured %d", c.text, end, Width(c.text))
		}
	}
}

func TestEncodeRunsOfATokenOnce(t *testing.T) {
	c := NewCanvas(8, 2)
	c.Area().Print(0, 0, style.Red, "ab")
	c.Area().Print(2, 0, style.Plain, "cd")
	p := style.NewPainter(style.ThemeByName("dark"), termenv.ANSI256)
	got := c.Encode(p)
	if want := p.On(style.Red) + "ab" + style.Off + "cd\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if w := ansi.StringWidth(strings.Split(got, "\n")[0]); w != 4 {
		t.Errorf("the first line is %d wide, want 4", w)
	}
}

// Whatever is drawn wherever, a frame has its size.
func TestFramesFit(t *testing.T) {
	p := style.NewPainter(style.ThemeByName("dark"), termenv.TrueColor)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(-1, 12)
		c := NewCanvas(size.Draw(t, "width"), size.Draw(t, "height"))
		place := rapid.IntRange(-3, 15)
		for range rapid.IntRange(0, 5).Draw(t, "drawings") {
			a := c.Area().Sub(place.Draw(t, "x"), place.Draw(t, "y"), place.Draw(t, "w"), place.Draw(t, "h"))
			if rapid.Bool().Draw(t, "panel") {
				a = Panel{Title: rapid.String().Draw(t, "title"), Note: rapid.String().Draw(t, "note")}.Draw(a, &style.Unicode)
			}
			a.Print(place.Draw(t, "column"), place.Draw(t, "row"), style.Token(rapid.IntRange(0, 20).Draw(t, "token")), rapid.String().Draw(t, "text"))
		}
		rows := strings.Split(c.Encode(p), "\n")
		if want := max(c.height, 1); len(rows) != want {
			t.Fatalf("%d rows, want %d", len(rows), want)
		}
		for _, row := range rows {
			if w := ansi.StringWidth(row); w > c.width {
				t.Fatalf("row %q is %d cells wide, of %d", row, w, c.width)
			}
		}
	})
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text  string
		cells int
		want  string
	}{{"short", 5, "short"}, {"longer", 5, "long…"}, {"x", 0, ""}, {"xy", 1, "…"}, {"a\u0301bc", 2, "a…"}} {
		if got := Cut(c.text, c.cells, '…'); got != c.want {
			t.Errorf("Cut(%q, %d) is %q, want %q", c.text, c.cells, got, c.want)
		}
	}
}
