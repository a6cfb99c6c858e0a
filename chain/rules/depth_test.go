package rules

import (
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"pgregory.net/rapid"
)

func TestDepthBounds(t *testing.T) {
	p := params.SimNet()
	for score, want := range map[uint64]uint64{0: 0, 3_599: 0, 3_600: 0, 3_601: 1, 10_000: 6_400} {
		if got := MergeDepthBound(p, score); got != want {
			t.Errorf("merge-depth bound at %d = %d, want %d", score, got, want)
		}
	}
	for score, want := range map[uint64]uint64{0: 0, 43_200: 0, 43_201: 1, 50_000: 6_800} {
		if got := FinalityBound(p, score); got != want {
			t.Errorf("finality bound at %d = %d, want %d", score, got, want)
		}
	}
}

func TestPruningSamples(t *testing.T) {
	p := params.SimNet()
	tests := []struct {
		score, parent uint64
		want          bool
	}{
		{1, 0, false},
		{43_199, 43_198, false},
		{43_200, 43_199, true},
		{43_210, 43_190, true},
		{43_201, 43_200, false},
		{86_400, 86_399, true},
		{86_399, 43_200, false},
		{129_600, 43_199, true},
	}
	for _, tt := range tests {
		if got := IsPruningSample(p, tt.score, tt.parent); got != tt.want {
			t.Errorf("blue score %d on %d: sample %v, want %v", tt.score, tt.parent, got, tt.want)
		}
	}
}

func TestPruningDepth(t *testing.T) {
	p := params.SimNet()
	tests := []struct {
		sample, score uint64
		want          bool
	}{
		{0, 107_999, false},
		{0, 108_000, true},
		{43_200, 151_199, false},
		{43_200, 151_200, true},
		{5, 4, false},
		{^uint64(0), 0, false},
		{0, ^uint64(0), true},
	}
	for _, tt := range tests {
		if got := IsPruningDepth(p, tt.sample, tt.score); got != tt.want {
			t.Errorf("sample %d under %d: deep enough %v, want %v", tt.sample, tt.score, got, tt.want)
		}
	}
}

// TestDepthsOnChain finds merge-depth root and pruning point on random selected
// chains with the bounds, and again by the words of their definitions.
func TestDepthsOnChain(t *testing.T) {
	p := params.SimNet()
	p.MergeDepth, p.FinalityDepth, p.PruningDepth = 7, 20, 50
	rapid.Check(t, func(t *rapid.T) {
		chain := []uint64{0} // blue scores
		for range rapid.IntRange(1, 80).Draw(t, "length") {
			chain = append(chain, chain[len(chain)-1]+rapid.Uint64Range(1, 9).Draw(t, "blues"))
		}
		below, score := chain[:len(chain)-1], chain[len(chain)-1]
		root, point := 0, 0
		naiveRoot, naivePoint := 0, 0
		for i, s := range below {
			if s < MergeDepthBound(p, score) {
				root = i
			}
			if int64(s) < int64(score)-7 {
				naiveRoot = i
			}
			if i > 0 && IsPruningSample(p, s, below[i-1]) && IsPruningDepth(p, s, score) {
				point = i
			}
			if i > 0 && s/20 > below[i-1]/20 && s+50 <= score {
				naivePoint = i
			}
		}
		if root != naiveRoot || point != naivePoint {
			t.Fatalf("chain %v: root %d and point %d, want %d and %d", chain, root, point, naiveRoot, naivePoint)
		}
	})
}
