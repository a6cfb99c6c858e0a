package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/tui"
	"github.com/jio-dag/jio/tui/wizard"
)

// dashboard runs a node with the dashboard on the terminal. Whatever ends first,
// the other is ended too, and the terminal is restored before anything is said.
func (a *app) dashboard(ctx context.Context, cfg node.Config, t *terminal, answers wizard.Answers) error {
	fmt.Fprintf(a.stderr, "jio: opening %s in %s\n", cfg.Params.Name, cfg.DataDir)
	cfg.Console = nil
	stops := append([]os.Signal{syscall.SIGHUP}, stopSignals...)
	return a.runNode(ctx, cfg, false, stops, func(ctx context.Context, n *node.Node) error {
		if name := answers.Text(wizard.Name); name != "" {
			fmt.Fprintf(a.stderr, "jio: making the wallet %s\n", name)
		}
		if err := makeWallet(ctx, n.Registry().Local(), answers); err != nil {
			return err
		}
		return a.showNode(ctx, n, t)
	})
}

// showNode runs node and dashboard until either ends.
func (a *app) showNode(ctx context.Context, n *node.Node, t *terminal) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ran := make(chan error, 1)
	go func() {
		ran <- n.Run(ctx)
		cancel(nil)
	}()
	a.quiet.Store(true)
	near := &local{node: n, calls: n.Registry().Local(), fail: cancel}
	shown := tui.Run(ctx, a.dashboardConfig(near, t, n.Layout().Crashes(), false), os.Stdin, os.Stdout)
	a.quiet.Store(false)
	cause := context.Cause(ctx) // before it is the end of the dashboard
	cancel(nil)
	if errors.Is(cause, context.Canceled) {
		cause = nil
	}
	return errors.Join(<-ran, shown, cause)
}

func (a *app) dashboardConfig(b tui.Backend, t *terminal, crashes node.CrashDir, remote bool) tui.Config {
	return tui.Config{
		Backend: b, Clipboard: clipboards(os.Stdout), Wizard: wizardHost(""), Links: links, Remote: remote,
		Theme: t.theme, NoColor: t.noColor, Glyphs: t.glyphs, Profile: t.profile, Now: time.Now,
		Recovered: func(name string, f func() error) error { return node.Recovered(name, crashes, f) },
	}
}
