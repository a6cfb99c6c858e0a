package node

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/store"
)

// indexCacheBytes is what the index's database keeps in memory at a RAM scale of
// 1.
const indexCacheBytes = 24 << 20

// indexVersion is that of the layout of the index's database as a whole.
const indexVersion = 1

// openIndex opens the index unless the node was told to do without.
func (n *Node) openIndex() error {
	if n.cfg.NoIndex {
		return nil
	}
	return n.makeIndex()
}

// makeIndex opens the index. All that is in it comes from the chain: a database
// that is damaged or of another layout is removed and made anew.
func (n *Node) makeIndex() error {
	db, err := n.openIndexStore()
	if isDamaged(err) {
		n.log.Warn("the index is made anew", "error", err)
		if err := os.RemoveAll(n.layout.Index()); err != nil {
			return err
		}
		db, err = n.openIndexStore()
	}
	if err != nil {
		return err
	}
	n.indexDB = db
	n.opened("the index", n.closeIndex)
	n.index, err = index.Open(index.Config{Chain: n.chain, Store: db, Log: n.logs.For("index")})
	return err
}

func (n *Node) openIndexStore() (*store.DB, error) {
	p := n.cfg.Params
	return store.Open(n.layout.Index(), store.Options{
		Schema:     store.Schema{Name: fmt.Sprintf("index of %s at %d blocks per second", p.Name, p.BlocksPerSecond), Version: indexVersion},
		CacheBytes: n.cfg.scaled(indexCacheBytes),
	})
}

// isDamaged reports whether an index can only be made anew.
func isDamaged(err error) bool {
	var corrupt *store.CorruptError
	var schema *store.SchemaError
	return errors.As(err, &corrupt) || errors.As(err, &schema) || errors.Is(err, index.ErrDamaged)
}

// runIndex follows the chain. After damage the next start makes the index anew.
func (n *Node) runIndex(ctx context.Context) error {
	err := n.index.Run(ctx)
	if isDamaged(err) {
		n.indexDamaged.Store(true)
		return fmt.Errorf("the index in %s: %w; it is made anew at the next start", n.layout.Index(), err)
	}
	return err
}

func (n *Node) closeIndex() error {
	if n.indexDamaged.Load() {
		return errors.Join(n.indexDB.Close(), os.RemoveAll(n.layout.Index()))
	}
	if n.broken.Load() {
		return nil
	}
	return n.indexDB.Close()
}

// checkIndex holds the index, where there is one, against the chain.
func (n *Node) checkIndex(ctx context.Context, progress func(stage string, done, total int64)) error {
	if n.index == nil && !hasFiles(n.layout.Index()) {
		return nil
	}
	if n.index == nil {
		if err := n.makeIndex(); err != nil {
			return err
		}
	}
	err := n.indexDB.CheckFiles(func(done, total int64) { progress("reading the index", done, total) })
	if err == nil {
		err = n.index.Check(ctx, progress)
	}
	if isDamaged(err) {
		return fmt.Errorf("the chain is sound, the index is not: delete %s, it is made anew at the next start: %w", n.layout.Index(), err)
	}
	return err
}

// Index returns the node's index of transactions and addresses, nil when the
// node was told to do without.
func (n *Node) Index() *index.Index { return n.index }
