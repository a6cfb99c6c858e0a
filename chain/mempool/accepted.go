package mempool

import (
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// A memory remembers transaction IDs for at least a time, unless there are too
// many, and for at most twice as long. It keeps two generations and lets the old
// one go as a whole.
type memory struct {
	age        time.Duration
	limit      int // of a generation
	since      time.Time
	young, old map[types.Hash]struct{}
}

func newMemory(age time.Duration, limit int, now time.Time) *memory {
	return &memory{age: age, limit: limit, since: now, young: make(map[types.Hash]struct{})}
}

func (m *memory) add(id types.Hash, now time.Time) {
	m.turn(now)
	m.young[id] = struct{}{}
}

func (m *memory) has(id types.Hash) bool {
	_, young := m.young[id]
	_, old := m.old[id]
	return young || old
}

func (m *memory) remove(id types.Hash) {
	delete(m.young, id)
	delete(m.old, id)
}

// turn begins a new generation when the young one is old enough, or full.
func (m *memory) turn(now time.Time) {
	if len(m.young) < m.limit && now.Before(m.since.Add(m.age)) {
		return
	}
	m.old, m.young, m.since = m.young, make(map[types.Hash]struct{}), now
}
