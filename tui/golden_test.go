package tui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

var update = flag.Bool("update", false, "write the golden frames; the diff is the review")

// sizes are those every page is drawn at.
var sizes = [][2]int{{60, 16}, {80, 24}, {120, 40}, {160, 48}}

// TestFrames holds every page at every size with every set of glyphs against a
// golden frame: the characters, and below them the tokens of the dark theme.
func TestFrames(t *testing.T) {
	for i := range pages() {
		for _, size := range sizes {
			for _, glyphs := range []*style.Glyphs{&style.Unicode, &style.ASCII} {
				m := dashboard(t, newFake(), size[0], size[1])
				m.cfg.Glyphs = glyphs
				press(m, fmt.Sprint(i+1))
				name := fmt.Sprintf("%s-%dx%d-%s.golden", strings.ToLower(m.pages[i].Title()), size[0], size[1], glyphs.Name)
				compare(t, filepath.Join("testdata", "frames", name), frameOf(m))
			}
		}
	}
}

// frameOf returns the characters of a frame and the letters of its tokens.
func frameOf(m *Model) string {
	c := component.NewCanvas(m.width, m.height)
	m.draw(c.Area())
	return c.String() + "\n\n" + trimLines(c.Tokens()) + "\n"
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it. Got:\n%s", file, got)
	}
}

// Every theme encodes the same cells, and every frame fits its terminal.
func TestFramesFit(t *testing.T) {
	for i := range pages() {
		for _, size := range append(sizes, [2]int{1, 1}, [2]int{39, 9}, [2]int{40, 10}, [2]int{200, 12}, [2]int{60, 70}) {
			m := dashboard(t, newFake(), size[0], size[1])
			press(m, fmt.Sprint(i+1))
			for _, theme := range style.Themes {
				m.painter = style.NewPainter(theme, termenv.TrueColor)
				fits(t, m)
			}
		}
	}
}

func fits(t testing.TB, m *Model) {
	t.Helper()
	lines := strings.Split(m.View(), "\n")
	if len(lines) != max(1, m.height) {
		t.Fatalf("%d lines at height %d", len(lines), m.height)
	}
	for _, line := range lines {
		if w := ansi.StringWidth(line); w > m.width {
			t.Fatalf("a line is %d cells wide of %d: %q", w, m.width, line)
		}
		for _, r := range ansi.Strip(line) {
			if r < ' ' || r == 0x7f {
				t.Fatalf("control character %U in %q", r, line)
			}
		}
	}
}

// Every key that a page or the dashboard answers is in the help.
func TestEveryBindingIsInHelp(t *testing.T) {
	for i, p := range pages() {
		m := dashboard(t, newFake(), 160, 120)
		press(m, fmt.Sprint(i+1), "?")
		for _, b := range append(p.Keys(), globalKeys...) {
			if !strings.Contains(screen(m), b.Help) {
				t.Errorf("%s: help lacks %q", p.Title(), b.Help)
			}
		}
	}
}
