package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/jio-dag/jio/store"
)

// A process that is stopping keeps its lock until it has closed everything, and
// one that was killed until the system has cleaned up after it, which takes a
// while where it had much in memory or a write under way. A start waits so long
// for that, and looks so often.
const (
	lockPatience = 3 * time.Second
	lockPoll     = 20 * time.Millisecond
)

// lockDir takes a directory. One that another process has is refused at once,
// unless that process is about to end, which is waited for.
func lockDir(ctx context.Context, dir string) (*store.Lock, error) {
	for end := time.Now().Add(lockPatience); ; {
		lock, err := store.LockDir(dir)
		var inUse *store.InUseError
		if !errors.As(err, &inUse) || !ending(inUse.PID) || time.Now().After(end) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(lockPoll):
		}
	}
}

// ending reports whether a process is gone or about to be. 0 is one that does not
// say who it is: it has just taken the lock, or is stopping.
func ending(pid int) bool {
	return pid == 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || wasKilled(pid)
}

// sigkillPending is the bit of SIGKILL among the pending signals of a process.
const sigkillPending = 1 << (syscall.SIGKILL - 1)

// wasKilled reports whether Linux says of a process that it has ended and was not
// waited for, or has SIGKILL ahead of it. Other systems say nothing.
func wasKilled(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return false
	}
	for line := range bytes.Lines(status) {
		name, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		value = bytes.TrimSpace(value)
		switch string(name) {
		case "State":
			if bytes.ContainsAny(value[:min(1, len(value))], "ZX") {
				return true
			}
		case "SigPnd", "ShdPnd":
			if pending, err := strconv.ParseUint(string(value), 16, 64); err == nil && pending&sigkillPending != 0 {
				return true
			}
		}
	}
	return false
}
