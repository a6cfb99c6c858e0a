package chain_test

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A limit is a rule seen from both sides: a block just within it is valid, one
// just beyond it breaks the rule. Each side is a change of the same valid block;
// nil leaves it as it is.
type limit struct {
	name           string // of the side beyond
	want           error
	within, beyond change
	keep           keep
}

// A limitGroup are the limits that one specimen shows.
type limitGroup struct {
	name   string
	grow   func(t *testing.T) *specimen
	limits []limit
}

var limitGroups = []limitGroup{
	{"usual", func(*testing.T) *specimen { return newSpecimen() }, slices.Concat(headerLimits, bodyLimits, coinLimits)},
	{"policies", func(*testing.T) *specimen { return policySpecimen() }, policyLimits},
	{"rich", func(*testing.T) *specimen { return richSpecimen() }, richLimits},
	{"poor", func(*testing.T) *specimen { return poorSpecimen() }, poorLimits},
	{"weight in fours", func(*testing.T) *specimen { return heavySpecimen(0) }, weightLimits},
	{"weight in ones", func(*testing.T) *specimen { return heavySpecimen(3) }, exactWeightLimits},
	{"weight of a signature less one", func(*testing.T) *specimen { return heavySpecimen(383) }, signatureWeightLimits},
	{"weight of a signature", func(*testing.T) *specimen { return heavySpecimen(384) }, signatureWithinLimits},
	{"clock", func(*testing.T) *specimen { return clockSpecimen() }, clockLimits},
	{"rule set begins", func(*testing.T) *specimen { return ruleSetSpecimen(0) }, newRuleSetLimits},
	{"rule set is next", func(*testing.T) *specimen { return ruleSetSpecimen(1) }, oldRuleSetLimits},
	{"parents", fanSpecimen, fanLimits},
	{"merge set", wideSpecimen, wideLimits},
	{"merge depth", deepSpecimen, deepLimits},
	{"merge depth, vouched", vouchedSpecimen, vouchedLimits},
}

func TestLimits(t *testing.T) {
	for _, g := range limitGroups {
		t.Run(g.name, func(t *testing.T) {
			s := g.grow(t)
			for _, l := range g.limits {
				t.Run(l.name, func(t *testing.T) {
					m, _ := s.open(t)
					s.expectValid(t, m, s.changed(orNothing(l.within), l.keep))
					s.expectBroken(t, s.changed(orNothing(l.beyond), l.keep), l.want)
				})
			}
		})
	}
}

func orNothing(c change) change {
	if c == nil {
		return func(*specimen, *types.Block) {}
	}
	return c
}

var headerLimits = []limit{
	{
		"timestamp at the median time", rules.ErrPastTime,
		func(s *specimen, b *types.Block) { b.Header.Timestamp = s.median() + 1 },
		func(s *specimen, b *types.Block) { b.Header.Timestamp = s.median() }, 0,
	},
}

// median returns the past median time of the valid block.
func (s *specimen) median() uint64 { return s.builder.Oracle.Block(s.valid.Hash()).MedianTime }

var bodyLimits = []limit{
	{
		"coinbase payload of 48 bytes", rules.ErrCoinbasePayload,
		coinbase(func(tx *types.Transaction) { tx.Payload = tx.Payload[:49] }),
		coinbase(func(tx *types.Transaction) { tx.Payload = tx.Payload[:48] }), 0,
	},
	{
		"coinbase payload of 114 bytes", rules.ErrCoinbasePayload,
		coinbase(func(tx *types.Transaction) { tx.Payload = append(tx.Payload[:49], make([]byte, 64)...) }),
		coinbase(func(tx *types.Transaction) { tx.Payload = append(tx.Payload[:49], make([]byte, 65)...) }), 0,
	},
	{"mass of one transaction one above a block's", rules.ErrBlockMass, massOfFirst(0), massOfFirst(1), 0},
	{"masses sum to one above a block's", rules.ErrBlockMass, massOfAll(0), massOfAll(1), 0},
	{
		"lock time is the block's score", rules.ErrAbsoluteLock,
		spendOf(0, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.valid.Header.BlueScore - 1 }),
		spendOf(0, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.valid.Header.BlueScore }), 0,
	},
	{
		"lock time is the block's median time", rules.ErrAbsoluteLock,
		spendOf(0, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.median() - 1 }),
		spendOf(0, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.median() }), 0,
	},
	{
		"lock time is the greatest score", rules.ErrAbsoluteLock,
		spend(0, func(tx *types.Transaction) { tx.LockTime = 500_000_000_000 }),
		spend(0, func(tx *types.Transaction) { tx.LockTime = 499_999_999_999 }), 0,
	},
	{
		"sequence with reserved bits", rules.ErrSequence,
		spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<63 | 1<<62 | 1<<32 }),
		spend(0, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1<<62 | 1<<32 }), 0,
	},
	{
		"one output fewer than one", rules.ErrNoOutputs,
		spend(0, func(tx *types.Transaction) { tx.Outputs = tx.Outputs[:1] }),
		spend(0, func(tx *types.Transaction) { tx.Outputs = nil; tx.Mass = 0 }), 0,
	},
	{"one signature too few", rules.ErrSignatureCount, nil, signatures(1, func(list []types.Signature) []types.Signature { return list[:1] }), keepUnlocks},
	{"one signature too many", rules.ErrSignatureCount, nil, signatures(1, twice), keepUnlocks},
}

