package chain_test

import (
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Headers, in the order of the checks.
var headerCorruptions = []corruption{
	{"version too old", rules.ErrVersion, header(func(h *types.Header) { h.Version = 0 }), 0},
	{"version not known", rules.ErrUnknownVersion, header(func(h *types.Header) { h.Version = 2 }), 0},
	{"state root in use", rules.ErrReserved, header(func(h *types.Header) { h.StateRoot[5] = 1 }), 0},
	{"finality reference in use", rules.ErrReserved, header(func(h *types.Header) { h.FinalityRef[5] = 1 }), 0},
	{"no parents", rules.ErrNoParents, header(func(h *types.Header) { h.Parents = nil }), 0},
	{"too many parents", rules.ErrTooManyParents, header(func(h *types.Header) {
		for i := byte(1); len(h.Parents) <= 10; i++ {
			h.Parents = append(h.Parents, types.Hash{0xff, i})
		}
	}), 0},
	{"parent twice", rules.ErrParentOrder, header(func(h *types.Header) { h.Parents = append(h.Parents, h.Parents[1]) }), 0},
	{"selected parent again", rules.ErrParentOrder, header(func(h *types.Header) { h.Parents[1] = h.Parents[0] }), 0},
	{"target of zero", rules.ErrTarget, header(func(h *types.Header) { h.Bits = 0x20000000 }), keepNonce},
	{"target too easy", rules.ErrTarget, header(func(h *types.Header) { h.Bits = 0x21008000 }), keepNonce},
	{"target negative", rules.ErrTarget, header(func(h *types.Header) { h.Bits = 0x20ffffff }), keepNonce},
	{"proof of work", rules.ErrProofOfWork, func(s *specimen, b *types.Block) { b.Header.Nonce = s.failingNonce(b) }, keepNonce},
	{"future", rules.ErrFutureTime, header(func(h *types.Header) { h.Timestamp = 1 << 53 }), 0},
	{"parent above parent", rules.ErrRelatedParents, func(s *specimen, b *types.Block) {
		b.Header.Parents = []types.Hash{b.Header.Parents[0], s.before[0].Hash()}
	}, 0},
	{"first parent not selected", rules.ErrSelectedParent, header(func(h *types.Header) { slices.Reverse(h.Parents) }), 0},
	{"DAA score low", rules.ErrDAAScore, header(func(h *types.Header) { h.DAAScore-- }), 0},
	{"DAA score high", rules.ErrDAAScore, header(func(h *types.Header) { h.DAAScore++ }), 0},
	{"bits harder", rules.ErrDifficulty, header(func(h *types.Header) { h.Bits-- }), 0},
	{"blue score low", rules.ErrBlueScore, header(func(h *types.Header) { h.BlueScore-- }), 0},
	{"blue score high", rules.ErrBlueScore, header(func(h *types.Header) { h.BlueScore++ }), 0},
	{"blue work", rules.ErrBlueWork, header(func(h *types.Header) { h.BlueWork[0]++ }), 0},
	{"blue work high", rules.ErrBlueWork, header(func(h *types.Header) { h.BlueWork[3]++ }), 0},
	{"history root", rules.ErrHistoryRoot, header(func(h *types.Header) { h.HistoryRoot[31] ^= 1 }), 0},
	{"median time", rules.ErrPastTime, func(s *specimen, b *types.Block) { b.Header.Timestamp-- }, 0},
}

// failingNonce returns a nonce whose proof of work misses the target.
func (s *specimen) failingNonce(b *types.Block) uint64 {
	bad := *b
	for {
		bad.Header.Nonce++
		if rules.HeaderSanity(s.params, &bad.Header) != nil {
			return bad.Header.Nonce
		}
	}
}

// Bodies: sanity, then context.
var bodyCorruptions = []corruption{
	{"merkle root", rules.ErrBadMerkleRoot, header(func(h *types.Header) { h.MerkleRoot[0] ^= 1 }), keepRoot},
	{"transaction missing", rules.ErrBadMerkleRoot, func(_ *specimen, b *types.Block) { b.Transactions = b.Transactions[:5] }, keepRoot},
	{"transactions swapped", rules.ErrBadMerkleRoot, func(_ *specimen, b *types.Block) {
		b.Transactions[1], b.Transactions[2] = b.Transactions[2], b.Transactions[1]
	}, keepRoot},
	{"no coinbase", rules.ErrNoCoinbase, func(_ *specimen, b *types.Block) { b.Transactions = b.Transactions[1:] }, 0},
	{"coinbase not first", rules.ErrNoCoinbase, func(_ *specimen, b *types.Block) {
		b.Transactions[0], b.Transactions[1] = b.Transactions[1], b.Transactions[0]
	}, 0},
	{"two coinbases", rules.ErrExtraCoinbase, func(_ *specimen, b *types.Block) { b.Transactions = append(b.Transactions, b.Transactions[0]) }, 0},
	{"coinbase version", rules.ErrCoinbaseVersion, coinbase(func(tx *types.Transaction) { tx.Version = 2 }), 0},
	{"coinbase lock time", rules.ErrCoinbaseLockTime, coinbase(func(tx *types.Transaction) { tx.LockTime = 1 }), 0},
	{"coinbase gas", rules.ErrCoinbaseGas, coinbase(func(tx *types.Transaction) { tx.Gas = 1 }), 0},
	{"coinbase mass", rules.ErrCoinbaseMass, coinbase(func(tx *types.Transaction) { tx.Mass = 1 }), 0},
	{"coinbase payload short", rules.ErrCoinbasePayload, coinbase(func(tx *types.Transaction) { tx.Payload = tx.Payload[:48] }), 0},
	{"coinbase payload long", rules.ErrCoinbasePayload, coinbase(func(tx *types.Transaction) { tx.Payload = make([]byte, 114) }), 0},
	{"coinbase address version", rules.ErrCoinbaseAddress, coinbase(func(tx *types.Transaction) { tx.Payload[16] = 1 }), 0},
	{"transaction version 0", rules.ErrTransactionVersion, spend(0, func(tx *types.Transaction) { tx.Version = 0 }), 0},
	{"transaction version 2", rules.ErrTransactionVersion, spend(0, func(tx *types.Transaction) { tx.Version = 2 }), 0},
	{"subnetwork", rules.ErrSubnetwork, spend(0, func(tx *types.Transaction) { tx.SubnetworkID[19] = 1 }), 0},
	{"gas", rules.ErrGas, spend(0, func(tx *types.Transaction) { tx.Gas = 1 }), 0},
	{"payload", rules.ErrPayload, spend(0, func(tx *types.Transaction) { tx.Payload = []byte{0} }), 0},
	{"mass beyond a block", rules.ErrBlockMass, spend(0, func(tx *types.Transaction) { tx.Mass = 4_000_001 }), 0},
	{"masses beyond a block", rules.ErrBlockMass, func(_ *specimen, b *types.Block) {
		b.Transactions[1].Mass, b.Transactions[2].Mass = 2_000_001, 2_000_000
	}, 0},
	{"no inputs", rules.ErrNoInputs, spend(0, func(tx *types.Transaction) { tx.Inputs = nil }), 0},
	{"no outputs", rules.ErrNoOutputs, spend(0, func(tx *types.Transaction) { tx.Outputs = nil }), keepUnlocks},
	{"input twice", rules.ErrDuplicateInput, spend(0, func(tx *types.Transaction) { tx.Inputs = append(tx.Inputs, tx.Inputs[0]) }), 0},
	{"sequence bit 32", rules.ErrSequence, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence |= 1 << 32 }), 0},
	{"sequence bit 62", rules.ErrSequence, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence |= 1 << 62 }), 0},
	{"output of nothing", rules.ErrOutputValue, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(0) }), keepUnlocks},
	{"output too great", rules.ErrOutputValue, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(types.MaxAmount.Jots() + 1) }), 0},
	{"outputs sum too great", rules.ErrOutputSum, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.MaxAmount }), 0},
	{"output address version", rules.ErrAddressVersion, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Address.Version = 1 }), 0},
	{"opaque root", rules.ErrPolicyRoot, spend(0, func(tx *types.Transaction) {
		tx.Inputs[0].Unlock.Policy = types.OpaquePolicy(tx.Inputs[0].Unlock.Policy.Address())
	}), 0},
	{"policy too deep", rules.ErrPolicyDepth, spend(0, func(tx *types.Transaction) {
		p := &tx.Inputs[0].Unlock.Policy
		for range 4 {
			*p = types.ThresholdPolicy(1, *p)
		}
	}), 0},
	{"threshold of none", rules.ErrPolicyThreshold, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy.N = 0 }), 0},
	{"threshold of four in three", rules.ErrPolicyThreshold, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy.N = 4 }), 0},
	{"reveals too many", rules.ErrPolicyReveal, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy.N = 1 }), 0},
	{"reveals too few", rules.ErrPolicyReveal, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy.N = 3 }), 0},
	{"key of small order", rules.ErrPolicyKey, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy.Key = [32]byte{1} }), 0},
	{"opaque address version", rules.ErrPolicyOpaque, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy.Children[1].Hidden.Version = 1 }), 0},
	{"signature missing", rules.ErrSignatureCount, spend(1, func(tx *types.Transaction) {
		tx.Inputs[0].Unlock.Signatures = tx.Inputs[0].Unlock.Signatures[:1]
	}), keepUnlocks},
	{"signature left over", rules.ErrSignatureCount, spend(0, func(tx *types.Transaction) {
		tx.Inputs[0].Unlock.Signatures = append(tx.Inputs[0].Unlock.Signatures, types.Signature{})
	}), keepUnlocks},
	{"preimage missing", rules.ErrPreimageCount, spend(2, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Preimages = nil }), keepUnlocks},
	{"preimage left over", rules.ErrPreimageCount, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Preimages = []types.Preimage{preimage} }), keepUnlocks},
	{"transaction twice", rules.ErrDuplicateTransaction, func(_ *specimen, b *types.Block) { b.Transactions = append(b.Transactions, b.Transactions[1]) }, 0},
	{"double spend", rules.ErrDoubleSpend, func(_ *specimen, b *types.Block) {
		twin := b.Transactions[1]
		twin.LockTime++
		b.Transactions = append(b.Transactions, twin)
	}, 0},
	{"chained spend", rules.ErrChainedSpend, func(_ *specimen, b *types.Block) {
		b.Transactions[1].Inputs[0].Outpoint = types.Outpoint{TxID: b.Transactions[5].ID()}
	}, keepUnlocks},
	{"coinbase blue score", rules.ErrCoinbaseBlueScore, coinbase(func(tx *types.Transaction) { tx.Payload[0]++ }), 0},
	{"coinbase subsidy", rules.ErrCoinbaseSubsidy, coinbase(func(tx *types.Transaction) { tx.Payload[8]++ }), 0},
	{"lock time at the block's score", rules.ErrAbsoluteLock, func(_ *specimen, b *types.Block) { b.Transactions[1].LockTime = b.Header.BlueScore }, 0},
	{"lock time at the median time", rules.ErrAbsoluteLock, func(_ *specimen, b *types.Block) { b.Transactions[1].LockTime = b.Header.Timestamp - 1 }, 0},
}

