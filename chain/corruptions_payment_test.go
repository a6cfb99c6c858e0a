package chain_test

import (
	"math/big"
	"slices"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Transactions by themselves.
var formCorruptions = []corruption{
	{"subnetwork almost the coinbase's", rules.ErrSubnetwork, spend(0, func(tx *types.Transaction) { tx.SubnetworkID = types.SubnetworkID{1, 1} }), 0},
	{"subnetwork 2", rules.ErrSubnetwork, spend(0, func(tx *types.Transaction) { tx.SubnetworkID = types.SubnetworkID{2} }), 0},
	{"input twice with two sequences", rules.ErrDuplicateInput, spend(0, func(tx *types.Transaction) {
		tx.Inputs = append(tx.Inputs, tx.Inputs[0])
		tx.Inputs[1].Sequence = 3
	}), 0},
	{"sequence bit 47", rules.ErrSequence, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence |= 1 << 47 }), 0},
	{"sequence of all bits but the last", rules.ErrSequence, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<63 - 1 }), 0},
	{"outputs that wrap", rules.ErrOutputValue, spend(0, func(tx *types.Transaction) { // CVE-2010-5139
		tx.Outputs[0].Value, tx.Outputs[1].Value = types.Jots(1<<63+50), types.Jots(1<<63)
	}), 0},
	{"output of all bits", rules.ErrOutputValue, spend(0, func(tx *types.Transaction) { tx.Outputs[1].Value = types.Jots(1<<64 - 1) }), 0},
	{"further output of nothing", rules.ErrOutputValue, spend(0, func(tx *types.Transaction) {
		tx.Outputs = append(tx.Outputs, types.Output{Address: tx.Outputs[0].Address})
	}), keepUnlocks},
	{"output address version 255", rules.ErrAddressVersion, spend(0, func(tx *types.Transaction) { tx.Outputs[1].Address.Version = 255 }), 0},
	{"threshold of one in none", rules.ErrPolicyThreshold, policy(1, func(p *types.Policy) { *p = types.ThresholdPolicy(1) }), 0},
	{"threshold of none in none", rules.ErrPolicyThreshold, policy(1, func(p *types.Policy) { *p = types.ThresholdPolicy(0) }), 0},
	{"inner threshold of none", rules.ErrPolicyThreshold, policy(1, func(p *types.Policy) { p.Children[2] = types.ThresholdPolicy(0, p.Children[2]) }), 0},
	{"threshold with all hidden", rules.ErrPolicyReveal, policy(1, func(p *types.Policy) { *p = types.ThresholdPolicy(1, hidden(1), hidden(2)) }), 0},
	{"key beyond the field", rules.ErrPolicyKey, policy(0, func(p *types.Policy) {
		p.Key = [32]byte(slices.Concat([]byte{0xf0}, slices.Repeat([]byte{0xff}, 30), []byte{0x7f}))
	}), 0},
	{"key of nothing", rules.ErrPolicyKey, policy(1, func(p *types.Policy) { p.Children[2].Key = [32]byte{} }), 0},
	{"opaque address version 255", rules.ErrPolicyOpaque, policy(1, func(p *types.Policy) { p.Children[1].Hidden.Version = 255 }), 0},
	{"no signatures", rules.ErrSignatureCount, spend(1, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Signatures = nil }), keepUnlocks},
	{"signature twice", rules.ErrSignatureCount, spend(0, func(tx *types.Transaction) {
		u := &tx.Inputs[0].Unlock
		u.Signatures = append(u.Signatures, u.Signatures[0])
	}), keepUnlocks},
	{"preimage twice", rules.ErrPreimageCount, spend(2, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Preimages = []types.Preimage{preimage, preimage} }), keepUnlocks},
}

// policy changes the policy that the i-th spend reveals.
func policy(i int, change func(p *types.Policy)) change {
	return spend(i, func(tx *types.Transaction) { change(&tx.Inputs[0].Unlock.Policy) })
}

