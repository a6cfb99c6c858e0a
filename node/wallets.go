package node

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/wallet"
)

// walletVersion is that of the records a wallet writes.
const walletVersion = 1

// walletCacheBytes is what a wallet's database keeps in memory at a RAM scale
// of 1.
const walletCacheBytes = 4 << 20

// openWallets opens the wallets that are there, locked, so that they follow the
// chain. One that cannot be opened is told of and left alone.
func (n *Node) openWallets() error {
	if n.cfg.NoWallets {
		return nil
	}
	n.wallets = wallet.NewWallets(wallet.Config{
		Dir:         n.layout.Wallets(),
		Open:        n.openWalletStore,
		Params:      n.cfg.Params,
		Chain:       n.chain,
		Now:         time.Now,
		Rand:        rand.Reader,
		Log:         n.logs.For("wallet"),
		Submit:      n.Submit,
		Unconfirmed: n.unconfirmed,
		Estimate:    n.pool.Estimate,
		OnChange:    n.chain.OnChange,
	})
	n.opened("the wallets", n.closeWallets)
	all, err := n.wallets.List()
	if err != nil {
		return err
	}
	for _, w := range all {
		if _, err := n.wallets.Open(w.Name); err != nil {
			n.log.Error("a wallet cannot be opened", "wallet", w.Name, "error", err)
		}
	}
	return nil
}

// unconfirmed returns the entries of the pool, in no order.
func (n *Node) unconfirmed() (entries []*mempool.Entry) {
	n.pool.Each(func(e *mempool.Entry) { entries = append(entries, e) })
	return entries
}

// closeWallets locks them; after a failure a lock may be held for good, and the
// process ends anyway.
func (n *Node) closeWallets() error {
	if n.broken.Load() {
		return nil
	}
	return n.wallets.Close()
}

func (n *Node) openWalletStore(dir string) (wallet.Database, error) {
	p := n.cfg.Params
	return store.Open(dir, store.Options{
		Schema:     store.Schema{Name: fmt.Sprintf("wallet of %s at %d blocks per second", p.Name, p.BlocksPerSecond), Version: walletVersion},
		CacheBytes: n.cfg.scaled(walletCacheBytes),
	})
}

// Wallets returns the node's wallets, nil when the node was told to keep none.
func (n *Node) Wallets() *wallet.Wallets { return n.wallets }
