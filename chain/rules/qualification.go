package rules

import "github.com/jio-dag/jio/chain/types"

// A Qualification is what the past of a block makes of the parts of it that
// only chain blocks are held to.
type Qualification struct {
	UTXOCommitment types.Hash
	AcceptedRoot   types.Hash
	PruningPoint   types.Hash
	Coinbase       types.Transaction // made with the block's own payload
}

// Qualifies judges whether a valid block may stand on the selected chain, but
// for its own transactions, which are judged one by one with Spend and Unlocks.
func Qualifies(b *types.Block, want *Qualification) error {
	h := &b.Header
	if h.UTXOCommitment != want.UTXOCommitment {
		return broken(ErrUTXOCommitment, "UTXO commitment %v: want %v", h.UTXOCommitment, want.UTXOCommitment)
	}
	if h.AcceptedRoot != want.AcceptedRoot {
		return broken(ErrAcceptedRoot, "accepted root %v: want %v", h.AcceptedRoot, want.AcceptedRoot)
	}
	if got, due := b.Transactions[0].Hash(), want.Coinbase.Hash(); got != due {
		return broken(ErrCoinbase, "coinbase %v: want %v", got, due)
	}
	if h.PruningPoint != want.PruningPoint {
		return broken(ErrPruningPoint, "pruning point %v: want %v", h.PruningPoint, want.PruningPoint)
	}
	return nil
}

// AcceptedRoot returns H(JioAccepted, parent ‖ merkle root of ids): the
// commitment to all accepted history of a block that accepts these transaction
// IDs, in order, on a selected parent with the accepted root parent.
func AcceptedRoot(parent types.Hash, ids []types.Hash) types.Hash {
	return types.AcceptedDomain.SumOf(parent, types.MerkleRoot(ids))
}
