package chain_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// ofBlocks are the kinds that no transaction breaks by itself.
var ofBlocks = []error{
	rules.ErrBadMerkleRoot, rules.ErrNoCoinbase, rules.ErrExtraCoinbase, rules.ErrCoinbaseInputs, rules.ErrBlockWeight,
	rules.ErrBlockMass, rules.ErrDuplicateTransaction, rules.ErrDoubleSpend, rules.ErrChainedSpend,
}

// TestTransactionsAlone holds that a transaction is judged the same with a block
// around it and without one: each corruption of a transaction, and each side of
// each limit on one, gets the same verdict.
func TestTransactionsAlone(t *testing.T) {
	tried := 0
	try := func(s *specimen, name string, b types.Block, want error) {
		if !s.onlySpendsDiffer(&b) || slices.ContainsFunc(ofBlocks, func(kind error) bool { return errors.Is(want, kind) }) {
			return
		}
		tried++
		if err := s.firstError(t, b.Transactions[1:]); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	usual := newSpecimen()
	for _, c := range corruptions() {
		try(usual, c.name, usual.changed(c.corrupt, c.keep), c.want)
	}
	for _, g := range limitGroups {
		s := g.grow(t)
		for _, l := range g.limits {
			try(s, "within "+l.name, s.changed(orNothing(l.within), l.keep), nil)
			try(s, l.name, s.changed(orNothing(l.beyond), l.keep), l.want)
		}
	}
	if tried < 100 {
		t.Errorf("only %d transactions were tried", tried)
	}
}

// onlySpendsDiffer reports whether a block is the valid one but for the
// transactions after the coinbase, and what follows from them.
func (s *specimen) onlySpendsDiffer(b *types.Block) bool {
	if len(b.Transactions) < 2 || !bytes.Equal(types.Encode(&b.Transactions[0]), types.Encode(&s.valid.Transactions[0])) {
		return false
	}
	h := b.Header
	if h.MerkleRoot == s.valid.Header.MerkleRoot {
		return false
	}
	h.MerkleRoot, h.Nonce = s.valid.Header.MerkleRoot, s.valid.Header.Nonce
	return h.Hash() == s.valid.Header.Hash()
}

// firstError returns what is wrong with the first of some transactions that is
// not valid on virtual, which is where the valid block stands.
func (s *specimen) firstError(t *testing.T, txs []types.Transaction) error {
	t.Helper()
	m, _ := s.open(t)
	if got := m.Snapshot().VirtualParents; !slices.Equal(got, s.valid.Header.Parents) {
		t.Fatalf("virtual is on %v, the valid block on %v", got, s.valid.Header.Parents)
	}
	verdicts, err := m.CheckTransactions(txs, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	bad := slices.IndexFunc(verdicts, func(v chain.Verdict) bool { return v.Err != nil })
	if bad < 0 {
		return nil
	}
	return verdicts[bad].Err
}

const massCase = "transaction alone with a mass one above a block's"

// TestMassAlone holds a transaction to the limit that in a block is the block's.
func TestMassAlone(t *testing.T) {
	s := newSpecimen()
	for above, want := range map[uint64]error{0: nil, 1: rules.ErrMass} {
		b := s.changed(massOfFirst(above), 0)
		if err := s.firstError(t, b.Transactions[1:]); !errors.Is(err, want) {
			t.Errorf("%s, %d above: %v, want %v", massCase, above, err, want)
		}
	}
}
