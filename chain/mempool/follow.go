package mempool

import (
	"context"
	"errors"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// Run follows the chain until ctx ends, and returns the chain's error when that
// stops first.
func (p *Pool) Run(ctx context.Context) error {
	changed := make(chan struct{}, 1)
	cancel := p.cfg.Chain.OnChange(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer cancel()
	housekeeping := time.NewTicker(10 * time.Second)
	defer housekeeping.Stop()
	for {
		if err := p.Follow(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-housekeeping.C:
			p.Expire()
		}
	}
}

// Follow brings the pool up to date with the chain. Run does so on every change;
// a host that drives the pool itself calls it.
func (p *Pool) Follow() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var returned []types.Transaction
	for {
		updates, err := p.cfg.Chain.UpdatesSince(p.cursor, 64)
		if errors.Is(err, chain.ErrUnknownCursor) {
			return p.restart()
		}
		if err != nil {
			return err
		}
		if len(updates) == 0 {
			break
		}
		for i := range updates {
			back, err := p.apply(&updates[i])
			if err != nil {
				return err
			}
			returned = append(returned, back...)
		}
	}
	p.mark(p.cfg.Chain.Snapshot().Pending)
	return p.readmit(append(p.returned, returned...))
}

// readmit offers transactions that the chain gave back. Those that virtual has
// merged again cannot be judged: their coins are spent, by themselves. They wait
// until the chain has them or virtual lets them go.
func (p *Pool) readmit(txs []types.Transaction) error {
	var free []types.Transaction
	p.returned = nil
	for i := range txs {
		id := txs[i].ID()
		switch _, done := p.accepted[id]; {
		case done:
		case p.merged[id]:
			p.returned = append(p.returned, txs[i])
		default:
			free = append(free, txs[i])
		}
	}
	_, err := p.submit(free) // what is not valid any more is gone
	return err
}

// apply takes one step of the selected chain and returns the transactions that a
// reverted block gives back.
func (p *Pool) apply(u *chain.Update) ([]types.Transaction, error) {
	if u.Reverted {
		p.cursor = u.Parent
		return p.giveBack(u.Acceptance)
	}
	p.cursor = u.Hash
	now := p.cfg.Now()
	for _, id := range u.Acceptance.TxIDs() {
		p.accepted[id] = now
		if e := p.graph.entries[id]; e != nil {
			p.graph.remove(e)
		}
	}
	for i := range u.Acceptance.Diff.Spent {
		if e := p.graph.spends[u.Acceptance.Diff.Spent[i].Outpoint]; e != nil {
			p.graph.removeFamily(e)
		}
	}
	return nil, nil
}

// giveBack returns the accepted transactions of a reverted block, coinbases
// apart.
func (p *Pool) giveBack(a *utxo.Acceptance) ([]types.Transaction, error) {
	var txs []types.Transaction
	for i := range a.Blocks {
		ids := make(map[types.Hash]bool)
		for _, id := range a.Blocks[i].TxIDs {
			ids[id] = true
			delete(p.accepted, id)
		}
		if len(ids) == 0 {
			continue
		}
		b, err := p.cfg.Chain.Block(a.Blocks[i].Hash)
		if err != nil {
			return nil, err
		}
		for j := range b.Transactions[1:] {
			if tx := b.Transactions[j+1]; ids[tx.ID()] {
				txs = append(txs, tx)
			}
		}
	}
	return txs, nil
}

// mark remembers what virtual has accepted: it waits for the chain and goes into
// no template.
func (p *Pool) mark(pending *utxo.Acceptance) {
	clear(p.merged)
	for _, id := range pending.TxIDs() {
		p.merged[id] = true
	}
}

// restart drops everything but the transactions themselves and judges them anew,
// for a chain that does not know the cursor.
func (p *Pool) restart() error {
	var txs []types.Transaction
	for _, e := range p.graph.ordered() {
		txs = append(txs, *e.Tx)
	}
	p.graph = newGraph()
	clear(p.accepted)
	p.cursor = p.cfg.Chain.Snapshot().Sink
	_, err := p.submit(txs)
	return err
}

// Expire lets go what has waited too long. Run does so every ten seconds.
func (p *Pool) Expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.cfg.Now()
	p.orphans.expire(now.Add(-p.cfg.OrphanAge))
	for id, at := range p.accepted {
		if at.Before(now.Add(-p.cfg.AcceptedAge)) {
			delete(p.accepted, id)
		}
	}
	oldest := now.Add(-p.cfg.Expiry)
	for _, e := range p.graph.entries {
		if e.Added.Before(oldest) {
			p.graph.removeFamily(e)
		}
	}
}
