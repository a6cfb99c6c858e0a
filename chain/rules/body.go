package rules

import (
	"fmt"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// BodySanity judges a body against its header alone. The merkle root comes
// first: as long as it does not match, nothing that is wrong with the body says
// anything about the header, and ErrBadMerkleRoot blames only the sender.
func BodySanity(p *params.Params, b *types.Block) error {
	return BodySanityKnown(p, b, types.Digests(b.Transactions), func(types.Hash) bool { return false })
}

// BodySanityKnown is BodySanity with the digests of the transactions given. It
// takes the form of some of them for granted: formed says by its hash, which
// commits to all of it, whether one was found to be of good form before.
func BodySanityKnown(p *params.Params, b *types.Block, digests []types.Digest, formed func(types.Hash) bool) error {
	hashes := make([]types.Hash, len(b.Transactions))
	for i := range hashes {
		hashes[i] = digests[i].Hash
	}
	if root := types.MerkleRoot(hashes); root != b.Header.MerkleRoot {
		return broken(ErrBadMerkleRoot, "merkle root of the body is %v: the header says %v", root, b.Header.MerkleRoot)
	}
	if err := coinbaseFirst(b.Transactions); err != nil {
		return err
	}
	if err := blockWeights(p, b.Transactions); err != nil {
		return err
	}
	set := p.RuleSetAt(b.Header.DAAScore)
	for i := range b.Transactions[1:] {
		judge := TransactionForm
		if formed(hashes[1+i]) {
			judge = knownForm
		}
		if err := judge(p, set, &b.Transactions[1+i]); err != nil {
			return inTransaction(1+i, err)
		}
	}
	return noConflicts(b.Transactions, digests)
}

// knownForm is TransactionForm for a transaction that had it under some rule set.
func knownForm(_ *params.Params, set params.RuleSet, tx *types.Transaction) error {
	return TransactionVersion(set, tx)
}

func coinbaseFirst(txs []types.Transaction) error {
	if len(txs) == 0 || !txs[0].IsCoinbase() {
		return broken(ErrNoCoinbase, "the first of %d transactions is not a coinbase", len(txs))
	}
	for i := range txs[1:] {
		if txs[1+i].IsCoinbase() {
			return broken(ErrExtraCoinbase, "transaction %d is a second coinbase", 1+i)
		}
	}
	return coinbaseForm(&txs[0])
}

func blockWeights(p *params.Params, txs []types.Transaction) error {
	var weight, mass uint64
	for i := range txs {
		weight = saturatingSum(weight, Weight(&txs[i]))
		mass = saturatingSum(mass, txs[i].Mass)
	}
	if weight > p.BlockWeight {
		return broken(ErrBlockWeight, "block weight %d: at most %d is allowed", weight, p.BlockWeight)
	}
	if mass > p.BlockWeight {
		return broken(ErrBlockMass, "declared masses sum to %d: at most %d is allowed", mass, p.BlockWeight)
	}
	return nil
}

// noConflicts makes the transactions of a block independent of each other, so
// that they can be judged in any order against one state.
func noConflicts(txs []types.Transaction, digests []types.Digest) error {
	made := make(map[types.Hash]int, len(txs))
	for i := range txs {
		id := digests[i].ID
		if first, twice := made[id]; twice {
			return broken(ErrDuplicateTransaction, "transactions %d and %d are both %v", first, i, id)
		}
		made[id] = i
	}
	spent := make(map[types.Outpoint]int, len(txs))
	for i := range txs {
		for _, in := range txs[i].Inputs {
			o := in.Outpoint
			if first, twice := spent[o]; twice {
				return broken(ErrDoubleSpend, "transactions %d and %d both spend %v:%d", first, i, o.TxID, o.Index)
			}
			if maker, chained := made[o.TxID]; chained {
				return broken(ErrChainedSpend, "transaction %d spends an output of transaction %d", i, maker)
			}
			spent[o] = i
		}
	}
	return nil
}

// BodyContext judges a sane body by its block's place in the DAG: the claims of
// the coinbase payload, and the absolute lock of every transaction at the
// block's own blue score and past median time, in milliseconds.
func BodyContext(p *params.Params, b *types.Block, medianTime uint64) error {
	payload, err := PayloadOf(&b.Transactions[0])
	if err != nil {
		return err
	}
	if payload.BlueScore != b.Header.BlueScore {
		return broken(ErrCoinbaseBlueScore, "coinbase payload blue score %d: the header's is %d", payload.BlueScore, b.Header.BlueScore)
	}
	if due := Subsidy(p, b.Header.DAAScore); payload.Subsidy != due {
		return broken(ErrCoinbaseSubsidy, "coinbase payload subsidy %v JIO: the schedule says %v", payload.Subsidy, due)
	}
	at := Place{BlueScore: b.Header.BlueScore, MedianTime: medianTime}
	for i := range b.Transactions {
		if err := AbsoluteLock(&b.Transactions[i], at); err != nil {
			return inTransaction(i, err)
		}
	}
	return nil
}

func inTransaction(i int, err error) error { return fmt.Errorf("transaction %d: %w", i, err) }
