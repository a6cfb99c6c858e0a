package node

import "time"

// A limit lets something happen at most once in an interval. It is for one
// goroutine.
type limit struct {
	interval time.Duration
	next     time.Time
}

// newLimit returns a limit that allows the first after one interval.
func newLimit(interval time.Duration) *limit {
	return &limit{interval: interval, next: time.Now().Add(interval)}
}

// allow reports whether it may happen now, and if so starts the next interval.
func (l *limit) allow(now time.Time) bool {
	if now.Before(l.next) {
		return false
	}
	l.next = now.Add(l.interval)
	return true
}
