package node

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"
)

// A CrashDir is the directory that crash files are written to.
type CrashDir string

// Write writes a crash file readable by its owner alone and returns its name,
// "" when that failed: a crash must not fail over its report.
func (d CrashDir) Write(goroutine string, value any, stack []byte) string {
	now := time.Now()
	name := filepath.Join(string(d), "crash-"+now.UTC().Format("20060102T150405.000000000Z")+".txt")
	report := fmt.Sprintf("JIO %s, %s %s/%s\n%s\ngoroutine: %s\npanic: %v\n\n%s",
		Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, now.Format(time.RFC3339Nano), goroutine, value, stack)
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return ""
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // never through a link laid out for us
	if err != nil {
		return ""
	}
	if _, err := f.WriteString(report); errors.Join(err, f.Close()) != nil {
		return ""
	}
	return name
}

// fatalFile receives what no recover can catch: a fatal error of the Go runtime,
// or a panic in a goroutine that a library started.
const fatalFile = "fatal.txt"

// catchFatal makes the runtime copy such a report into the directory. A report
// that an earlier run left is kept under a name of its own, which is returned.
func (d CrashDir) catchFatal() (earlier string, err error) {
	name := filepath.Join(string(d), fatalFile)
	if info, err := os.Stat(name); err == nil && info.Size() > 0 {
		earlier = filepath.Join(string(d), "crash-"+info.ModTime().UTC().Format("20060102T150405.000000000Z")+".txt")
		if err := os.Rename(name, earlier); err != nil {
			return "", err
		}
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return "", err
	}
	defer f.Close() // the runtime keeps a duplicate
	return earlier, debug.SetCrashOutput(f, debug.CrashOptions{})
}

// releaseFatal undoes catchFatal after an orderly end.
func (d CrashDir) releaseFatal() error {
	if err := debug.SetCrashOutput(nil, debug.CrashOptions{}); err != nil {
		return err
	}
	return os.Remove(filepath.Join(string(d), fatalFile))
}
