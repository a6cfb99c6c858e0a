package dialog

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A help lists keys; what is typed after / narrows it.
type help struct {
	reader
	all       []component.Cell
	searching bool
	filter    component.Field
}

// NewHelp returns the dialog that lists the keys of a page and those that work
// everywhere.
func NewHelp(title string, here, everywhere []page.Binding) page.Page {
	d := new(help)
	d.list("On the page "+title, here)
	d.list("Everywhere", everywhere)
	d.lines = d.all
	return d
}

func (d *help) list(title string, bindings []page.Binding) {
	d.all = append(d.all, component.Cell{Text: title, Token: style.Title})
	for _, b := range bindings {
		d.all = append(d.all, component.Cell{Text: fmt.Sprintf("  %-22s %s", keysOf(b), b.Help), Token: style.Plain})
	}
	d.all = append(d.all, component.Cell{})
}

// keysOf names all keys of a binding, a row of digits by its ends.
func keysOf(b page.Binding) string {
	if len(b.Keys) > 4 {
		return page.KeyNames(b)
	}
	names := make([]string, len(b.Keys))
	for i, key := range b.Keys {
		if names[i] = key; key == " " {
			names[i] = "space"
		}
	}
	return strings.Join(names, " ")
}

// Title implements page.Page.
func (d *help) Title() string { return "Help" }

// Typing implements page.Page.
func (d *help) Typing() bool { return d.searching }

// Keys implements page.Page.
func (d *help) Keys() []page.Binding {
	if d.searching {
		return []page.Binding{
			{Keys: []string{"enter"}, Short: "done", Help: "Keep what is found."},
			{Keys: []string{"esc"}, Short: "clear", Help: "Show all again."},
		}
	}
	return append([]page.Binding{
		{Keys: []string{"/"}, Short: "search", Help: "Search the list."},
		{Keys: []string{"esc", "q", "?"}, Short: "close", Help: "Close the help."},
	}, d.keys()...)
}

// Update implements page.Page.
func (d *help) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch name := key.String(); {
	case name == "esc" && d.searching:
		d.searching = false
		d.filter.Clear()
	case name == "esc", name == "?" && !d.searching, name == "q" && !d.searching:
		return closeDialog
	case name == "enter" && d.searching:
		d.searching = false
	case d.searching:
		component.Edit(&d.filter, key)
	case name == "/":
		d.searching = true
	default:
		d.key(name)
		return nil
	}
	d.narrow()
	return nil
}

func (d *help) narrow() {
	want := strings.ToLower(d.filter.Text())
	d.lines, d.Top = nil, 0
	for _, line := range d.all {
		if want == "" || strings.Contains(strings.ToLower(line.Text), want) {
			d.lines = append(d.lines, line)
		}
	}
}

// Draw implements page.Page.
func (d *help) Draw(c page.Context, a component.Area) {
	a = box(c, a, "Help", 132, len(d.all)+4)
	text, search := a.Bottom(1)
	d.draw(text)
	if d.searching || d.filter.Len() > 0 {
		x := search.Print(0, 0, style.Key, "/")
		d.filter.Draw(search.Sub(x, 0, search.Width-x, 1), d.searching, c.Glyphs)
	}
}
