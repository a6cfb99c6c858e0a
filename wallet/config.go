package wallet

import (
	"io"
	"iter"
	"log/slog"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/wake"
)

// A Chain is what a wallet follows; *chain.Manager is one.
type Chain interface {
	Snapshot() *chain.Snapshot
	UpdatesSince(cursor types.Hash, max int) ([]chain.Update, error)
	Block(h types.Hash) (types.Block, error)
	Info(h types.Hash) (chain.BlockInfo, error)
	ChainBlock(blueScore uint64) (types.Hash, error)
	Coin(o types.Outpoint) (types.Coin, bool, error)
}

// A Database is an ordered key-value store of the wallet's own that writes
// batches atomically and durably. A nil value stands for absent: Get returns it,
// Write deletes by it.
type Database interface {
	Get(key []byte) ([]byte, error)
	Scan(prefix []byte, fn func(key, value []byte) error) error
	Write(batch iter.Seq2[[]byte, []byte]) error
	Close() error
}

// Config is what wallets need from their host. Dir, Open, Params, Chain, Now and
// Rand are required.
type Config struct {
	Dir    string                             // holds one directory for each wallet
	Open   func(dir string) (Database, error) // opens or makes the database in a directory
	Params *params.Params
	Chain  Chain
	Now    func() time.Time
	Rand   io.Reader // a cryptographic one, as that of crypto/rand
	Log    *slog.Logger

	// Submit offers transactions to the pool and to the network; each has an
	// error of its own. It is called without locks held. Nil sends nothing.
	Submit func(txs []types.Transaction) ([]error, error)
	// Unconfirmed returns the entries of the pool. Nil shows nothing that is
	// not accepted, but for what the wallet sent itself.
	Unconfirmed func() []*mempool.Entry
	// Estimate returns the fee rates of the moment. Nil stands for the least
	// that is relayed.
	Estimate func() mempool.Estimate
	// OnChange registers a listener for changes of the chain, as the Manager does.
	OnChange wake.Listen

	Gap       int           // unused addresses in a row after which others may stop looking; default 20
	Stock     int           // addresses derived ahead on each chain of an account; default 200
	Discovery int           // the same where words are restored; default 1000
	AutoLock  time.Duration // how long a wallet stays unlocked unused; default 5 minutes
}

const (
	// DefaultGap is the usual gap limit (BIP-44): a restore from the same words
	// elsewhere may stop looking after so many unused addresses.
	DefaultGap = 20
	// DefaultStock is how many addresses are derived ahead.
	DefaultStock = 200
	// DefaultDiscovery is how many are derived on each chain of an account when
	// words are restored, so that coins beyond a gap are found as well.
	DefaultDiscovery = 1000
)

func (c Config) withDefaults() Config {
	if c.Gap <= 0 {
		c.Gap = DefaultGap
	}
	if c.Stock <= 0 {
		c.Stock = DefaultStock
	}
	c.Stock = max(c.Stock, c.Gap)
	if c.Discovery <= 0 {
		c.Discovery = DefaultDiscovery
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
