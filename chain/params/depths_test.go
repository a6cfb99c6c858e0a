package params

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// TestGhostdagK recomputes every K from its definition in exact integers: the
// smallest k with 1 − Σ_{j≤k} e^{−x}·xʲ/j! < 0.01, where x = 2·D·λ = 10·bps.
func TestGhostdagK(t *testing.T) {
	for bps := uint64(1); bps <= MaxRate; bps++ {
		if got, want := ghostdagK[bps-1], smallestK(t, 10*int64(bps)); got != want {
			t.Errorf("K at %d blocks per second = %d, want %d", bps, got, want)
		}
	}
}

// smallestK looks for the first partial sum of the series of eˣ above
// 0.99·eˣ. All numbers are multiplied by n!, which makes the terms integers; eˣ
// lies between the sum of the terms 0…n and that plus a geometric bound of the
// rest. The test fails if the interval is too wide to decide.
func smallestK(t *testing.T, x int64) int {
	n := 4*x + 200
	terms := scaledTerms(x, n)
	below := new(big.Int)
	for _, term := range terms {
		below.Add(below, term)
	}
	// The rest is at most t_n·(r + r² + …), r = x/(n+1) ≤ 1/2, hence at most t_n.
	above := new(big.Int).Add(below, terms[n])
	partial := new(big.Int)
	for k, term := range terms {
		partial.Add(partial, term)
		hundred := new(big.Int).Mul(partial, big.NewInt(100))
		low := hundred.Cmp(new(big.Int).Mul(below, big.NewInt(99))) > 0
		high := hundred.Cmp(new(big.Int).Mul(above, big.NewInt(99))) > 0
		if low != high {
			t.Fatalf("x = %d, k = %d: the bounds of e^x are too far apart", x, k)
		}
		if high {
			return k
		}
	}
	t.Fatalf("x = %d: no k below %d", x, n)
	return 0
}

// scaledTerms returns n!·xʲ/j! for j = 0…n.
func scaledTerms(x, n int64) []*big.Int {
	terms := make([]*big.Int, n+1)
	terms[0] = new(big.Int).MulRange(1, n)
	for j := int64(1); j <= n; j++ {
		term := new(big.Int).Mul(terms[j-1], big.NewInt(x))
		terms[j] = term.Quo(term, big.NewInt(j))
	}
	return terms
}

// TestDepthTable writes the table of limits and depths from the formulas and
// holds it against the numbers of the consensus rules.
func TestDepthTable(t *testing.T) {
	want := `
spacing              1000       100
K                      18       124
max parents            10        16
merge-set limit       180       248
merge depth          3600     36000
finality depth      43200    432000
pruning depth      108000   1080000
coinbase maturity     100      1000
block weight      4000000    500000
median span            61       331
DAA window            600      6000
`
	one, ten := at(t, 1), at(t, 10)
	var b strings.Builder
	row := func(name string, of func(p *Params) uint64) {
		fmt.Fprintf(&b, "\n%-17s %7d %9d", name, of(one), of(ten))
	}
	row("spacing", func(p *Params) uint64 { return p.Spacing })
	row("K", func(p *Params) uint64 { return uint64(p.K) })
	row("max parents", func(p *Params) uint64 { return uint64(p.MaxParents) })
	row("merge-set limit", func(p *Params) uint64 { return uint64(p.MergeSetLimit) })
	row("merge depth", func(p *Params) uint64 { return p.MergeDepth })
	row("finality depth", func(p *Params) uint64 { return p.FinalityDepth })
	row("pruning depth", func(p *Params) uint64 { return p.PruningDepth })
	row("coinbase maturity", func(p *Params) uint64 { return p.CoinbaseMaturity })
	row("block weight", func(p *Params) uint64 { return p.BlockWeight })
	row("median span", func(p *Params) uint64 { return uint64(p.MedianTimeSpan) })
	row("DAA window", (*Params).DAAWindow)
	got := b.String() + "\n"
	t.Log(got)
	if got != want {
		t.Errorf("table differs, want%s", want)
	}
}

func at(t *testing.T, bps uint64) *Params {
	t.Helper()
	p, err := SimNetAt(bps)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPruningDepthBound holds the safety bound at the two documented rates, and
// that a rate with a deeper bound takes it.
func TestPruningDepthBound(t *testing.T) {
	for bps, want := range map[uint64]uint64{1: 63_398, 10: 627_258} {
		if got := at(t, bps).minPruningDepth(); got != want {
			t.Errorf("bound at %d blocks per second = %d, want %d", bps, got, want)
		}
	}
	for bps := uint64(1); bps <= MaxRate; bps++ {
		p := new(Params)
		p.derive(bps)
		if p.PruningDepth < p.minPruningDepth() || p.PruningDepth < 30*hour*bps {
			t.Errorf("%d blocks per second: pruning depth %d", bps, p.PruningDepth)
		}
	}
}
