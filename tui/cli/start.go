package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
)

// start runs a node until a signal stops it.
func (a *app) start(command *cobra.Command, _ []string) error {
	settings, err := a.resolve(command)
	if err != nil {
		return err
	}
	cfg, err := settings.nodeConfig(a.stderr)
	if err != nil {
		return usage(err)
	}
	daemon := settings.on("daemon")
	stops := slices.Clone(stopSignals)
	if !daemon {
		fmt.Fprintln(a.stderr, "jio: the dashboard is not in this release; running without a screen, as with --daemon")
		stops = append(stops, syscall.SIGHUP) // the terminal is gone
	}
	signal.Ignore(syscall.SIGPIPE) // a closed pipe must not end the node
	crashes := node.LayoutOf(cfg.DataDir, cfg.Params.Name).Crashes()
	return a.interruptible(command.Context(), crashes, stops, func(ctx context.Context) error {
		n, err := node.Open(ctx, cfg)
		if err != nil {
			return err
		}
		slog.SetDefault(n.Logs().For("go")) // so that no library writes past the log
		stop := serve(n, daemon)
		// Not deferred: after a panic the database must stay as it is.
		err = n.Run(ctx)
		stop()
		return errors.Join(err, n.Close())
	})
}

// serve answers the signals that ask a running node for something: SIGUSR1 for
// the stacks of all goroutines, and of a daemon SIGHUP for a new log file.
func serve(n *node.Node, daemon bool) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	if daemon {
		signal.Notify(signals, syscall.SIGHUP)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := range signals {
			if err := answer(n, s); err != nil {
				slog.Warn("a signal could not be answered", "signal", s, "error", err)
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-done
	}
}

func answer(n *node.Node, s os.Signal) error {
	if s == syscall.SIGHUP {
		return n.Logs().Reopen()
	}
	return n.DumpGoroutines()
}
