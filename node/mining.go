package node

import (
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/miner"
)

// openMiner makes the miner where the node was told to mine. It runs at once
// when the node counts as synced.
func (n *Node) openMiner() (err error) {
	if !n.cfg.Mine {
		return nil
	}
	if err := n.choosePayout(); err != nil {
		return err
	}
	n.miner, err = miner.New(miner.Config{
		Params:   n.cfg.Params,
		Template: n.template,
		Submit:   n.chain.AddBlock,
		Changes:  n.chain.OnChange,
		Fate:     n.fate,
		Now:      time.Now,
		Threads:  n.cfg.threads(),
		Log:      n.logs.For("miner"),
	})
	if err != nil {
		return err
	}
	n.miner.SetRunning(n.synced() || n.cfg.MineUnsynced)
	return nil
}

// choosePayout takes the address that was given, else that of the throwaway
// key, and says which.
func (n *Node) choosePayout() error {
	prefix := n.cfg.Params.AddressPrefix
	if n.cfg.MineTo != nil {
		n.mineTo = *n.cfg.MineTo
		n.log.Info("mining pays the address given", "address", n.mineTo.Text(prefix))
		return nil
	}
	file := n.layout.MiningKey()
	address, made, err := MiningAddress(file, n.cfg.Params)
	if err != nil {
		return err
	}
	n.mineTo = address
	n.log.Info("no address to mine to was given: mining pays a throwaway key", "address", address.Text(prefix), "file", file, "new", made)
	return nil
}

func (n *Node) template() (types.Block, error) {
	t, err := n.pool.Template(n.mineTo, nil)
	if err != nil {
		return types.Block{}, err
	}
	return t.Block, nil
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
