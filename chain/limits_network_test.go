package chain_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// halfOfAll is half of the greatest amount, in jots.
var halfOfAll = types.MaxAmount.Jots() / 2

// richSpecimen's block spends coins of half the greatest amount; every other one,
// from the first, is worth one jot more.
func richSpecimen() *specimen {
	p := smallNet(2)
	p.FlatSubsidy = types.Jots(halfOfAll + 1)
	return specimenOn(p, func(s *specimen) []types.Policy {
		policies := []types.Policy{
			s.key("rich 0"), s.key("rich 1"), s.key("rich 2"), s.key("rich 3"),
			s.sizedPolicy(rules.MaxTransactionSize), s.sizedPolicy(rules.MaxTransactionSize + 1),
		}
		return append(policies, s.keys(11)...)
	})
}

const outputSize = 8 + types.AddressSize

// sizedPolicy returns a policy under which a transaction with one input can have
// just that many bytes.
func (s *specimen) sizedPolicy(size int) types.Policy {
	tx := types.Transaction{Inputs: []types.Input{{Unlock: types.Unlock{Signatures: make([]types.Signature, 1)}}}}
	children := []types.Policy{s.key("sized")}
	for {
		p := types.ThresholdPolicy(uint8(len(children)), children...)
		tx.Inputs[0].Unlock.Policy = p
		if (size-types.EncodedLen(&tx))%outputSize == 0 {
			return p
		}
		children = append(children, types.OlderPolicy(0))
	}
}

// spread replaces the outputs of a transaction by n equal ones.
func spread(s *specimen, tx *types.Transaction, n int) {
	value := types.Jots(s.coins[tx.Inputs[0].Outpoint].Value.Jots() / uint64(n))
	tx.Outputs = slices.Repeat([]types.Output{{Value: value, Address: tx.Outputs[0].Address}}, n)
}

// sized gives the i-th spend just that many bytes.
func sized(i, size int) change {
	return spendOf(i, func(s *specimen, tx *types.Transaction) {
		tx.Outputs = tx.Outputs[:1]
		spread(s, tx, 1+(size-types.EncodedLen(tx))/outputSize)
	})
}

// filled makes the eleven last spends fill the block weight to the last unit.
func filled(extra int) change {
	return func(s *specimen, b *types.Block) {
		b.Transactions = append(b.Transactions[:1], b.Transactions[7:]...)
		left := s.params.BlockWeight
		for i := range b.Transactions {
			if i > 0 {
				b.Transactions[i].Outputs = b.Transactions[i].Outputs[:1]
			}
			left -= weightOf(&b.Transactions[i])
		}
		outputs := int(left / (4 * outputSize))
		for i := range 11 {
			spread(s, &b.Transactions[1+i], 1+outputs/11+min(1, max(0, outputs%11-i)))
		}
		rest := int(left%(4*outputSize))/4 + extra
		b.Transactions[0].Payload = append(b.Transactions[0].Payload, make([]byte, rest)...)
	}
}

// joined makes one transaction of the i-th and the j-th spend, with outputs of
// these values.
func joined(i, j int, values ...uint64) change {
	return func(_ *specimen, b *types.Block) {
		tx := b.Transactions[1+i]
		tx.Inputs = append(tx.Inputs, b.Transactions[1+j].Inputs...)
		to := tx.Outputs[0].Address
		tx.Outputs = nil
		for _, value := range values {
			tx.Outputs = append(tx.Outputs, types.Output{Value: types.Jots(value), Address: to})
		}
		b.Transactions = []types.Transaction{b.Transactions[0], tx}
	}
}

var richLimits = []limit{
	{"output one jot above the greatest amount", rules.ErrOutputValue, joined(1, 3, 2*halfOfAll), joined(1, 3, 2*halfOfAll+1), 0},
	{"outputs one jot above the greatest amount", rules.ErrOutputSum, joined(1, 3, halfOfAll, halfOfAll), joined(1, 3, halfOfAll, halfOfAll+1), 0},
	{"inputs one jot above the greatest amount", rules.ErrInputSum, joined(1, 3, halfOfAll), joined(0, 1, halfOfAll), 0},
	{"transaction of 100,001 bytes", rules.ErrTransactionSize, sized(4, 100_000), sized(5, 100_001), 0},
	{"block of 4,000,004 units", rules.ErrBlockWeight, filled(0), filled(1), 0},
}

