package page

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// A Reorg is the latest time that the selected chain took another way for more than
// a block or two: the chain blocks that it left. The zero value is none.
type Reorg struct {
	At   time.Time
	Left map[types.Hash]bool
}

// reorgShown is how long the DAG page speaks of a reorganisation.
const reorgShown = time.Minute

// text says in a few words what happened, "" when it is long ago.
func (r *Reorg) text(now time.Time) string {
	if r == nil || r.At.IsZero() || now.Sub(r.At) >= reorgShown {
		return ""
	}
	return fmt.Sprintf("  reorg %s ago: %d blocks left", now.Sub(r.At).Round(time.Second), len(r.Left))
}

// left are the blocks that the latest reorganisation took off the chain.
func (r *Reorg) left() map[types.Hash]bool {
	if r == nil {
		return nil
	}
	return r.Left
}

// A chainWatch follows the selected chain from sink to sink, and knows what it
// left.
type chainWatch struct {
	asked  Asked
	cursor types.Hash   // the last sink seen
	left   []types.Hash // by a reorganisation whose end has not come yet
	latest Reorg
}

// chainMoved is the way of the chain after a cursor.
type chainMoved struct {
	way api.VirtualChanged
	err error
}

const (
	// chainSteps is how many steps of the chain are asked for at once; a chain that
	// grew by more is being synced.
	chainSteps = 200
	// reorgLeast is how many blocks the chain must leave for it to matter: blocks
	// found at once let it change its mind by one or two all the time.
	reorgLeast = 3
)

// ask asks for the way from the last sink to this one.
func (w *chainWatch) ask(c Context) tea.Cmd {
	sink := c.Status.Sink
	if w.cursor == (types.Hash{}) {
		w.cursor = sink
	}
	if w.cursor == sink {
		return nil
	}
	return w.asked.Again(Ask(c, api.GetVirtualChain, api.VirtualChainParams{Cursor: w.cursor, Limit: chainSteps}, func(way api.VirtualChanged, err error) tea.Msg {
		return chainMoved{way, err}
	}))
}

// take takes the answer and tells of a reorganisation that is over. A cursor that
// the node does not know any more is given up.
func (w *chainWatch) take(c Context, msg chainMoved) tea.Cmd {
	w.asked.Answered()
	if msg.err != nil || len(msg.way.Added) == chainSteps {
		w.cursor, w.left = c.Status.Sink, nil
		return nil
	}
	w.cursor = msg.way.Cursor
	w.left = append(w.left, msg.way.Removed...)
	if len(msg.way.Added) == 0 || len(w.left) == 0 {
		return nil
	}
	left := make(map[types.Hash]bool, len(w.left))
	for _, h := range w.left {
		left[h] = true
	}
	w.left = nil
	if len(left) < reorgLeast {
		return nil
	}
	w.latest = Reorg{At: c.Now, Left: left}
	return say(style.Warn, fmt.Sprintf("the selected chain took another way: %d blocks left", len(left)))
}
