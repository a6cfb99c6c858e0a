package node

import (
	"fmt"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/miner"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/service"
)

// mining is what the owner wants of the miner.
type mining struct {
	mu        sync.Mutex
	wanted    bool   // switched on, even while it pauses
	paused    string // why it pauses, "" while it does not
	payTo     types.Address
	chosen    bool // payTo is
	throwaway bool // payTo is that of the key file
}

// openMiner makes the miner, and switches it on where the node was told to mine.
func (n *Node) openMiner() (err error) {
	n.miner, err = miner.New(miner.Config{
		Params:   n.cfg.Params,
		Template: n.minerTemplate,
		Submit:   n.addBlock,
		Changes:  n.chain.OnChange,
		Fate:     n.fate,
		Now:      time.Now,
		Threads:  n.cfg.threads(),
		Log:      n.logs.For("miner"),
	})
	if err != nil {
		return err
	}
	if err := n.openPayout(); err != nil || !n.cfg.Mine {
		return err
	}
	return n.SetMiner(service.MinerChange{Mining: &n.cfg.Mine})
}

// SetMiner switches mining, sets its threads or the address it pays, at any
// time. The address is kept for later runs. Where mining begins without one a
// throwaway key is made.
func (n *Node) SetMiner(c service.MinerChange) error {
	m := &n.mining
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.PayTo != nil {
		file := n.layout.MiningTo()
		if err := keepPayout(file, n.cfg.Params, *c.PayTo); err != nil {
			return err
		}
		m.pay(*c.PayTo)
		n.log.Info("mining pays the address chosen now, and in later runs", "address", n.text(m.payTo), "file", file)
	}
	if c.Threads != nil {
		n.miner.SetThreads(*c.Threads)
	}
	if c.Mining != nil && *c.Mining {
		if err := n.choosePayout(); err != nil {
			return err
		}
	}
	if c.Mining != nil && *c.Mining != m.wanted {
		m.wanted = *c.Mining
		n.log.Info("mining", "on", m.wanted, "threads", n.miner.Threads())
	}
	n.steerMiner()
	return nil
}

// choosePayout takes the address of the throwaway key where no other was given,
// and says so. It assumes the lock.
func (n *Node) choosePayout() error {
	m := &n.mining
	if m.chosen {
		return nil
	}
	file := n.layout.MiningKey()
	address, made, err := MiningAddress(file, n.cfg.Params)
	if err != nil {
		return err
	}
	m.payTo, m.chosen, m.throwaway = address, true, true
	n.log.Info("no address to mine to was given: mining pays a throwaway key", "address", n.text(address), "file", file, "new", made)
	return nil
}

// steerMiner lets the miner run when it is wanted and nothing speaks against it.
// It assumes the lock.
func (n *Node) steerMiner() {
	m := &n.mining
	why := ""
	if m.wanted {
		why = n.whyPause()
	}
	if why != m.paused && why != "" {
		n.log.Warn("mining waits", "because", why)
	}
	m.paused = why
	n.miner.SetRunning(m.wanted && why == "")
}

// whyPause says in words why it is not the time to mine, "" when it is.
func (n *Node) whyPause() string {
	switch {
	case !n.synced() && !n.cfg.MineUnsynced:
		return "the node is not synced yet"
	case !n.cfg.MineOnBattery && onBattery(powerSupplies):
		return "the machine runs on its battery"
	}
	return ""
}

// watchMiner steers the miner anew, as conditions change by themselves.
func (n *Node) watchMiner() {
	n.mining.mu.Lock()
	defer n.mining.mu.Unlock()
	n.steerMiner()
}

// payout returns the address that mining pays, chosen now if it was not before.
func (n *Node) payout() (types.Address, error) {
	n.mining.mu.Lock()
	defer n.mining.mu.Unlock()
	err := n.choosePayout()
	return n.mining.payTo, err
}

// MineTo returns the address that mining pays, in text; "" before it was
// chosen.
func (n *Node) MineTo() string {
	n.mining.mu.Lock()
	defer n.mining.mu.Unlock()
	if !n.mining.chosen {
		return ""
	}
	return n.text(n.mining.payTo)
}

func (n *Node) text(a types.Address) string { return a.Text(n.cfg.Params.AddressPrefix) }

func (n *Node) minerTemplate() (types.Block, error) {
	payTo, err := n.payout()
	if err != nil {
		return types.Block{}, err
	}
	return n.template(payTo)
}

func (n *Node) template(payTo types.Address) (types.Block, error) {
	t, err := n.pool.Template(payTo, nil)
	if err != nil {
		return types.Block{}, err
	}
	return t.Block, nil
}

// minerStatus is what the miner does and did.
func (n *Node) minerStatus() api.Miner {
	m, s := &n.mining, n.miner.Stats()
	m.mu.Lock()
	defer m.mu.Unlock()
	status := api.Miner{
		Available:  true,
		Wanted:     m.wanted,
		Running:    s.Running,
		Paused:     m.paused,
		Threads:    s.Threads,
		MaxThreads: MaxThreads(),
		Engine:     engineName(n.cfg.Params, n.chain.Snapshot().DAAScore),
		Throwaway:  m.throwaway,
		Rate10s:    s.Rate10s,
		Rate60s:    s.Rate60s,
		Rate15m:    s.Rate15m,
		RateMax:    s.RateMax,
		PerThread:  s.PerThread,
		Found:      s.Found,
		Chain:      s.Chain,
		Blue:       s.Blue,
		Red:        s.Red,
		Stale:      s.Stale,
		Pending:    s.Pending,
		BlockTime:  s.BlockSeconds,
	}
	if m.chosen {
		status.PayTo = n.text(m.payTo)
	}
	if status.PerThread == nil {
		status.PerThread = []float64{}
	}
	return status
}

// engineName names the engine in force and the implementation that this node
// runs.
func engineName(p *params.Params, daaScore uint64) string {
	e, ok := pow.InForce(p, daaScore)
	if !ok {
		return p.EngineAt(daaScore).ID
	}
	return fmt.Sprintf("%s (%s)", e.ID(), e.Implementation())
}

// fate translates what the chain knows about a block into the miner's terms. A
// block that is not there was refused.
func (n *Node) fate(hash types.Hash) miner.Fate {
	f, err := n.chain.Fate(hash)
	if err != nil {
		return miner.FateStale
	}
	switch f {
	case chain.FateChain:
		return miner.FateChain
	case chain.FateBlue:
		return miner.FateBlue
	case chain.FateRed:
		return miner.FateRed
	}
	return miner.FatePending
}