// poorSpecimen's block spends a coin of one jot.
func poorSpecimen() *specimen {
	p := smallNet(2)
	p.FlatSubsidy = types.Jots(1)
	s := emptySpecimen(p)
	s.key("alice")
	alice := s.builder.Wallet("alice")
	s.before = row(s.builder, 'a', p.GenesisHash, 12)
	parents := []types.Hash{s.before[11].Hash()}
	coins := s.builder.Oracle.SpendableOn(parents, alice)
	outputs := []types.Output{{Value: types.Jots(1), Address: alice.Address}}
	s.seal(parents, []types.Transaction{alice.Pay(p, outputs, coins[0]), alice.Pay(p, outputs, coins[1])})
	return s
}

var poorLimits = []limit{
	{"output one jot below one", rules.ErrOutputValue, nil, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(0) }), keepUnlocks},
	{"output one jot above the only one", rules.ErrOverspend, nil, spend(0, func(tx *types.Transaction) { tx.Outputs[0].Value = types.Jots(2) }), 0},
}

// clockSpecimen's block is as far ahead of the clock as it may be.
func clockSpecimen() *specimen {
	s := newSpecimen()
	now := time.UnixMilli(int64(s.valid.Header.Timestamp - s.params.FutureAllowance))
	s.now = func() time.Time { return now }
	return s
}

var clockLimits = []limit{
	{"timestamp one beyond the allowance", rules.ErrFutureTime, nil, header(func(h *types.Header) { h.Timestamp++ }), 0},
}

// TestFutureBlockWaits holds that a block from the future is not remembered as
// invalid: it is accepted in time.
func TestFutureBlockWaits(t *testing.T) {
	s := clockSpecimen()
	now := s.now()
	s.now = func() time.Time { return now }
	m, _ := s.open(t)
	early := s.changed(clockLimits[0].beyond, 0)
	if err := m.AddBlock(early); !errors.Is(err, rules.ErrFutureTime) {
		t.Fatal(err)
	}
	now = now.Add(time.Millisecond)
	s.expectValid(t, m, early)
}

// ruleSetSpecimen's block is that many slots below the first of a second rule
// set.
func ruleSetSpecimen(below uint64) *specimen {
	from := newSpecimen().valid.Header.DAAScore + below
	p := smallNet(2)
	p.RuleSets = append(p.RuleSets, params.RuleSet{From: from, HeaderVersion: 2, TransactionVersion: 2})
	return specimenOn(p, (*specimen).everyKind)
}

var newRuleSetLimits = []limit{
	{"version of the rule set before", rules.ErrVersion, nil, header(func(h *types.Header) { h.Version-- }), 0},
	{"version one above the last", rules.ErrUnknownVersion, nil, header(func(h *types.Header) { h.Version++ }), 0},
	{
		"transaction version one above the last", rules.ErrTransactionVersion,
		spend(0, func(tx *types.Transaction) { tx.Version = 2 }),
		spend(0, func(tx *types.Transaction) { tx.Version = 3 }), 0,
	},
	{"transaction version one below the first", rules.ErrTransactionVersion, nil, spend(0, func(tx *types.Transaction) { tx.Version = 0 }), 0},
}

var oldRuleSetLimits = []limit{
	{"version of the rule set to come", rules.ErrVersion, nil, header(func(h *types.Header) { h.Version++ }), 0},
	{"transaction version of the rule set to come", rules.ErrTransactionVersion, nil, spend(0, func(tx *types.Transaction) { tx.Version = 2 }), 0},
}

// on replaces the block by a coinbase on these parents.
func on(parents ...types.Hash) change {
	return func(s *specimen, b *types.Block) { *b = s.builder.Oracle.Make(parents, chaintest.Content{}) }
}

// parentLimits are the one limit of a specimen whose block is on other parents
// beyond it.
func parentLimits(name string, want error) []limit {
	return []limit{{name, want, nil, func(s *specimen, b *types.Block) { on(s.beyond...)(s, b) }, 0}}
}

