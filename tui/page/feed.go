package page

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
)

// A dagFeed is the window of the DAG that a page shows, the live one or one that
// ends further back, with its layout.
type dagFeed struct {
	asked  Asked
	back   bool           // it ends further back
	window *api.DagWindow // nil before the first answer
	newest []int          // the blocks of the window, the highest DAA score first
	layout *component.DagLayout
	stale  bool // layout is of a window before
	lanes  int  // of the layout
	used   int  // most lanes ever in use on one side
	failed string
}

// A dagAnswer is the answer to a feed that looks back.
type dagAnswer struct {
	feed   *dagFeed
	window api.DagWindow
	err    error
}

// ask asks for so many chain blocks up to a blue score; 0 takes the live window and
// asks for that.
func (f *dagFeed) ask(c Context, until uint64, blocks int) tea.Cmd {
	if f.back = until != 0; !f.back {
		f.follow(c)
		return c.Live.ask(c)
	}
	return f.asked.Again(Ask(c, api.GetDag, api.DagParams{Until: until, Blocks: blocks}, func(w api.DagWindow, err error) tea.Msg {
		return dagAnswer{f, w, err}
	}))
}

// follow takes over the live window.
func (f *dagFeed) follow(c Context) {
	f.failed = c.Live.failed
	f.show(c.Live.window)
}

func (f *dagFeed) show(w *api.DagWindow) {
	if w == nil || w == f.window {
		return
	}
	f.window, f.stale, f.newest = w, true, f.newest[:0]
	for i := range slices.Backward(w.Blocks) {
		f.newest = append(f.newest, i)
	}
	slices.SortStableFunc(f.newest, func(a, b int) int { return cmp.Compare(w.Blocks[b].DAAScore, w.Blocks[a].DAAScore) })
}

// row returns the block in a row of the list, nil when there is none.
func (f *dagFeed) row(n int) *api.DagBlock {
	if n < 0 || n >= len(f.newest) {
		return nil
	}
	return &f.window.Blocks[f.newest[n]]
}

// rowOf returns the row of a block in the list, -1 when it is not there.
func (f *dagFeed) rowOf(h types.Hash) int {
	return slices.IndexFunc(f.newest, func(i int) bool { return f.window.Blocks[i].Hash == h })
}

// take takes an answer that is for this feed: one of its own, or a live one while
// it does not look back.
func (f *dagFeed) take(c Context, msg tea.Msg) {
	switch msg := msg.(type) {
	case liveAnswer:
		if !f.back {
			f.follow(c)
		}
	case dagAnswer:
		if msg.feed == f {
			f.answered(msg)
		}
	}
}

func (f *dagFeed) answered(msg dagAnswer) {
	f.asked.Answered()
	switch {
	case !f.back: // the user has come back meanwhile
	case msg.err != nil:
		f.failed = msg.err.Error()
	default:
		f.failed = ""
		if f.window == nil || !component.SameDag(f.window, &msg.window) {
			f.show(&msg.window)
		}
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

// match returns the row of the block after or before another that holds a text: of its
// hash, its miner, or what it is. It returns the same row when there is none.
func (f *dagFeed) match(c Context, key, text string, from int) (row int, found bool) {
	texts := func(i int) []string {
		b := f.row(i)
		return []string{b.Hash.String(), b.Miner, kindOf(b, f.window.Sink), kindCell(c, b, f.window.Sink).Text}
	}
	if len(f.newest) == 0 || text == "" {
		return from, false
	}
	search := filter{last: text}
	row = search.nextMatch(key, max(from, 0), len(f.newest), texts)
	return row, holds(text, texts(row))
}

// list returns the table of the window's blocks, the newest first.
func (f *dagFeed) list(c Context, scroll *component.Scroll) component.Table {
	return component.Table{
		Columns: blockColumns, Rows: len(f.newest), Scroll: scroll, Empty: waitingFor(f.failed),
		Row: func(i int) []component.Cell { return blockRow(c, f.row(i), f.window.Sink) },
	}
}
