package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
)

// offline opens the data directory, which must hold a database, for one command,
// runs it and closes the directory again.
func (a *app) offline(command *cobra.Command, work func(ctx context.Context, n *node.Node) error) error {
	cfg, err := a.offlineConfig(command)
	if err != nil {
		return err
	}
	cfg.Existing = true
	return a.withNode(command.Context(), cfg, work)
}

// offlineConfig keeps log lines below a warning off the screen, unless the user
// set a level.
func (a *app) offlineConfig(command *cobra.Command) (node.Config, error) {
	settings, err := a.resolve(command)
	if err != nil {
		return node.Config{}, err
	}
	cfg, err := settings.nodeConfig(a.stderr)
	if err != nil {
		return node.Config{}, usage(err)
	}
	if !settings.named("log-level").isSet {
		cfg.Levels = node.LevelsFrom(slog.LevelWarn)
	}
	cfg.Mine = false
	cfg.NoIndex, cfg.NoWallets = true, true // they follow at the next start
	cfg.RPCListen, cfg.P2P = "", nil
	return cfg, nil
}

func (a *app) withNode(ctx context.Context, cfg node.Config, work func(ctx context.Context, n *node.Node) error) error {
	signal.Ignore(syscall.SIGPIPE) // a reader that leaves is an error, not an end: the database must be closed
	crashes := node.LayoutOf(cfg.DataDir, cfg.Params.Name).Crashes()
	return a.interruptible(ctx, crashes, stopSignals, func(ctx context.Context) error {
		n, err := node.Open(ctx, cfg)
		if err != nil {
			return err
		}
		// Not deferred: after a panic the database must stay as it is.
		err = work(ctx, n)
		return errors.Join(err, n.Close())
	})
}

// A ticker prints how far a command is, at most once a second.
type ticker struct {
	w    io.Writer
	next time.Time
}

func (a *app) ticker() *ticker { return &ticker{w: a.stderr, next: time.Now().Add(time.Second)} }

// say prints a line of progress when one is due.
func (t *ticker) say(format string, args ...any) {
	now := time.Now()
	if now.Before(t.next) {
		return
	}
	t.next = now.Add(time.Second)
	fmt.Fprintf(t.w, format+"\n", args...)
}
