package chain_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// TestForesight looks at blocks none of which is added yet: payments of coins in
// the state, of coins that the group itself makes, one that is stolen, one of a
// coin from nowhere, one of a wrong form, and a block without proof of work.
func TestForesight(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	alice, bob := b.Wallet("alice"), b.Wallet("bob")
	before := rowFor(b, p.GenesisHash, 8, alice)
	m := open(t, p, store.NewMemory())
	addRow(t, m, before)
	tip := before[7].Hash()
	coins := b.Oracle.SpendableOn([]types.Hash{tip}, alice)
	pay := func(from, to *chaintest.Wallet, coin utxo.Entry) types.Transaction {
		return from.Pay(p, []types.Output{{Value: types.Jots(coin.Coin.Value.Jots() - 10), Address: to.Address}}, coin)
	}
	made := func(tx types.Transaction) utxo.Entry {
		return utxo.Entry{Outpoint: types.Outpoint{TxID: tx.ID()}, Coin: types.Coin{Output: tx.Outputs[0]}}
	}
	first := pay(alice, bob, coins[0])
	second := pay(bob, alice, made(first))
	third := pay(alice, bob, made(second))
	stolen := pay(bob, bob, coins[1])
	stolen.Inputs[0].Unlock.Policy = alice.Policy
	nowhere := pay(alice, bob, utxo.Entry{Outpoint: types.Outpoint{Index: 9}, Coin: coins[2].Coin})
	malformed := pay(alice, bob, coins[2])
	malformed.Gas = 1
	idle := pay(alice, bob, coins[3])
	blocks := []types.Block{
		carrying(b, tip, first, stolen, malformed),
		carrying(b, tip, second, nowhere, third, first),
		carrying(b, tip, idle),
	}
	blocks[2].Header.Nonce = failingNonce(p, &blocks[2].Header)
	want := [][]bool{{true, false, false}, {true, false, true, true}, {false}}
	if got := m.Foresee(blocks); !reflect.DeepEqual(got, want) {
		t.Errorf("judged right ahead of time: %v, want %v", got, want)
	}
	if _, _, err := m.AddBlocks(blocks[:1]); !errors.Is(err, rules.ErrGas) {
		t.Errorf("the first block: %v", err)
	}
}

// rowFor makes n blocks on one another that pay a wallet.
func rowFor(b *chaintest.Builder, from types.Hash, n int, w *chaintest.Wallet) (made []types.Block) {
	for range n {
		block := b.Oracle.Make([]types.Hash{from}, chaintest.Content{Miner: w.Address})
		b.Oracle.Add(block)
		made = append(made, block)
		from = block.Hash()
	}
	return made
}

// carrying makes a block with any transactions, which need not be valid.
func carrying(b *chaintest.Builder, parent types.Hash, txs ...types.Transaction) types.Block {
	block := b.Oracle.Make([]types.Hash{parent}, chaintest.Content{})
	block.Transactions = append(block.Transactions, txs...)
	block.Header.MerkleRoot = types.MerkleRootOf(block.Transactions)
	chaintest.Solve(b.Params, &block)
	return block
}
