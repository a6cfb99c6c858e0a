package node

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fatalDir makes the test binary end in a fatal error, see TestMain.
const fatalDir = "NODE_TEST_FATAL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(fatalDir); dir != "" {
		if _, err := CrashDir(dir).catchFatal(); err != nil {
			panic(err)
		}
		go func() { panic("no recover can catch this") }()
		select {}
	}
	os.Exit(m.Run())
}

func TestGuardTurnsAPanicIntoACrashFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	g := NewGuard(t.Context(), CrashDir(dir))
	stopped := false
	g.Go("bystander", func(ctx context.Context) error {
		<-ctx.Done()
		stopped = true
		return ctx.Err()
	})
	g.Go("culprit", func(context.Context) error { panic("the sky fell\nwith details") })
	var p *PanicError
	if err := g.Wait(); !errors.As(err, &p) {
		t.Fatalf("Wait returned %v, want a PanicError", err)
	}
	if !stopped {
		t.Error("the other goroutine was not waited for")
	}
	if !strings.Contains(p.Error(), "the sky fell; ") || strings.Contains(p.Error(), "details") {
		t.Errorf("the error shown is %q, want the first line of the panic", p)
	}
	assertCrashFile(t, p.File, "culprit", "the sky fell", "TestGuardTurnsAPanicIntoACrashFile", Version)
}

func assertCrashFile(t *testing.T, name string, want ...string) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("%s has mode %o, want 600", name, mode)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(string(text), w) {
			t.Errorf("the crash file does not hold %q:\n%s", w, text)
		}
	}
}

func TestGuardEndsWithTheFirstError(t *testing.T) {
	broken := errors.New("broken")
	g := NewGuard(t.Context(), CrashDir(t.TempDir()))
	g.Go("one", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	g.Go("two", func(context.Context) error { return broken })
	if err := g.Wait(); !errors.Is(err, broken) {
		t.Errorf("Wait returned %v, want %v", err, broken)
	}
}

func TestGuardEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g := NewGuard(ctx, CrashDir(t.TempDir()))
	g.Go("one", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	g.Go("short", func(context.Context) error { return nil })
	cancel()
	if err := g.Wait(); err != nil {
		t.Errorf("Wait returned %v, want nil", err)
	}
}

func TestGuardWaitsForAllToFinish(t *testing.T) {
	g := NewGuard(t.Context(), CrashDir(t.TempDir()))
	finished := false
	g.Go("one", func(context.Context) error { finished = true; return nil })
	if err := g.Wait(); err != nil || !finished {
		t.Errorf("Wait returned %v, finished %v", err, finished)
	}
}

func TestCrashFileThatCannotBeWritten(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := Recovered("one", CrashDir(blocked), func() error { panic("lost") })
	if p := new(PanicError); !errors.As(err, &p) || p.File != "" || !strings.Contains(p.Error(), "no crash file") {
		t.Errorf("got %v, want a PanicError without a file", err)
	}
}

// A panic in a goroutine of a library leaves its report too, and the next start
// finds it.
func TestFatalErrorLeavesAReport(t *testing.T) {
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), fatalDir+"="+dir)
	if err := child.Run(); err == nil {
		t.Fatal("the child ended without an error")
	}
	assertCrashFile(t, filepath.Join(dir, fatalFile), "no recover can catch this", "goroutine")

	crashes := CrashDir(dir)
	earlier, err := crashes.catchFatal()
	if err != nil {
		t.Fatal(err)
	}
	assertCrashFile(t, earlier, "no recover can catch this")
	if err := crashes.releaseFatal(); err != nil {
		t.Fatal(err)
	}
	if there, err := exists(filepath.Join(dir, fatalFile)); there || err != nil {
		t.Errorf("an orderly end leaves %s (%v)", fatalFile, err)
	}
}
