package page

import (
	"time"

	"github.com/jio-dag/jio/node/api"
)

// window is how many seconds a Series reaches back.
const window = 600

// A Series keeps some figures of the last ten minutes, one sample a second.
// There is one for all pages, so that a graph is there when its page is opened.
type Series struct {
	BlockRate, HashRate, BytesIn, BytesOut []float64
	last                                   time.Time
	in, out                                uint64
}

// Record takes a sample when the last is a second old.
func (s *Series) Record(now time.Time, status *api.Status) {
	elapsed := now.Sub(s.last)
	if !s.last.IsZero() && elapsed < time.Second {
		return
	}
	s.BlockRate = sampled(s.BlockRate, status.BlockRate)
	s.HashRate = sampled(s.HashRate, status.Miner.Rate10s)
	if !s.last.IsZero() {
		s.BytesIn = sampled(s.BytesIn, rate(status.System.BytesIn, s.in, elapsed))
		s.BytesOut = sampled(s.BytesOut, rate(status.System.BytesOut, s.out, elapsed))
	}
	s.last, s.in, s.out = now, status.System.BytesIn, status.System.BytesOut
}

func sampled(values []float64, v float64) []float64 {
	if len(values) >= window {
		copy(values, values[1:])
		values = values[:window-1]
	}
	return append(values, v)
}

// rate is the growth of a counter a second; a counter that went back began anew.
func rate(now, before uint64, elapsed time.Duration) float64 {
	if now < before {
		return 0
	}
	return float64(now-before) / elapsed.Seconds()
}

// latest returns the newest sample, 0 when there is none.
func latest(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return values[len(values)-1]
}
