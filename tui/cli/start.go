package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/tui/wizard"
)

// start runs a node until a signal, or the user of the dashboard, stops it.
func (a *app) start(command *cobra.Command, _ []string) error {
	settings, err := a.resolve(command)
	if err != nil {
		return err
	}
	if _, err := settings.nodeConfig(a.stderr); err != nil {
		return usage(err) // before any question is asked
	}
	signal.Ignore(syscall.SIGPIPE) // a closed pipe must not end the node
	screen := a.screen(settings)
	var answers wizard.Answers
	if isFirstRun(settings) {
		if settings, answers, err = a.firstRun(command.Context(), settings, screen); err != nil {
			return err
		}
		defer answers.Wipe()
	}
	cfg, err := settings.nodeConfig(a.stderr)
	if err != nil {
		return usage(err)
	}
	if screen != nil {
		return a.dashboard(command.Context(), cfg, screen, answers)
	}
	return a.lines(command.Context(), cfg, settings.on("daemon"), answers)
}

// screen returns the terminal that the dashboard is drawn on, nil when log lines
// are wanted or there is no such terminal.
func (a *app) screen(r resolution) *terminal {
	if r.on("daemon") || r.on("plain") {
		return nil
	}
	if why := noScreen(os.Stdin, os.Stdout, os.Getenv); why != "" {
		a.remark(slog.LevelInfo, "no dashboard, because "+why+"; log lines instead")
		return nil
	}
	t := terminalOf(r.text("theme"), r.text("glyphs"), os.Getenv)
	return &t
}

// lines runs a node that writes log lines.
func (a *app) lines(ctx context.Context, cfg node.Config, daemon bool, answers wizard.Answers) error {
	stops := slices.Clone(stopSignals)
	if !daemon {
		stops = append(stops, syscall.SIGHUP) // the terminal is gone
	}
	return a.runNode(ctx, cfg, daemon, stops, func(ctx context.Context, n *node.Node) error {
		if err := makeWallet(ctx, n.Registry().Local(), answers); err != nil {
			return err
		}
		return n.Run(ctx)
	})
}

// runNode opens a node, lets work use it, and closes it.
func (a *app) runNode(ctx context.Context, cfg node.Config, daemon bool, stops []os.Signal, work func(context.Context, *node.Node) error) error {
	crashes := node.LayoutOf(cfg.DataDir, cfg.Params.Name).Crashes()
	return a.interruptible(ctx, crashes, stops, func(ctx context.Context) error {
		n, err := node.Open(ctx, cfg)
		if err != nil {
			return err
		}
		slog.SetDefault(n.Logs().For("go")) // so that no library writes past the log
		if a.opened != nil {
			a.opened(n)
		}
		stop := serve(n, daemon)
		// Not deferred: after a panic the database must stay as it is.
		err = work(ctx, n)
		stop()
		return errors.Join(err, n.Close())
	})
}

// serve answers the signals that ask a running node for something: SIGUSR1 for
// the stacks of all goroutines, and of a daemon SIGHUP for a new log file.
func serve(n *node.Node, daemon bool) (stop func()) {
	// Each has its own place to wait in: one that finds it taken is answered with the
	// one before it, and no other is lost.
	stacks, logs := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(stacks, syscall.SIGUSR1)
	if daemon {
		signal.Notify(logs, syscall.SIGHUP)
	}
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			var err error
			select {
			case <-stacks:
				err = n.DumpGoroutines()
			case <-logs:
				err = n.Logs().Reopen()
			case <-ended:
				return
			}
			if err != nil {
				slog.Warn("a signal could not be answered", "error", err)
			}
		}
	}()
	return func() {
		signal.Stop(stacks)
		signal.Stop(logs)
		close(ended)
		<-done
	}
}
