package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A prompt asks for some lines of text.
type prompt struct {
	page.Prompt
	fields  []component.Field
	current int
	wrong   string // why the lines were refused, until the next key
}

// NewPrompt returns the dialog of a prompt.
func NewPrompt(p page.Prompt) page.Page {
	d := &prompt{Prompt: p, fields: make([]component.Field, len(p.Fields))}
	for i, f := range p.Fields {
		d.fields[i].Secret = f.Secret
		d.fields[i].Set(f.Value)
	}
	return d
}

// Title implements page.Page.
func (d *prompt) Title() string { return d.Prompt.Title }

// Typing implements page.Page.
func (d *prompt) Typing() bool { return true }

// Keys implements page.Page.
func (d *prompt) Keys() []page.Binding {
	done := page.Binding{Keys: []string{"enter"}, Short: "done", Help: "Go to the next line, and finish at the last."}
	if len(d.fields) == 1 {
		return []page.Binding{done, keyCancel}
	}
	return []page.Binding{{Keys: []string{"tab", "shift+tab", "up", "down"}, Short: "line", Help: "Go to another line."}, done, keyCancel}
}

// Update implements page.Page.
func (d *prompt) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	n := len(d.fields)
	d.wrong = ""
	switch key.String() {
	case "esc":
		d.wipe()
		return closeDialog
	case "tab", "down":
		d.current = (d.current + 1) % n
	case "shift+tab", "up":
		d.current = (d.current + n - 1) % n
	case "enter":
		if d.current < n-1 {
			d.current++
			return nil
		}
		return d.finish()
	default:
		component.Edit(&d.fields[d.current], key)
	}
	return nil
}

// finish hands copies to Done, which owns them, and wipes what was typed.
func (d *prompt) finish() tea.Cmd {
	values := make([][]byte, len(d.fields))
	for i := range d.fields {
		values[i] = append([]byte(nil), d.fields[i].Bytes()...)
	}
	if d.Check != nil {
		if err := d.Check(values); err != nil {
			d.wrong = err.Error()
			return nil
		}
	}
	d.wipe()
	return tea.Sequence(closeDialog, d.Done(values))
}

func (d *prompt) wipe() {
	for i := range d.fields {
		d.fields[i].Clear()
	}
}

// Draw implements page.Page.
func (d *prompt) Draw(c page.Context, a component.Area) {
	const width = 84
	text, token := d.Text, style.Plain
	if d.wrong != "" {
		text, token = d.wrong, style.Bad
	}
	lines := component.Wrap(text, min(width, a.Width)-4)
	a = box(c, a, d.Prompt.Title, width, len(lines)+1+2*len(d.fields)+2)
	for y, line := range lines {
		a.Print(0, y, token, line)
	}
	y := len(lines) + 1
	if need := 2 * len(d.fields); y+need > a.Height {
		y = max(0, a.Height-need) // the fields matter more than the text
	}
	for i := range d.fields {
		focus := i == d.current
		token := style.Dim
		if focus {
			token = style.Key
		}
		a.Sub(0, y, a.Width, 2).Clear()
		x := a.Print(0, y, token, d.Fields[i].Label+": ")
		d.fields[i].Draw(a.Sub(x, y, a.Width-x, 1), focus, c.Glyphs)
		y += 2
	}
}
