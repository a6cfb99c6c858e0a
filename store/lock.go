package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lockFile holds the process id of the owner of a data directory.
const lockFile = "jio.lock"

// An InUseError says that another process owns the data directory. PID is 0
// where that process has not written its own yet, or is leaving.
type InUseError struct {
	Dir string
	PID int
}

// Error is the sentence shown to the user: who holds what, and what to do.
func (e *InUseError) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s already uses the data directory %s: use `jio attach` to look at it, or stop that process", who, e.Dir)
}

// A Lock is the ownership of a data directory by this process. The system takes
// it back when the process ends, however it ends.
type Lock struct{ file *os.File }

// LockDir takes the data directory dir, making it with mode 0700 where it is
// missing. It returns an InUseError while another Lock, of this process or
// another, holds it.
func LockDir(dir string) (*Lock, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("locking the data directory %s: %w", dir, err)
	}
	path := filepath.Join(dir, lockFile)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data directory %s: %w", dir, err)
	}
	if err := take(file, dir); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Lock{file}, nil
}

func take(file *os.File, dir string) error {
	held, err := tryLock(file)
	if err != nil {
		return fmt.Errorf("locking the data directory %s: %w", dir, err)
	}
	if !held {
		return &InUseError{Dir: dir, PID: owner(file)}
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = file.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	return err
}

// owner reads the process id, 0 when there is none to read.
func owner(file *os.File) int {
	text := make([]byte, 32)
	n, _ := file.ReadAt(text, 0)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		return 0
	}
	return pid
}

// Leave takes the process id out of the file: whoever wants the directory may wait
// for Close instead of being refused.
func (l *Lock) Leave() error { return l.file.Truncate(0) }

// Close gives the directory back. The file stays: removing it would let two
// processes hold two files of the same name.
func (l *Lock) Close() error {
	return errors.Join(l.Leave(), l.file.Close())
}
