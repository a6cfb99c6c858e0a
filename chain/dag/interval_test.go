package dag

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSplitVectors pins the known splits: exact where nothing is left over,
// exponential otherwise.
func TestSplitVectors(t *testing.T) {
	cases := []struct {
		interval Interval
		sizes    []uint64
		want     []Interval
	}{
		{Interval{1, 100}, []uint64{50, 50}, []Interval{{1, 50}, {51, 100}}},
		{Interval{1, 100}, []uint64{25, 25}, []Interval{{1, 50}, {51, 100}}},
		{Interval{1, 100}, []uint64{1, 1}, []Interval{{1, 50}, {51, 100}}},
		{Interval{1, 100}, []uint64{33, 33, 33}, []Interval{{1, 33}, {34, 66}, {67, 100}}},
		{Interval{1, 100}, []uint64{10, 15, 25}, []Interval{{1, 10}, {11, 25}, {26, 100}}},
		{Interval{1, 100}, []uint64{25, 15, 10}, []Interval{{1, 75}, {76, 90}, {91, 100}}},
		{Interval{1, 10000}, []uint64{10, 10, 20}, []Interval{{1, 20}, {21, 40}, {41, 10000}}},
		{Interval{1, 100000}, []uint64{31000, 31000, 30001}, []Interval{{1, 35000}, {35001, 69999}, {70000, 100000}}},
		{maximalInterval, []uint64{7}, []Interval{maximalInterval}},
	}
	for _, c := range cases {
		if got := c.interval.splitExponential(c.sizes); !slices.Equal(got, c.want) {
			t.Errorf("%v by %v: %v, want %v", c.interval, c.sizes, got, c.want)
		}
	}
}

// naiveShare returns surplus·2^size/Σ2^size over the sizes, rounded half up, as
// a fraction of big integers without any bound.
func naiveShare(surplus uint64, sizes []uint64, j int) uint64 {
	total := new(big.Int)
	for _, size := range sizes {
		total.Add(total, new(big.Int).Lsh(big.NewInt(1), uint(size)))
	}
	twice := new(big.Int).Lsh(new(big.Int).SetUint64(surplus), uint(sizes[j])+1)
	twice.Add(twice, total)
	return twice.Div(twice, total.Lsh(total, 1)).Uint64()
}

// TestSplitIsItsDefinition: the parts follow each other, fill the interval, hold
// the sizes, and all but the last have exactly the share of the definition, as
// long as no weight is below 2⁻⁶³.
func TestSplitIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.Uint64Range(0, 500).Draw(t, "base")
		spread := rapid.SampledFrom([]uint64{1, 5, 64, 200}).Draw(t, "spread")
		sizes := rapid.SliceOfN(rapid.Uint64Range(1, spread), 1, 12).Draw(t, "sizes")
		for j := range sizes {
			sizes[j] += base
		}
		surplus := rapid.OneOf(rapid.Uint64Range(0, 100), rapid.Uint64Max(1<<63)).Draw(t, "surplus")
		interval := Interval{9, 8 + sum(sizes) + surplus}
		start, left := interval.Start, surplus
		for j, part := range interval.splitExponential(sizes) {
			if part.Start != start || part.Size() < sizes[j] {
				t.Fatalf("part %d of size %d is %v, want it to start at %d", j, sizes[j], part, start)
			}
			start = part.End + 1
			got := part.Size() - sizes[j]
			want := min(naiveShare(surplus, sizes, j), left)
			if spread <= 64 && j < len(sizes)-1 && got != want {
				t.Fatalf("part %d of size %d gets %d, want %d", j, sizes[j], got, want)
			}
			left -= got
		}
		if start != interval.End+1 || left != 0 {
			t.Fatalf("the parts end before %d, not at %v", start, interval)
		}
	})
}

func TestFirstHalf(t *testing.T) {
	for _, c := range []struct{ whole, half Interval }{
		{Interval{5, 4}, Interval{5, 4}},
		{Interval{5, 5}, Interval{5, 5}},
		{Interval{5, 6}, Interval{5, 5}},
		{Interval{5, 7}, Interval{5, 6}},
		{maximalInterval, Interval{1, 1<<63 - 1}},
	} {
		if got := c.whole.firstHalf(); got != c.half {
			t.Errorf("half of %v is %v, want %v", c.whole, got, c.half)
		}
	}
}

func TestSplitRefusesWhatDoesNotFit(t *testing.T) {
	for name, split := range map[string]func(){
		"exponential": func() { Interval{1, 9}.splitExponential([]uint64{5, 5}) },
		"exact":       func() { Interval{1, 9}.splitExact([]uint64{5, 3}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			split()
		})
	}
}
