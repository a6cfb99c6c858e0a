package cli

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
	"github.com/jio-dag/jio/tui"
	"github.com/jio-dag/jio/tui/page"
)

// statusInterval is how often a dashboard asks a node elsewhere how it is.
const statusInterval = 250 * time.Millisecond

func (a *app) attachCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "attach",
		Short: "open the dashboard on a node that runs already",
		Long:  "Opens the dashboard on a node that runs already, as with --daemon. Leaving it leaves the node running.",
		Args:  wants(),
		RunE:  a.attach,
	}
	addFlags(command.Flags(), scopeCall, scopeScreen)
	return command
}

func (a *app) attach(command *cobra.Command, _ []string) error {
	settings, err := a.resolve(command)
	if err != nil {
		return err
	}
	if why := noScreen(os.Stdin, os.Stdout, os.Getenv); why != "" {
		return usage(errors.New("no dashboard, because " + why + "; `jio status` says how the node is"))
	}
	if err := settings.looks(); err != nil {
		return usage(err)
	}
	c, err := a.dial(command)
	if err != nil {
		return err
	}
	defer c.Close()
	crashes := node.CrashDir(os.TempDir())
	stops := append([]os.Signal{syscall.SIGHUP}, stopSignals...)
	return a.interruptible(command.Context(), crashes, stops, func(ctx context.Context) error {
		return a.showRemote(ctx, c, terminalOf(settings.text("theme"), settings.text("glyphs"), os.Getenv), crashes)
	})
}

// showRemote shows a node elsewhere until the user leaves.
func (a *app) showRemote(ctx context.Context, c *client.Client, t terminal, crashes node.CrashDir) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	far := &remote{Client: c}
	if err := far.refresh(ctx); err != nil {
		return err
	}
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		far.follow(ctx)
	}()
	a.quiet.Store(true)
	err := tui.Run(ctx, a.dashboardConfig(far, &t, crashes, true), os.Stdin, os.Stdout)
	a.quiet.Store(false)
	cancel()
	<-followed
	return err
}

// A remote is a node elsewhere behind the dashboard.
type remote struct {
	*client.Client
	status atomic.Pointer[api.Status]
}

// Status implements tui.Backend.
func (r *remote) Status() *api.Status { return r.status.Load() }

func (r *remote) refresh(ctx context.Context) error {
	s, err := api.GetStatus.Call(ctx, r, api.None{})
	if err == nil {
		r.status.Store(&s)
	}
	return err
}

// follow asks for the status again and again. While the node does not answer,
// the last status is shown with that in its place.
func (r *remote) follow(ctx context.Context) {
	tick := time.NewTicker(statusInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := r.refresh(ctx); err != nil && ctx.Err() == nil {
			last := *r.status.Load()
			last.Synced, last.BlockRate = false, 0
			last.Sync = api.Sync{Stage: page.NoAnswer, ETA: -1}
			r.status.Store(&last)
		}
	}
}
