package mining

import "container/heap"

// An event is something that will happen.
type event struct {
	at  float64
	seq uint64 // events of one moment happen in the order they were planned
	do  func()
}

// A queue is a heap of events, the next one first.
type queue []event

// Len implements heap.Interface.
func (q queue) Len() int { return len(q) }

// Less implements heap.Interface.
func (q queue) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].seq < q[j].seq
}

// Swap implements heap.Interface.
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(v any) { *q = append(*q, v.(event)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = event{}
	*q = old[:len(old)-1]
	return last
}

// at plans an event.
func (m *simulation) at(when float64, do func()) {
	m.planned++
	heap.Push(&m.queue, event{at: when, seq: m.planned, do: do})
}
