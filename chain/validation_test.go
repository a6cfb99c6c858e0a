package chain_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A corruption changes one thing in the valid block. What is signed is signed
// again unless it is the signature that is changed; merkle root and proof of work
// are made anew unless they are.
type corruption struct {
	name    string
	want    error
	corrupt change
	keep    keep
}

// A change is made to a copy of the specimen's valid block.
type change func(s *specimen, b *types.Block)

// keep says what is left as the change made it.
type keep uint8

const (
	keepUnlocks keep = 1 << iota
	keepRoot
	keepNonce
)

func header(change func(h *types.Header)) change {
	return func(_ *specimen, b *types.Block) { change(&b.Header) }
}

// spend changes the i-th spend.
func spend(i int, change func(tx *types.Transaction)) change {
	return func(_ *specimen, b *types.Block) { change(&b.Transactions[i+1]) }
}

// spendOf changes the i-th spend with the specimen at hand.
func spendOf(i int, change func(s *specimen, tx *types.Transaction)) change {
	return func(s *specimen, b *types.Block) { change(s, &b.Transactions[i+1]) }
}

func coinbase(change func(tx *types.Transaction)) change {
	return func(_ *specimen, b *types.Block) { change(&b.Transactions[0]) }
}

// changed returns the valid block with a change.
func (s *specimen) changed(make change, kept keep) types.Block {
	b := copyOf(&s.valid)
	make(s, &b)
	for i := range b.Transactions {
		if kept&keepUnlocks == 0 && len(b.Transactions[i].Inputs) > 0 {
			s.sign(&b.Transactions[i])
		}
	}
	if kept&keepRoot == 0 {
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	}
	if kept&keepNonce == 0 {
		chaintest.Solve(s.params, &b)
	}
	return b
}

// A route brings a block to a Manager.
type route struct {
	name        string
	headerFirst bool
}

var routes = []route{{"whole", false}, {"header first", true}}

func (r route) deliver(m *chain.Manager, b types.Block) error {
	if !r.headerFirst {
		return m.AddBlock(b)
	}
	if err := m.AddHeader(b.Header); err != nil {
		return err
	}
	return m.AddBody(b)
}

// expectBroken demands that a block breaks exactly one rule, by every route: it
// is refused, and the store stays as it was, or disqualified, and the coins and
// the selected chain stay as they were. The valid block is accepted afterwards.
func (s *specimen) expectBroken(t *testing.T, bad types.Block, want error) {
	t.Helper()
	for _, r := range routes {
		m, mem := s.open(t)
		if err := s.expectOutcome(t, r, m, mem, bad); !errors.Is(err, want) {
			t.Fatalf("%s: %v, want %v", r.name, err, want)
		}
		s.expectValid(t, m, s.valid)
	}
}

// expectOutcome delivers a bad block, demands that it changes nothing it must
// not, and returns the rule it broke.
func (s *specimen) expectOutcome(t *testing.T, r route, m *chain.Manager, mem *store.Memory, bad types.Block) error {
	t.Helper()
	before := contents(t, mem)
	err := r.deliver(m, bad)
	after := contents(t, mem)
	switch info, infoErr := m.Info(bad.Hash()); {
	case err == nil && infoErr == nil && info.Status == chain.StatusDisqualified:
		err = info.Reason
		before, after = onlyKinds(before, "uc"), onlyKinds(after, "uc")
	case err == nil:
		t.Fatalf("%s: accepted: %v %v", r.name, info.Status, infoErr)
	case infoErr == nil && !errors.Is(err, rules.ErrBadMerkleRoot):
		t.Errorf("%s: a refused block is still there, %v", r.name, info.Status)
	case r.headerFirst:
		// A header that came and went may have left the intervals of
		// reachability dealt anew; a foreign body leaves the header alone.
		before, after = onlyKinds(before, "bauc"), onlyKinds(after, "bauc")
	}
	if !maps.Equal(before, after) {
		t.Errorf("%s: the store changed", r.name)
	}
	return err
}

// onlyKinds returns the records whose keys begin with one of the letters.
func onlyKinds(records map[string]string, letters string) map[string]string {
	kept := make(map[string]string)
	for key, value := range records {
		for _, letter := range []byte(letters) {
			if key[0] == letter {
				kept[key] = value
			}
		}
	}
	return kept
}

// expectValid demands that a block is accepted and becomes the sink.
func (s *specimen) expectValid(t *testing.T, m *chain.Manager, b types.Block) {
	t.Helper()
	if err := m.AddBlock(b); err != nil {
		t.Fatalf("a valid block: %v", err)
	}
	if info, err := m.Info(b.Hash()); err != nil || info.Status != chain.StatusChainValid || m.Snapshot().Sink != b.Hash() {
		t.Fatalf("a valid block is %v, sink %v: %v %v", info.Status, m.Snapshot().Sink, info.Reason, err)
	}
}

// TestCorruptOneThing corrupts the valid block in one place at a time. Each is
// refused, or disqualified, for exactly the rule it breaks and leaves nothing
// behind; the valid block is accepted afterwards.
func TestCorruptOneThing(t *testing.T) {
	s := newSpecimen()
	for _, c := range corruptions() {
		t.Run(c.name, func(t *testing.T) {
			s.expectBroken(t, s.changed(c.corrupt, c.keep), c.want)
		})
	}
}

// TestChangeOneThingForAnother changes what a block is free to choose: it becomes
// another valid block.
func TestChangeOneThingForAnother(t *testing.T) {
	s := newSpecimen()
	for _, f := range freedoms {
		t.Run(f.name, func(t *testing.T) {
			m, _ := s.open(t)
			s.expectValid(t, m, s.changed(f.change, f.keep))
		})
	}
}

// TestSpecimenTouchesEverything holds that the valid block is what it claims.
func TestSpecimenTouchesEverything(t *testing.T) {
	s := newSpecimen()
	m, _ := s.open(t)
	s.expectValid(t, m, s.valid)
	info, err := m.Info(s.valid.Hash())
	if err != nil || len(info.Blues) != 2 || len(info.Reds) != 2 {
		t.Fatalf("%+v %v", info, err)
	}
	if got := m.Snapshot().Pending.TxIDs(); len(got) != 6 {
		t.Errorf("virtual accepts %d transactions of the valid block, want its coinbase and 5", len(got))
	}
}
