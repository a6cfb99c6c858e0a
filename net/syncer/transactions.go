package syncer

import (
	"errors"
	"slices"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// takeTransaction offers a gossiped transaction to the pool. Until the node is in
// sync it cannot tell good from bad.
func (c *Core) takeTransaction(e TransactionGossip) {
	if !c.synced {
		c.emit(Validated{e.Token, Ignore})
		return
	}
	tx := e.Transaction.tx
	err := c.submit(tx)
	c.emit(Validated{e.Token, Judge(err)})
	p := c.find(e.Peer)
	c.rate(p, max(Points(err), PointsInvalidWork), err)
	if p != nil && errors.Is(err, mempool.ErrOrphan) {
		c.seekMakers(p, &tx)
	}
}

func (c *Core) submit(tx types.Transaction) error {
	reasons, err := c.cfg.Pool.Submit([]types.Transaction{tx})
	if err != nil {
		return err
	}
	return reasons[0]
}

// maxSeeking bounds the unconfirmed transactions asked for at a time.
const maxSeeking = 256

// seekMakers asks the peer that sent an orphan for the transactions that make its
// coins, as far as the pool does not have them.
func (c *Core) seekMakers(p *peer, tx *types.Transaction) {
	var ids []types.Hash
	for i := range tx.Inputs {
		id := tx.Inputs[i].Outpoint.TxID
		if c.cfg.Pool.Entry(id) == nil && c.seeking[id] == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || len(c.seeking)+len(ids) > maxSeeking {
		return
	}
	for _, id := range ids {
		c.seeking[id] = p
	}
	c.ask(p, &wire.TransactionsRequest{IDs: ids}, transactionsTimeout, func(answer wire.Message, err error) {
		for _, id := range ids {
			delete(c.seeking, id)
		}
		if m, ok := answer.(*wire.Transactions); err == nil && ok {
			c.takeMakers(p, ids, m.Transactions)
		}
	})
}

func (c *Core) takeMakers(p *peer, ids []types.Hash, txs []types.Transaction) {
	for i := range txs {
		if !slices.Contains(ids, txs[i].ID()) {
			c.rate(p, PointsUnrequested, errUnrequested)
			return
		}
		err := c.submit(txs[i])
		c.rate(p, max(Points(err), PointsInvalidWork), err)
	}
}
