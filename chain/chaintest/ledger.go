package chaintest

import (
	"maps"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// An entry is what a block, as a chain block, does to the coins.
type entry struct {
	spent      []utxo.Entry // in order; a coin made and spent here stands in both
	created    []utxo.Entry
	ids        []types.Hash // accepted, in order
	fees       map[types.Hash]uint64
	commitment utxo.LtHash
	parentRoot types.Hash
}

// Accepted returns the IDs of the accepted transactions in order.
func (e *entry) Accepted() []types.Hash { return e.ids }

func (e *entry) acceptedRoot() types.Hash { return rules.AcceptedRoot(e.parentRoot, e.ids) }

// A ledger computes sets of coins by replaying entries from genesis. It keeps
// the last one it made.
type ledger struct {
	last  *Block
	coins utxo.Coins
}

// at returns the coins after a block; the caller owns the map.
func (l *ledger) at(b *Block) utxo.Coins {
	if l.last == nil || l.last != b {
		l.coins = l.replay(b)
		l.last = b
	}
	return maps.Clone(l.coins)
}

func (l *ledger) replay(b *Block) utxo.Coins {
	var chain []*Block
	coins := make(utxo.Coins)
	for x := b; x != nil; x = x.SelectedParent {
		if x == l.last {
			coins = l.coins
			break
		}
		chain = append(chain, x)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		for _, n := range chain[i].created {
			coins[n.Outpoint] = n.Coin
		}
		for _, n := range chain[i].spent {
			delete(coins, n.Outpoint)
		}
	}
	return coins
}

// apply accepts the merge set of a block, one transaction after the other.
func (o *Oracle) apply(b *Block) entry {
	sp := b.SelectedParent
	e := entry{fees: make(map[types.Hash]uint64), commitment: sp.commitment, parentRoot: sp.Header.AcceptedRoot}
	coins := o.ledger.at(sp)
	for i, m := range b.merged {
		for j := range m.Transactions {
			tx := &m.Transactions[j]
			if j == 0 && i == 0 && len(tx.Outputs) > 0 {
				e.accept(tx, nil, coins, b.BlueScore)
			}
			if j == 0 {
				continue
			}
			spent, fee, ok := o.spendable(tx, coins, b)
			if !ok || tx.Version > o.Params.RuleSetAt(b.DAAScore).TransactionVersion {
				continue
			}
			e.accept(tx, spent, coins, b.BlueScore)
			e.fees[m.Hash] += fee.Jots()
		}
	}
	return e
}

func (e *entry) accept(tx *types.Transaction, spent []types.Coin, coins utxo.Coins, score uint64) {
	id := tx.ID()
	e.ids = append(e.ids, id)
	for i, coin := range spent {
		n := utxo.Entry{Outpoint: tx.Inputs[i].Outpoint, Coin: coin}
		e.spent = append(e.spent, n)
		e.commitment.Remove(n.Outpoint, n.Coin)
		delete(coins, n.Outpoint)
	}
	for i, out := range tx.Outputs {
		n := utxo.Entry{
			Outpoint: types.Outpoint{TxID: id, Index: uint32(i)},
			Coin:     types.Coin{Output: out, BlueScore: score, Coinbase: tx.IsCoinbase()},
		}
		e.created = append(e.created, n)
		e.commitment.Add(n.Outpoint, n.Coin)
		coins[n.Outpoint] = n.Coin
	}
}

// spendable reports whether a transaction may spend its coins where b accepts.
func (o *Oracle) spendable(tx *types.Transaction, coins utxo.Coins, b *Block) (spent []types.Coin, fee types.Amount, ok bool) {
	var outputs []types.Output
	for i := range tx.Inputs {
		coin, ok := coins[tx.Inputs[i].Outpoint]
		if !ok {
			return nil, fee, false
		}
		spent = append(spent, coin)
		outputs = append(outputs, coin.Output)
	}
	fee, err := rules.Spend(o.Params, tx, spent, rules.Place{BlueScore: b.BlueScore, MedianTime: b.MedianTime})
	if err != nil {
		return nil, fee, false
	}
	checks, err := rules.Unlocks(tx, outputs, o.Params.GenesisHash)
	if err != nil {
		return nil, fee, false
	}
	for i := range checks {
		if !types.Verify(&checks[i]) {
			return nil, fee, false
		}
	}
	return spent, fee, true
}

// coinbase returns the coinbase that a block must have: every in-window blue is
// paid its subsidy and fees, the block itself the fees of all others.
func (o *Oracle) coinbase(b *Block, own rules.CoinbasePayload) types.Transaction {
	tx := types.Transaction{
		Version:      1,
		SubnetworkID: types.CoinbaseSubnetwork,
		Payload:      types.Encode(&own),
	}
	var rest uint64
	for _, blue := range b.Blues {
		fees := b.fees[blue.Hash]
		if !o.inWindow(blue, b.SelectedParent) {
			rest += fees
			continue
		}
		payload, err := rules.PayloadOf(&blue.Transactions[0])
		if err != nil {
			panic("chaintest: " + err.Error())
		}
		if due := payload.Subsidy.Jots() + fees; due > 0 {
			tx.Outputs = append(tx.Outputs, types.Output{Value: types.Jots(due), Address: payload.Miner})
		}
	}
	for _, red := range b.Reds {
		rest += b.fees[red.Hash]
	}
	if rest > 0 {
		tx.Outputs = append(tx.Outputs, types.Output{Value: types.Jots(rest), Address: own.Miner})
	}
	return tx
}

// qualifies reports whether a block may be part of the selected chain, its
// selected parent being so.
func (o *Oracle) qualifies(b *Block) bool {
	own, err := rules.PayloadOf(&b.Transactions[0])
	if err != nil {
		return false
	}
	coinbase := o.coinbase(b, own)
	if b.Header.UTXOCommitment != b.commitment.Hash() || b.Header.AcceptedRoot != b.acceptedRoot() ||
		b.Header.PruningPoint != o.PruningPoint(b).Hash || b.Transactions[0].Hash() != coinbase.Hash() {
		return false
	}
	coins := o.ledger.at(b)
	for i := range b.Transactions[1:] {
		if _, _, ok := o.spendable(&b.Transactions[i+1], coins, b); !ok {
			return false
		}
	}
	return true
}
