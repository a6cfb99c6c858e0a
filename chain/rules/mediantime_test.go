package rules

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// naiveMedian counts instead of sorting: the upper median is the timestamp with
// at most half of the others below it and more than half of all not above it.
func naiveMedian(parent uint64, timestamps []uint64) uint64 {
	half := len(timestamps) / 2
	for _, candidate := range timestamps {
		below, equal := 0, 0
		for _, ts := range timestamps {
			switch {
			case ts < candidate:
				below++
			case ts == candidate:
				equal++
			}
		}
		if below <= half && half < below+equal {
			return max(parent, candidate)
		}
	}
	return parent
}

func TestMedianTime(t *testing.T) {
	tests := []struct {
		parent     uint64
		timestamps []uint64
		want       uint64
	}{
		{5, nil, 5},
		{5, []uint64{7}, 7},
		{5, []uint64{3}, 5},
		{0, []uint64{1, 9}, 9},
		{0, []uint64{9, 1, 4}, 4},
		{0, []uint64{4, 3, 2, 1}, 3},
		{4, []uint64{4, 3, 2, 1}, 4},
	}
	for _, tt := range tests {
		if got := MedianTime(tt.parent, slices.Clone(tt.timestamps)); got != tt.want {
			t.Errorf("MedianTime(%d, %v) = %d, want %d", tt.parent, tt.timestamps, got, tt.want)
		}
	}
}

func TestMedianTimeCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Bool().Draw(t, "small") // many equal timestamps
		limit := ^uint64(0)
		if small {
			limit = 9
		}
		timestamps := rapid.SliceOf(rapid.Uint64Max(limit)).Draw(t, "timestamps")
		parent := rapid.Uint64Max(limit).Draw(t, "parent")
		want := naiveMedian(parent, timestamps)
		if got := MedianTime(parent, timestamps); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}

func BenchmarkMedianTime(b *testing.B) {
	window := make([]uint64, 331)
	for i := range window {
		window[i] = 1_800_000_000_000 - uint64(100*i+37*i%990)
	}
	scratch := make([]uint64, len(window))
	b.ReportAllocs()
	for b.Loop() {
		copy(scratch, window)
		MedianTime(0, scratch)
	}
}
