package mining

import (
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A Result is what became of the blocks found in the measured part of a run, as
// the first honest miner sees it in the end.
type Result struct {
	Scenario
	Found    int       // by all miners
	Merged   int       // into the past of the sink, in window: the DAA score counts them
	Blues    int       // of those; they are paid
	Reds     int       // of those
	Late     int       // merged out of window
	Lost     int       // not merged
	Missed   uint64    // slots that the DAA score was forgiven
	Minutes  []float64 // merged blocks per slot, minute by minute
	Emission float64   // subsidies paid per scheduled subsidy
	Revenue  float64   // the adversary's part of the subsidies paid
	Hashed   float64   // the adversary's part of the blocks found
}

// A fate is what the selected chain made of a block.
type fate struct {
	merged, inWindow, red bool
}

// measure walks down the selected chain and sums up.
func (m *simulation) measure(s Scenario) *Result {
	r := &Result{Scenario: s, Minutes: make([]float64, int(s.Length/time.Minute))}
	from := milliseconds(s.Warmup + s.Stall)
	fates := make(map[types.Hash]fate)
	for b := m.views[0].sink; b.miner >= 0; b = b.parent {
		m.graph.judge(b, fates)
		if b.made >= from {
			r.Missed += b.missed
		}
	}
	t := tally{Result: r, graph: m.graph}
	for _, b := range m.graph.found {
		if since := b.made - from; since >= 0 && since < milliseconds(s.Length) {
			t.count(b, fates[b.hash], since)
		}
	}
	t.finish()
	return r
}

// judge enters the fates of the blocks that a chain block merges.
func (g *graph) judge(b *block, fates map[types.Hash]fate) {
	for i, list := range [][]types.Hash{b.data.Blues, b.data.Reds} {
		for _, h := range list {
			fates[h] = fate{merged: true, inWindow: g.inWindow(g.block(h), b.parent), red: i == 1}
		}
	}
}

// A tally is a Result in the making.
type tally struct {
	*Result
	graph       *graph
	paid        uint64 // jots
	paidToRival uint64
	foundRival  int
}

// count adds a block that was found some milliseconds into the measured part.
func (t *tally) count(b *block, f fate, since float64) {
	t.Found++
	if b.miner == rival {
		t.foundRival++
	}
	switch {
	case !f.merged:
		t.Lost++
		return
	case !f.inWindow:
		t.Late++
		return
	}
	t.Merged++
	t.Minutes[int(since/milliseconds(time.Minute))]++
	if f.red {
		t.Reds++
		return
	}
	t.Blues++
	subsidy := rules.Subsidy(t.graph.params, b.daaScore).Jots()
	t.paid += subsidy
	if b.miner == rival {
		t.paidToRival += subsidy
	}
}

// finish turns sums into shares.
func (t *tally) finish() {
	slots := t.slots(time.Minute)
	for i := range t.Minutes {
		t.Minutes[i] /= slots
	}
	subsidy := rules.Subsidy(t.graph.params, 0).Jots() // no run outlasts the first month
	t.Emission = float64(t.paid) / float64(subsidy) / t.slots(t.Length)
	t.Revenue = float64(t.paidToRival) / float64(t.paid)
	t.Hashed = float64(t.foundRival) / float64(t.Found)
}

// slots returns how many blocks a time should bring.
func (r *Result) slots(d time.Duration) float64 { return float64(r.BPS) * d.Seconds() }

// Rate returns the merged blocks per slot of the whole measured part.
func (r *Result) Rate() float64 { return float64(r.Merged) / r.slots(r.Length) }

// Means returns the merged blocks per slot of each full span of minutes.
func (r *Result) Means(minutes int) []float64 {
	var means []float64
	for part := range slices.Chunk(r.Minutes, minutes) {
		if len(part) < minutes {
			break
		}
		sum := 0.0
		for _, rate := range part {
			sum += rate
		}
		means = append(means, sum/float64(minutes))
	}
	return means
}
