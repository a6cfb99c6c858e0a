package utxo

import (
	"fmt"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A Context is what a chain block brings to the acceptance of its merge set.
type Context struct {
	Params  *params.Params
	RuleSet params.RuleSet // of the accepting block
	Place   rules.Place    // of the accepting block
	Base    View           // the state of its selected parent

	// Verify reports for each candidate whether all that its unlocks assert
	// holds. It is asked at most once per merged block, and may split the work
	// as it likes: the candidates are independent of each other.
	Verify func(candidates []Candidate) []bool
}

// A MergedBlock is a block of a merge set with its whole, sane body.
type MergedBlock struct {
	Hash         types.Hash
	Transactions []types.Transaction // coinbase first
	Digests      []types.Digest      // of the transactions
}

// An AcceptedBlock says which transactions of a merged block were accepted.
type AcceptedBlock struct {
	Hash  types.Hash
	TxIDs []types.Hash // in order, a coinbase with outputs first
	Fees  types.Amount // of these transactions
}

// An Acceptance is what a chain block does to the state of its selected parent:
// its diff, and for each block of its merge set, in consensus order, the
// transactions behind it. It is stored with the chain block.
type Acceptance struct {
	Diff   Diff
	Blocks []AcceptedBlock
}

// Accept applies a merge set, in consensus order with the selected parent
// first, to the state of that parent: its coinbase, its other transactions,
// then the other transactions of every other block; what does not hold in the
// state so far is skipped. No other coinbase is accepted. The parent must be
// qualified: its own transactions were judged against this very state then, so
// their unlocks are not judged again.
func Accept(ctx *Context, merged []MergedBlock) Acceptance {
	layer := NewLayer(ctx.Base)
	blocks := make([]AcceptedBlock, len(merged))
	for i := range merged {
		candidates := ctx.candidates(layer, &merged[i])
		if i == 0 {
			blocks[i].acceptCoinbase(ctx, layer, &merged[i].Transactions[0], merged[i].Digests[0].ID)
		} else {
			candidates = ctx.verified(candidates)
		}
		blocks[i].Hash = merged[i].Hash
		for j := range candidates {
			blocks[i].accept(ctx, layer, &candidates[j])
		}
	}
	return Acceptance{Diff: layer.Diff(), Blocks: blocks}
}

// candidates returns the transactions of one block that hold in a state but for
// their unlocks. A sane body has no two that touch the same coin, so all of
// them are judged against the state before the block.
func (ctx *Context) candidates(view View, merged *MergedBlock) []Candidate {
	txs, digests := merged.Transactions[1:], merged.Digests[1:]
	candidates := make([]Candidate, 0, len(txs))
	for i := range txs {
		if rules.TransactionVersion(ctx.RuleSet, &txs[i]) != nil {
			continue
		}
		if c, err := NewCandidateOf(ctx.Params, view, &txs[i], digests[i], ctx.Place); err == nil {
			candidates = append(candidates, c)
		}
	}
	return candidates
}

// verified returns the candidates whose unlocks hold.
func (ctx *Context) verified(candidates []Candidate) []Candidate {
	if len(candidates) == 0 {
		return nil
	}
	holds := ctx.Verify(candidates)
	kept := candidates[:0]
	for i, c := range candidates {
		if holds[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

func (b *AcceptedBlock) acceptCoinbase(ctx *Context, layer *Layer, tx *types.Transaction, id types.Hash) {
	if len(tx.Outputs) == 0 {
		return
	}
	createOutputs(layer, tx, id, ctx.Place.BlueScore)
	b.TxIDs = append(b.TxIDs, id)
}

func (b *AcceptedBlock) accept(ctx *Context, layer *Layer, c *Candidate) {
	c.applyTo(layer, ctx.Place.BlueScore)
	b.TxIDs = append(b.TxIDs, c.Digest.ID)
	fees, ok := b.Fees.Add(c.Fee)
	if !ok { // fees are parts of coins that exist
		panic(fmt.Sprintf("utxo: fees of %v and %v JIO in one block, more than all coins", b.Fees, c.Fee))
	}
	b.Fees = fees
}

// TxIDs returns the accepted transaction IDs in order: the leaves behind the
// accepted root.
func (a *Acceptance) TxIDs() []types.Hash {
	var ids []types.Hash
	for i := range a.Blocks {
		ids = append(ids, a.Blocks[i].TxIDs...)
	}
	return ids
}

// EncodeTo appends the diff, then the list of blocks.
func (a *Acceptance) EncodeTo(e *types.Encoder) {
	a.Diff.EncodeTo(e)
	e.Count(len(a.Blocks))
	for i := range a.Blocks {
		a.Blocks[i].EncodeTo(e)
	}
}

// DecodeFrom reads an acceptance.
func (a *Acceptance) DecodeFrom(d *types.Decoder) {
	a.Diff.DecodeFrom(d)
	a.Blocks = nil
	if n := d.Count(minAcceptedBlockSize); n > 0 {
		a.Blocks = make([]AcceptedBlock, n)
	}
	for i := range a.Blocks {
		a.Blocks[i].DecodeFrom(d)
	}
}

// minAcceptedBlockSize is the encoded length without transaction IDs.
const minAcceptedBlockSize = types.HashSize + 4 + 8

// EncodeTo appends hash, transaction IDs and fees.
func (b *AcceptedBlock) EncodeTo(e *types.Encoder) {
	b.Hash.EncodeTo(e)
	e.Hashes(b.TxIDs)
	b.Fees.EncodeTo(e)
}

// DecodeFrom reads an accepted block.
func (b *AcceptedBlock) DecodeFrom(d *types.Decoder) {
	b.Hash.DecodeFrom(d)
	b.TxIDs = d.Hashes()
	b.Fees.DecodeFrom(d)
}
