package chain

import (
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// foreseen is about how many transactions are judged ahead at a time.
const foreseen = 4096

// A foresight judges the transactions of blocks before the blocks are added, so
// that their signatures are verified in large batches by all workers, and while
// nobody waits for the lock. What it finds right is remembered by the verifier,
// whose answers depend on a transaction and the outputs it names alone: an output
// that is not in the state yet is taken from the transaction that makes it, whether
// that will be accepted or not. Anything else is left to be judged in its turn.
type foresight struct {
	*Manager
	blocks []types.Block
	next   int // of the blocks, to be looked at
	made   map[types.Hash]*types.Transaction

	digests [][]types.Digest // of the transactions of each block, nil when they were not needed
}

// foresee judges what can be judged of blocks that will be added. It takes the lock
// now and then.
func (m *Manager) foresee(blocks []types.Block) *foresight {
	f := &foresight{
		Manager: m,
		blocks:  blocks,
		made:    make(map[types.Hash]*types.Transaction),
		digests: make([][]types.Digest, len(blocks)),
	}
	for f.pending() {
		var x inspection
		if m.guarded(func() error { x = m.verifier.inspect(f.collect()); return nil }) != nil {
			return f // whoever adds the blocks is told why
		}
		x.run(m.verifier.workers)
		if m.guarded(func() error { m.verifier.remember(&x); return nil }) != nil {
			return f
		}
	}
	return f
}

// pending passes over the blocks with nothing but a coinbase.
func (f *foresight) pending() bool {
	for f.next < len(f.blocks) && len(f.blocks[f.next].Transactions) <= 1 {
		f.next++
	}
	return f.next < len(f.blocks)
}

// collect returns the next transactions to be judged.
func (f *foresight) collect() (candidates []utxo.Candidate) {
	for ; f.pending() && len(candidates) < foreseen; f.next++ {
		if b := &f.blocks[f.next]; f.proven(b) {
			f.digests[f.next] = types.Digests(b.Transactions)
			f.rememberKeys(b.Transactions[1:], f.digests[f.next][1:])
			candidates = f.candidates(b, f.digests[f.next], candidates)
		}
	}
	return candidates
}

// proven reports whether a block's header is known or has proof of work: without
// it, judging what came along would cost us more than its maker.
func (f *foresight) proven(b *types.Block) bool {
	hash := b.Hash()
	if known := f.index.findOf(hash, &b.Header); known != nil {
		return !known.status.HasBody()
	}
	return rules.HeaderSanity(f.params, &b.Header) == nil
}

// rememberKeys has the keys decoded together that transactions not verified yet
// reveal. Of a policy with branches it does not look for them.
func (f *foresight) rememberKeys(txs []types.Transaction, digests []types.Digest) {
	keys := make([][32]byte, 0, len(txs))
	for i := range txs {
		if f.verifier.good.has(digests[i].Hash) {
			continue
		}
		for j := range txs[i].Inputs {
			if p := &txs[i].Inputs[j].Unlock.Policy; p.Kind == types.PolicyKey {
				keys = append(keys, p.Key)
			}
		}
	}
	types.RememberKeys(keys)
}

// candidates adds the transactions of a block whose form is good and whose coins
// can be found.
func (f *foresight) candidates(b *types.Block, digests []types.Digest, candidates []utxo.Candidate) []utxo.Candidate {
	set := f.params.RuleSetAt(b.Header.DAAScore)
	for i := range b.Transactions[1:] {
		tx, digest := &b.Transactions[1+i], digests[1+i]
		if f.made[digest.ID] != nil {
			continue
		}
		f.made[digest.ID] = tx
		if f.verifier.good.has(digest.Hash) || rules.TransactionForm(f.params, set, tx) != nil {
			continue
		}
		if coins, ok := f.coinsOf(tx); ok {
			candidates = append(candidates, utxo.Candidate{Transaction: tx, Digest: digest, Coins: coins})
		}
	}
	return candidates
}

// coinsOf returns the outputs behind the inputs of a transaction.
func (f *foresight) coinsOf(tx *types.Transaction) ([]types.Coin, bool) {
	found := make([]types.Coin, len(tx.Inputs))
	for i := range tx.Inputs {
		o := tx.Inputs[i].Outpoint
		if maker := f.made[o.TxID]; maker != nil && uint64(o.Index) < uint64(len(maker.Outputs)) {
			found[i].Output = maker.Outputs[o.Index]
			continue
		}
		coin, ok := f.coins.Coin(o)
		if !ok {
			return nil, false
		}
		found[i] = coin
	}
	return found, true
}
