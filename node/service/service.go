package service

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/wake"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/hd"
)

// Config is what a Service answers from. Params, Chain, Pool, Now and Host are
// required.
type Config struct {
	Params  *params.Params
	Chain   *chain.Manager
	Pool    *mempool.Pool
	Index   *index.Index    // nil: transactions and addresses cannot be looked up
	Wallets *wallet.Wallets // nil: the node keeps no wallets
	Now     func() time.Time
	Host    Host
	Peers   Peers
}

// A Host is what the process around the service does for it. Its functions are
// all required and may be called from any goroutine.
type Host struct {
	Version, Commit string
	DataDir         string // of the network
	Started         time.Time

	AddBlock func(types.Block) error                    // to the chain and to the peers
	Submit   func([]types.Transaction) ([]error, error) // to the pool and to the peers
	Miner    func() api.Miner
	SetMiner func(MinerChange) error
	Generate func(ctx context.Context, blocks uint64, payTo *types.Address) (made uint64, err error)
	Logs     func(after uint64, limit int) []api.LogLine
	System   func() api.System
	Stop     func()

	// MiningWords returns the words of the throwaway key that mining pays, which
	// the caller wipes; an error where there is none.
	MiningWords func() (*hd.Mnemonic, error)
}

// A MinerChange changes the miner; what is nil stays.
type MinerChange struct {
	Mining  *bool
	Threads *int
	PayTo   *types.Address
}

// A Service answers for one node. Its methods may be called from any goroutine.
type Service struct {
	Config

	status    atomic.Pointer[api.Status]
	refreshed wake.Bell
	pace      pace
}

// New returns a service and publishes its first status.
func New(cfg Config) *Service {
	s := &Service{Config: cfg}
	s.Refresh()
	return s
}
