package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// For returns the dialog that a page's message asks for, nil when it asks for
// none.
func For(msg tea.Msg) page.Page {
	switch msg := msg.(type) {
	case page.Confirm:
		return NewConfirm(msg)
	case page.Prompt:
		return NewPrompt(msg)
	case page.Show:
		return NewShow(msg)
	case page.Open:
		return NewInspect(msg)
	}
	return nil
}

var keyClose = page.Binding{Keys: []string{"esc"}, Short: "close", Help: "Close the dialog."}

var closeDialog = page.Send(page.Close{})

// box clears a place in the middle of an area, as large as wanted and as there
// is, and draws a panel around it.
func box(c page.Context, a component.Area, title string, width, height int) component.Area {
	width, height = min(width, a.Width), min(height, a.Height)
	place := a.Sub((a.Width-width)/2, (a.Height-height)/2, width, height)
	place.Clear()
	return component.Panel{Title: title, Note: "esc closes", Focus: true}.Draw(place, c.Glyphs)
}

// A reader is a text longer than its place, and how far it was read.
type reader struct {
	lines []component.Cell
	top   int
}

// key moves through the text and reports whether the key did.
func (r *reader) key(key string) bool {
	switch key {
	case "up", "k":
		r.top--
	case "down", "j":
		r.top++
	case "pgup":
		r.top -= 10
	case "pgdown", " ":
		r.top += 10
	case "home", "g":
		r.top = 0
	case "end", "G":
		r.top = len(r.lines)
	default:
		return false
	}
	return true
}

func (r *reader) draw(c page.Context, a component.Area) {
	r.top = max(0, min(r.top, len(r.lines)-a.Height))
	for y := 0; y < a.Height && r.top+y < len(r.lines); y++ {
		line := r.lines[r.top+y]
		a.Print(0, y, line.Token, component.Cut(line.Text, a.Width, c.Glyphs.Ellipsis))
	}
	if hidden := len(r.lines) - r.top - a.Height; hidden > 0 {
		a.PrintRight(a.Height-1, style.Dim, "more below")
	}
}
