package figures

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Percentiles are those of the sorted list, by the nearest rank.
func TestPercentilesAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Int64Range(-5, 70_000), 1, 300).Draw(t, "ms")
		var d Durations
		for i, ms := range list {
			d.Add(time.Duration(ms) * time.Millisecond)
			list[i] = min(max(ms, 0), longest)
		}
		slices.Sort(list)
		percent := rapid.Uint64Range(1, 100).Draw(t, "percent")
		rank := (len(list)*int(percent) + 99) / 100
		if got, want := d.Percentile(percent).Milliseconds(), list[rank-1]; got != want {
			t.Fatalf("percentile %d of %v is %d, want %d", percent, list, got, want)
		}
	})
}

func TestPercentilesOfNothing(t *testing.T) {
	var d Durations
	if got := d.Sum(); got != (Percentiles{}) || got.String() != "none measured" {
		t.Errorf("%+v, %s", got, got)
	}
}

func TestPercentilesInJSON(t *testing.T) {
	want := Percentiles{7, time.Millisecond, 2 * time.Second, 3 * time.Second, time.Minute}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"count":7,"p50Ms":1,"p95Ms":2000,"p99Ms":3000,"maxMs":60000}` {
		t.Fatalf("%s, %v", text, err)
	}
	var got Percentiles
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if json.Unmarshal([]byte(`{"count":"x"}`), &got) == nil {
		t.Error("a text for a count is let pass")
	}
}
