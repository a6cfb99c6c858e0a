package page

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
)

// A dagFeed keeps a window of the DAG up to date and its layout with it.
type dagFeed struct {
	asked  Asked
	window *api.DagWindow // nil before the first answer
	layout *component.DagLayout
	stale  bool // layout is of a window before
	lanes  int  // of the layout
	used   int  // most lanes ever in use on one side
	failed string
	tips   bool // the last question was for the tips
}

// A dagAnswer is the answer to a feed.
type dagAnswer struct {
	feed   *dagFeed
	window api.DagWindow
	err    error
}

// ask asks for so many chain blocks up to a blue score, 0 for the tips. A node that
// cannot answer that, because too much waits to be merged, is asked for the chain
// below its sink the next time.
func (f *dagFeed) ask(c Context, until uint64, blocks int) tea.Cmd {
	if f.failed != "" && f.tips && c.Status.SinkBlueScore > 1 {
		until = c.Status.SinkBlueScore - 1
	}
	cmd := f.asked.Again(Ask(c, api.GetDag, api.DagParams{Until: until, Blocks: blocks}, func(w api.DagWindow, err error) tea.Msg {
		return dagAnswer{f, w, err}
	}))
	if cmd != nil {
		f.tips = until == 0
	}
	return cmd
}

// take takes an answer that is this feed's. What is laid out stays while nothing
// changed.
func (f *dagFeed) take(msg tea.Msg) {
	answer, ok := msg.(dagAnswer)
	if !ok || answer.feed != f {
		return
	}
	f.asked.Answered()
	if answer.err != nil {
		f.failed = answer.err.Error()
		return
	}
	f.failed = ""
	if f.window == nil || !component.SameDag(f.window, &answer.window) {
		f.window, f.stale = &answer.window, true
	}
}

// laid returns the layout for so many lanes on each side, nil before the first
// window came.
func (f *dagFeed) laid(lanes int) *component.DagLayout {
	if f.window == nil {
		return nil
	}
	switch {
	case f.layout == nil:
		f.layout = component.Lay(f.window, lanes)
	case f.stale || f.lanes != lanes:
		f.layout.Lay(f.window, lanes)
	}
	f.lanes, f.stale = lanes, false
	return f.layout
}

// list returns the table of the window's blocks, the newest first.
func (f *dagFeed) list(c Context, scroll *component.Scroll) component.Table {
	var blocks []api.DagBlock
	if f.window != nil {
		blocks = f.window.Blocks
	}
	return component.Table{
		Columns: blockColumns, Rows: len(blocks), Scroll: scroll, Empty: waitingFor(f.failed),
		Row: func(i int) []component.Cell { return blockRow(c, &blocks[len(blocks)-1-i], f.window.Sink) },
	}
}
