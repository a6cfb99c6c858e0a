package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A pick asks for one of several things.
type pick struct {
	page.Pick
	scroll component.Scroll
}

// NewPick returns the dialog of a choice.
func NewPick(p page.Pick) page.Page { return &pick{Pick: p} }

// Title implements page.Page.
func (d *pick) Title() string { return d.Pick.Title }

// Typing implements page.Page.
func (d *pick) Typing() bool { return false }

// Keys implements page.Page.
func (d *pick) Keys() []page.Binding {
	return []page.Binding{{Keys: []string{"enter"}, Short: "choose", Help: "Choose the line."}, keyClose, page.Moves[0], page.Moves[1]}
}

// Update implements page.Page.
func (d *pick) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case page.Click:
		if _, again := d.scroll.Click(msg.X, msg.Y); again {
			return d.choose()
		}
	case tea.KeyMsg:
		switch key := msg.String(); key {
		case "enter":
			return d.choose()
		case "esc", "q":
			return closeDialog
		default:
			d.scroll.Key(key, len(d.Options))
		}
	}
	return nil
}

func (d *pick) choose() tea.Cmd {
	if len(d.Options) == 0 {
		return closeDialog
	}
	return tea.Sequence(closeDialog, d.Done(d.scroll.Selected))
}

// Draw implements page.Page.
func (d *pick) Draw(c page.Context, a component.Area) {
	a = box(c, a, d.Pick.Title, 84, len(d.Options)+3)
	component.Table{
		Columns: []component.Column{{}}, Rows: len(d.Options), Scroll: &d.scroll, Empty: "There is none.",
		Row: func(i int) []component.Cell { return []component.Cell{{Text: d.Options[i], Token: style.Plain}} },
	}.Draw(a, c.Glyphs)
}
