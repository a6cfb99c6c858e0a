package bench

import (
	"errors"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

const (
	coinValue = types.JotsPerJIO / 10
	coinSplit = 450 // coins made of a reward of 50 JIO
	coinFee   = 10  // jots, of every payment
	// coinRounds is for how many blocks there must be coins: those that a block
	// makes can be spent by the next but one.
	coinRounds = 3
)

// A payer makes the payments of a chain: it splits rewards until there are coins
// enough, and then passes each on by itself, to a key that nobody saw before.
type payer struct {
	params   *params.Params
	keys     *keyring
	payments int // of a block
	payee    types.Address
	owners   map[types.Address]key
	cursor   types.Hash
	rewards  []utxo.Entry // coinbases to be split, the oldest first
	coins    []utxo.Entry // to be passed on, the oldest first
	promised int          // coins made so far, also where they are not here yet
}

func newPayer(p *params.Params, keys *keyring, payments int) *payer {
	y := &payer{params: p, keys: keys, payments: payments, owners: make(map[types.Address]key)}
	y.payee = y.newAddress()
	return y
}

func (y *payer) newAddress() types.Address {
	k := y.keys.next()
	a := k.policy().Address()
	y.owners[a] = k
	return a
}

func (y *payer) wanted() int { return coinRounds * y.payments }

// ready reports whether the splits are over.
func (y *payer) ready() bool { return len(y.coins) >= y.wanted() }

// split returns a transaction that splits a reward, where one is mature and more
// coins are wanted.
func (y *payer) split(m *chain.Manager) ([]types.Transaction, error) {
	if err := y.follow(m); err != nil {
		return nil, err
	}
	if y.promised >= y.wanted() || len(y.rewards) == 0 {
		return nil, nil
	}
	reward := y.rewards[0]
	if reward.Coin.BlueScore+y.params.CoinbaseMaturity > m.Snapshot().BlueScore {
		return nil, nil
	}
	y.rewards = y.rewards[1:]
	y.promised += coinSplit
	outputs := make([]types.Output, coinSplit)
	for i := range outputs {
		outputs[i] = types.Output{Value: types.Jots(coinValue), Address: y.newAddress()}
	}
	return []types.Transaction{y.spend(reward, outputs)}, nil
}

// pay returns the payments of a block.
func (y *payer) pay(m *chain.Manager) ([]types.Transaction, error) {
	if y.payments == 0 {
		return nil, nil
	}
	if err := y.follow(m); err != nil {
		return nil, err
	}
	if len(y.coins) < y.payments {
		return nil, errors.New("there are not enough coins for the payments of a block")
	}
	txs := make([]types.Transaction, y.payments)
	for i, coin := range y.coins[:y.payments] {
		value := types.Jots(coin.Coin.Value.Jots() - coinFee)
		txs[i] = y.spend(coin, []types.Output{{Value: value, Address: y.newAddress()}})
		delete(y.owners, coin.Coin.Address)
	}
	y.coins = y.coins[y.payments:]
	return txs, nil
}

// spend signs a transaction of a single coin.
func (y *payer) spend(coin utxo.Entry, outputs []types.Output) types.Transaction {
	owner := y.owners[coin.Coin.Address]
	tx := types.Transaction{
		Version: y.params.RuleSetAt(0).TransactionVersion,
		Inputs:  []types.Input{{Outpoint: coin.Outpoint, Sequence: rules.SequenceDisabled}},
		Outputs: outputs,
	}
	tx.Mass = rules.StorageWeight(&tx, []types.Coin{coin.Coin})
	message := tx.SigningHash(y.params.GenesisHash, []types.Output{coin.Coin.Output})
	tx.Inputs[0].Unlock = types.Unlock{Policy: owner.policy(), Signatures: []types.Signature{owner.sign(message)}}
	return tx
}

// follow collects the coins that the chain made. It has no branches, so nothing
// is ever taken back.
func (y *payer) follow(m *chain.Manager) error {
	for {
		const some = 1024
		updates, err := m.UpdatesSince(y.cursor, some)
		if err != nil {
			return err
		}
		for _, u := range updates {
			y.cursor = u.Hash
			y.collect(u.Acceptance.Diff.Created)
		}
		if len(updates) < some {
			return nil
		}
	}
}

func (y *payer) collect(made []utxo.Entry) {
	for _, coin := range made {
		if coin.Coin.Coinbase {
			y.rewards = append(y.rewards, coin)
		} else {
			y.coins = append(y.coins, coin)
		}
	}
}