// Transactions against the coins they spend.
var coinCorruptions = []corruption{
	{"coin that the chain has spent", rules.ErrMissingCoin, spendOf(0, func(s *specimen, tx *types.Transaction) {
		funding := s.builder.Oracle.Block(s.before[len(s.policies)+7].Hash())
		tx.Inputs[0].Outpoint = funding.Transactions[1].Inputs[0].Outpoint
	}), keepUnlocks},
	{"coin of a red's coinbase", rules.ErrMissingCoin, spendOf(0, func(s *specimen, tx *types.Transaction) {
		red := s.before[len(s.before)-2]
		tx.Inputs[0].Outpoint = types.Outpoint{TxID: red.Transactions[0].ID()}
	}), keepUnlocks},
	{"coin of a merged blue's coinbase", rules.ErrMissingCoin, func(s *specimen, b *types.Block) {
		for _, parent := range b.Header.Parents[1:] {
			if merged := s.builder.Oracle.Block(parent); len(merged.Reds) == 0 && len(merged.Blues) == 1 {
				b.Transactions[1].Inputs[0].Outpoint = types.Outpoint{TxID: merged.Transactions[0].ID()}
			}
		}
	}, keepUnlocks},
	{"spends all amounts there are", rules.ErrOverspend, spend(0, func(tx *types.Transaction) {
		tx.Outputs = tx.Outputs[:1]
		tx.Outputs[0].Value = types.MaxAmount
	}), 0},
	{"relative lock beyond all scores", rules.ErrRelativeLock, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<32 - 1 }), 0},
}

// What the unlocks of transactions assert.
var assertionCorruptions = []corruption{
	{"children swapped", rules.ErrAddressMismatch, policy(1, func(p *types.Policy) { slices.Reverse(p.Children) }), 0},
	{"hidden branch exchanged", rules.ErrAddressMismatch, policy(1, func(p *types.Policy) { p.Children[1] = hidden(9) }), 0},
	{"threshold lowered", rules.ErrAddressMismatch, policy(1, func(p *types.Policy) {
		*p = types.ThresholdPolicy(1, p.Children[0], p.Children[1], types.OpaquePolicy(p.Children[2].Address()))
	}), 0},
	{"key alone instead of a threshold", rules.ErrAddressMismatch, policy(1, func(p *types.Policy) { *p = p.Children[0] }), 0},
	{"other image with its preimage", rules.ErrAddressMismatch, func(_ *specimen, b *types.Block) {
		b.Transactions[3].Inputs[0].Unlock.Policy.Children[0].Key[0] ^= 1
	}, 0},
	{"after policy lowered", rules.ErrAddressMismatch, policy(3, func(p *types.Policy) { p.Children[0].N-- }), 0},
	{"older policy lowered", rules.ErrAddressMismatch, policy(4, func(p *types.Policy) { p.Children[0].N-- }), 0},
	{"preimage of nothing", rules.ErrPreimage, spend(2, func(tx *types.Transaction) { tx.Inputs[0].Unlock.Preimages[0] = types.Preimage{} }), keepUnlocks},
	{"lock time of nothing", rules.ErrAfter, spend(3, func(tx *types.Transaction) { tx.LockTime = 0 }), 0},
	{"sequence of nothing", rules.ErrOlder, spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 0 }), 0},

	{"signature of nothing", rules.ErrSignature, signature(func(_ *specimen, _ *types.Transaction, sig *types.Signature) { *sig = types.Signature{} }), keepUnlocks},
	{"signature with another sign of R", rules.ErrSignature, signature(func(_ *specimen, _ *types.Transaction, sig *types.Signature) { sig[31] ^= 0x80 }), keepUnlocks},
	{"signature with s plus the order", rules.ErrSignature, signature(func(_ *specimen, _ *types.Transaction, sig *types.Signature) { addOrder(sig) }), keepUnlocks},
	{"signature for another network", rules.ErrSignature, signature(func(s *specimen, tx *types.Transaction, sig *types.Signature) {
		*sig = s.signFor(types.Hash{1}, tx, s.spent(tx))
	}), keepUnlocks},
	{"signature for a coin of another value", rules.ErrSignature, signature(func(s *specimen, tx *types.Transaction, sig *types.Signature) {
		spent := s.spent(tx)
		spent[0].Value = types.Jots(spent[0].Value.Jots() + 1)
		*sig = s.signFor(s.params.GenesisHash, tx, spent)
	}), keepUnlocks},
	{"signature for another transaction", rules.ErrSignature, signature(func(s *specimen, tx *types.Transaction, sig *types.Signature) {
		other := *tx
		other.LockTime--
		*sig = s.signFor(s.params.GenesisHash, &other, s.spent(tx))
	}), keepUnlocks},
	{"signatures swapped", rules.ErrSignature, spend(1, func(tx *types.Transaction) { slices.Reverse(tx.Inputs[0].Unlock.Signatures) }), keepUnlocks},

	{"output address changed after signing", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Address.Hash[31] ^= 1 }), keepUnlocks},
	{"output dropped after signing", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Outputs = tx.Outputs[:1] }), keepUnlocks},
	{"outputs swapped after signing", rules.ErrSignature, spend(0, func(tx *types.Transaction) { slices.Reverse(tx.Outputs) }), keepUnlocks},
	{"lock time changed after signing", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.LockTime-- }), keepUnlocks},
	{"sequence changed after signing", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence-- }), keepUnlocks},
	{"mass changed after signing", rules.ErrSignature, spend(0, func(tx *types.Transaction) { tx.Mass++ }), keepUnlocks},
	{"input added after signing", rules.ErrSignature, func(_ *specimen, b *types.Block) {
		b.Transactions[1].Inputs = append(b.Transactions[1].Inputs, b.Transactions[5].Inputs[0])
		b.Transactions[1].Mass += 10
		b.Transactions = b.Transactions[:5]
	}, keepUnlocks},
}

