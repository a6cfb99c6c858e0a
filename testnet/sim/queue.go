package sim

import (
	"container/heap"
	"time"
)

// A timer is something that happens at a moment of virtual time. Of two at the
// same moment the one that was set first comes first.
type timer struct {
	at   time.Duration
	turn uint64
	do   func()
}

// A queue holds what will happen, in the order in which it will.
type queue struct {
	timers []timer
	turns  uint64
}

func (q *queue) add(at time.Duration, do func()) {
	q.turns++
	heap.Push(q, timer{at, q.turns, do})
}

// next takes out the first timer that is due by a moment.
func (q *queue) next(by time.Duration) (t timer, ok bool) {
	if len(q.timers) == 0 || q.timers[0].at > by {
		return timer{}, false
	}
	return heap.Pop(q).(timer), true
}

// Len implements heap.Interface.
func (q *queue) Len() int { return len(q.timers) }

// Less implements heap.Interface.
func (q *queue) Less(i, j int) bool {
	a, b := &q.timers[i], &q.timers[j]
	return a.at < b.at || a.at == b.at && a.turn < b.turn
}

// Swap implements heap.Interface.
func (q *queue) Swap(i, j int) { q.timers[i], q.timers[j] = q.timers[j], q.timers[i] }

// Push implements heap.Interface.
func (q *queue) Push(v any) { q.timers = append(q.timers, v.(timer)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := q.timers[len(q.timers)-1]
	q.timers[len(q.timers)-1] = timer{}
	q.timers = q.timers[:len(q.timers)-1]
	return last
}
