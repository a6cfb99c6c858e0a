package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/node"
)

// testSignal is one that nothing else sends to a test.
const testSignal = syscall.SIGUSR2

func raise(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), testSignal); err != nil {
		t.Fatal(err)
	}
}

func interrupt(t *testing.T, work func(context.Context) error) error {
	t.Helper()
	a := &app{stderr: io.Discard}
	return a.interruptible(t.Context(), node.CrashDir(t.TempDir()), []os.Signal{testSignal}, work)
}

func TestFirstSignalEndsWorkCleanly(t *testing.T) {
	err := interrupt(t, func(ctx context.Context) error {
		raise(t)
		<-ctx.Done()
		return nil
	})
	if err != nil {
		t.Errorf("got %v, want nil for work that came to its end", err)
	}
}

func TestSignalThatCutsWorkShortIsTold(t *testing.T) {
	err := interrupt(t, func(ctx context.Context) error {
		raise(t)
		<-ctx.Done()
		return ctx.Err()
	})
	if s := new(signalError); !errors.As(err, &s) || s.signal != testSignal {
		t.Errorf("got %v, want the signal", err)
	}
}

func TestSecondSignalForces(t *testing.T) {
	forever := make(chan struct{})
	defer close(forever)
	err := interrupt(t, func(ctx context.Context) error {
		raise(t)
		<-ctx.Done()
		raise(t)
		<-forever // hangs on the way to its end
		return nil
	})
	if s := new(signalError); !errors.As(err, &s) || s.signal != testSignal {
		t.Errorf("got %v, want the signal", err)
	}
}

func TestPanicOfACommandLeavesACrashFile(t *testing.T) {
	err := interrupt(t, func(context.Context) error { panic("ouch") })
	p := new(node.PanicError)
	if !errors.As(err, &p) || codeOf(err).code != 70 {
		t.Fatalf("got %v with exit code %d, want a PanicError and 70", err, codeOf(err).code)
	}
	if _, err := os.Stat(p.File); err != nil {
		t.Error(err)
	}
}
