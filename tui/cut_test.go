package tui

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/tui/component"
)

// cutSizes are those at which nothing may be cut: those with a layout of their own
// and some between.
var cutSizes = [][2]int{{60, 16}, {66, 20}, {72, 20}, {80, 24}, {91, 24}, {100, 30}, {120, 40}, {140, 44}, {160, 48}, {200, 60}}

// ends matches what stands before an ellipsis at the end of a field. One within a
// hash or an address stands between its two ends.
var ends = regexp.MustCompile(`(\S+[^\S\n]?\S*)…([\s│╮]|$)`)

// freely are beginnings of texts that others wrote, of any length, which may be cut:
// an agent, a line of the log, where a peer listens.
var freely = []string{"evil", "found a block", "hash=", "block hash=", "a block", "[2Jname", "│"}

// cuts returns what of a frame is cut: texts that were drawn without their end, and
// fields that end with an ellipsis.
func cuts(m *Model) (found []string) {
	m.canvas.Cut = func(text string) { found = append(found, text) }
	frame := screen(m)
	m.canvas.Cut = nil
	for _, match := range ends.FindAllStringSubmatch(frame, -1) {
		found = append(found, match[1]+"…")
	}
	return slices.DeleteFunc(found, func(text string) bool {
		return slices.ContainsFunc(freely, func(begin string) bool { return strings.Contains(text, begin) })
	})
}

// No figure and no word is cut, on any page, in any state of the node, at any size;
// where there is no room a field is left out as a whole.
func TestNothingIsCut(t *testing.T) {
	prepares := map[string]func(*fake){"": func(*fake) {}}
	for name, prepare := range states {
		if name != "errors" { // what went wrong is told in sentences of any length
			prepares[name] = prepare
		}
	}
	for name, prepare := range prepares {
		f := rich()
		prepare(f)
		m := dashboard(t, f, 160, 48)
		for _, key := range digits(9) {
			if key == "2" {
				continue
			}
			press(m, key)
			settle(m, m.sample())
			for _, size := range cutSizes {
				m.width, m.height = size[0], size[1]
				m.View()
				settle(m, m.sample())
				if found := cuts(m); len(found) > 0 {
					t.Errorf("%s page %s at %dx%d: cut %q\n%s", name, key, size[0], size[1], found, screen(m))
				}
			}
		}
	}
}

func TestNothingIsCutInSituations(t *testing.T) {
	for _, s := range situations {
		if strings.HasPrefix(s.name, "DAG") {
			continue
		}
		m := s.reach(t)
		for _, size := range cutSizes {
			m.width, m.height = size[0], size[1]
			m.View()
			if found := cuts(m); len(found) > 0 {
				t.Errorf("%s at %dx%d: cut %q\n%s", s.name, size[0], size[1], found, screen(m))
			}
		}
	}
}

// Parts that do not fit are left out whole, those of the greatest rank first.
func TestParts(t *testing.T) {
	parts := []component.Part{{Text: "found 12"}, {Text: "blue 11", Rank: 1}, {Text: ""}, {Text: "red 1", Rank: 2}, {Text: "stale 0", Rank: 3}}
	for room, want := range map[int]string{40: "found 12 blue 11 red 1 stale 0", 30: "found 12 blue 11 red 1 stale 0", 29: "found 12 blue 11 red 1", 21: "found 12 blue 11", 15: "found 12", 7: ""} {
		var got []string
		for _, p := range component.Fitting(room, 1, parts) {
			got = append(got, p.Text)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("in %d cells %q, want %q", room, text, want)
		}
	}
}
