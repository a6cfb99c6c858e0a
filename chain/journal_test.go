package chain_test

import (
	"maps"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/store"
)

// TestJournalRepeats opens a chain at every moment between two checkpoints and
// goes on from there: it writes the very records that one writes that never
// stopped.
func TestJournalRepeats(t *testing.T) {
	c := chronicles()
	s := store.NewMemory()
	m := openJournal(t, c.params, s, chronicleJournal)
	const onward = chronicleJournal + 2
	var reopened []*reopening
	for i, do := range c.steps {
		if i%5 == 0 {
			clone := s.Clone()
			reopened = append(reopened, &reopening{clone, openJournal(t, c.params, clone, chronicleJournal), onward})
		}
		if err := do(m); err != nil {
			t.Fatal(err)
		}
		for _, r := range reopened {
			if r.left--; r.left < 0 {
				continue
			}
			if err := do(r.m); err != nil {
				t.Fatalf("step %d, opened %d steps before: %v", i, onward-r.left, err)
			}
			if !maps.Equal(contents(t, r.s), contents(t, s)) {
				t.Fatalf("step %d, opened %d steps before: the store differs", i, onward-r.left)
			}
		}
	}
}

// A reopening is a chain that was opened on a copy of the store, and how many
// steps it has to go.
type reopening struct {
	s    *store.Memory
	m    *chain.Manager
	left int
}

// TestJournalLengths holds that how often checkpoints are made shows nowhere but
// in the store.
func TestJournalLengths(t *testing.T) {
	c := chronicles()
	c.record(t)
	for _, commits := range []int{1, 2, 50, 1000} {
		s := store.NewMemory()
		m := openJournal(t, c.params, s, commits)
		for i, do := range c.steps {
			if err := do(m); err != nil {
				t.Fatal(err)
			}
			if i%40 == 0 {
				m = openJournal(t, c.params, s, commits)
			}
			if !c.reached(m, i+1) {
				t.Fatalf("%d commits between checkpoints: %d steps lead to %+v", commits, i+1, m.Snapshot())
			}
		}
		mustVerify(t, m)
		if again := openJournal(t, c.params, s, 1); !c.reached(again, len(c.steps)) {
			t.Errorf("%d commits between checkpoints: reopened at %+v", commits, again.Snapshot())
		}
	}
}

// TestSmallCaches keeps what waits for a checkpoint in memory, however little
// there is to be of it.
func TestSmallCaches(t *testing.T) {
	c := chronicles()
	c.record(t)
	m, err := chain.Open(chain.Config{Params: c.params, Store: store.NewMemory(), CacheBlocks: 2, Now: chaintest.FarFuture})
	if err != nil {
		t.Fatal(err)
	}
	for i, do := range c.steps {
		if err := do(m); err != nil || !c.reached(m, i+1) {
			t.Fatalf("step %d leads to %+v: %v", i, m.Snapshot(), err)
		}
	}
	mustVerify(t, m)
}
