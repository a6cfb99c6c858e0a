package node

import (
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/miner"
)

// A Snapshot is the state of a node at one moment. It is immutable and shared:
// nobody may write to what it holds.
type Snapshot struct {
	Network string
	DataDir string // of the network
	Taken   time.Time
	Uptime  time.Duration
	Chain   *chain.Snapshot
	Pool    mempool.Usage
	Indexed uint64 // chain blocks in the index, 0 without one
	Synced  bool   // on devnet and simnet a node without peers counts as synced
	Peers   int
	Mines   bool        // the node was told to mine; Miner.Running says whether it does
	Miner   miner.Stats // zero when Mines is false
	MineTo  string      // the address that mining pays, "" when Mines is false
}

// Snapshot returns the latest snapshot. It never blocks.
func (n *Node) Snapshot() *Snapshot { return n.snapshot.Load() }

// refresh publishes a new snapshot and returns it.
func (n *Node) refresh() *Snapshot {
	now := time.Now()
	s := &Snapshot{
		Network: n.cfg.Params.Name,
		DataDir: n.layout.Dir,
		Taken:   now,
		Uptime:  now.Sub(n.started),
		Chain:   n.chain.Snapshot(),
		Pool:    n.pool.Usage(),
		Synced:  n.synced(),
	}
	if n.index != nil {
		s.Indexed = n.index.Position().Blocks
	}
	if n.miner != nil {
		s.Mines = true
		s.Miner = n.miner.Stats()
		s.MineTo = n.mineTo.Text(n.cfg.Params.AddressPrefix)
	}
	n.snapshot.Store(s)
	return s
}

// synced reports whether the node has what its peers have. Without peers that
// is so on the networks for oneself, and unknown on the others.
func (n *Node) synced() bool { return ownNetwork(n.cfg.Params) }
