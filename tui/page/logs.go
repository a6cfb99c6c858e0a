package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// keptLines is how many log lines the page remembers.
const keptLines = 2000

// levels are the levels of log lines, the least important first.
var levels = []string{"DEBUG", "INFO", "WARN", "ERROR"}

// Logs shows the node's log, from a level up and with a text in it.
type Logs struct {
	asked  Asked
	lines  []api.LogLine
	failed string
	level  int // index into levels
	filter filter
	back   int    // lines from the newest; 0 follows
	found  uint64 // number of the line that n and N went to, 0 for none
	height int    // lines in the last frame
}

// NewLogs returns the page.
func NewLogs() *Logs { return &Logs{level: 1} }

type logAnswer struct {
	logs api.Logs
	err  error
}

// Title implements Page.
func (l *Logs) Title() string { return "Logs" }

// Typing implements Page.
func (l *Logs) Typing() bool { return l.filter.typing }

// Keys implements Page.
func (l *Logs) Keys() []Binding {
	if l.filter.typing {
		return filterKeys
	}
	return append(l.filter.keys(), []Binding{
		{Keys: []string{"/"}, Short: "filter", Help: "Show only lines with a text in them."},
		{Keys: []string{"[", "]"}, Short: "level", Help: "Show more levels, or fewer."},
		{Keys: []string{"up", "down", "k", "j"}, Short: "scroll", Help: "Go back in the log, or on."},
		{Keys: []string{"pgup", "pgdown", "home", "end"}, Help: "Go far back in the log, or on; to its beginning or end."},
		{Keys: []string{"g", "G"}, Short: "newest", Help: "Go to the newest line and follow."},
	}...)
}

// Update implements Page.
func (l *Logs) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		return l.asked.Again(l.ask(c))
	case logAnswer:
		l.take(msg)
	case tea.KeyMsg:
		if l.filter.typing {
			l.filter.typed(msg)
			l.back = 0
		} else {
			l.key(msg.String())
		}
	}
	return nil
}

func (l *Logs) ask(c Context) tea.Cmd {
	var after uint64
	if n := len(l.lines); n > 0 {
		after = l.lines[n-1].Number
	}
	return Ask(c, api.GetLogs, api.LogParams{After: after, Limit: 500}, func(r api.Logs, err error) tea.Msg { return logAnswer{r, err} })
}

func (l *Logs) take(msg logAnswer) {
	l.asked.Answered()
	l.failed = ""
	if msg.err != nil {
		l.failed = msg.err.Error()
		return
	}
	l.lines = append(l.lines, msg.logs.Lines...)
	if n := len(l.lines); n > keptLines {
		l.lines = append([]api.LogLine(nil), l.lines[n-keptLines:]...)
	}
}

func (l *Logs) key(key string) {
	switch key {
	case "/":
		l.filter.typing = true
	case "esc":
		l.filter.Clear()
	case "n", "N":
		l.match(key)
	case "[":
		l.level = max(0, l.level-1)
	case "]":
		l.level = min(len(levels)-1, l.level+1)
	case "up", "k":
		l.back++
	case "down", "j":
		l.back = max(0, l.back-1)
	case "pgup":
		l.back += 20
	case "pgdown":
		l.back = max(0, l.back-20)
	case "home":
		l.back = len(l.lines)
	case "g", "G", "end":
		l.back, l.found = 0, 0
	}
}

// match goes to the next line with what was looked for, or to the one before, and
// lets it stand in the middle.
func (l *Logs) match(key string) {
	lines := l.shown()
	if l.filter.last == "" || len(lines) == 0 {
		return
	}
	from := slices.IndexFunc(lines, func(line *api.LogLine) bool { return line.Number == l.found })
	if from < 0 {
		from = len(lines) - 1
		if key == "N" {
			from = 0
		}
	}
	at := l.filter.nextMatch(key, from, len(lines), func(i int) []string { return logTexts(lines[i]) })
	if holds(l.filter.last, logTexts(lines[at])) {
		l.found, l.back = lines[at].Number, len(lines)-1-at-l.height/2
	}
}

// The texts of a line that a filter looks at.
func logTexts(line *api.LogLine) []string { return []string{line.Text, line.Subsystem} }

// shown returns the lines that pass level and filter.
func (l *Logs) shown() (lines []*api.LogLine) {
	for i := range l.lines {
		line := &l.lines[i]
		if levelOf(line.Level) < l.level {
			continue
		}
		if l.filter.passes(logTexts(line)...) {
			lines = append(lines, line)
		}
	}
	return lines
}

func levelOf(name string) int {
	for i, l := range levels {
		if l == name {
			return i
		}
	}
	return 1
}

// Draw implements Page.
func (l *Logs) Draw(c Context, a component.Area) {
	note := "following"
	if l.back > 0 {
		note = "g follows again"
	}
	a = component.Panel{Title: fmt.Sprintf("Logs  %s and up", strings.ToLower(levels[l.level])), Note: note, Focus: true}.Draw(a, c.Glyphs)
	text, foot := a.Bottom(1)
	if l.filter.seen() {
		l.filter.draw(c, foot)
	}
	lines := l.shown()
	if len(lines) == 0 {
		text.Print(0, 0, style.Dim, l.empty())
		return
	}
	l.height, l.back = text.Height, max(0, min(l.back, len(lines)-text.Height))
	first := max(0, len(lines)-l.back-text.Height)
	for y := 0; y < text.Height && first+y < len(lines); y++ {
		drawLogLine(c, text, y, lines[first+y], cmp.Or(l.filter.Text(), l.filter.last))
		if lines[first+y].Number == l.found {
			text.Highlight(y, style.Cursor)
		}
	}
}

func (l *Logs) empty() string {
	if l.failed != "" {
		return waitingFor(l.failed)
	}
	return "No line passes the level and the filter."
}

var levelTokens = []style.Token{style.Dim, style.Good, style.Warn, style.Bad}

// drawLogLine draws a line of the log and marks what the filter found in it.
func drawLogLine(c Context, a component.Area, y int, line *api.LogLine, found string) {
	x := a.Print(0, y, style.Dim, component.Millis(line.Time).Format("15:04:05.000 "))
	x = a.Print(x, y, levelTokens[levelOf(line.Level)], fmt.Sprintf("%-5s ", line.Level))
	x = a.Print(x, y, style.Dim, fmt.Sprintf("%-9s ", line.Subsystem))
	text := component.Cut(line.Text, a.Width-x, c.Glyphs.Ellipsis)
	a.Print(x, y, style.Plain, text)
	lower, found := strings.ToLower(text), strings.ToLower(found)
	if found == "" || len(lower) != len(text) { // else positions would not agree
		return
	}
	for at := 0; ; {
		i := strings.Index(lower[at:], found)
		if i < 0 {
			return
		}
		a.Print(x+component.Width(text[:at+i]), y, style.Cursor, text[at+i:at+i+len(found)])
		at += i + len(found)
	}
}
