package chain_test

import (
	"math"
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
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
	{"proof of work", rules.ErrProofOfWork, func(s *specimen, b *types.Block) { b.Header.Nonce = failingNonce(s.params, &b.Header) }, keepNonce},
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
	{"version of the far future", rules.ErrUnknownVersion, header(func(h *types.Header) { h.Version = math.MaxUint32 }), 0},
	{"other parents descending", rules.ErrParentOrder, header(func(h *types.Header) { slices.Reverse(h.Parents[1:]) }), 0},
	{"target of no bits", rules.ErrTarget, header(func(h *types.Header) { h.Bits = 0 }), keepNonce},
	{"target beyond 256 bits", rules.ErrTarget, header(func(h *types.Header) { h.Bits = 0xff7fffff }), keepNonce},
	{"bits much harder", rules.ErrDifficulty, header(func(h *types.Header) { h.Bits = 0x1f7fffff }), 0},
	{"timestamp at the end of time", rules.ErrFutureTime, header(func(h *types.Header) { h.Timestamp = math.MaxUint64 }), 0},
	{"timestamp of nothing", rules.ErrPastTime, header(func(h *types.Header) { h.Timestamp = 0 }), 0},
	{"genesis as a parent too", rules.ErrRelatedParents, func(s *specimen, b *types.Block) {
		b.Header.Parents = []types.Hash{b.Header.Parents[0], s.params.GenesisHash}
	}, 0},
	{"parent of the selected parent as a parent too", rules.ErrRelatedParents, func(s *specimen, b *types.Block) {
		b.Header.Parents = []types.Hash{b.Header.Parents[0], s.parent(b.Header.Parents[0]).Parents[0]}
	}, 0},
	{"merged parent first", rules.ErrSelectedParent, header(func(h *types.Header) {
		h.Parents = append(h.Parents[1:2], h.Parents[0], h.Parents[2])
		slices.SortFunc(h.Parents[1:], types.Hash.Compare)
	}), 0},
	{"parent left out", rules.ErrDAAScore, header(func(h *types.Header) { h.Parents = h.Parents[:2] }), 0},
	{"parents left out", rules.ErrDAAScore, header(func(h *types.Header) { h.Parents = h.Parents[:1] }), 0},
	{"DAA score of nothing", rules.ErrDAAScore, header(func(h *types.Header) { h.DAAScore = 0 }), 0},
	{"DAA score at the end of the numbers", rules.ErrDAAScore, header(func(h *types.Header) { h.DAAScore = math.MaxUint64 }), 0},
	{"blue score of nothing", rules.ErrBlueScore, header(func(h *types.Header) { h.BlueScore = 0 }), 0},
	{"blue work low", rules.ErrBlueWork, header(func(h *types.Header) { h.BlueWork[0]-- }), 0},
	{"blue work of nothing", rules.ErrBlueWork, header(func(h *types.Header) { h.BlueWork = types.Uint256{} }), 0},
	{"history root of the selected parent", rules.ErrHistoryRoot, func(s *specimen, b *types.Block) {
		b.Header.HistoryRoot = s.parent(b.Header.Parents[0]).HistoryRoot
	}, 0},
	{"history root of nothing", rules.ErrHistoryRoot, header(func(h *types.Header) { h.HistoryRoot = types.Hash{} }), 0},
}

// parent returns a header below the valid block.
func (s *specimen) parent(h types.Hash) *types.Header { return &s.builder.Oracle.Block(h).Header }

