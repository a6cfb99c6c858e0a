package chaintest

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Wallet is one key of a test, derived from a name.
type Wallet struct {
	Name    string
	Seed    [32]byte
	Policy  types.Policy
	Address types.Address
}

// NewWallet returns the wallet of a name; its policy is its key.
func NewWallet(name string) *Wallet {
	w := &Wallet{Name: name, Seed: sha256.Sum256([]byte(name))}
	w.Policy = types.KeyPolicy(types.PublicKey(w.Seed))
	w.Address = w.Policy.Address()
	return w
}

// Pay returns a signed transaction from coins of the wallet to the outputs; the
// difference is the fee. It declares just the storage weight it has.
func (w *Wallet) Pay(p *params.Params, outputs []types.Output, coins ...utxo.Entry) types.Transaction {
	tx := types.Transaction{Version: 1, Outputs: outputs}
	for _, c := range coins {
		tx.Inputs = append(tx.Inputs, types.Input{Outpoint: c.Outpoint, Sequence: 1 << 63})
	}
	w.Sign(p, &tx, coins...)
	return tx
}

// Sign sets the declared mass and the unlocks of a transaction that spends these
// coins, all of them the wallet's.
func (w *Wallet) Sign(p *params.Params, tx *types.Transaction, coins ...utxo.Entry) {
	spent := make([]types.Coin, len(coins))
	outputs := make([]types.Output, len(coins))
	for i, c := range coins {
		spent[i], outputs[i] = c.Coin, c.Coin.Output
	}
	tx.Mass = rules.StorageWeight(tx, spent)
	signature := types.Sign(w.Seed, tx.SigningHash(p.GenesisHash, outputs))
	for i := range tx.Inputs {
		tx.Inputs[i].Unlock = types.Unlock{Policy: w.Policy, Signatures: []types.Signature{signature}}
	}
}

// SpendableOn returns the coins of a wallet that a block on the given parents can
// spend, the oldest first.
func (o *Oracle) SpendableOn(parents []types.Hash, w *Wallet) []utxo.Entry {
	return o.spendableBy(o.draft(parents), w)
}

// spendableBy returns the mature coins of a wallet after a drafted block, the
// oldest first.
func (o *Oracle) spendableBy(b *Block, w *Wallet) []utxo.Entry {
	var coins []utxo.Entry
	for outpoint, coin := range o.after(b) {
		mature := !coin.Coinbase || coin.BlueScore+o.Params.CoinbaseMaturity <= b.BlueScore
		if coin.Address == w.Address && mature {
			coins = append(coins, utxo.Entry{Outpoint: outpoint, Coin: coin})
		}
	}
	slices.SortFunc(coins, func(a, b utxo.Entry) int {
		return cmp.Or(
			cmp.Compare(a.Coin.BlueScore, b.Coin.BlueScore),
			a.Outpoint.TxID.Compare(b.Outpoint.TxID),
			cmp.Compare(a.Outpoint.Index, b.Outpoint.Index))
	})
	return coins
}

// after returns the coins after a drafted block, which is not in the Oracle yet.
func (o *Oracle) after(b *Block) utxo.Coins {
	coins := o.ledger.at(b.SelectedParent)
	for _, n := range b.created {
		coins[n.Outpoint] = n.Coin
	}
	for _, n := range b.spent {
		delete(coins, n.Outpoint)
	}
	return coins
}
