package store

import (
	"flag"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jio-dag/jio/store/storetest"
)

var every = flag.Bool("every", false, "lose the power before every change of the disk in every way, not before each in one")

// A moment is the disk as one change found it, and the batches acknowledged by
// then.
type moment struct {
	disk *storetest.Disk
	done int
}

// failOn makes a call fail with err from now on.
func failOn(d *storetest.Disk, call string, err error) {
	d.Before(func(c storetest.Change, _ func() *storetest.Disk) error {
		if c.Call == call {
			return err
		}
		return nil
	})
}

// moments runs the script in three sittings and keeps every moment.
func moments(t *testing.T, batches int) []moment {
	t.Helper()
	var (
		mu   sync.Mutex
		done int
		all  []moment
	)
	d := storetest.New()
	d.Before(func(_ storetest.Change, copied func() *storetest.Disk) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, moment{copied(), done})
		return nil
	})
	for range 3 {
		db, err := OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Fatal(err)
		}
		for range batches / 3 {
			mustWrite(t, db, script(done)...)
			mu.Lock()
			done++
			mu.Unlock()
		}
		mustClose(t, db)
	}
	return all
}

// TestPowerLoss loses the power before every change of a run that creates, fills,
// closes and reopens: the next Open finds what was acknowledged, at most one
// batch more, and takes none of it for damage.
func TestPowerLoss(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i, m := range moments(t, 90) {
		losses := storetest.Losses()
		if !*every {
			losses = losses[i%len(losses):][:1]
		}
		for _, l := range losses {
			db, err := OpenDisk(m.disk.After(l, rng), "memory", testOptions)
			if err != nil {
				t.Fatalf("change %d, after %d batches, %v: %v", i, m.done, l, err)
			}
			head, err := db.Get([]byte("head"))
			if err != nil {
				t.Fatal(err)
			}
			found := m.done
			if next := script(m.done)[1]; string(head) == next {
				found++
			}
			wantContent(t, db, scriptState(found))
			mustClose(t, db)
		}
	}
}
