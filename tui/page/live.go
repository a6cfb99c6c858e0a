package page

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
)

// A Live is the newest part of the DAG. All pages share it: it is asked for once,
// by the page that is seen, and only when the DAG has changed.
type Live struct {
	asked  Asked
	window *api.DagWindow // immutable, nil before the first answer
	failed string
	below  bool    // the last question left out what is above the sink
	of     dagMark // what the window is a picture of
	sought dagMark // what the question is about
}

// A dagMark is what changes whenever a picture of the DAG does.
type dagMark struct {
	sink   types.Hash
	blocks uint64
	tips   int
}

// liveBlocks is how many chain blocks are asked for.
const liveBlocks = 80

// liveAnswer is the answer to what a Live asked.
type liveAnswer struct {
	window api.DagWindow
	err    error
}

// ask asks for the newest blocks unless they are there. A node that cannot list
// what is not merged yet, because it is too much, is asked for the chain below its
// sink the next time.
func (l *Live) ask(c Context) tea.Cmd {
	now := dagMark{c.Status.Sink, c.Status.Blocks, len(c.Status.Tips)}
	if now == l.of && l.window != nil && l.failed == "" {
		return nil
	}
	params := api.DagParams{Blocks: liveBlocks}
	below := l.failed != "" && !l.below && c.Status.SinkBlueScore > 1
	if below {
		params.Until = c.Status.SinkBlueScore - 1
	}
	cmd := l.asked.Again(Ask(c, api.GetDag, params, func(w api.DagWindow, err error) tea.Msg { return liveAnswer{w, err} }))
	if cmd != nil {
		l.below, l.sought = below, now
	}
	return cmd
}

// Update takes the answer to what was asked, before the pages look at it. What is
// there stays while nothing in it changed.
func (l *Live) Update(msg tea.Msg) {
	answer, ok := msg.(liveAnswer)
	if !ok {
		return
	}
	l.asked.Answered()
	if answer.err != nil {
		l.failed = answer.err.Error()
		return
	}
	l.failed, l.of = "", l.sought
	if l.window == nil || !component.SameDag(l.window, &answer.window) {
		l.window = &answer.window
	}
}
