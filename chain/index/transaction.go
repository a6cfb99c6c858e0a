package index

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Transaction is what the index knows of a transaction. It is shared and
// read-only.
type Transaction struct {
	ID    types.Hash
	Tx    *types.Transaction
	Coins []types.Coin // behind the inputs, in order; nil when it was not accepted

	// Accepted is nil for a transaction that the selected chain skipped each
	// time, and for one that only virtual accepts.
	Accepted *Location
	Pending  bool // accepted by virtual, not by the selected chain yet

	Blocks []types.Hash // the merged blocks that carry it, in order of merging
}

// Transaction returns a transaction by its ID, chain.ErrNotFound when no merged
// block carries it.
func (x *Index) Transaction(id types.Hash) (*Transaction, error) {
	places, err := x.places(id)
	if err != nil {
		return nil, err
	}
	t := &Transaction{ID: id}
	for _, at := range places {
		f, err := x.find(at.chain, at.place)
		if err != nil {
			return nil, err
		}
		if f.tx.ID() != id {
			continue // the key holds only a part of it
		}
		t.Blocks = append(t.Blocks, f.block)
		t.Tx = cmp.Or(t.Tx, f.tx)
		if !slices.Contains(f.ids, id) {
			continue
		}
		if err := x.accept(t, at.chain, &f); err != nil {
			return nil, err
		}
	}
	if t.Accepted == nil {
		if err := x.pending(t); err != nil {
			return nil, err
		}
	}
	if t.Tx == nil {
		return nil, fmt.Errorf("transaction %v: %w", id, chain.ErrNotFound)
	}
	return t, nil
}

// A chainPlace is a place and the chain block of its height.
type chainPlace struct {
	chain types.Hash
	place
}

func (x *Index) places(id types.Hash) (places []chainPlace, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	prefix := transactionPrefix(id)
	err = x.store.ScanFrom(prefix, prefix, func(key, _ []byte) error {
		at, ok := placeIn(key)
		if !ok {
			return damaged("key %x has a wrong length", key)
		}
		h, err := x.chainBlock(at.height)
		places = append(places, chainPlace{h, at})
		return err
	})
	return places, err
}

// accept fills in what the acceptance by a chain block says.
func (x *Index) accept(t *Transaction, chainBlock types.Hash, f *found) error {
	location, err := x.location(chainBlock, f.block)
	if err != nil {
		return err
	}
	t.Tx, t.Accepted = f.tx, &location
	t.Coins, err = x.coinsBehind(t.Tx, f.acceptance, location.BlueScore)
	return err
}

// pending looks for a transaction in what virtual accepts.
func (x *Index) pending(t *Transaction) error {
	s := x.chain.Snapshot()
	for i := range s.Pending.Blocks {
		merged := &s.Pending.Blocks[i]
		if !slices.Contains(merged.TxIDs, t.ID) {
			continue
		}
		tx, err := x.carried(merged.Hash, t.ID)
		if err != nil {
			return err
		}
		t.Tx, t.Pending = tx, true
		t.Blocks = append(t.Blocks, merged.Hash)
		t.Coins, err = x.coinsBehind(tx, s.Pending, s.BlueScore)
		return err
	}
	return nil
}

// carried returns the transaction of an ID from a block that is known to carry
// it.
func (x *Index) carried(block, id types.Hash) (*types.Transaction, error) {
	body, err := x.chain.Block(block)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(body.Transactions, func(tx types.Transaction) bool { return tx.ID() == id })
	if at < 0 {
		return nil, damaged("block %v does not hold transaction %v, which was accepted from it", block, id)
	}
	return &body.Transactions[at], nil
}

// coinsBehind returns the coins that an accepted transaction spends: from the
// state before, or made by another transaction that was accepted with it.
func (x *Index) coinsBehind(tx *types.Transaction, a *utxo.Acceptance, blueScore uint64) ([]types.Coin, error) {
	coins := make([]types.Coin, len(tx.Inputs))
	for i := range tx.Inputs {
		o := tx.Inputs[i].Outpoint
		coin, ok := spentCoin(a, o)
		if !ok {
			maker, err := x.maker(a, o)
			if err != nil {
				return nil, err
			}
			coin = types.Coin{Output: maker.Outputs[o.Index], BlueScore: blueScore, Coinbase: maker.IsCoinbase()}
		}
		coins[i] = coin
	}
	return coins, nil
}

// maker returns the accepted transaction that made a coin.
func (x *Index) maker(a *utxo.Acceptance, o types.Outpoint) (*types.Transaction, error) {
	for i := range a.Blocks {
		if !slices.Contains(a.Blocks[i].TxIDs, o.TxID) {
			continue
		}
		tx, err := x.carried(a.Blocks[i].Hash, o.TxID)
		if err == nil && int(o.Index) >= len(tx.Outputs) {
			err = damaged("transaction %v has no output %d", o.TxID, o.Index)
		}
		return tx, err
	}
	return nil, damaged("nothing is known of the coin %v:%d", o.TxID, o.Index)
}
