package chain

import (
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A foresight judges of blocks what depends on nothing but themselves, before they
// are added: hashes, the proof of work and, so that signatures are verified in large
// batches by all workers, the transactions. It takes the lock for moments only, to
// look something up. What it finds right of transactions is remembered by the
// verifier, whose answers depend on a transaction and the outputs it names alone: an
// output that is not in the state yet is taken from the transaction that makes it,
// whether that will be accepted or not. Anything else is left to be judged in its turn.
type foresight struct {
	*Manager
	blocks    []types.Block
	prospects []prospect // of each block
	made      map[types.Hash]*types.Transaction
	fresh     map[types.Hash]bool // blocks that were not stored when they were looked up
}

// A prospect is what is known of a block before it is added. The zero one knows
// nothing.
type prospect struct {
	hash    types.Hash
	stored  Status         // 0 when its header was not known
	judged  bool           // whether its header was looked at, which is not done where it was known
	sanity  error          // of the header
	digests []types.Digest // of its transactions, nil when they were not needed
}

// A part of the blocks is judged at a time, while the part before is added.
const (
	partBlocks       = 64
	partTransactions = 4096
)

func (m *Manager) foresight(blocks []types.Block) *foresight {
	return &foresight{
		Manager:   m,
		blocks:    blocks,
		prospects: make([]prospect, len(blocks)),
		made:      make(map[types.Hash]*types.Transaction),
		fresh:     make(map[types.Hash]bool, len(blocks)),
	}
}

// foresee judges all there is to be judged of a block ahead.
func (m *Manager) foresee(b *types.Block) *prospect {
	f := m.foresight([]types.Block{*b})
	f.judge(0, 1)
	return &f.prospects[0]
}

// partFrom returns where the part of the blocks ends that begins at a place.
func (f *foresight) partFrom(from int) (to int) {
	txs := 0
	for to = from; to < len(f.blocks) && to-from < partBlocks && txs < partTransactions; to++ {
		txs += len(f.blocks[to].Transactions)
	}
	return to
}

// judge judges the blocks of a part. When the Manager has failed it goes no
// further: whoever adds the blocks is told why.
func (f *foresight) judge(from, to int) {
	if from == to {
		return
	}
	workers := f.verifier.workers
	parallel(workers, to-from, func(i int) { f.prospects[from+i].hash = f.blocks[from+i].Hash() })
	if f.guarded(func() error { f.find(from, to); return nil }) != nil {
		return
	}
	parallel(workers, to-from, func(i int) { f.look(from + i) })
	var candidates []utxo.Candidate
	var scores []uint64
	err := f.guarded(func() error { candidates, scores = f.collect(from, to); return nil })
	if err != nil || len(candidates) == 0 {
		return
	}
	x := f.inspect(candidates, scores)
	x.run(workers)
	_ = f.guarded(func() error { f.verifier.remember(&x); return nil })
}

// find looks the blocks up. What is on a block that is not stored is not stored
// either, which takes no read to see.
func (f *foresight) find(from, to int) {
	for i := from; i < to; i++ {
		h, p := &f.blocks[i].Header, &f.prospects[i]
		if len(h.Parents) > 0 && f.fresh[h.Parents[0]] {
			f.fresh[p.hash] = true
		} else if known := f.index.findOf(p.hash, h); known != nil {
			p.stored = known.status
		} else {
			f.fresh[p.hash] = true
		}
	}
}

// look judges the header of a block and hashes its transactions. Without proof of
// work, to look at what came along would cost us more than its maker.
func (f *foresight) look(i int) {
	b, p := &f.blocks[i], &f.prospects[i]
	if p.stored == 0 {
		p.judged, p.sanity = true, f.proofs.check(p.hash, &b.Header)
	}
	if p.sanity == nil && !p.stored.HasBody() {
		p.digests = types.Digests(b.Transactions)
	}
}

// collect returns the transactions of a part that nothing is known of and whose
// coins can be found, and the DAA scores of their blocks.
func (f *foresight) collect(from, to int) (candidates []utxo.Candidate, scores []uint64) {
	for i := from; i < to; i++ {
		digests := f.prospects[i].digests
		for j := 1; j < len(digests); j++ {
			tx, digest := &f.blocks[i].Transactions[j], digests[j]
			if f.made[digest.ID] != nil {
				continue
			}
			f.made[digest.ID] = tx
			if _, known := f.verifier.recall(digest.Hash); known {
				continue
			}
			if coins, ok := f.coinsOf(tx); ok {
				candidates = append(candidates, utxo.Candidate{Transaction: tx, Digest: digest, Coins: coins})
				scores = append(scores, f.blocks[i].Header.DAAScore)
			}
		}
	}
	return candidates, scores
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

// keysAtOnce is for how many transactions keys are decoded together: many enough
// to be worth it, few enough that none is forgotten before its form is judged.
const keysAtOnce = 256

// inspect judges what the unlocks of candidates of good form assert, but for
// signatures.
func (f *foresight) inspect(candidates []utxo.Candidate, scores []uint64) inspection {
	sound := make([]bool, len(candidates))
	parallel(f.verifier.workers, (len(candidates)+keysAtOnce-1)/keysAtOnce, func(i int) {
		from, to := i*keysAtOnce, min((i+1)*keysAtOnce, len(candidates))
		rememberKeys(candidates[from:to])
		for i := from; i < to; i++ {
			set := f.params.RuleSetAt(scores[i])
			sound[i] = rules.TransactionForm(f.params, set, candidates[i].Transaction) == nil
		}
	})
	kept := candidates[:0]
	for i, c := range candidates {
		if sound[i] {
			kept = append(kept, c)
		}
	}
	return f.verifier.inspect(kept, func(types.Hash) (error, bool) { return nil, false })
}

// rememberKeys has the keys decoded together that transactions reveal. Of a policy
// with branches it does not look for them.
func rememberKeys(candidates []utxo.Candidate) {
	keys := make([][32]byte, 0, len(candidates))
	for i := range candidates {
		for j := range candidates[i].Transaction.Inputs {
			if p := &candidates[i].Transaction.Inputs[j].Unlock.Policy; p.Kind == types.PolicyKey {
				keys = append(keys, p.Key)
			}
		}
	}
	types.RememberKeys(keys)
}
