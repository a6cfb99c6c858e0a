package sim

import (
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// memoSpan is how long gossip is remembered at least; it may be twice as long.
const memoSpan = time.Minute

// A memo remembers names for a while.
type memo struct{ now, before map[types.Hash]bool }

func newMemo() memo { return memo{now: make(map[types.Hash]bool)} }

// add reports whether a name is new, which it is not from then on.
func (m *memo) add(name types.Hash) bool {
	known := m.now[name] || m.before[name]
	m.now[name] = true
	return !known
}

// turn forgets what was not added since the last turn but one.
func (m *memo) turn() { m.now, m.before = make(map[types.Hash]bool), m.now }
