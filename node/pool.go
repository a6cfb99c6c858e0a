package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain/mempool"
)

// openPool makes the pool of unconfirmed transactions. What was saved is loaded
// when the node runs, because judging it takes a while.
func (n *Node) openPool() error {
	n.pool = mempool.New(mempool.Config{
		Params: n.cfg.Params,
		Chain:  n.chain,
		Now:    time.Now,
		Rand:   rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
		Log:    n.logs.For("mempool"),

		MaxBytes: n.cfg.scaled(mempool.DefaultMaxBytes),
	})
	saved, err := exists(n.layout.Pool())
	n.poolLoaded.Store(!saved)
	n.opened("the mempool", n.savePool)
	return err
}

// runPool loads what was saved and then follows the chain.
func (n *Node) runPool(ctx context.Context) error {
	if err := n.loadPool(ctx); err != nil {
		return err
	}
	return n.pool.Run(ctx)
}

// loadPool offers the saved transactions to the pool. A damaged file is told of
// and left out; it is overwritten when the pool is saved.
func (n *Node) loadPool(ctx context.Context) error {
	file, err := os.Open(n.layout.Pool())
	var found mempool.Loaded
	if err == nil {
		found, err = n.pool.Load(ctx, file)
		err = errors.Join(err, file.Close())
	}
	missing, damaged := errors.Is(err, fs.ErrNotExist), errors.Is(err, mempool.ErrDamaged)
	if err != nil && !missing && !damaged {
		return err
	}
	n.poolLoaded.Store(true)
	switch {
	case damaged:
		n.log.Warn("starting with an empty mempool", "file", n.layout.Pool(), "error", err)
	case !missing:
		n.log.Info("mempool loaded", "taken", found.Taken, "waiting", found.Waiting, "leftOut", leftOut(found.LeftOut))
	}
	return nil
}

// leftOut says how many transactions were left out, and why.
func leftOut(reasons map[string]int) string {
	said, all := []string{}, 0
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		said = append(said, fmt.Sprintf("%d: %s", reasons[reason], reason))
		all += reasons[reason]
	}
	if all == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%s)", all, strings.Join(said, "; "))
}

// saveInterval is how often what waits is saved: after a kill as much is lost at
// most.
const saveInterval = 2 * time.Minute

// keepPool saves the pool now and then, when it has changed. A disk that does not
// take it is told of: nothing relies on this file.
func (n *Node) keepPool(ctx context.Context) error {
	var changed atomic.Bool
	defer n.pool.OnChange(func() { changed.Store(true) })()
	tick := time.NewTicker(saveInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if !changed.Swap(false) {
			continue
		}
		if err := n.savePool(); err != nil {
			n.log.Warn("the mempool cannot be saved", "file", n.layout.Pool(), "error", err)
		}
	}
}

// savePool replaces the saved pool, once this run has loaded that.
func (n *Node) savePool() error {
	if !n.poolLoaded.Load() || n.broken.Load() {
		return nil
	}
	name := n.layout.Pool()
	temporary := name + ".new"
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	err = errors.Join(n.pool.Save(out), out.Flush(), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return syncDir(filepath.Dir(name))
}

// Pool returns the node's unconfirmed transactions.
func (n *Node) Pool() *mempool.Pool { return n.pool }