func massOfFirst(above uint64) change {
	return func(s *specimen, b *types.Block) {
		b.Transactions[1].Mass = s.params.BlockWeight + above
		b.Transactions = b.Transactions[:2]
	}
}

func massOfAll(above uint64) change {
	return func(s *specimen, b *types.Block) {
		rest := s.params.BlockWeight + above
		for i := range b.Transactions[2:] {
			rest -= b.Transactions[i+2].Mass
		}
		b.Transactions[1].Mass = rest
	}
}

func signatures(i int, change func([]types.Signature) []types.Signature) change {
	return spend(i, func(tx *types.Transaction) {
		u := &tx.Inputs[0].Unlock
		u.Signatures = change(u.Signatures)
	})
}

var coinLimits = []limit{
	{"outputs one jot above the inputs", rules.ErrOverspend, outputsAbove(0), outputsAbove(1), 0},
	{
		"relative lock one above the age", rules.ErrRelativeLock,
		spendOf(0, func(s *specimen, tx *types.Transaction) { tx.Inputs[0].Sequence = s.age(0) }),
		spendOf(0, func(s *specimen, tx *types.Transaction) { tx.Inputs[0].Sequence = s.age(0) + 1 }), 0,
	},
	{"maturity one short", rules.ErrImmature, spendsCoinbase(0), spendsCoinbase(1), 0},
	{"maturity all short", rules.ErrImmature, nil, spendsCoinbase(3), 0},
	{"storage weight one above the mass", rules.ErrStorageWeight, dust(0), dust(1), keepUnlocks},
	{"storage weight and no mass", rules.ErrStorageWeight, nil, spendOf(0, func(s *specimen, tx *types.Transaction) {
		tx.Mass = 0
		s.unlockAll(tx)
	}), keepUnlocks},
	{
		"lock time one below the policy's", rules.ErrAfter,
		spend(3, func(tx *types.Transaction) { tx.LockTime = 10 }),
		spend(3, func(tx *types.Transaction) { tx.LockTime = 9 }), 0,
	},
	{
		"sequence one below the policy's", rules.ErrOlder,
		spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 3 }),
		spend(4, func(tx *types.Transaction) { tx.Inputs[0].Sequence = 2 }), 0,
	},
}

// outputsAbove makes the outputs of the first spend sum to its input and more.
func outputsAbove(jots uint64) change {
	return spendOf(0, func(s *specimen, tx *types.Transaction) {
		tx.Outputs[0].Value = types.Jots(s.coins[tx.Inputs[0].Outpoint].Value.Jots() - tx.Outputs[1].Value.Jots() + jots)
	})
}

// spendsCoinbase makes the first spend one of a coinbase output that lacks some
// of its maturity.
func spendsCoinbase(short uint64) change {
	return spendOf(0, func(s *specimen, tx *types.Transaction) {
		alice := s.builder.Wallet("alice")
		s.seeds[alice.Policy.Key] = alice.Seed
		o := s.coinbaseCoin(s.params.CoinbaseMaturity - short)
		tx.Inputs = []types.Input{{Outpoint: o, Sequence: 1 << 63, Unlock: types.Unlock{Policy: alice.Policy}}}
		tx.Outputs = []types.Output{{Value: s.coins[o].Value, Address: alice.Address}}
	})
}

// dust makes an output whose storage weight is not declared in full.
func dust(missing uint64) change {
	return spendOf(0, func(s *specimen, tx *types.Transaction) {
		tx.Outputs[0].Value = types.Jots(100_000)
		s.sign(tx)
		tx.Mass -= missing
		s.unlockAll(tx)
	})
}

// policySpecimen spends under policies as large as they may be.
func policySpecimen() *specimen { return specimenOn(smallNet(2), (*specimen).largePolicies) }

func (s *specimen) largePolicies() []types.Policy {
	date := s.params.Genesis.Header.Timestamp
	return []types.Policy{
		types.ThresholdPolicy(1, types.ThresholdPolicy(1, types.ThresholdPolicy(1, s.key("deep")))),
		types.ThresholdPolicy(1, append(hiddenBranches(62), s.key("wide"))...),
		types.ThresholdPolicy(20, s.keys(20)...),
		types.ThresholdPolicy(3, s.keys(3)...),
		types.ThresholdPolicy(1, s.key("left"), types.OpaquePolicy(s.key("right").Address())),
		types.ThresholdPolicy(2, types.AfterPolicy(date), s.key("date")),
		types.ThresholdPolicy(3, types.HashPolicy(image()), s.key("between"), types.HashPolicy(image())),
	}
}

