package page

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
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
}

// NewExplorer returns the page.
func NewExplorer() *Explorer { return &Explorer{} }

// Title implements Page.
func (e *Explorer) Title() string { return "Explorer" }

// Typing implements Page.
func (e *Explorer) Typing() bool { return e.typing }

// Keys implements Page.
func (e *Explorer) Keys() []Binding {
	return []Binding{
		{Keys: []string{"/"}, Short: "find", Help: "Find a hash, a blue score, a transaction or an address."},
		{Keys: []string{"up", "down", "k", "j"}, Short: "move", Help: "Go to another block."},
		{Keys: []string{"[", "]"}, Short: "older", Help: "Go to older blocks, or newer ones."},
		{Keys: []string{"g"}, Short: "newest", Help: "Go to the newest blocks."},
		{Keys: []string{"enter"}, Short: "open", Help: "Open the block."},
		{Keys: []string{"y"}, Short: "copy", Help: "Copy the block's hash."},
	}
}

// Update implements Page.
func (e *Explorer) Update(c Context, msg tea.Msg) tea.Cmd {
	e.feed.take(msg)
	switch msg := msg.(type) {
	case Tick:
		return e.feed.ask(c, e.until, explorerBlocks)
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
		if name := e.find.Text(); name != "" {
			return Send(Open{Name: name})
		}
	default:
		component.Edit(&e.find, key)
	}
	return nil
}

func (e *Explorer) blocks() []api.DagBlock {
	if e.feed.window == nil {
		return nil
	}
	return e.feed.window.Blocks
}

func (e *Explorer) key(c Context, key string) tea.Cmd {
	n := len(e.blocks())
	switch key {
	case "/":
		e.typing = true
	case "up", "k":
		e.scroll.Move(-1, n)
	case "down", "j":
		e.scroll.Move(1, n)
	case "pgup":
		e.scroll.Move(-20, n)
	case "pgdown":
		e.scroll.Move(20, n)
	case "g":
		e.until, e.scroll = 0, component.Scroll{}
		return e.feed.ask(c, 0, explorerBlocks)
	case "[", "]":
		return e.turn(c, key == "[")
	case "enter", "y", "Y":
		return e.selected(key)
	}
	return nil
}

// turn goes on to older blocks, or back to newer ones.
func (e *Explorer) turn(c Context, older bool) tea.Cmd {
	blocks := e.blocks()
	if len(blocks) == 0 {
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
	blocks := e.blocks()
	i := len(blocks) - 1 - e.scroll.Selected
	if i < 0 {
		return nil
	}
	hash := blocks[i].Hash.String()
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
	blocks := e.blocks()
	table := component.Table{
		Columns: blockColumns, Rows: len(blocks), Focus: true, Scroll: e.scroll, Empty: waitingFor(e.feed.failed),
		Row: func(i int) []component.Cell { return blockRow(c, &blocks[len(blocks)-1-i], e.feed.window.Sink) },
	}
	table.Draw(list, c.Glyphs)
}
