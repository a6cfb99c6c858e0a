package node

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime/pprof"
	"time"

	"github.com/jio-dag/jio/chain"
)

const (
	refreshInterval = 250 * time.Millisecond
	summaryInterval = 10 * time.Second
)

// Run runs the node until ctx ends or something fails, and returns what failed,
// nil for ctx and for a Stop. Every goroutine it started has returned by then,
// except after a panic.
func (n *Node) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g := NewGuard(ctx, n.layout.Crashes())
	n.guard.Store(g)
	g.Go("stop", func(ctx context.Context) error {
		select {
		case <-ctx.Done():
		case <-n.stopping:
			cancel()
		}
		return nil
	})
	g.Go("farewell", n.sayFarewell)
	g.Go("chain", n.watchChain)
	g.Go("heartbeat", n.heartbeat)
	g.Go("mempool", n.runPool)
	g.Go("mempool file", n.keepPool)
	if n.index != nil {
		g.Go("index", n.runIndex)
	}
	if n.wallets != nil {
		g.Go("wallets", n.wallets.Run)
		g.Go("secrets", n.forgetSecrets)
	}
	if n.network != nil {
		g.Go("network", n.network.Run)
	}
	g.Go("miner", n.miner.Run)
	if n.rpc != nil {
		g.Go("rpc", n.rpc.Run)
	}
	n.announce()
	n.notify.tell("READY=1")
	err := g.Wait()
	var supply *chain.SupplyError
	if errors.As(err, &supply) {
		n.layout.Crashes().Write("chain", supply, nil)
	}
	if err != nil {
		n.broken.Store(true)
		n.log.Error("the node stops", "error", err)
	}
	return err
}

// Stop makes Run return. It may be called more than once.
func (n *Node) Stop() {
	n.stopOnce.Do(func() {
		n.leave()
		close(n.stopping)
	})
}

// leave lets the next start on the directory wait for the end of this run.
func (n *Node) leave() {
	if err := n.lock.Leave(); err != nil && !errors.Is(err, os.ErrClosed) {
		n.log.Warn("the lock cannot be marked", "error", err)
	}
}

// announce says in the log what was started.
func (n *Node) announce() {
	s := n.service.Refresh()
	n.log.Info("JIO "+Version+" started", "network", s.Network, "dir", s.DataDir,
		"sink", s.Sink, "blue_score", s.SinkBlueScore, "blocks", s.Blocks, "tips", len(s.Tips))
	if n.network == nil {
		n.log.Warn("running without peers: nothing will arrive from " + s.Network)
	} else {
		n.log.Info("open to peers", "addresses", n.network.Host().Addrs())
	}
	if n.rpc != nil {
		n.log.Info("answering calls", "address", n.rpc.Addr())
	}
	if !s.Miner.Wanted {
		n.log.Info("not mining")
	}
}

// sayFarewell says once that the node is about to stop.
func (n *Node) sayFarewell(ctx context.Context) error {
	<-ctx.Done()
	n.leave()
	n.notify.tell("STOPPING=1")
	n.log.Info("stopping")
	return nil
}

// watchChain ends when the chain does.
func (n *Node) watchChain(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-n.chain.Done():
		return n.chain.Err()
	}
}

// heartbeat publishes snapshots, feeds the service manager's watchdog and logs
// a summary now and then.
func (n *Node) heartbeat(ctx context.Context) error {
	tick := time.NewTicker(refreshInterval)
	defer tick.Stop()
	interval := watchdogInterval()
	watchdog, summary := newLimit(interval), newLimit(summaryInterval)
	var last summaryLine
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		n.watchMiner()
		s, now := n.service.Refresh(), time.Now()
		if interval > 0 && watchdog.allow(now) {
			n.notify.tell("WATCHDOG=1")
		}
		if !summary.allow(now) {
			continue
		}
		if line := summarize(s); line != last {
			last = line
			n.log.Info("status", line.attrs()...)
			n.notify.tell("STATUS=" + line.String())
		}
	}
}

// DumpGoroutines writes the stacks of all goroutines to the log.
func (n *Node) DumpGoroutines() error {
	var stacks bytes.Buffer
	err := pprof.Lookup("goroutine").WriteTo(&stacks, 2)
	n.logs.dump("goroutines", stacks.String())
	return err
}
