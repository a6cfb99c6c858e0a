package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
)

// NewSearch returns the dialog that finds a block, a transaction or an address.
func NewSearch() page.Page {
	return NewPrompt(page.Prompt{
		Title:  "Find",
		Text:   "A hash or the beginning of one, a blue score, a transaction id or an address.",
		Fields: []page.PromptField{{Label: "Find"}},
		Done: func(values [][]byte) tea.Cmd {
			return page.Send(page.Open{Name: string(values[0])})
		},
	})
}

// NewEvents returns the dialog that lists what was said to the user, the latest
// first.
func NewEvents(events []page.Event) page.Page {
	d := &show{Show: page.Show{Title: "Events"}}
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		d.lines = append(d.lines, component.Cell{Text: e.Time.UTC().Format("15:04:05 ") + page.Mark(e.Token) + e.Text, Token: e.Token})
	}
	if len(events) == 0 {
		d.lines = []component.Cell{{Text: "Nothing was said yet."}}
	}
	return d
}
