package page

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// A Page is one of the nine screens, or a dialog above them.
type Page interface {
	// Title names the page in a word.
	Title() string
	// Keys are what the page does with keys, for help and footer too.
	Keys() []Binding
	// Typing reports whether the page takes text, so that letters are no keys.
	Typing() bool
	// Update takes a message: Tick, a key, or an answer to what the page asked.
	Update(c Context, msg tea.Msg) tea.Cmd
	// Draw draws the page.
	Draw(c Context, a component.Area)
}

// A Context is what a page may know at the moment of a call.
type Context struct {
	Status  *api.Status // the latest of the node, read-only, never nil
	Wallet  string      // the open wallet that the user chose, "" for the first
	Caller  api.Caller  // for Ask; not to be called directly
	Links   Links
	Series  *Series // how figures went lately, read-only
	Live    *Live   // the newest part of the DAG, shared by all pages
	Reorg   *Reorg  // the latest one, read-only; nil for none
	Now     time.Time
	Glyphs  *style.Glyphs
	Private bool // amounts and addresses are not shown
	Full    bool // only the panel that has the keys is drawn, on the whole screen
}

// Tick is sent to the page that is seen at most four times a second, after the
// status was taken anew. It is the moment to ask for what the page shows.
type Tick struct{}

// A Click is a press of the mouse on a cell, counted from the upper left corner of
// the screen.
type Click struct{ X, Y int }

// A Binding is what a key does. A page with its bindings says all there is to
// know about its keys: help, footer and documentation are made from them.
type Binding struct {
	Keys  []string // as Bubble Tea names them; any of them
	Short string   // a word for the footer, "" to leave it out there
	Help  string   // a sentence
}

// Has reports whether a key is one of the binding's.
func (b Binding) Has(key string) bool {
	for _, k := range b.Keys {
		if k == key {
			return true
		}
	}
	return false
}

// Moves are the keys that component.Scroll takes.
var Moves = []Binding{
	{Keys: []string{"up", "down", "k", "j"}, Short: "move", Help: "Go to another line; clicking on one does too."},
	{Keys: []string{"pgup", "pgdown", "home", "end"}, Help: "Go far up or down in the list, or to an end of it."},
}

// KeyNames returns a binding's keys as a user reads them: "1-9", "q", "[ ]".
func KeyNames(b Binding) string {
	first, last := keyName(b.Keys[0]), keyName(b.Keys[len(b.Keys)-1])
	switch {
	case len(b.Keys) > 2 && first >= "0" && last <= "9":
		return first + "-" + last
	case first == "[":
		return first + " " + last
	}
	return first
}

func keyName(key string) string {
	if key == " " {
		return "space"
	}
	return key
}

// money returns an amount as the screen shows it.
func (c Context) money(text string) string {
	if c.Private {
		return component.Masked
	}
	return text
}

// Hidden returns a name that private mode does not show, such as an address.
func (c Context) Hidden(name string) string {
	if c.Private {
		return component.Masked
	}
	return name
}

// age returns how long ago a moment in milliseconds since 1970 was.
func (c Context) age(ms int64) string { return component.Span(c.Now.Sub(time.UnixMilli(ms))) }

// short returns the two ends of a hash or an address.
func (c Context) short(name string) string { return component.Short(name, c.Glyphs.Ellipsis) }
