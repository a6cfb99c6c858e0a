package mempool

import (
	"container/heap"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// A graph is the set of entries and who spends whose outputs. It holds what the
// pool decided and decides nothing.
type graph struct {
	entries map[types.Hash]*Entry
	spends  map[types.Outpoint]*Entry // the one entry that spends a coin
	worst   evictionHeap
	bytes   int
}

func newGraph() *graph {
	return &graph{entries: make(map[types.Hash]*Entry), spends: make(map[types.Outpoint]*Entry)}
}

// Coin implements utxo.View over the outputs of the entries, spent by another
// entry or not. No block holds them yet: a relative lock on one does not hold.
func (g *graph) Coin(o types.Outpoint) (types.Coin, bool) {
	e := g.entries[o.TxID]
	if e == nil || int(o.Index) >= len(e.Tx.Outputs) {
		return types.Coin{}, false
	}
	return types.Coin{Output: e.Tx.Outputs[o.Index], BlueScore: unconfirmedScore}, true
}

// unconfirmedScore is later than any block: whatever counts from it is not over.
const unconfirmedScore = 1 << 62

// add puts an entry in; its coins must be spent by no other.
func (g *graph) add(e *Entry) {
	g.entries[e.ID] = e
	g.bytes += e.Size
	for i := range e.Tx.Inputs {
		o := e.Tx.Inputs[i].Outpoint
		g.spends[o] = e
		if parent := g.entries[o.TxID]; parent != nil {
			e.parents[parent.ID] = parent
			parent.children[e.ID] = e
		}
	}
	for i := range e.Tx.Outputs { // a parent may come back after its children
		if child := g.spends[types.Outpoint{TxID: e.ID, Index: uint32(i)}]; child != nil {
			e.children[child.ID] = child
			child.parents[e.ID] = e
		}
	}
	heap.Push(&g.worst, e)
}

// remove takes an entry out and leaves its children where they are.
func (g *graph) remove(e *Entry) {
	delete(g.entries, e.ID)
	g.bytes -= e.Size
	for i := range e.Tx.Inputs {
		delete(g.spends, e.Tx.Inputs[i].Outpoint)
	}
	for _, p := range e.parents {
		delete(p.children, e.ID)
	}
	for _, c := range e.children {
		delete(c.parents, e.ID)
	}
	heap.Remove(&g.worst, e.heapAt)
}

// family returns entries and all that descends from them, each once.
func (g *graph) family(roots ...*Entry) []*Entry {
	seen := make(map[types.Hash]bool)
	var all []*Entry
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		e := queue[0]
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		all = append(all, e)
		for _, c := range e.children {
			queue = append(queue, c)
		}
	}
	return all
}

// removeFamily takes entries out with all that descends from them.
func (g *graph) removeFamily(roots ...*Entry) []*Entry {
	all := g.family(roots...)
	for _, e := range all {
		g.remove(e)
	}
	return all
}

// conflicts returns the entries that spend a coin of the transaction, each once.
func (g *graph) conflicts(tx *types.Transaction) []*Entry {
	var found []*Entry
	seen := make(map[types.Hash]bool)
	for i := range tx.Inputs {
		if e := g.spends[tx.Inputs[i].Outpoint]; e != nil && !seen[e.ID] {
			seen[e.ID] = true
			found = append(found, e)
		}
	}
	return found
}

// An evictionHeap has the entry to go first at its top.
type evictionHeap []*Entry

// Len implements heap.Interface.
func (h evictionHeap) Len() int { return len(h) }

// Less implements heap.Interface.
func (h evictionHeap) Less(i, j int) bool { return worst(h[i], h[j]) }

// Swap implements heap.Interface.
func (h evictionHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].heapAt, h[j].heapAt = i, j
}

// Push implements heap.Interface.
func (h *evictionHeap) Push(v any) {
	e := v.(*Entry)
	e.heapAt = len(*h)
	*h = append(*h, e)
}

// Pop implements heap.Interface.
func (h *evictionHeap) Pop() any {
	last := (*h)[len(*h)-1]
	(*h)[len(*h)-1] = nil
	*h = (*h)[:len(*h)-1]
	return last
}

// ordered returns all entries, parents before children.
func (g *graph) ordered() []*Entry {
	all := make([]*Entry, 0, len(g.entries))
	done := make(map[types.Hash]bool, len(g.entries))
	var visit func(e *Entry)
	visit = func(e *Entry) {
		if done[e.ID] {
			return
		}
		done[e.ID] = true
		for _, p := range e.parents {
			visit(p)
		}
		all = append(all, e)
	}
	for _, e := range g.entries {
		visit(e)
	}
	return all
}

// backdate sets when an entry came.
func (g *graph) backdate(e *Entry, added time.Time) {
	e.Added = added
	heap.Fix(&g.worst, e.heapAt)
}
