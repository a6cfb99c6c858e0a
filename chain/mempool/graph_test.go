package mempool

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
)

// A graphModel drives a graph with transactions of one to three inputs, which
// spend each other's outputs, in any order.
type graphModel struct {
	graph *graph
	all   []*Entry
	rng   *rand.Rand
}

// newGraphModel draws up to a dozen transactions; each spends coins of those
// before it or of nobody, and no coin twice.
func newGraphModel(t *rapid.T) *graphModel {
	m := &graphModel{graph: newGraph(), rng: rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))}
	spent := make(map[types.Outpoint]bool)
	for i := range rapid.IntRange(2, 12).Draw(t, "transactions") {
		tx := &types.Transaction{Outputs: make([]types.Output, 3), LockTime: uint64(i)}
		for range rapid.IntRange(1, 3).Draw(t, "inputs") {
			o := types.Outpoint{TxID: types.Hash{255, byte(i)}, Index: uint32(len(tx.Inputs))}
			if of := rapid.IntRange(-1, i-1).Draw(t, "of"); of >= 0 {
				o = types.Outpoint{TxID: m.all[of].ID, Index: rapid.Uint32Range(0, 2).Draw(t, "index")}
			}
			if !spent[o] {
				spent[o] = true
				tx.Inputs = append(tx.Inputs, types.Input{Outpoint: o})
			}
		}
		m.all = append(m.all, &Entry{Tx: tx, Digest: types.Digest{ID: tx.ID()}, Fee: types.Jots(uint64(1 + i%3)), Weight: 1})
	}
	return m
}

func (m *graphModel) turn(t *rapid.T) {
	e := rapid.SampledFrom(m.all).Draw(t, "entry")
	if m.graph.entries[e.ID] != nil {
		m.graph.remove(e)
		return
	}
	e.standing = standing{priority: m.rng.Uint64(), chance: 1}
	m.graph.add(e)
}

func (m *graphModel) merge(t *rapid.T) {
	var ids []types.Hash
	for _, e := range m.all {
		if rapid.IntRange(0, 3).Draw(t, "merged") == 0 {
			ids = append(ids, e.ID)
		}
	}
	m.graph.merge(ids)
}

// check asks of every entry what it should be: whose coins it spends, and
// whether a template may take it.
func (m *graphModel) check(t *rapid.T) {
	in, open := 0, 0
	for _, e := range m.all {
		if m.graph.entries[e.ID] == nil {
			continue
		}
		in++
		ready := !m.graph.merged[e.ID]
		for _, p := range m.all {
			parent := m.graph.entries[p.ID] != nil && slices.ContainsFunc(e.Tx.Inputs, func(x types.Input) bool { return x.Outpoint.TxID == p.ID })
			if parent != slices.Contains(e.parents, p) || parent != slices.Contains(p.children, e) {
				t.Fatalf("parent: %v, %v, %v", parent, e.parents, p.children)
			}
			ready = ready && (!parent || m.graph.merged[p.ID])
		}
		if e.ready != ready {
			t.Fatalf("ready: %v, want %v", e.ready, ready)
		}
		if ready {
			open++
		}
	}
	if got := m.graph.ranking.root.openBelow().count; got != open || m.graph.ranking.root.countBelow() != in || len(m.graph.entries) != in {
		t.Fatalf("%d are open of %d, want %d of %d", got, len(m.graph.entries), open, in)
	}
}

func TestGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newGraphModel(t)
		t.Repeat(map[string]func(*rapid.T){"turn": m.turn, "turn another": m.turn, "merge": m.merge, "": m.check})
	})
}
