package figures

import (
	"encoding/json"
	"fmt"
	"time"
)

// longest is what Durations can tell apart from more, in milliseconds.
const longest = 60_000

// Durations counts durations by the millisecond, those of a minute and more
// together. The zero value is empty. It is not safe for concurrent use.
type Durations struct {
	counts [longest + 1]uint32
	total  uint64
}

// Add counts a duration; one below zero counts as zero.
func (d *Durations) Add(x time.Duration) {
	d.counts[min(max(x.Milliseconds(), 0), longest)]++
	d.total++
}

// Percentile returns the smallest duration that a share of all, in percent from
// 1 to 100, does not exceed; 0 when there are none.
func (d *Durations) Percentile(percent uint64) time.Duration {
	rank := (d.total*percent + 99) / 100
	var seen uint64
	for ms, n := range d.counts {
		if seen += uint64(n); seen >= rank && seen > 0 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return 0
}

// Sum returns the figures that people ask for.
func (d *Durations) Sum() Percentiles {
	return Percentiles{d.total, d.Percentile(50), d.Percentile(95), d.Percentile(99), d.Percentile(100)}
}

// Percentiles sum up durations.
type Percentiles struct {
	Count              uint64
	P50, P95, P99, Max time.Duration
}

// String prints the percentiles in words.
func (p Percentiles) String() string {
	if p.Count == 0 {
		return "none measured"
	}
	return fmt.Sprintf("p50 %v, p95 %v, p99 %v, at most %v (%d measured)", p.P50, p.P95, p.P99, p.Max, p.Count)
}

// shownPercentiles are Percentiles in milliseconds.
type shownPercentiles struct {
	Count uint64 `json:"count"`
	P50   int64  `json:"p50Ms"`
	P95   int64  `json:"p95Ms"`
	P99   int64  `json:"p99Ms"`
	Max   int64  `json:"maxMs"`
}

// MarshalJSON prints durations in milliseconds.
func (p Percentiles) MarshalJSON() ([]byte, error) {
	return json.Marshal(shownPercentiles{p.Count, p.P50.Milliseconds(), p.P95.Milliseconds(), p.P99.Milliseconds(), p.Max.Milliseconds()})
}

// UnmarshalJSON reads what MarshalJSON printed.
func (p *Percentiles) UnmarshalJSON(data []byte) error {
	var s shownPercentiles
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
	*p = Percentiles{s.Count, ms(s.P50), ms(s.P95), ms(s.P99), ms(s.Max)}
	return nil
}
