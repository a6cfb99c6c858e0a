package page

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Explorer walks the chain block by block and finds what a name belongs to.
type Explorer struct {
	feed   dagFeed
	scroll component.Scroll
	until  uint64 // blue score of the newest chain block, 0 for the tips
	find   component.Field
	typing bool
	sought []string // what was looked for, the latest last
	recall int      // which of sought stands in find, len(sought) for none
}

// NewExplorer returns the page.
func NewExplorer() *Explorer { return &Explorer{} }

// Title implements Page.
func (e *Explorer) Title() string { return "Explorer" }

// Typing implements Page.
func (e *Explorer) Typing() bool { return e.typing }

// Keys implements Page.
func (e *Explorer) Keys() []Binding {
	if e.typing {
		return []Binding{
			{Keys: []string{"enter"}, Short: "find", Help: "Open what was typed."},
			{Keys: []string{"up", "down"}, Short: "earlier", Help: "Bring back what was looked for."},
			{Keys: []string{"esc"}, Short: "leave", Help: "Look for nothing."},
		}
	}
	var keys []Binding
	if len(e.sought) > 0 {
		keys = []Binding{keyBlockMatches}
	}
	return append(keys, []Binding{
		{Keys: []string{"/"}, Short: "find", Help: "Find a hash, a blue score, a transaction or an address; up and down bring back what was looked for."},
		{Keys: []string{"[", "]"}, Short: "older", Help: "Go to older blocks, or newer ones."},
		{Keys: []string{"g"}, Short: "newest", Help: "Go to the newest blocks."},
		{Keys: []string{"enter"}, Short: "open", Help: "Open the block."},
		{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy the block's hash."},
		Moves[0], Moves[1],
	}...)
}

// Update implements Page.
func (e *Explorer) Update(c Context, msg tea.Msg) tea.Cmd {
	e.feed.take(c, msg)
	switch msg := msg.(type) {
	case Tick:
		return e.feed.ask(c, e.until, explorerBlocks)
	case Click:
		if _, again := e.scroll.Click(msg.X, msg.Y); again {
			return e.selected("enter")
		}
	case tea.KeyMsg:
		if e.typing {
			return e.typed(msg)
		}
		return e.key(c, msg.String())
	}
	return nil
}

// explorerBlocks is how many chain blocks the page asks for.
const explorerBlocks = 60

func (e *Explorer) typed(key tea.KeyMsg) tea.Cmd {
	switch key.String() {
	case "esc":
		e.typing = false
		e.find.Clear()
	case "enter":
		e.typing = false
		if name := strings.TrimSpace(e.find.Text()); name != "" {
			e.remember(name)
			e.find.Clear()
			return Send(Open{Name: name})
		}
	case "up":
		e.recalled(-1)
	case "down":
		e.recalled(1)
	default:
		component.Edit(&e.find, key)
	}
	return nil
}

// mostSought is how many searches are remembered.
const mostSought = 50

// remember puts a search at the end of those that can be brought back.
func (e *Explorer) remember(name string) {
	e.sought = append(slices.DeleteFunc(e.sought, func(s string) bool { return s == name }), name)
	if len(e.sought) > mostSought {
		e.sought = e.sought[1:]
	}
	e.recall = len(e.sought)
}

func (e *Explorer) recalled(by int) {
	e.recall = max(0, min(e.recall+by, len(e.sought)))
	e.find.Clear()
	if e.recall < len(e.sought) {
		e.find.Set(e.sought[e.recall])
	}
}

func (e *Explorer) key(c Context, key string) tea.Cmd {
	if e.scroll.Key(key, len(e.feed.newest)) {
		return nil
	}
	switch key {
	case "/":
		e.typing, e.recall = true, len(e.sought)
		e.find.Clear()
	case "esc":
		e.find.Clear()
	case "g":
		e.until, e.scroll = 0, component.Scroll{}
		return e.feed.ask(c, 0, explorerBlocks)
	case "[", "]":
		return e.turn(c, key == "[")
	case "n", "N":
		return e.match(c, key)
	case "enter", "y", "Y":
		return e.selected(key)
	}
	return nil
}

// keyBlockMatches goes on to blocks with what was looked for last.
var keyBlockMatches = Binding{Keys: []string{"n", "N"}, Short: "match", Help: "Go to the next older block with what was looked for last, or to the newer one."}

func (e *Explorer) match(c Context, key string) tea.Cmd {
	if len(e.sought) == 0 {
		return nil
	}
	text := e.sought[len(e.sought)-1]
	row, found := e.feed.match(c, key, text, e.scroll.Selected)
	if !found {
		return say(style.Warn, "no block of this list has "+text)
	}
	e.scroll.Selected = row
	return nil
}

// turn goes on to older blocks, or back to newer ones.
func (e *Explorer) turn(c Context, older bool) tea.Cmd {
	if len(e.feed.newest) == 0 {
		return nil
	}
	e.scroll = component.Scroll{}
	newest := c.Status.SinkBlueScore
	switch until := max(e.until, 1); {
	case older && e.until == 0:
		e.until = max(1, newest-min(newest, explorerBlocks))
	case older:
		e.until = until - min(until-1, explorerBlocks)
	case e.until == 0 || until+explorerBlocks >= newest:
		e.until = 0
	default:
		e.until += explorerBlocks
	}
	return e.feed.ask(c, e.until, explorerBlocks)
}

func (e *Explorer) selected(key string) tea.Cmd {
	b := e.feed.row(e.scroll.Selected)
	if b == nil {
		return nil
	}
	hash := b.Hash.String()
	if key == "enter" {
		return Send(Open{"block", hash})
	}
	return Send(Copy{hash, "block hash"})
}

// Draw implements Page.
func (e *Explorer) Draw(c Context, a component.Area) {
	note := "newest first"
	if e.until != 0 {
		note = fmt.Sprintf("up to blue score %s", component.Count(e.until))
	}
	a = component.Panel{Title: "Explorer", Note: note, Focus: true}.Draw(a, c.Glyphs)
	find, list := a.Top(2)
	x := find.Print(0, 0, style.Key, "/ ")
	if e.typing || e.find.Len() > 0 {
		e.find.Draw(find.Sub(x, 0, find.Width-x, 1), e.typing, c.Glyphs)
	} else {
		find.Print(x, 0, style.Dim, component.Cut("hash, blue score, transaction or address", find.Width-x, c.Glyphs.Ellipsis))
	}
	e.feed.list(c, &e.scroll).Draw(list, c.Glyphs)
}
