package miner

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.UnixMilli(1_767_225_600_000)

// TestMeterSteady counts 1,000 hashes every 10 ms: each window shows 100 kH/s.
func TestMeterSteady(t *testing.T) {
	m := newMeter(longWindow)
	for i := range 100 * 1000 {
		now := epoch.Add(time.Duration(i) * 10 * time.Millisecond)
		m.add(now, 1000)
		if i%777 != 776 {
			continue
		}
		for _, window := range []time.Duration{shortWindow, mediumWindow, longWindow} {
			// The hashes of this instant count, its 10 ms have only begun.
			if got := m.rate(now, window); got < 100_000 || got > 101_000 {
				t.Fatalf("after %v: %v over %v", now.Sub(epoch), got, window)
			}
		}
	}
	if m.best != 100_000 {
		t.Errorf("best rate %v, want 100000", m.best)
	}
}

func TestMeterFades(t *testing.T) {
	m := newMeter(longWindow)
	if got := m.rate(epoch, shortWindow); got != 0 {
		t.Errorf("an unused meter shows %v", got)
	}
	for i := range 30 {
		m.add(epoch.Add(time.Duration(i)*time.Second), 500)
	}
	for _, c := range []struct {
		after  time.Duration
		window time.Duration
		want   float64
	}{
		{30 * time.Second, shortWindow, 500},
		{35 * time.Second, shortWindow, 250},
		{40 * time.Second, shortWindow, 0},
		{40 * time.Second, mediumWindow, 375},
		{60 * time.Second, mediumWindow, 250},
		{90 * time.Second, mediumWindow, 0},
		{600 * time.Second, longWindow, 25},
		{929 * time.Second, longWindow, 500. / 900},
		{930 * time.Second, longWindow, 0},
		{10000 * time.Hour, longWindow, 0},
	} {
		if got := m.rate(epoch.Add(c.after), c.window); got != c.want {
			t.Errorf("after %v: %v over %v, want %v", c.after, got, c.window, c.want)
		}
	}
	if m.best != 500 {
		t.Errorf("best rate %v, want 500", m.best)
	}
}

// TestMeterBestNeedsFullWindow holds that a burst shorter than ten seconds does
// not become the best rate at its own speed.
func TestMeterBestNeedsFullWindow(t *testing.T) {
	m := newMeter(shortWindow)
	m.add(epoch, 1000)
	if m.rate(epoch, shortWindow) != 1000 || m.best != 0 {
		t.Errorf("at first: rate %v, best %v", m.rate(epoch, shortWindow), m.best)
	}
	m.rate(epoch.Add(9999*time.Millisecond), shortWindow)
	if m.best != 0 {
		t.Errorf("best %v before ten seconds are over", m.best)
	}
	m.rate(epoch.Add(10*time.Second), shortWindow)
	if m.best != 100 {
		t.Errorf("best %v, want 100", m.best)
	}
}

func TestMeterClockStepsBack(t *testing.T) {
	m := newMeter(shortWindow)
	m.add(epoch.Add(5*time.Second), 100)
	m.add(epoch, 100)
	if got := m.rate(epoch, shortWindow); got != 200 {
		t.Errorf("rate %v, want 200: both in the one bucket there is", got)
	}
}

// naiveMeter keeps every count and adds up those of the window by its
// definition.
type naiveMeter []struct {
	at     time.Duration // since the first
	hashes uint64
}

func (n naiveMeter) rate(now time.Duration, window time.Duration) float64 {
	from := max(0, now.Truncate(time.Second)-window)
	sum := uint64(0)
	for _, c := range n {
		if c.at >= from {
			sum += c.hashes
		}
	}
	return float64(sum) / max(1, (now-from).Seconds())
}

func TestMeterAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, naive := newMeter(mediumWindow), naiveMeter{}
		step := rapid.OneOf(rapid.Int64Range(0, 1500), rapid.Int64Range(0, 200_000))
		now := time.Duration(0)
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			hashes := rapid.Uint64Range(0, 1e9).Draw(t, "hashes")
			m.add(epoch.Add(now), hashes)
			naive = append(naive, struct {
				at     time.Duration
				hashes uint64
			}{now, hashes})
			for _, window := range []time.Duration{time.Second, shortWindow, mediumWindow} {
				got, want := m.rate(epoch.Add(now), window), naive.rate(now, window)
				if math.Abs(got-want) > 1e-6*want {
					t.Fatalf("after %v: %v over %v, want %v", now, got, window, want)
				}
			}
			now += time.Duration(step.Draw(t, "step")) * time.Millisecond
		}
	})
}

func BenchmarkGauges(b *testing.B) {
	g := newGauges()
	thread := g.addThread()
	now := epoch
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(time.Millisecond)
		g.add(thread, now, batchSize)
	}
}