var (
	fanLimits     = parentLimits("11 parents", rules.ErrTooManyParents)
	wideLimits    = parentLimits("merge set of 181", rules.ErrMergeSetSize)
	deepLimits    = parentLimits("red from just below the merge-depth root", rules.ErrBoundedMerge)
	vouchedLimits = parentLimits("red vouched for from just below the merge-depth root", rules.ErrBoundedMerge)
)

// fanSpecimen's block has as many parents as it may.
func fanSpecimen(*testing.T) *specimen {
	s := emptySpecimen(params.SimNet())
	s.before = row(s.builder, 'a', s.params.GenesisHash, 1)
	for i := range byte(11) {
		tip := row(s.builder, 'b'+i, s.before[0].Hash(), 1)
		s.before = append(s.before, tip...)
		s.beyond = append(s.beyond, tip[0].Hash())
	}
	s.seal(s.beyond[:10], nil)
	return s
}

// wideSpecimen's block merges as many blocks as it may.
func wideSpecimen(*testing.T) *specimen {
	s := emptySpecimen(params.SimNet())
	main := row(s.builder, 'a', s.params.GenesisHash, 182)
	side := row(s.builder, 'b', s.params.GenesisHash, 180)
	s.before = append(main, side...)
	s.seal([]types.Hash{main[181].Hash(), side[178].Hash()}, nil)
	s.beyond = []types.Hash{main[181].Hash(), side[179].Hash()}
	return s
}

// deepSpecimen's block merges a red that is a child of the merge-depth root:
//
//	M1 ── … ── M6 ── M7 ── M8 ── … ── M12 ── V      M7 is the root of V
//	             \     \── X ────────────────/
//	              \─── Y                            beyond: Y instead of X
func deepSpecimen(t *testing.T) *specimen {
	p := smallNet(2)
	p.MergeDepth = 5
	s := emptySpecimen(p)
	main := row(s.builder, 'm', p.GenesisHash, 12)
	x := row(s.builder, 'x', main[6].Hash(), 1)
	y := row(s.builder, 'y', main[5].Hash(), 1)
	s.before = slices.Concat(main, x, y)
	s.seal([]types.Hash{main[11].Hash(), x[0].Hash()}, nil)
	s.beyond = []types.Hash{main[11].Hash(), y[0].Hash()}
	if v := s.builder.Oracle.Block(s.valid.Hash()); len(v.Reds) != 1 {
		t.Fatalf("merges %d reds, want 1", len(v.Reds))
	}
	return s
}

// vouchedSpecimen's block merges a red from below the merge-depth root that a
// blue on the root has merged before:
//
//	M1 ── … ── M5 ── … ── M9 ── M10 ── M11 ── … ── M14 ── V      M10 is the root of V
//	             \          \      \── Z ─────────────────/
//	              \── Y ─────\─────/                             Y is red, Z blue
//	                    \──── Z'                                 beyond: Z' instead of Z
func vouchedSpecimen(t *testing.T) *specimen {
	p := smallNet(5)
	p.MergeDepth = 5
	s := emptySpecimen(p)
	oracle := s.builder.Oracle
	main := row(s.builder, 'm', p.GenesisHash, 14)
	y := row(s.builder, 'y', main[4].Hash(), 1)[0]
	z := oracle.Make([]types.Hash{main[9].Hash(), y.Hash()}, chaintest.Content{})
	below := oracle.Make([]types.Hash{main[8].Hash(), y.Hash()}, chaintest.Content{})
	oracle.Add(z)
	oracle.Add(below)
	s.before = append(main, y, z, below)
	s.seal([]types.Hash{main[13].Hash(), z.Hash()}, nil)
	s.beyond = []types.Hash{main[13].Hash(), below.Hash()}
	for _, parents := range [][]types.Hash{{main[13].Hash(), z.Hash()}, s.beyond} {
		b := oracle.Add(oracle.Make(parents, chaintest.Content{Extra: []byte("probe")}))
		if len(b.Reds) != 1 || b.Reds[0].Hash != y.Hash() || len(b.Blues) != 2 {
			t.Fatalf("%d blues and %d reds: want Y red", len(b.Blues), len(b.Reds))
		}
	}
	return s
}
