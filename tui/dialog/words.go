package dialog

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// wordsShown is how long words stay on the screen when nobody closes them.
const wordsShown = 2 * time.Minute

// A words shows the words of a wallet. They can be read and not copied, and are
// wiped when the dialog closes, which it does by itself too.
type words struct {
	reader
	page.ShowWords
	opened time.Time
}

// NewWords returns the dialog that shows the words of a wallet, which it owns.
func NewWords(w page.ShowWords) page.Page { return &words{ShowWords: w} }

// Title implements page.Page.
func (d *words) Title() string { return "Words" }

// Keys implements page.Page.
func (d *words) Keys() []page.Binding {
	return append([]page.Binding{{Keys: []string{"esc", "enter", "q"}, Short: "close", Help: "Close the dialog."}}, d.keys()...)
}

// Typing implements page.Page.
func (d *words) Typing() bool { return false }

// Update implements page.Page.
func (d *words) Update(c page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case page.Tick:
		if d.opened.IsZero() {
			d.opened = c.Now
		}
		if c.Now.Sub(d.opened) >= wordsShown {
			return d.close()
		}
	case tea.KeyMsg:
		switch key := msg.String(); key {
		case "esc", "enter", "q":
			return d.close()
		default:
			d.key(key)
		}
	}
	return nil
}

func (d *words) close() tea.Cmd {
	d.Words.Wipe()
	d.Words, d.lines = nil, nil
	return closeDialog
}

// Draw implements page.Page.
func (d *words) Draw(c page.Context, a component.Area) {
	width := min(84, a.Width)
	text := "Whoever has them has the coins. They go away by themselves after two minutes; a recorder of the terminal sees them too."
	if d.Passphrase {
		text += " The passphrase, which is needed besides, is not shown."
	}
	d.lines = nil
	for _, line := range component.Numbered(d.Words, width-4) {
		d.lines = append(d.lines, component.Cell{Text: line, Token: style.Strong})
	}
	d.lines = append(d.lines, component.Cell{})
	for _, line := range component.Wrap(text, width-4) {
		d.lines = append(d.lines, component.Cell{Text: line, Token: style.Dim})
	}
	d.draw(box(c, a, "Words of "+d.Wallet, width, len(d.lines)+2))
}
