package utxo

import (
	"fmt"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A Candidate is a transaction of good form that holds in some state but for
// what its unlocks assert.
type Candidate struct {
	Transaction *types.Transaction
	Digest      types.Digest // of the transaction
	Coins       []types.Coin // behind its inputs, in order
	Fee         types.Amount
}

// NewCandidateOf judges a transaction of good form, whose digest is known, against
// a state at a place. Its errors are those of rules.Spend, and
// rules.ErrMissingCoin.
func NewCandidateOf(p *params.Params, view View, tx *types.Transaction, digest types.Digest, at rules.Place) (Candidate, error) {
	coins := make([]types.Coin, len(tx.Inputs))
	for i := range tx.Inputs {
		o := tx.Inputs[i].Outpoint
		coin, ok := view.Coin(o)
		if !ok {
			return Candidate{}, rules.RuleError{
				Kind:        rules.ErrMissingCoin,
				Description: fmt.Sprintf("input %d: no coin at %v:%d", i, o.TxID, o.Index),
			}
		}
		coins[i] = coin
	}
	fee, err := rules.Spend(p, tx, coins, at)
	if err != nil {
		return Candidate{}, err
	}
	return Candidate{Transaction: tx, Digest: digest, Coins: coins, Fee: fee}, nil
}

// Unlocks judges what the unlocks assert and returns the signatures that are
// still to be verified, as rules.Unlocks does.
func (c *Candidate) Unlocks(genesis types.Hash) ([]types.SignatureCheck, error) {
	spent := make([]types.Output, len(c.Coins))
	for i := range c.Coins {
		spent[i] = c.Coins[i].Output
	}
	return rules.UnlocksSigning(c.Transaction, spent, types.SigningHash(genesis, c.Digest.ID, spent))
}

// applyTo spends the coins and creates the outputs.
func (c *Candidate) applyTo(layer *Layer, blueScore uint64) {
	for i := range c.Coins {
		layer.Spend(c.Transaction.Inputs[i].Outpoint, c.Coins[i])
	}
	createOutputs(layer, c.Transaction, c.Digest.ID, blueScore)
}

func createOutputs(layer *Layer, tx *types.Transaction, id types.Hash, blueScore uint64) {
	coinbase := tx.IsCoinbase()
	for i, out := range tx.Outputs {
		layer.Create(types.Outpoint{TxID: id, Index: uint32(i)}, types.Coin{
			Output:    out,
			BlueScore: blueScore,
			Coinbase:  coinbase,
		})
	}
}
