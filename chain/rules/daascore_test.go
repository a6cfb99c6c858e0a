package rules

import (
	"math/big"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"pgregory.net/rapid"
)

// TestDAAScore holds both sides of the window and of the first missed slots.
// Devnet: spacing 1,000 ms, half-life 60,000 ms, so a window of 60 and 15,000 ms
// before a slot is missed.
func TestDAAScore(t *testing.T) {
	tests := []struct {
		name   string
		gap    uint64 // from the selected parent's median time to the block's
		scores []uint64
		want   uint64 // more than the selected parent's
	}{
		{"the child of genesis", 0, nil, 0},
		{"the selected parent", 0, []uint64{500}, 1},
		{"a late block at the edge of the window", 0, []uint64{500, 440}, 2},
		{"a late block beyond it", 0, []uint64{500, 439}, 1},
		{"a merged block above the selected parent", 0, []uint64{500, 501}, 2},
		{"the longest gap without a missed slot", 15_999, []uint64{500}, 1},
		{"one missed slot", 16_000, []uint64{500}, 2},
		{"two missed slots", 17_000, []uint64{500}, 3},
		{"a night", 8 * 3600_000, []uint64{500}, 1 + 8*3600 - 15},
	}
	for _, tt := range tests {
		got := DAAScore(params.DevNet(), DAAInput{
			ParentDAAScore: 1_000, ParentBlueScore: 500, ParentMedianTime: 1 << 40, MedianTime: 1<<40 + tt.gap, MergeScores: tt.scores,
		})
		if got != 1_000+tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, 1_000+tt.want)
		}
	}
}

// naiveDAAScore follows the rule's formula in unbounded integers.
func naiveDAAScore(p *params.Params, in DAAInput) *big.Int {
	unsigned := func(v uint64) *big.Int { return new(big.Int).SetUint64(v) }
	score := unsigned(in.ParentDAAScore)
	for _, merged := range in.MergeScores {
		reach := new(big.Int).Add(unsigned(merged), unsigned(p.HalfLife/p.Spacing))
		if reach.Cmp(unsigned(in.ParentBlueScore)) >= 0 {
			score.Add(score, big.NewInt(1))
		}
	}
	slept := new(big.Int).Sub(unsigned(in.MedianTime), unsigned(in.ParentMedianTime))
	slept.Sub(slept, unsigned(p.HalfLife/4))
	if slept.Sign() > 0 {
		score.Add(score, slept.Quo(slept, unsigned(p.Spacing)))
	}
	return score
}

func TestDAAScoreDefinition(t *testing.T) {
	networks := []*params.Params{params.MainNet(), params.DevNet(), params.SimNet()}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(networks).Draw(t, "network")
		in := DAAInput{
			ParentDAAScore:   rapid.Uint64Max(1<<62).Draw(t, "parent score"),
			ParentBlueScore:  rapid.Uint64().Draw(t, "parent blue score"),
			ParentMedianTime: rapid.Uint64().Draw(t, "parent median"),
			MedianTime:       rapid.Uint64().Draw(t, "median"),
		}
		if rapid.Bool().Draw(t, "near") {
			in.MedianTime = in.ParentMedianTime + rapid.Uint64Max(min(p.HalfLife, ^in.ParentMedianTime)).Draw(t, "gap")
		}
		near := func(i int) uint64 { return in.ParentBlueScore - p.DAAWindow() + uint64(i) }
		in.MergeScores = rapid.SliceOfN(rapid.OneOf(rapid.Uint64(), rapid.Map(rapid.IntRange(-2, 2), near)), 0, 20).Draw(t, "merge scores")
		got, want := DAAScore(p, in), naiveDAAScore(p, in)
		if want.Cmp(new(big.Int).SetUint64(got)) != 0 {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}
