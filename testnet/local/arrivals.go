package local

import (
	"context"
	"math/rand/v2"
	"time"
)

// Arrivals are the events of a Poisson process: the pauses between them are
// exponentially distributed, and the next event knows nothing of the last.
type arrivals struct {
	rng  *rand.Rand
	mean time.Duration
	next time.Time
}

// newArrivals returns so many events a second from a moment on.
func newArrivals(rng *rand.Rand, rate float64, from time.Time) *arrivals {
	a := &arrivals{rng: rng, mean: time.Duration(float64(time.Second) / rate)}
	a.next = from.Add(a.pause())
	return a
}

func (a *arrivals) pause() time.Duration {
	return time.Duration(a.rng.ExpFloat64() * float64(a.mean))
}

// wait returns at the next event, whatever happened since the last one: who is
// late does not slow the process down.
func (a *arrivals) wait(ctx context.Context) error {
	timer := time.NewTimer(time.Until(a.next))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	a.next = a.next.Add(a.pause())
	return nil
}
