package bench

import (
	"context"
	"errors"
	"runtime"
	"syscall"
	"time"
)

// A tally is how often something was done, and the processor time that took.
type tally struct {
	count int
	spent time.Duration
}

// time adds what f does so many times.
func (t *tally) time(count int, f func()) {
	start := processorTime()
	f()
	t.spent += processorTime() - start
	t.count += count
}

// enough is the part, one in so many, of what was to be measured that tells a rate
// when there is no time for the rest.
const enough = 10

// fill repeats f, which does something so many times, until the tally grew by an
// amount of processor time, or enough of it.
func (t *tally) fill(ctx context.Context, amount time.Duration, count int, f func()) error {
	before := t.spent
	for t.spent < before+amount {
		if err := context.Cause(ctx); err != nil {
			if errors.Is(err, errLate) && enough*(t.spent-before) >= amount {
				return nil
			}
			return err
		}
		t.time(count, f)
	}
	return nil
}

// rate is per second of processor time, 0 for nothing.
func (t *tally) rate() Rate {
	if t.spent == 0 {
		return 0
	}
	return Rate(float64(t.count) / t.spent.Seconds())
}

// usage asks the system what this process used; it cannot fail for itself.
func usage() (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic("bench: getrusage: " + err.Error())
	}
	return u
}

// processorTime is that of the whole process so far, user and system.
func processorTime() time.Duration {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the most memory that was resident at once, in bytes.
func peakMemory() uint64 {
	u := usage()
	if runtime.GOOS == "darwin" {
		return uint64(u.Maxrss)
	}
	return uint64(u.Maxrss) << 10 // others count in KiB
}

// allocated is how often memory was allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
