package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/miner"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/metrics"
	"github.com/jio-dag/jio/node/network"
	"github.com/jio-dag/jio/node/rpc"
	"github.com/jio-dag/jio/node/service"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/wallet"
)

// cacheBytes is what the database keeps in memory at a RAM scale of 1.
const cacheBytes = 64 << 20

// chainVersion is that of the records the chain writes.
const chainVersion = 2

// A Node is everything that runs for one network: open from Open to Close. Its
// methods may be called by any goroutine.
type Node struct {
	cfg      Config
	layout   Layout
	lock     *store.Lock // of the layout's directory
	logs     *Logs
	log      *slog.Logger
	notify   notifier
	db       *store.DB
	chain    *chain.Manager
	indexDB  *store.DB
	index    *index.Index // nil when the node does without
	pool     *mempool.Pool
	network  *network.Network      // nil when the node keeps to itself
	guard    atomic.Pointer[Guard] // of Run, nil before
	wallets  *wallet.Wallets       // nil when the node keeps none
	miner    *miner.Miner
	mining   mining
	disk     diskMeter
	service  *service.Service
	registry *api.Registry
	metrics  *metrics.Metrics // nil without an RPC server
	rpc      *rpc.Server      // nil when the node answers nobody
	started  time.Time

	stopping     chan struct{} // closed when the node was asked to stop
	stopOnce     sync.Once
	broken       atomic.Bool // the database must not be closed cleanly
	indexDamaged atomic.Bool // the index is to be made anew
	poolLoaded   atomic.Bool // what was saved of the pool is in it
	closers      []closer    // in the order of opening
}

// A closer undoes one step of opening.
type closer struct {
	name  string
	close func() error
}

// Open takes the data directory of the network and opens everything in it. It
// fails with a store.InUseError when another process has it, and with a
// store.CorruptError or chain.CorruptError when it is damaged. After an unclean
// stop it recounts the whole state, which takes its time and ends early with ctx.
func Open(ctx context.Context, cfg Config) (*Node, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg, layout: LayoutOf(cfg.DataDir, cfg.Params.Name), started: time.Now(), stopping: make(chan struct{})}
	n.disk.dir = n.layout.Dir
	n.logs = NewLogs(cfg.console(), cfg.Levels, cfg.JSONLogs)
	n.log = n.logs.For("node")
	takeDir := func() error { return n.takeDir(ctx) }
	openChain := func() error { return n.openChain(ctx) }
	for _, step := range []func() error{takeDir, n.openLog, n.tryRPC, n.openStore, openChain, n.openIndex, n.openPool, n.openNetwork, n.openWallets, n.openMiner, n.openService, n.openRPC} {
		if err := step(); err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	return n, nil
}

// Close closes what Open opened, in reverse. After a failure that leaves doubt
// about the database it is left as a crash would leave it, so that the next
// start recounts the state.
func (n *Node) Close() error {
	var failures []error
	for i := len(n.closers) - 1; i >= 0; i-- {
		c := n.closers[i]
		if err := c.close(); err != nil {
			failures = append(failures, fmt.Errorf("closing %s: %w", c.name, err))
		}
	}
	n.closers = nil
	return errors.Join(failures...)
}

// Chain returns the node's chain.
func (n *Node) Chain() *chain.Manager { return n.chain }

// Logs returns the node's logs.
func (n *Node) Logs() *Logs { return n.logs }

// Layout returns where the node's files stand.
func (n *Node) Layout() Layout { return n.layout }

func (n *Node) opened(name string, close func() error) {
	n.closers = append(n.closers, closer{name, close})
}

func (n *Node) takeDir(ctx context.Context) error {
	if n.cfg.Existing && !n.layout.hasChain() {
		return fmt.Errorf("there is no database in %s: name the right --datadir and --network, or start a node or an import to make one", n.layout.Chain())
	}
	if err := n.layout.create(); err != nil {
		return err
	}
	lock, err := lockDir(ctx, n.layout.Dir)
	if err != nil {
		return err
	}
	n.lock = lock
	n.opened("the lock", lock.Close)
	return nil
}

func (n *Node) openLog() error {
	if err := n.logs.attach(n.layout.Log()); err != nil {
		return err
	}
	n.opened("the log", func() error {
		n.log.Info("stopped")
		return n.logs.detach()
	})
	earlier, err := n.layout.Crashes().catchFatal()
	if err != nil {
		return err
	}
	n.opened("the crash file", n.layout.Crashes().releaseFatal)
	if earlier != "" {
		n.log.Warn("an earlier run ended in a fatal error", "report", earlier)
	}
	if n.notify, err = newNotifier(); err != nil {
		n.log.Warn("the service manager cannot be told about this node", "error", err)
	}
	n.opened("the service manager's socket", n.notify.close)
	return nil
}

// openStore names the network and its block rate in the schema, because genesis
// is the same at every rate.
func (n *Node) openStore() error {
	p := n.cfg.Params
	if _, err := os.Stat(n.layout.MiningKey()); err == nil && !n.layout.hasChain() {
		n.log.Warn("a node has run here before, but its database is gone: making a new one", "dir", n.layout.Chain())
	}
	db, err := store.Open(n.layout.Chain(), store.Options{
		Schema:     store.Schema{Name: fmt.Sprintf("chain of %s at %d blocks per second", p.Name, p.BlocksPerSecond), Version: chainVersion},
		CacheBytes: n.cfg.scaled(cacheBytes),
	})
	if err != nil {
		return err
	}
	n.db = db
	n.opened("the database", n.closeStore)
	return nil
}

func (n *Node) closeStore() error {
	if n.broken.Load() || n.chain != nil && n.chain.Err() != nil {
		n.log.Warn("the database is left unclosed; the next start recounts the state")
		return nil
	}
	if err := n.db.Close(); err != nil {
		return err
	}
	n.log.Info("database closed")
	return nil
}

func (n *Node) openChain(ctx context.Context) (err error) {
	recount := !n.db.Clean()
	if recount {
		n.log.Warn("the last run did not stop cleanly: recounting the state")
	}
	n.chain, err = chain.Open(chain.Config{
		Params:      n.cfg.Params,
		Store:       n.db,
		Workers:     runtime.NumCPU(),
		CacheBlocks: n.cfg.scaled(chain.DefaultCacheBlocks),
		Now:         time.Now,
		Recount:     recount,
		Progress:    n.recountProgress(ctx),
		Log:         n.logs.For("chain"),
	})
	if err != nil {
		n.broken.Store(true)
	}
	return err
}

// recountProgress returns a function that logs progress every two seconds, asks
// the service manager for patience, and ends the count with ctx.
func (n *Node) recountProgress(ctx context.Context) func(done, total int64) error {
	limit := newLimit(2 * time.Second)
	return func(done, total int64) error {
		if total == 0 || !limit.allow(time.Now()) {
			return ctx.Err()
		}
		percent := done * 100 / total
		n.log.Info("recounting the state", "done", done, "of", total, "percent", percent)
		n.notify.tell(fmt.Sprintf("STATUS=recounting the state, %d %%\nEXTEND_TIMEOUT_USEC=30000000", percent))
		return ctx.Err()
	}
}
