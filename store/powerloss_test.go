package store

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"testing"
)

// A moment is the disk as one call found it, and the batches acknowledged by
// then.
type moment struct {
	disk *memDisk
	done int
}

// moments runs the script in three sittings and keeps every moment.
func moments(t *testing.T, batches int) []moment {
	t.Helper()
	var (
		mu   sync.Mutex
		done int
		all  []moment
	)
	d := newMemDisk()
	d.watch = func(now *memDisk) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, moment{now, done})
	}
	for range 3 {
		db, err := open(d, "memory", testOptions)
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

// lose turns off the power: of what was not synced nothing is left, or a part,
// or zeros, or garbage.
func (d *memDisk) lose(rng *rand.Rand) {
	for fd, data := range d.files {
		safe := d.synced[fd]
		tail := bytes.Clone(data[safe:])
		switch rng.IntN(4) {
		case 0:
			tail = nil
		case 1:
			tail = tail[:rng.IntN(len(tail)+1)]
		case 2:
			clear(tail)
		case 3:
			for i := rng.IntN(len(tail) + 1); i < len(tail); i++ {
				tail[i] = byte(rng.Uint32())
			}
		}
		d.files[fd] = append(bytes.Clone(data[:safe]), tail...)
	}
}

// TestPowerLoss loses the power before every call of a run that creates, fills,
// closes and reopens: the next Open finds what was acknowledged, at most one
// batch more, and takes none of it for damage.
func TestPowerLoss(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i, m := range moments(t, 90) {
		m.disk.lose(rng)
		db, err := open(m.disk, "memory", testOptions)
		if err != nil {
			t.Fatalf("call %d, after %d batches: %v", i, m.done, err)
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
