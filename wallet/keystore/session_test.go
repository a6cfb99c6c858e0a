package keystore

import (
	"bytes"
	"errors"
	"testing"
	"time"
	"unsafe"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func TestAutoLock(t *testing.T) {
	for _, timeout := range []time.Duration{0, -time.Hour} {
		if got := NewAutoLock(timeout, noon).Deadline(); !got.Equal(noon.Add(5 * time.Minute)) {
			t.Errorf("a timeout of %v: deadline %v", timeout, got)
		}
	}
	lock := NewAutoLock(time.Minute, noon)
	for _, c := range []struct {
		after time.Duration
		due   bool
	}{{-time.Hour, false}, {0, false}, {time.Minute - 1, false}, {time.Minute, true}, {time.Hour, true}} {
		if got := lock.Due(noon.Add(c.after)); got != c.due {
			t.Errorf("%v later: due is %t", c.after, got)
		}
	}
	if copied := lock; copied != lock {
		t.Error("a copy differs")
	}
}

// steadyLater moves the steady clock of a time and leaves its wall clock alone.
// Only a sleeping machine or a hand on the clock does that, so the test reaches
// for the word in which a time.Time keeps it.
func steadyLater(t time.Time, by time.Duration) time.Time {
	(*[2]int64)(unsafe.Pointer(&t))[1] += int64(by)
	return t
}

func TestAutoLockHearsEitherClock(t *testing.T) {
	start := time.Now()
	setBack := steadyLater(start, time.Hour)
	asleep := steadyLater(start.Add(time.Hour), -time.Hour)
	wall := func(now time.Time) time.Duration { return now.Round(0).Sub(start.Round(0)) }
	if setBack.Sub(start) != time.Hour || wall(setBack) != 0 || asleep.Sub(start) != 0 || wall(asleep) != time.Hour {
		t.Fatal("the two clocks did not part")
	}
	lock := NewAutoLock(time.Minute, start)
	if lock.Due(start.Add(59*time.Second)) || !lock.Due(start.Add(time.Minute)) {
		t.Error("both clocks together are not heard")
	}
	if !lock.Due(setBack) {
		t.Error("a wall clock set back keeps the wallet open")
	}
	if !lock.Due(asleep) {
		t.Error("a sleep of the machine keeps the wallet open")
	}
}

func TestSessionLocks(t *testing.T) {
	secrets, _, seed := canaries(t)
	held := secrets.list[1].value
	session := NewSession(secrets, time.Minute, noon)
	open, err := session.Secrets(noon.Add(59 * time.Second))
	if err != nil || open != secrets {
		t.Fatalf("before the deadline: %v", err)
	}
	session.Touch(noon.Add(59 * time.Second))
	if got, want := session.Deadline(), noon.Add(119*time.Second); !got.Equal(want) {
		t.Errorf("touched, the deadline is %v, want %v", got, want)
	}
	if _, err := session.Secrets(noon.Add(118 * time.Second)); err != nil {
		t.Errorf("asking moved the deadline, or touching did not: %v", err)
	}
	if _, err := session.Secrets(noon.Add(119 * time.Second)); !errors.Is(err, ErrLocked) {
		t.Errorf("at the deadline: %v", err)
	}
	if !bytes.Equal(held, make([]byte, len(held))) {
		t.Errorf("%q is left in memory", held)
	}
	if _, err := open.Seed(seed); !errors.Is(err, ErrUnknown) {
		t.Errorf("a reference kept from before still gives the seed: %v", err)
	}
}

func TestSessionStaysLocked(t *testing.T) {
	secrets, _, _ := canaries(t)
	session := NewSession(secrets, time.Minute, noon)
	session.Touch(noon.Add(time.Hour))
	if !session.Locked(noon) || len(secrets.list) != 0 {
		t.Error("a touch after the deadline opened the session again")
	}
	secrets, _, _ = canaries(t)
	session = NewSession(secrets, time.Minute, noon)
	session.Lock()
	session.Lock()
	if _, err := session.Secrets(noon); !errors.Is(err, ErrLocked) || len(secrets.list) != 0 {
		t.Errorf("after Lock: %v", err)
	}
}
