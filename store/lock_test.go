package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lockHelper names the directory that this test binary, run as another process,
// takes and holds until its input ends.
const lockHelper = "STORE_TEST_LOCK_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(lockHelper); dir != "" {
		holdLock(dir)
		return
	}
	if dir := os.Getenv(killHelper); dir != "" {
		writeUntilKilled(dir)
		return
	}
	os.Exit(m.Run())
}

func holdLock(dir string) {
	lock, err := LockDir(dir)
	if err != nil {
		var inUse *InUseError
		fmt.Println("refused", errors.As(err, &inUse) && inUse.PID == os.Getppid(), err)
		return
	}
	fmt.Println("holding")
	io.Copy(io.Discard, os.Stdin)
	lock.Close()
}

// other starts another process on dir and returns it with its first line.
func other(t *testing.T, dir string) (*exec.Cmd, io.WriteCloser, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), lockHelper+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, in, strings.TrimSpace(line)
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	lock, err := LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd, in, line := other(t, dir)
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"refused true", dir, fmt.Sprintf("process %d", os.Getpid()), "`jio attach`"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q does not say %q", line, part)
		}
	}
	mustClose(t, lock)
	if cmd, in, line = other(t, dir); line != "holding" {
		t.Errorf("after Close: %s", line)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestLockIsFreeAfterKill(t *testing.T) {
	dir := t.TempDir()
	cmd, _, line := other(t, dir)
	if line != "holding" {
		t.Fatal(line)
	}
	_, err := LockDir(dir)
	var inUse *InUseError
	if !errors.As(err, &inUse) || inUse.Dir != dir || inUse.PID != cmd.Process.Pid {
		t.Fatalf("while process %d holds it: %v", cmd.Process.Pid, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	lock, err := LockDir(dir)
	if err != nil {
		t.Fatalf("after SIGKILL: %v", err)
	}
	mustClose(t, lock)
}

func TestLockFile(t *testing.T) {
	dir := t.TempDir()
	lock, err := LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	path := filepath.Join(dir, lockFile)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if text, err := os.ReadFile(path); string(text) != fmt.Sprintln(os.Getpid()) {
		t.Errorf("the file holds %q, %v", text, err)
	}
	// Also within one process, and by an owner that is leaving.
	if err := lock.Leave(); err != nil {
		t.Fatal(err)
	}
	var inUse *InUseError
	if _, err := LockDir(dir); !errors.As(err, &inUse) || inUse.PID != 0 || !strings.Contains(err.Error(), "another process") {
		t.Errorf("locked twice: %v", err)
	}
}
