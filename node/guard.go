package node

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// joinLimit is how long Wait waits for the other goroutines after a panic: the
// one that panicked may have left a lock held that they need.
const joinLimit = 5 * time.Second

// A PanicError says that a goroutine panicked. The process must end with exit
// code 70 and must not close its database cleanly.
type PanicError struct {
	Goroutine string
	Value     any
	File      string // the crash file, "" when none could be written
}

// Error implements error.
func (e *PanicError) Error() string {
	where := "no crash file could be written"
	if e.File != "" {
		where = "the stack is in " + e.File
	}
	what, _, _ := strings.Cut(fmt.Sprint(e.Value), "\n") // a panic passed on brings its stack
	return fmt.Sprintf("internal error in %s: %s; %s", e.Goroutine, what, where)
}

// A Guard runs goroutines that live and end together: the first that fails or
// panics cancels the context of all. Make one with NewGuard.
type Guard struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc
	crashes CrashDir
	group   sync.WaitGroup
}

// NewGuard returns a guard whose goroutines end when ctx does, and whose crash
// files go to a directory.
func NewGuard(ctx context.Context, crashes CrashDir) *Guard {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Guard{ctx: ctx, cancel: cancel, crashes: crashes}
}

// Go starts f under a name. f must return when its context ends; an error other
// than that of the context ends the whole group, and so does a panic.
func (g *Guard) Go(name string, f func(context.Context) error) {
	g.group.Go(func() {
		err := Recovered(name, g.crashes, func() error { return f(g.ctx) })
		if err != nil && !errors.Is(err, context.Canceled) {
			g.cancel(err)
		}
	})
}

// Wait blocks until the group is told to stop and every goroutine returned, and
// returns what ended it: nil when its context was cancelled from outside. After
// a panic it gives the others five seconds only.
func (g *Guard) Wait() error {
	joined := make(chan struct{})
	go func() { // ends with the group, and is abandoned only by a dying process
		g.group.Wait()
		close(joined)
	}()
	select {
	case <-joined:
	case <-g.ctx.Done():
		g.join(joined)
	}
	defer g.cancel(nil)
	if cause := context.Cause(g.ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func (g *Guard) join(joined <-chan struct{}) {
	var late <-chan time.Time
	if panicked := new(PanicError); errors.As(context.Cause(g.ctx), &panicked) {
		late = time.After(joinLimit)
	}
	select {
	case <-joined:
	case <-late:
	}
}

// Recovered calls f and returns its error, or a PanicError with a crash file
// written when f panics.
func Recovered(name string, crashes CrashDir, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			file := crashes.Write(name, v, debug.Stack())
			err = &PanicError{Goroutine: name, Value: v, File: file}
		}
	}()
	return f()
}
