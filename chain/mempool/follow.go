package mempool

import (
	"context"
	"errors"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/chain/wake"
)

// Run follows the chain until ctx ends, and returns the chain's error when that
// stops first.
func (p *Pool) Run(ctx context.Context) error {
	changed, cancel := wake.Catch(p.cfg.Chain.OnChange)
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

// Follow brings the pool up to date with the chain. Run does so on every change,
// and every template; a host that drives the pool itself calls it.
func (p *Pool) Follow() error { return p.change(p.follow) }

func (p *Pool) follow() error {
	var returned []types.Transaction
	for p.cfg.Chain.Snapshot() != p.followed {
		back, err := p.catchUp()
		if errors.Is(err, chain.ErrUnknownCursor) {
			return p.restart()
		}
		if err != nil {
			return err
		}
		returned = append(returned, back...)
		if s := p.cfg.Chain.Snapshot(); s.Sink == p.cursor {
			p.graph.merge(s.Pending.TxIDs())
			p.followed = s
		}
	}
	return p.readmit(append(p.returned, returned...))
}

// catchUp takes the steps of the selected chain and returns the transactions
// that reverted blocks give back.
func (p *Pool) catchUp() (returned []types.Transaction, err error) {
	for {
		updates, err := p.cfg.Chain.UpdatesSince(p.cursor, 64)
		if err != nil || len(updates) == 0 {
			return returned, err
		}
		for i := range updates {
			back, err := p.apply(&updates[i])
			if err != nil {
				return returned, err
			}
			returned = append(returned, back...)
		}
	}
}

// readmit offers transactions that the chain gave back. Those that virtual has
// merged again cannot be judged: their coins are spent, by themselves. They wait
// until the chain has them or virtual lets them go.
func (p *Pool) readmit(txs []types.Transaction) error {
	var free []types.Transaction
	p.returned = nil
	for i := range txs {
		id := txs[i].ID()
		switch {
		case p.accepted.has(id):
		case p.graph.merged[id]:
			p.returned = append(p.returned, txs[i])
		default:
			free = append(free, txs[i])
		}
	}
	if len(free) == 0 {
		return nil
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
		p.accepted.add(id, now)
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
			p.accepted.remove(id)
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

// restart drops everything but the transactions themselves and judges them anew,
// for a chain that does not know the cursor.
func (p *Pool) restart() error {
	old := p.graph
	var txs []types.Transaction
	for _, e := range old.ordered() {
		txs = append(txs, *e.Tx)
	}
	p.graph = newGraph()
	p.graph.changes = old.changes + 1
	p.accepted = newMemory(p.cfg.AcceptedAge, maxAccepted, p.cfg.Now())
	p.returned = nil
	p.cursor = p.cfg.Chain.Snapshot().Sink
	if _, err := p.submit(txs); err != nil {
		return err
	}
	return p.follow()
}

// Expire lets go what has waited too long. Run does so every ten seconds.
func (p *Pool) Expire() {
	_ = p.change(func() error {
		p.expire(p.cfg.Now())
		return nil
	})
}

func (p *Pool) expire(now time.Time) {
	p.orphans.expire(now.Add(-p.cfg.OrphanAge))
	p.accepted.turn(now)
	oldest := now.Add(-p.cfg.Expiry)
	var old []*Entry
	for _, e := range p.graph.entries {
		if e.Added.Before(oldest) {
			old = append(old, e)
		}
	}
	p.graph.removeFamily(old...)
}
