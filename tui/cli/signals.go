package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/jio-dag/jio/node"
)

// interruptible runs work until it returns. The first of some signals cancels
// its context; a second one, or a signal that cut the work short, is returned
// as a signalError. A panic leaves a crash file.
func (a *app) interruptible(ctx context.Context, crashes node.CrashDir, stops []os.Signal, work func(context.Context) error) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, stops...)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	done := make(chan error, 1)
	go func() { // abandoned only when the process ends at once
		done <- node.Recovered("the command", crashes, func() error { return work(ctx) })
	}()
	var first os.Signal
	for {
		select {
		case err := <-done:
			if first != nil && errors.Is(err, context.Canceled) {
				return &signalError{first}
			}
			return err
		case s := <-signals:
			if first != nil {
				return &signalError{s}
			}
			first = s
			if !a.quiet.Load() {
				a.remark(slog.LevelInfo, s.String()+": stopping; a second signal forces")
			}
			cancel()
		}
	}
}

// stopSignals are those that end a command.
var stopSignals = []os.Signal{os.Interrupt, syscall.SIGTERM}