// signature changes the signature of the first spend.
func signature(change func(s *specimen, tx *types.Transaction, sig *types.Signature)) change {
	return spendOf(0, func(s *specimen, tx *types.Transaction) { change(s, tx, &tx.Inputs[0].Unlock.Signatures[0]) })
}

// signFor signs with the key of the first input.
func (s *specimen) signFor(genesis types.Hash, tx *types.Transaction, spent []types.Output) types.Signature {
	return types.Sign(s.seeds[tx.Inputs[0].Unlock.Policy.Key], tx.SigningHash(genesis, spent))
}

// addOrder adds the order of the group to the s of a signature: the equation
// still holds.
func addOrder(sig *types.Signature) {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	half := sig[32:]
	slices.Reverse(half)
	new(big.Int).Add(order, new(big.Int).SetBytes(half)).FillBytes(half)
	slices.Reverse(half)
}

// corruptions are all of them.
func corruptions() []corruption {
	return slices.Concat(headerCorruptions, bodyCorruptions, formCorruptions, chainCorruptions, coinCorruptions, assertionCorruptions)
}

// A freedom is something that a valid block may choose.
type freedom struct {
	name   string
	change change
	keep   keep
}

var freedoms = []freedom{
	{"another nonce", func(s *specimen, b *types.Block) {
		for old := *b; b.Header.Nonce == old.Header.Nonce || rules.HeaderSanity(s.params, &b.Header) != nil; {
			b.Header.Nonce++
		}
	}, keepNonce},
	{"later timestamp", header(func(h *types.Header) { h.Timestamp += 100_000 }), 0},
	{"other extra data", coinbase(func(tx *types.Transaction) { tx.Payload[49] ^= 0xff }), 0},
	{"another miner", coinbase(func(tx *types.Transaction) { tx.Payload[20] ^= 0xff }), 0},
	{"no transactions", func(_ *specimen, b *types.Block) { b.Transactions = b.Transactions[:1] }, 0},
	{"one transaction less", func(_ *specimen, b *types.Block) { b.Transactions = slices.Delete(b.Transactions, 2, 3) }, 0},
	{"transactions in another order", func(_ *specimen, b *types.Block) { slices.Reverse(b.Transactions[1:]) }, 0},
	{"mass declared higher than it is", spend(0, func(tx *types.Transaction) { tx.Mass += 1000 }), 0},
	{"no lock time", spend(0, func(tx *types.Transaction) { tx.LockTime = 0 }), 0},
	{"lock time of genesis", spendOf(0, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.params.Genesis.Header.Timestamp }), 0},
	{"no relative lock", spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 0 }), 0},
	{"relative lock switched off, all bits set", spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<64 - 1 }), 0},
	{"outputs swapped", spend(0, func(tx *types.Transaction) { slices.Reverse(tx.Outputs) }), 0},
	{"output to itself", spend(0, func(tx *types.Transaction) { tx.Outputs[0].Address = tx.Inputs[0].Unlock.Policy.Address() }), 0},
	{"two transactions in one", func(_ *specimen, b *types.Block) {
		first, second := &b.Transactions[1], &b.Transactions[2]
		first.Inputs = append(first.Inputs, second.Inputs...)
		first.Outputs = append(first.Outputs, second.Outputs...)
		b.Transactions = slices.Delete(b.Transactions, 2, 3)
	}, 0},
	{"coin of a coinbase of the chain", func(s *specimen, b *types.Block) {
		alice := s.builder.Wallet("alice")
		coins := s.builder.Oracle.SpendableOn(b.Header.Parents, alice)
		output := types.Output{Value: coins[0].Coin.Value, Address: alice.Address}
		b.Transactions = append(b.Transactions, alice.Pay(s.params, []types.Output{output}, coins[0]))
	}, keepUnlocks},
	{"proof of work found elsewhere", func(s *specimen, b *types.Block) { b.Header.Timestamp++; chaintest.Solve(s.params, b) }, keepNonce},
}
