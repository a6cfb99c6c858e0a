package chain_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// steepNet is a network on which a block beside another is red, so that on a
// chain of n blocks every score is a height and virtual's is n+1.
func steepNet(t *testing.T) *params.Params {
	t.Helper()
	p := smallNet(0)
	p.MergeDepth, p.FinalityDepth, p.MergeSetLimit, p.PruningDepth = 6, 10, 50, 30
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestFinalityLimit reorganises by just the finality depth and by one block more.
// The finality point of virtual, whose score is 31, is the highest block with a
// score below 21.
func TestFinalityLimit(t *testing.T) {
	for depth, follows := range map[int]bool{1: true, 9: true, 10: true, 11: false, 12: false} {
		t.Run(fmt.Sprint(depth), func(t *testing.T) {
			p := steepNet(t)
			b := chaintest.NewBuilder(p)
			ours := row(b, 'a', p.GenesisHash, 30)
			theirs := row(b, 'b', ours[29-depth].Hash(), depth+20)
			s := store.NewMemory()
			m := open(t, p, s)
			addRow(t, m, ours)
			if point := m.Snapshot().FinalityPoint; point != ours[19].Hash() {
				t.Fatalf("the finality point is %v, want %v", point, ours[19].Hash())
			}
			addRow(t, m, theirs[:depth+10])
			m = open(t, p, s)
			addRow(t, m, theirs[depth+10:])
			wantSink(t, m, pick(follows, theirs, ours))
			if follows {
				return
			}
			wantStatus(t, m, theirs[depth+19].Hash(), chain.StatusBodyValid)
			addRow(t, m, row(b, 'c', ours[29].Hash(), 1)) // ours grows on, lighter as it is
			mustVerify(t, m)

			// Nothing but having seen ours first speaks against theirs.
			other := chaintest.Open(t, p)
			addRow(t, other, ours[:30-depth])
			addRow(t, other, theirs[:depth+1])
			addRow(t, other, ours[30-depth:])
			wantSink(t, other, theirs[:depth+1])
		})
	}
}

// TestFinalityPointMerged has a branch leave the chain below the finality point
// and merge the point: that does not make it part of the branch's own chain.
//
//	… A19 ────── A20 ──── A21 ── … ── A30      A20 is the finality point
//	   └─ B1 ── B2 ─┴─ B3 ── … ── B30
func TestFinalityPointMerged(t *testing.T) {
	p := steepNet(t)
	b := chaintest.NewBuilder(p)
	ours := row(b, 'a', p.GenesisHash, 30)
	theirs := row(b, 'b', ours[18].Hash(), 2)
	merging := b.Oracle.Make([]types.Hash{theirs[1].Hash(), ours[19].Hash()}, chaintest.Content{})
	b.Oracle.Add(merging)
	theirs = append(append(theirs, merging), row(b, 'b', merging.Hash(), 27)...)
	m := chaintest.Open(t, p)
	addRow(t, m, ours)
	addRow(t, m, theirs)
	wantSink(t, m, ours)
	if !b.Oracle.Ancestor(b.Oracle.Block(ours[19].Hash()), b.Oracle.Sink()) {
		t.Error("the branch does not have the finality point in its past")
	}
}

func pick(first bool, a, b []types.Block) []types.Block {
	if first {
		return a
	}
	return b
}

func addRow(t *testing.T, m *chain.Manager, blocks []types.Block) {
	t.Helper()
	for i := range blocks {
		mustTake(t, m, blocks[i])
	}
}

func wantSink(t *testing.T, m *chain.Manager, row []types.Block) {
	t.Helper()
	if got, want := m.Snapshot().Sink, row[len(row)-1].Hash(); got != want {
		t.Fatalf("the sink is %v, want %v", got, want)
	}
}

func wantStatus(t *testing.T, m *chain.Manager, h types.Hash, want chain.Status) {
	t.Helper()
	info, err := m.Info(h)
	if err != nil || info.Status != want {
		t.Fatalf("block %v is %v %v, want %v", h, info.Status, err, want)
	}
}

// TestBoundedMergeLimit merges a red off the merge-depth root and one off the
// block below it. The merging block has score 21; its root is the highest block
// with a score below 15.
func TestBoundedMergeLimit(t *testing.T) {
	p := steepNet(t)
	b := chaintest.NewBuilder(p)
	ours := row(b, 'a', p.GenesisHash, 20)
	at, below := row(b, 'b', ours[13].Hash(), 1)[0], row(b, 'c', ours[12].Hash(), 1)[0]
	s := store.NewMemory()
	m := open(t, p, s)
	addRow(t, m, append(ours, at, below))
	if parents := m.Snapshot().VirtualParents; len(parents) != 2 || parents[1] != at.Hash() {
		t.Errorf("virtual is on %v, want the sink and %v", parents, at.Hash())
	}
	before := contents(t, s)
	for _, red := range []types.Hash{below.Hash(), at.Hash()} {
		made := b.Oracle.Make([]types.Hash{ours[19].Hash(), red}, chaintest.Content{})
		if red == at.Hash() {
			mustTake(t, m, made)
			wantSink(t, m, []types.Block{made})
			continue
		}
		if err := m.AddBlock(made); !errors.Is(err, rules.ErrBoundedMerge) {
			t.Errorf("merging from below the root: %v", err)
		}
		if err := m.AddBlock(made); !errors.Is(err, chain.ErrKnownInvalid) {
			t.Errorf("the same again: %v", err)
		}
		if !maps.Equal(before, contents(t, s)) {
			t.Error("the store changed")
		}
	}
}