// failingNonce returns a nonce whose proof of work misses the target.
func failingNonce(p *params.Params, h *types.Header) uint64 {
	bad := *h
	for {
		bad.Nonce++
		if !pow.Meets(p, &bad) {
			return bad.Nonce
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
	{"body of nothing under the root", rules.ErrBadMerkleRoot, func(_ *specimen, b *types.Block) { b.Transactions = nil }, keepRoot},
	{"last transaction twice under the root", rules.ErrBadMerkleRoot, func(_ *specimen, b *types.Block) {
		b.Transactions = append(b.Transactions, b.Transactions[5])
	}, keepRoot},
	{"last transactions twice under the root", rules.ErrBadMerkleRoot, func(_ *specimen, b *types.Block) {
		b.Transactions = append(b.Transactions, b.Transactions[4:]...)
	}, keepRoot},
	{"signature changed under the root", rules.ErrBadMerkleRoot, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Signatures[0][63] ^= 1 }), keepUnlocks | keepRoot},
	{"coinbase payload changed under the root", rules.ErrBadMerkleRoot, coinbase(func(tx *types.Transaction) { tx.Payload[49]++ }), keepRoot},
	{"body of nothing", rules.ErrNoCoinbase, func(_ *specimen, b *types.Block) { b.Transactions = nil }, 0},
	{"coinbase in the native subnetwork", rules.ErrNoCoinbase, coinbase(func(tx *types.Transaction) { tx.SubnetworkID = types.NativeSubnetwork }), 0},
	{"spend in the coinbase subnetwork", rules.ErrExtraCoinbase, spend(4, func(tx *types.Transaction) { tx.SubnetworkID = types.CoinbaseSubnetwork }), 0},
	{"coinbase version 0", rules.ErrCoinbaseVersion, coinbase(func(tx *types.Transaction) { tx.Version = 0 }), 0},
	{"coinbase with an input", rules.ErrCoinbaseInputs, func(_ *specimen, b *types.Block) {
		b.Transactions[0].Inputs = b.Transactions[1].Inputs
		b.Transactions = b.Transactions[:1]
	}, keepUnlocks},
	{"coinbase payload empty", rules.ErrCoinbasePayload, coinbase(func(tx *types.Transaction) { tx.Payload = nil }), 0},
	{"transaction twice with two signatures", rules.ErrDuplicateTransaction, func(_ *specimen, b *types.Block) {
		twin := copyOf(b).Transactions[1]
		twin.Inputs[0].Unlock.Signatures[0][0] ^= 1
		b.Transactions = append(b.Transactions, twin)
	}, keepUnlocks},
	{"double spend by a second input", rules.ErrDoubleSpend, func(_ *specimen, b *types.Block) {
		b.Transactions[2].Inputs = append(b.Transactions[2].Inputs, b.Transactions[1].Inputs[0])
	}, 0},
	{"chained spend of an earlier transaction", rules.ErrChainedSpend, func(_ *specimen, b *types.Block) {
		b.Transactions[5].Inputs[0].Outpoint = types.Outpoint{TxID: b.Transactions[1].ID()}
	}, keepUnlocks},
	{"chained spend of the coinbase", rules.ErrChainedSpend, func(_ *specimen, b *types.Block) {
		b.Transactions[1].Inputs[0].Outpoint = types.Outpoint{TxID: b.Transactions[0].ID()}
	}, keepUnlocks},
	{"mass at the end of the numbers", rules.ErrBlockMass, spend(0, func(tx *types.Transaction) { tx.Mass = math.MaxUint64 }), 0},
	{"masses that wrap to nothing", rules.ErrBlockMass, func(_ *specimen, b *types.Block) {
		b.Transactions[1].Mass, b.Transactions[2].Mass = 1<<63, 1<<63
	}, 0},
	{"coinbase blue score of its selected parent", rules.ErrCoinbaseBlueScore, coinbase(func(tx *types.Transaction) { tx.Payload[0] -= 2 }), 0},
	{"coinbase subsidy of nothing", rules.ErrCoinbaseSubsidy, coinbase(func(tx *types.Transaction) { clear(tx.Payload[8:16]) }), 0},
	{"lock time at the end of the numbers", rules.ErrAbsoluteLock, spend(0, func(tx *types.Transaction) { tx.LockTime = math.MaxUint64 }), 0},
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
	{"UTXO commitment of the selected parent", rules.ErrUTXOCommitment, func(s *specimen, b *types.Block) {
		b.Header.UTXOCommitment = s.parent(b.Header.Parents[0]).UTXOCommitment
	}, 0},
	{"UTXO commitment of no coins", rules.ErrUTXOCommitment, func(s *specimen, b *types.Block) {
		b.Header.UTXOCommitment = s.params.Genesis.Header.UTXOCommitment
	}, 0},
	{"accepted root of the selected parent", rules.ErrAcceptedRoot, func(s *specimen, b *types.Block) {
		b.Header.AcceptedRoot = s.parent(b.Header.Parents[0]).AcceptedRoot
	}, 0},
	{"accepted root of nothing", rules.ErrAcceptedRoot, header(func(h *types.Header) { h.AcceptedRoot = types.Hash{} }), 0},
	{"pruning point of nothing", rules.ErrPruningPoint, header(func(h *types.Header) { h.PruningPoint = types.Hash{} }), 0},
	{"pruning point at the selected parent", rules.ErrPruningPoint, header(func(h *types.Header) { h.PruningPoint = h.Parents[0] }), 0},
	{"coinbase pays somebody else", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs[0].Address.Hash[0] ^= 1 }), 0},
	{"coinbase pays a reserved address", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs[0].Address.Version = 1 }), 0},
	{"coinbase merges payouts", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) {
		sum, _ := tx.Outputs[0].Value.Add(tx.Outputs[1].Value)
		tx.Outputs = append([]types.Output{{Value: sum, Address: tx.Outputs[0].Address}}, tx.Outputs[2:]...)
	}), 0},
	{"coinbase pays nobody", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs = nil }), 0},
	{"coinbase pays nothing to somebody", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) {
		tx.Outputs = append(tx.Outputs, types.Output{Address: tx.Outputs[0].Address})
	}), 0},
	{"coinbase pays beyond all amounts", rules.ErrCoinbase, coinbase(func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(math.MaxUint64) }), 0},
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
	{"another policy", rules.ErrAddressMismatch, spend(0, func(tx *types.Transaction) {
		tx.Inputs[0].Unlock.Policy = types.KeyPolicy(types.PublicKey([32]byte{1}))
	}), 0},
	{"wrong preimage", rules.ErrPreimage, spend(2, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Preimages[0][0] ^= 1 }), keepUnlocks},
	{"lock time below the policy's", rules.ErrAfter, spend(3, func(tx *types.Transaction) { tx.LockTime = 9 }), 0},
	{"lock time of another class", rules.ErrAfter, spend(3, func(tx *types.Transaction) { tx.LockTime = 1_767_225_600_000 }), 0},
	{"sequence below the policy's", rules.ErrOlder, spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 2 }), 0},
	{"sequence disabled", rules.ErrOlder, spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<63 | 4 }), 0},
	{"signature wrong", rules.ErrSignature, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Signatures[1][40] ^= 1 }), keepUnlocks},
	{"signature of another output", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(tx.Outputs[0].Value.Jots() - 1) }), keepUnlocks},
}
