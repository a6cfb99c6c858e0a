package local

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// A Poisson process has a mean pause of one over the rate, a standard deviation
// as large as the mean, and one seed gives the same events twice.
func TestArrivals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events, rate = 20000, 10
		run := func(seed uint64) (pauses []float64) {
			last := time.Now()
			a := newArrivals(rand.New(rand.NewPCG(seed, 1)), rate, last)
			for range events {
				if err := a.wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				pauses = append(pauses, time.Since(last).Seconds())
				last = time.Now()
			}
			return pauses
		}
		pauses := run(7)
		var sum, squares float64
		for _, p := range pauses {
			sum += p
			squares += p * p
		}
		mean := sum / events
		deviation := math.Sqrt(squares/events - mean*mean)
		if math.Abs(mean*rate-1) > 0.02 || math.Abs(deviation*rate-1) > 0.03 {
			t.Errorf("mean %.4f s, deviation %.4f s; want 0.1 s for both", mean, deviation)
		}
		for i, p := range run(7)[:100] {
			if math.Abs(p-pauses[i]) > 1e-6 {
				t.Fatalf("event %d after %v s, and after %v s with the same seed", i, p, pauses[i])
			}
		}
		if run(8)[0] == pauses[0] {
			t.Error("another seed gives the same events")
		}
	})
}

// Who is late catches up: the process goes by the clock, not by the pauses
// between two calls.
func TestArrivalsCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArrivals(rand.New(rand.NewPCG(1, 1)), 100, time.Now())
		time.Sleep(10 * time.Second)
		late := time.Now()
		n := 0
		for a.next.Before(late) {
			if err := a.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			n++
		}
		if time.Since(late) != 0 || n < 850 || n > 1150 {
			t.Errorf("%d events were due after 10 s at 100 a second, and took another %v", n, time.Since(late))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if a.next = time.Now().Add(time.Hour); a.wait(ctx) == nil {
			t.Error("waits on after its end")
		}
	})
}
