package page

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// A filter is a text that the lines of a list must hold to be shown, upper and
// lower case alike.
type filter struct {
	component.Field
	typing bool   // it has the keys
	last   string // what was looked for last, kept when all is shown again
}

// keyMatches goes on to what was looked for. Pages have it once something was.
var keyMatches = Binding{Keys: []string{"n", "N"}, Short: "match", Help: "Go to the next line with what was looked for last, or to the one before."}

// nextMatch returns the row, of so many, after or before another whose texts hold
// what was looked for last, from the other end after the last one; the same row when
// there is none.
func (f *filter) nextMatch(key string, from, rows int, texts func(row int) []string) int {
	step := 1
	if key == "N" {
		step = rows - 1
	}
	row := from
	for range rows {
		row = (row + step) % rows
		if holds(f.last, texts(row)) {
			return row
		}
	}
	return from
}

// match goes on to the next row of a list, or the one before.
func (f *filter) match(key string, s *component.Scroll, rows int, texts func(row int) []string) {
	if f.last != "" {
		s.Selected = f.nextMatch(key, s.Selected, rows, texts)
	}
}

// keys are those of a filter that is not typed just now.
func (f *filter) keys() []Binding {
	if f.last == "" {
		return nil
	}
	return []Binding{keyMatches}
}

// filterKeys are those of a filter that is typed.
var filterKeys = []Binding{
	{Keys: []string{"enter"}, Short: "done", Help: "Keep the filter."},
	{Keys: []string{"esc"}, Short: "clear", Help: "Show all."},
}

// typed takes a key while the filter is typed and reports whether its text changed.
func (f *filter) typed(key tea.KeyMsg) (changed bool) {
	before := f.Text()
	switch key.String() {
	case "esc":
		f.typing = false
		f.Clear()
	case "enter":
		f.typing, f.last = false, f.Text()
	default:
		component.Edit(&f.Field, key)
	}
	return f.Text() != before
}

// seen reports whether there is something to draw.
func (f *filter) seen() bool { return f.typing || f.Len() > 0 }

// draw draws the filter in the first row of an area.
func (f *filter) draw(c Context, a component.Area) {
	x := a.Print(0, 0, style.Key, "/")
	f.Draw(a.Sub(x, 0, a.Width-x, 1), f.typing, c.Glyphs)
}

// passes reports whether one of the texts of a line holds the filter's.
func (f *filter) passes(texts ...string) bool { return holds(f.Text(), texts) }

// holds reports whether one of some texts holds another, upper and lower case alike.
func holds(want string, texts []string) bool {
	want = strings.ToLower(want)
	return want == "" || slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), want) })
}

// filtered returns the lines whose texts pass.
func filtered[E any](f *filter, lines []E, texts func(*E) []string) []E {
	if f.Len() == 0 {
		return lines
	}
	var out []E
	for i := range lines {
		if f.passes(texts(&lines[i])...) {
			out = append(out, lines[i])
		}
	}
	return out
}
