package dialog

import (
	"math"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
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
	case page.ShowWords:
		return NewWords(msg)
	case page.Open:
		return NewInspect(msg)
	case page.Pick:
		return NewPick(msg)
	}
	return nil
}

var (
	keyCancel = page.Binding{Keys: []string{"esc"}, Short: "close", Help: "Close the dialog."}
	keyClose  = page.Binding{Keys: []string{"esc", "q"}, Short: "close", Help: "Close the dialog."}
)

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
	component.Reading
}

// keys are those that move, where there is more than is seen.
func (r *reader) keys() []page.Binding {
	if !r.Long {
		return nil
	}
	return readerKeys
}

var readerKeys = []page.Binding{
	{Keys: []string{"up", "down", "k", "j"}, Short: "read", Help: "Read on, or back."},
	{Keys: []string{"pgup", "pgdown", " "}, Help: "Read on by a page, or back."},
	{Keys: []string{"home", "end", "g", "G"}, Help: "Go to the beginning or the end."},
}

// key moves through the text and reports whether the key did.
func (r *reader) key(key string) bool {
	switch key {
	case "up", "k":
		r.Top--
	case "down", "j":
		r.Top++
	case "pgup":
		r.Top -= 10
	case "pgdown", " ":
		r.Top += 10
	case "home", "g":
		r.Top = 0
	case "end", "G":
		r.Top = math.MaxInt32
	default:
		return false
	}
	return true
}

// draw draws what fits from where the reader is on, in lines broken to the width.
func (r *reader) draw(a component.Area) {
	r.Draw(a, broken(r.lines, a.Width), "more below")
}

// broken breaks lines to a width. What stands in a second column goes on there.
func broken(lines []component.Cell, width int) (out []component.Cell) {
	for _, line := range lines {
		if component.Width(line.Text) <= width {
			out = append(out, line)
			continue
		}
		head, rest, indent := columns(line.Text, width)
		for _, part := range component.Wrap(rest, width-indent) {
			out = append(out, component.Cell{Text: head + part, Token: line.Token})
			head = strings.Repeat(" ", indent)
		}
	}
	return out
}

// columns takes a line apart where a second column begins, behind the last of two
// blanks or more in its first half; without one all of it is rest.
func columns(text string, width int) (head, rest string, indent int) {
	i := strings.LastIndex(text[:min(len(text), width/2)], "  ")
	if i < 0 {
		return "", text, 0
	}
	head = text[:i+2]
	return head, text[i+2:], component.Width(head)
}
