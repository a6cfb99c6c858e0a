package mempool

import (
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// A graph is the set of entries, who spends whose outputs, and which of them a
// template may take. It holds what the pool decided and decides nothing.
type graph struct {
	entries map[types.Hash]*Entry
	spends  map[types.Outpoint]*Entry // the one entry that spends a coin
	merged  map[types.Hash]bool       // accepted by virtual, not by the chain yet; in the pool or not
	ranking ranking
	bytes   int    // encoded
	memory  int    // see memoryOf
	changes uint64 // entries added and removed so far
}

func newGraph() *graph {
	return &graph{
		entries: make(map[types.Hash]*Entry),
		spends:  make(map[types.Outpoint]*Entry),
		merged:  make(map[types.Hash]bool),
	}
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
	g.memory += e.Memory
	g.changes++
	for i := range e.Tx.Inputs {
		o := e.Tx.Inputs[i].Outpoint
		g.spends[o] = e
		if parent := g.entries[o.TxID]; parent != nil {
			link(parent, e)
		}
	}
	e.ready = g.isReady(e)
	g.ranking.insert(e)
	for i := range e.Tx.Outputs { // a parent may come back after its children
		if child := g.spends[types.Outpoint{TxID: e.ID, Index: uint32(i)}]; child != nil {
			link(e, child)
			g.judge(child)
		}
	}
}

func link(parent, child *Entry) {
	if !slices.Contains(child.parents, parent) {
		child.parents = append(child.parents, parent)
		parent.children = append(parent.children, child)
	}
}

// remove takes an entry out and leaves its children where they are.
func (g *graph) remove(e *Entry) {
	delete(g.entries, e.ID)
	g.bytes -= e.Size
	g.memory -= e.Memory
	g.changes++
	for i := range e.Tx.Inputs {
		delete(g.spends, e.Tx.Inputs[i].Outpoint)
	}
	g.ranking.remove(e)
	for _, p := range e.parents {
		p.children = unlinked(p.children, e)
	}
	for _, c := range e.children {
		c.parents = unlinked(c.parents, e)
		g.judge(c)
	}
	e.parents, e.children = nil, nil
}

// unlinked returns a list without an entry, which it must hold. The order does
// not matter.
func unlinked(list []*Entry, e *Entry) []*Entry {
	last := len(list) - 1
	list[slices.Index(list, e)] = list[last]
	list[last] = nil
	return list[:last]
}

// isReady reports whether all coins of an entry stand in virtual's state.
func (g *graph) isReady(e *Entry) bool {
	unmerged := func(p *Entry) bool { return !g.merged[p.ID] }
	return !g.merged[e.ID] && !slices.ContainsFunc(e.parents, unmerged)
}

// judge asks anew whether an entry is ready.
func (g *graph) judge(e *Entry) {
	if ready := g.isReady(e); ready != e.ready {
		e.ready = ready
		g.ranking.update(e)
	}
}

// merge replaces what virtual has accepted.
func (g *graph) merge(ids []types.Hash) {
	old := g.merged
	g.merged = make(map[types.Hash]bool, len(ids))
	for _, id := range ids {
		g.merged[id] = true
	}
	for _, id := range ids {
		if !old[id] {
			g.judgeFamily(id)
		}
	}
	for id := range old {
		if !g.merged[id] {
			g.judgeFamily(id)
		}
	}
}

// judgeFamily judges an entry and those that spend its outputs.
func (g *graph) judgeFamily(id types.Hash) {
	e := g.entries[id]
	if e == nil {
		return
	}
	g.judge(e)
	for _, c := range e.children {
		g.judge(c)
	}
}

// family returns entries and all that descends from them, each once.
func (g *graph) family(roots ...*Entry) []*Entry {
	seen := make(map[*Entry]bool)
	var all []*Entry
	for queue := slices.Clone(roots); len(queue) > 0; queue = queue[1:] {
		e := queue[0]
		if seen[e] {
			continue
		}
		seen[e] = true
		all = append(all, e)
		queue = append(queue, e.children...)
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
	for i := range tx.Inputs {
		if e := g.spends[tx.Inputs[i].Outpoint]; e != nil && !slices.Contains(found, e) {
			found = append(found, e)
		}
	}
	return found
}

// ordered returns all entries, parents before children.
func (g *graph) ordered() []*Entry {
	all := make([]*Entry, 0, len(g.entries))
	done := make(map[*Entry]bool, len(g.entries))
	var visit func(e *Entry)
	visit = func(e *Entry) {
		if done[e] {
			return
		}
		done[e] = true
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
	g.ranking.remove(e)
	e.Added = added
	g.ranking.insert(e)
}