// What only a block of the selected chain must satisfy.
var chainCorruptions = []corruption{
	{"UTXO commitment", rules.ErrUTXOCommitment, header(func(h *types.Header) { h.UTXOCommitment[0] ^= 1 }), 0},
	{"accepted root", rules.ErrAcceptedRoot, header(func(h *types.Header) { h.AcceptedRoot[0] ^= 1 }), 0},
	{"pruning point", rules.ErrPruningPoint, func(s *specimen, b *types.Block) { b.Header.PruningPoint = s.before[0].Hash() }, 0},
	{"coinbase pays too much", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(tx.Outputs[0].Value.Jots() + 1) }), 0},
	{"coinbase pays too little", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(tx.Outputs[0].Value.Jots() - 1) }), 0},
	{"coinbase pays one more", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs = append(tx.Outputs, tx.Outputs[0]) }), 0},
	{"coinbase pays one less", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs = tx.Outputs[1:] }), 0},
	{"coin that never was", rules.ErrMissingCoin, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Outpoint.Index = 9 }), keepUnlocks},
	{"spends more than it has", rules.ErrOverspend, spend(0, func(tx *types.Transaction) {
		tx.Outputs[0].Value = types.Jots(tx.Outputs[0].Value.Jots() + 2001)
	}), 0},
	{"relative lock not over", rules.ErrRelativeLock, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1000 }), 0},
	{"mass declared too low", rules.ErrStorageWeight, func(s *specimen, b *types.Block) {
		tx := &b.Transactions[1]
		tx.Outputs[0].Value = types.Jots(100_000)
		s.sign(tx)
		tx.Mass--
	}, keepUnlocks},
	{"another policy", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy = types.KeyPolicy(types.PublicKey([32]byte{1})) }), 0},
	{"wrong preimage", rules.ErrSignature, spend(2, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Preimages[0][0] ^= 1 }), keepUnlocks},
	{"lock time below the policy's", rules.ErrSignature, spend(3, func(tx *types.Transaction) { tx.LockTime = 9 }), 0},
	{"lock time of another class", rules.ErrSignature, spend(3, func(tx *types.Transaction) { tx.LockTime = 1_767_225_600_000 }), 0},
	{"sequence below the policy's", rules.ErrSignature, spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 2 }), 0},
	{"sequence disabled", rules.ErrSignature, spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<63 | 4 }), 0},
	{"signature wrong", rules.ErrSignature, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Signatures[1][40] ^= 1 }), keepUnlocks},
	{"signature of another output", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(tx.Outputs[0].Value.Jots() - 1) }), keepUnlocks},
}
