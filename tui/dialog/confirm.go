package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A confirm asks a question. No stands first and is what enter chooses.
type confirm struct {
	page.Confirm
	yes   bool
	typed component.Field
}

// NewConfirm returns the dialog of a question.
func NewConfirm(q page.Confirm) page.Page { return &confirm{Confirm: q} }

// Title implements page.Page.
func (d *confirm) Title() string { return d.Confirm.Title }

// Typing implements page.Page.
func (d *confirm) Typing() bool { return d.Retype != "" }

// Keys implements page.Page.
func (d *confirm) Keys() []page.Binding {
	keys := []page.Binding{
		{Keys: []string{"tab", "shift+tab", "left", "right"}, Short: "choose", Help: "Go to the other answer."},
		{Keys: []string{"enter"}, Short: "answer", Help: "Give the marked answer."},
		keyCancel,
	}
	if d.Retype == "" {
		keys = append(keys, page.Binding{Keys: []string{"y"}, Short: "yes", Help: "Answer yes."}, page.Binding{Keys: []string{"n"}, Short: "no", Help: "Answer no."})
	}
	return keys
}

// Update implements page.Page.
func (d *confirm) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch name := key.String(); {
	case name == "esc", name == "n" && !d.Typing():
		return closeDialog
	case name == "y" && !d.Typing():
		return tea.Sequence(closeDialog, d.Yes)
	case name == "tab", name == "left", name == "right", name == "shift+tab":
		d.yes = !d.yes
	case name == "enter":
		return d.answer()
	case d.Typing():
		component.Edit(&d.typed, key)
	}
	return nil
}

func (d *confirm) answer() tea.Cmd {
	if !d.yes {
		return closeDialog
	}
	if d.Retype != "" && d.typed.Text() != d.Retype {
		return page.Send(page.Toast{Token: style.Warn, Text: "type " + d.Retype + " first, then choose Yes"})
	}
	return tea.Sequence(closeDialog, d.Yes)
}

// Draw implements page.Page.
func (d *confirm) Draw(c page.Context, a component.Area) {
	const width = 80 // an address has room in a line
	lines := component.Wrap(d.Text, min(width, a.Width)-4)
	height := len(lines) + 4
	if d.Typing() {
		height += 2
	}
	a = box(c, a, d.Confirm.Title, width, height)
	for y, line := range lines {
		a.Print(0, y, style.Plain, line)
	}
	y := len(lines) + 1
	if d.Typing() {
		x := a.Print(0, y, style.Dim, "Type "+d.Retype+": ")
		d.typed.Draw(a.Sub(x, y, a.Width-x, 1), true, c.Glyphs)
		y += 2
	}
	x := choice(a, 0, y, " No ", !d.yes)
	choice(a, x+2, y, " Yes ", d.yes)
}

// choice draws an answer; the one that enter would give is marked by brackets
// too.
func choice(a component.Area, x, y int, text string, marked bool) int {
	if marked {
		return a.Print(x, y, style.Cursor, "["+text+"]")
	}
	return a.Print(x, y, style.Plain, " "+text+" ")
}
