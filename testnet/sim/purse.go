package sim

import (
	"fmt"
	"iter"
	"slices"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/net/syncer"
)

// A purse is a wallet that follows the chain of its node by a cursor.
type purse struct {
	*chaintest.Wallet
	coins  map[types.Outpoint]types.Coin
	order  []types.Outpoint // in which the coins came
	signed map[types.Outpoint]bool
	late   []types.Outpoint // the signed in the order they were
	cursor types.Hash
}

func newPurse(name string) *purse {
	return &purse{Wallet: chaintest.NewWallet(name), coins: make(map[types.Outpoint]types.Coin), signed: make(map[types.Outpoint]bool)}
}

// sign remembers what coins the purse gave away, the last ten thousand of them.
func (p *purse) sign(coins []utxo.Entry) {
	for _, c := range coins {
		p.signed[c.Outpoint] = true
		p.late = append(p.late, c.Outpoint)
	}
	for ; len(p.late) > 10_000; p.late = p.late[1:] {
		delete(p.signed, p.late[0])
	}
}

// follow applies what the chain did since the last time.
func (p *purse) follow(n *node) error {
	for {
		updates, err := n.chain.UpdatesSince(p.cursor, 64)
		if err != nil || len(updates) == 0 {
			return err
		}
		for _, u := range updates {
			diff := u.Acceptance.Diff
			if p.cursor = u.Hash; u.Reverted {
				diff, p.cursor = diff.Reverse(), u.Parent
			}
			if err := p.apply(diff, u.Reverted); err != nil {
				return err
			}
		}
	}
}

// apply holds that nobody else spends the purse's coins.
func (p *purse) apply(d utxo.Diff, reverted bool) error {
	for _, spent := range d.Spent {
		if _, ours := p.coins[spent.Outpoint]; ours {
			if !reverted && !p.signed[spent.Outpoint] {
				return fmt.Errorf("coin %v was spent by somebody else", spent.Outpoint)
			}
			delete(p.coins, spent.Outpoint)
			p.order = slices.DeleteFunc(p.order, func(o types.Outpoint) bool { return o == spent.Outpoint })
		}
	}
	for _, made := range d.Created {
		if made.Coin.Address == p.Address {
			p.coins[made.Outpoint] = made.Coin
			p.order = append(p.order, made.Outpoint)
		}
	}
	return nil
}

// fee is paid by every payment.
const fee = 1_000_000

// inputs is how many coins a payment spends at most: enough that there are never
// many coins, however long the network lives.
const inputs = 8

// pay returns a payment from the purse's oldest mature coins that are not skipped.
func (p *purse) pay(n *node, to types.Address, skip int) (tx types.Transaction, ok bool) {
	var spent []utxo.Entry
	sum := uint64(0)
	for coin := range p.spendable(n) {
		if skip--; skip >= 0 {
			continue
		}
		spent = append(spent, coin)
		if sum += coin.Coin.Value.Jots(); len(spent) == inputs {
			break
		}
	}
	if sum <= 2*fee {
		return tx, false
	}
	half := (sum - fee) / 2
	outputs := []types.Output{
		{Value: types.Jots(half), Address: to},
		{Value: types.Jots(sum - fee - half), Address: p.Address},
	}
	p.sign(spent)
	return p.Pay(n.w.params, outputs, spent...), true
}

// spendable yields the purse's coins that a node's virtual takes, the oldest first.
func (p *purse) spendable(n *node) iter.Seq[utxo.Entry] {
	return func(yield func(utxo.Entry) bool) {
		for _, o := range p.order {
			coin := p.coins[o]
			mature := !coin.Coinbase || coin.BlueScore+n.w.params.CoinbaseMaturity < n.chain.Snapshot().BlueScore
			if mature && !yield(utxo.Entry{Outpoint: o, Coin: coin}) {
				return
			}
		}
	}
}

// oldest returns the first spendable coin.
func (p *purse) oldest(n *node) (coin utxo.Entry, ok bool) {
	for coin := range p.spendable(n) {
		return coin, true
	}
	return coin, false
}

// pay lets a random node pay another.
func (w *World) pay() {
	n, to := w.nodes[w.rng.IntN(len(w.nodes))], w.nodes[w.rng.IntN(len(w.nodes))]
	skip := w.rng.IntN(8)
	if !n.up || !n.core.Status().Synced {
		return
	}
	if err := n.purse.follow(n); err != nil {
		w.fail("%s: the purse does not follow: %w", n.id, err)
		return
	}
	tx, ok := n.purse.pay(n, to.purse.Address, skip)
	if !ok {
		return
	}
	reasons, err := n.pool.Submit([]types.Transaction{tx})
	if err == nil && reasons[0] == nil {
		w.record("%s pays %v", n.id, tx.ID())
		n.step(syncer.TransactionAdmitted{Transaction: tx})
	}
}
