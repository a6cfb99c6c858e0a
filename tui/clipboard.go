package tui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A Clipboard copies text: to the terminal by OSC 52, which works over SSH too
// where the terminal allows it, and to the machine's own clipboard. Either may
// be nil. Neither can tell whether the text can be pasted, so the user is told
// which ways were tried.
type Clipboard struct {
	Terminal func(text string) error
	Native   func(text string) error
}

func (c Clipboard) copy(msg page.Copy) tea.Cmd {
	return func() tea.Msg {
		var ways string
		for _, way := range []struct {
			name string
			copy func(string) error
		}{{"the terminal (OSC 52)", c.Terminal}, {"the clipboard", c.Native}} {
			if way.copy == nil || way.copy(msg.Text) != nil {
				continue
			}
			if ways != "" {
				ways += " and "
			}
			ways += way.name
		}
		if ways == "" {
			return page.Toast{Token: style.Bad, Text: "nothing took the text; open it with enter and select it by hand"}
		}
		return page.Toast{Token: style.Good, Text: fmt.Sprintf("%s sent to %s", msg.What, ways)}
	}
}
