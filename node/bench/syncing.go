package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
)

// restart times how long a node takes to open the empty chain's directory: the
// middle one of three times.
func (r *run) restart(ctx context.Context) error {
	if r.result.Blocks.Empty == 0 {
		return errLate // there is no chain to start with
	}
	times := make([]time.Duration, 3)
	for i := range times {
		start := time.Now()
		n, err := node.Open(ctx, r.config(emptyChain))
		if err != nil {
			return err
		}
		times[i] = time.Since(start)
		if err := n.Close(); err != nil {
			return err
		}
	}
	slices.Sort(times)
	r.result.Restart = Seconds(times[1].Seconds())
	return nil
}

// loopback lets a node be found on this machine, on any port.
const loopback = "127.0.0.1:0"

// sync times how a new node takes the empty chain from the one that has it, from
// its start until both stand on the same sink.
func (r *run) sync(ctx context.Context) error {
	if r.result.Blocks.Empty == 0 {
		return errLate // there is nothing to sync
	}
	cfg := r.config(emptyChain)
	cfg.P2P = &node.P2P{Listen: loopback}
	source, err := node.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(r.syncFrom(ctx, source), source.Close())
}

func (r *run) syncFrom(ctx context.Context, source *node.Node) error {
	reached, err := api.GetNetwork.Call(ctx, source.Registry().Local(), api.None{})
	if err != nil {
		return err
	}
	if len(reached.Listening) == 0 {
		return fmt.Errorf("the node listens nowhere on %s", loopback)
	}
	cfg := r.config("synced")
	cfg.P2P = &node.P2P{Listen: loopback, Add: reached.Listening[:1]}
	fresh, err := node.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(r.follow(ctx, source, fresh), fresh.Close())
}

// follow runs two nodes until the second has what the first has.
func (r *run) follow(ctx context.Context, source, fresh *node.Node) error {
	ctx, cancel := context.WithCancelCause(ctx)
	start, had := time.Now(), fresh.Chain().Snapshot().Blocks
	var running sync.WaitGroup
	for _, n := range []*node.Node{source, fresh} {
		running.Go(func() {
			if err := n.Run(ctx); err != nil {
				cancel(err)
			}
		})
	}
	err := awaitSink(ctx, source, fresh)
	spent := time.Since(start)
	cancel(nil)
	running.Wait()
	if err != nil {
		return err
	}
	r.result.Synced = Rate(float64(fresh.Chain().Snapshot().Blocks-had) / spent.Seconds())
	return nil
}

// awaitSink waits until the fresh node stands on the source's sink.
func awaitSink(ctx context.Context, source, fresh *node.Node) error {
	changed := make(chan struct{}, 1)
	forget := fresh.Chain().OnChange(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer forget()
	sink := source.Chain().Snapshot().Sink
	for fresh.Chain().Snapshot().Sink != sink {
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
