package miner

import "time"

// maxWindow is the window whose best value a meter remembers.
const maxWindow = 10 * time.Second

// A meter counts hashes in a ring of one-second buckets and tells the rate over
// recent windows. Time is passed in; a clock that steps back counts into the
// newest bucket. It is not safe for concurrent use.
type meter struct {
	buckets []uint64
	start   time.Time // of bucket 0: the first hash counted
	newest  int64     // number of the newest bucket, counted from start
	best    float64   // the highest rate over a full maxWindow
}

// newMeter returns a meter for windows of up to span.
func newMeter(span time.Duration) *meter {
	// One bucket more than the span has seconds: the newest is partly filled.
	return &meter{buckets: make([]uint64, span/time.Second+1)}
}

// add counts hashes done just now.
func (m *meter) add(now time.Time, hashes uint64) {
	if m.start.IsZero() {
		m.start = now
	}
	m.advance(now)
	m.buckets[m.slot(m.newest)] += hashes
}

func (m *meter) slot(bucket int64) int64 { return bucket % int64(len(m.buckets)) }

// advance makes the bucket of now the newest, emptying those it passes. After a
// whole ring has passed everything is empty and the rest can be skipped.
func (m *meter) advance(now time.Time) {
	bucket := int64(now.Sub(m.start) / time.Second)
	for passed := 0; m.newest < bucket; passed++ {
		if passed > len(m.buckets) {
			m.newest = bucket
			return
		}
		m.noteBest()
		m.newest++
		m.buckets[m.slot(m.newest)] = 0
	}
}

// noteBest compares the window that ends with the newest bucket, now full.
func (m *meter) noteBest() {
	const seconds = int64(maxWindow / time.Second)
	if m.newest+1 >= seconds {
		m.best = max(m.best, float64(m.sum(seconds))/float64(seconds))
	}
}

// sum adds up the newest buckets.
func (m *meter) sum(buckets int64) (hashes uint64) {
	for i := max(0, m.newest-buckets+1); i <= m.newest; i++ {
		hashes += m.buckets[m.slot(i)]
	}
	return hashes
}

// rate returns hashes per second over the window that ends now. It spans whole
// buckets and the newest one as far as it got; while the meter is younger than
// the window it spans the meter's life, but at least a second.
func (m *meter) rate(now time.Time, window time.Duration) float64 {
	if m.start.IsZero() {
		return 0
	}
	m.advance(now)
	buckets := int64(window/time.Second) + 1
	oldest := m.start.Add(time.Duration(max(0, m.newest-buckets+1)) * time.Second)
	return float64(m.sum(buckets)) / max(1, now.Sub(oldest).Seconds())
}