func hiddenBranches(n int) []types.Policy {
	branches := make([]types.Policy, n)
	for i := range branches {
		branches[i] = hidden(byte(i))
	}
	return branches
}

func (s *specimen) keys(n int) []types.Policy {
	keys := make([]types.Policy, n)
	for i := range keys {
		keys[i] = s.key("key " + string(rune('a'+i)))
	}
	return keys
}

var policyLimits = []limit{
	{"policy of 5 levels", rules.ErrPolicyDepth, nil, policy(0, func(p *types.Policy) { *p = types.ThresholdPolicy(1, *p) }), 0},
	{"policy of 65 nodes", rules.ErrPolicyNodes, nil, policy(1, func(p *types.Policy) { p.Children = append(p.Children, hidden(99)) }), 0},
	{"policy of 21 keys", rules.ErrPolicyKeys, nil, spendOf(2, func(s *specimen, tx *types.Transaction) {
		tx.Inputs[0].Unlock.Policy = types.ThresholdPolicy(21, s.keys(21)...)
	}), 0},
	{"threshold one above its children", rules.ErrPolicyThreshold, nil, policy(3, func(p *types.Policy) { p.N++ }), 0},
	{"threshold one below one", rules.ErrPolicyThreshold, nil, policy(4, func(p *types.Policy) { p.N-- }), 0},
	{
		"one child too many revealed", rules.ErrPolicyReveal,
		spendOf(4, func(s *specimen, tx *types.Transaction) { // the other branch, under the same address
			tx.Inputs[0].Unlock.Policy = types.ThresholdPolicy(1, types.OpaquePolicy(s.key("left").Address()), s.key("right"))
		}),
		spendOf(4, func(s *specimen, tx *types.Transaction) {
			tx.Inputs[0].Unlock.Policy = types.ThresholdPolicy(1, s.key("left"), s.key("right"))
		}), 0,
	},
	{"one child too few revealed", rules.ErrPolicyReveal, nil, policy(3, func(p *types.Policy) {
		p.Children[1] = types.OpaquePolicy(p.Children[1].Address())
	}), 0},
	{
		"date one below the policy's", rules.ErrAfter,
		spendOf(5, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.params.Genesis.Header.Timestamp }),
		spendOf(5, func(s *specimen, tx *types.Transaction) { tx.LockTime = s.params.Genesis.Header.Timestamp - 1 }), 0,
	},
	{"score where the policy asks for a date", rules.ErrAfter, nil, spend(5, func(tx *types.Transaction) { tx.LockTime = 11 }), 0},
	{"one preimage too few", rules.ErrPreimageCount, nil, spend(6, func(tx *types.Transaction) {
		tx.Inputs[0].Unlock.Preimages = tx.Inputs[0].Unlock.Preimages[:1]
	}), keepUnlocks},
	{"one preimage too many", rules.ErrPreimageCount, nil, spend(6, func(tx *types.Transaction) {
		tx.Inputs[0].Unlock.Preimages = append(tx.Inputs[0].Unlock.Preimages, preimage)
	}), keepUnlocks},
	{"20 keys and 19 signatures", rules.ErrSignatureCount, nil, signatures(2, func(list []types.Signature) []types.Signature { return list[1:] }), keepUnlocks},
	{"last of 20 signatures wrong", rules.ErrSignature, nil, signatures(2, func(list []types.Signature) []types.Signature {
		list[19] = list[18]
		return list
	}), keepUnlocks},
}

// heavySpecimen's valid block leaves some units of the block weight.
func heavySpecimen(left uint64) *specimen {
	s := newSpecimen()
	for i := range s.valid.Transactions {
		left += weightOf(&s.valid.Transactions[i])
	}
	s.params.BlockWeight = left
	return s
}

// weightOf is the definition of a transaction's weight.
func weightOf(tx *types.Transaction) uint64 {
	signatures := 0
	for i := range tx.Inputs {
		signatures += len(tx.Inputs[i].Unlock.Signatures)
	}
	return uint64(4*(len(types.Encode(tx))-64*signatures) + 384*signatures)
}

func extraByte(_ *specimen, b *types.Block) {
	b.Transactions[0].Payload = append(b.Transactions[0].Payload, 0)
}

func twice(list []types.Signature) []types.Signature { return append(list, list[0]) }

// A byte weighs 4 and a signature 384, even one that the rules after the weight
// do not want.
var (
	weightLimits          = []limit{{"one byte too heavy", rules.ErrBlockWeight, nil, extraByte, 0}}
	exactWeightLimits     = []limit{{"one unit too heavy", rules.ErrBlockWeight, nil, extraByte, 0}}
	signatureWeightLimits = []limit{{"one signature too heavy", rules.ErrBlockWeight, nil, signatures(0, twice), keepUnlocks}}
	signatureWithinLimits = []limit{{"one signature too many, just not too heavy", rules.ErrSignatureCount, nil, signatures(0, twice), keepUnlocks}}
)
