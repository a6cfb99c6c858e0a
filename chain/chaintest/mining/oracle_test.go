package mining

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// wild returns a small simulation in which everything happens that a position
// depends on: reds, merges out of window, forgiven slots, stamps far ahead.
func wild(t *testing.T, seed uint64, tactic Tactic) *simulation {
	t.Helper()
	m, err := newSimulation(&Scenario{BPS: 1, Seed: seed, Tactic: tactic, Stamp: Random})
	if err != nil {
		t.Fatal(err)
	}
	p := m.graph.params
	p.K = 2
	p.HalfLife = 20_000
	p.MergeDepth = 60
	p.MedianTimeSpan = 9
	m.setHashRate(1, 0.45)
	m.at(100_000, func() { m.setHashRate(0, 0.45) })
	m.at(160_000, func() { m.setHashRate(2, 0.45) })
	if err := m.run(300_000); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOracle holds the places of all blocks against consensus written a second
// time, naively.
func TestOracle(t *testing.T) {
	var reds, late, missed int
	for seed, tactic := range []Tactic{Publish, Alone, Late, OwnReds, Selfish} {
		m := wild(t, uint64(seed), tactic)
		oracle := chaintest.NewOracle(m.graph.params)
		for _, b := range m.graph.found {
			compareWithOracle(t, m.graph, b, oracle.Add(types.Block{Header: *b.header, Transactions: make([]types.Transaction, 1)}))
			reds += len(b.data.Reds)
			missed += int(b.missed)
		}
		if t.Failed() {
			t.Fatalf("tactic %q", tactic.Name)
		}
		late += mergedLate(m)
	}
	if reds == 0 || late == 0 || missed == 0 {
		t.Errorf("%d reds, %d merges out of window, %d slots forgiven: all must occur", reds, late, missed)
	}
}

func compareWithOracle(t *testing.T, g *graph, b *block, want *chaintest.Block) {
	t.Helper()
	h := b.header
	switch {
	case h.SelectedParent() != want.SelectedParent.Hash, len(b.data.Blues) != len(want.Blues), len(b.data.Reds) != len(want.Reds):
		t.Fatalf("block %v: another merge set than the oracle's", b.hash)
	case h.BlueScore != want.BlueScore:
		t.Fatalf("block %v: blue score %d: want %d", b.hash, h.BlueScore, want.BlueScore)
	case b.medianTime != want.MedianTime:
		t.Fatalf("block %v: median time %d: want %d", b.hash, b.medianTime, want.MedianTime)
	case h.DAAScore != want.DAAScore:
		t.Fatalf("block %v: DAA score %d: want %d", b.hash, h.DAAScore, want.DAAScore)
	case h.Bits != rules.RequiredBits(g.params, want.DAAScore, want.MedianTime):
		t.Fatalf("block %v: bits %08x", b.hash, h.Bits)
	}
	for i, blue := range want.Blues {
		if b.data.Blues[i] != blue.Hash {
			t.Fatalf("block %v: blue %d differs", b.hash, i)
		}
	}
}

// mergedLate counts the blocks on the selected chain's merge sets that are out
// of window.
func mergedLate(m *simulation) (n int) {
	for _, b := range m.graph.found {
		for _, h := range append(b.data.Blues[1:len(b.data.Blues):len(b.data.Blues)], b.data.Reds...) {
			if !m.graph.inWindow(m.graph.block(h), b.parent) {
				n++
			}
		}
	}
	return n
}

// TestSeed demands that a scenario is a function of its seed.
func TestSeed(t *testing.T) {
	run := func(seed uint64) types.Hash {
		m := wild(t, seed, Selfish)
		return m.graph.found[len(m.graph.found)-1].hash
	}
	first, again := run(1), run(1)
	if first != again {
		t.Error("two runs of one seed differ")
	}
	if first == run(2) {
		t.Error("two seeds give the same run")
	}
}

// TestDifficultyFollowsHashRate holds the finding of blocks against its
// definition: with ten times the hash rate a block takes ten times the work, and
// each miner finds as many as it has hash rate.
func TestDifficultyFollowsHashRate(t *testing.T) {
	m, err := newSimulation(&Scenario{BPS: 1, Seed: 1, Tactic: Publish, Stamp: True})
	if err != nil {
		t.Fatal(err)
	}
	m.setHashRate(1, 0.2)
	hours := func(n int) float64 { return float64(n) * milliseconds(time.Hour) }
	m.at(hours(2), func() { m.setHashRate(10, 0.2) })
	if err := m.run(hours(5)); err != nil {
		t.Fatal(err)
	}
	before, after := m.meanWork(hours(1), hours(2)), m.meanWork(hours(4), hours(5))
	if ratio := after / before; ratio < 9 || ratio > 11 {
		t.Errorf("a block takes %.2f times the work: want 10", ratio)
	}
	rivals := 0
	for _, b := range m.graph.found {
		if b.miner == rival {
			rivals++
		}
	}
	if share := float64(rivals) / float64(len(m.graph.found)); share < 0.19 || share > 0.21 {
		t.Errorf("a fifth of the hash rate found %.3f of the blocks", share)
	}
}

// meanWork returns the hashes that a block took on average in a time.
func (m *simulation) meanWork(from, to float64) float64 {
	work, blocks := 0.0, 0.0
	for _, b := range m.graph.found {
		if b.made >= from && b.made < to {
			work += 1 / b.chance
			blocks++
		}
	}
	return work / blocks
}
