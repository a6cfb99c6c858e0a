package node

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/store"
)

// endedProcess returns the number of a process that has ended.
func endedProcess(t *testing.T) int {
	t.Helper()
	p := exec.Command(os.Args[0], "-test.run=^$")
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	return p.Process.Pid
}

// heldBy takes a directory and writes another process down as its owner.
func heldBy(t *testing.T, dir string, pid int) *store.Lock {
	t.Helper()
	lock, err := store.LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "jio.lock"), fmt.Appendln(nil, pid), 0o600); err != nil {
		t.Fatal(err)
	}
	return lock
}

// The lock of a process that is gone is waited for, for a while.
func TestLockOfTheDeadIsWaitedFor(t *testing.T) {
	gone := endedProcess(t)
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		old := heldBy(t, dir, gone)
		time.AfterFunc(lockPatience/2, func() { _ = old.Close() })
		begun := time.Now()
		lock, err := lockDir(t.Context(), dir)
		if err != nil || time.Since(begun) < lockPatience/2 {
			t.Fatalf("after %v: %v", time.Since(begun), err)
		}
		if err := lock.Close(); err != nil {
			t.Error(err)
		}
		defer heldBy(t, dir, gone).Close()
		begun = time.Now()
		var inUse *store.InUseError
		if _, err := lockDir(t.Context(), dir); !errors.As(err, &inUse) || time.Since(begun) < lockPatience {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}

// The lock of a process that lives is refused at once.
func TestLockOfTheLivingIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		defer heldBy(t, dir, os.Getppid()).Close()
		begun := time.Now()
		var inUse *store.InUseError
		if _, err := lockDir(t.Context(), dir); !errors.As(err, &inUse) || inUse.PID != os.Getppid() || time.Since(begun) != 0 {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}

func TestEndingProcesses(t *testing.T) {
	p := exec.Command("sleep", "600")
	if err := p.Start(); err != nil {
		t.Skip("this machine has no sleep:", err)
	}
	if ending(p.Process.Pid) || ending(os.Getpid()) {
		t.Error("a process that runs is taken for one that ends")
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// Nobody has waited for it: it is dying, and then dead, and its number stays.
	if _, err := os.Stat("/proc/self/status"); err == nil && !ending(p.Process.Pid) {
		t.Error("a process that was killed is taken for one that runs")
	}
	_ = p.Wait() // says that it was killed
	if !ending(p.Process.Pid) || !ending(0) {
		t.Error("a process that is gone is taken for one that runs")
	}
}
