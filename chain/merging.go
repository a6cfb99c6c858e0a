package chain

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
)

// A Merging says how the selected chain took a block in.
type Merging struct {
	Fate      Fate
	Merger    types.Hash    // the chain block that has it in its merge set, zero while none has
	Objection dag.Objection // why it is red, empty for any other
}

// Merging returns how the selected chain took in a block. It may be ErrNotFound.
func (m *Manager) Merging(h types.Hash) (merging Merging, err error) {
	err = m.query(h, func(b *block) error {
		merging = m.merging(b)
		return nil
	})
	return merging, err
}

func (m *Manager) merging(b *block) Merging {
	sink := m.index.block(m.state.sink)
	fate := m.fate(b)
	switch {
	case fate == FatePending || b.hash == sink.hash:
		return Merging{Fate: fate}
	case fate == FateChain:
		return Merging{Fate: fate, Merger: m.chainAt(b.height + 1).hash}
	}
	merger := m.chainAt(m.mergedAt(b, sink))
	merging := Merging{Fate: fate, Merger: merger.hash}
	if fate == FateRed {
		merging.Objection = dag.Object(m.index, m.params.K, merger.data, b.hash)
	}
	return merging
}

// Beyond returns some tips and their past, but for what is among other blocks or
// in the past of one, in consensus order. The tips must be known; other blocks
// that are not stand for nothing. It fails with TooManyError when the answer
// would be more than max.
func (m *Manager) Beyond(known, tips []types.Hash, max int) (beyond []types.Hash, err error) {
	err = m.guarded(func() error {
		beyond, err = m.beyond(known, tips, max)
		return err
	})
	return beyond, err
}

// A TooManyError says that an answer would pass the limit its caller set.
type TooManyError struct{ Max int }

// Error implements error.
func (e *TooManyError) Error() string { return fmt.Sprintf("more than %d blocks", e.Max) }

func (m *Manager) beyond(known, tips []types.Hash, max int) (beyond []types.Hash, err error) {
	for _, h := range tips {
		if m.index.find(h) == nil {
			return nil, fmt.Errorf("block %v: %w", h, ErrNotFound)
		}
	}
	known = slices.DeleteFunc(slices.Clone(known), func(h types.Hash) bool { return m.index.find(h) == nil })
	seen := make(map[types.Hash]struct{})
	visit := func(hashes []types.Hash) {
		for _, h := range hashes {
			if _, ok := seen[h]; ok {
				continue
			}
			seen[h] = struct{}{}
			if !slices.ContainsFunc(known, func(k types.Hash) bool { return m.index.IsAncestor(h, k) }) {
				beyond = append(beyond, h)
			}
		}
	}
	visit(tips)
	for i := 0; i < len(beyond); i++ { // grows meanwhile
		if len(beyond) > max {
			return nil, &TooManyError{max}
		}
		visit(m.index.block(beyond[i]).header.Parents)
	}
	slices.SortFunc(beyond, func(a, b types.Hash) int {
		if dag.Less(m.index, a, b) {
			return -1
		}
		return 1
	})
	return beyond, nil
}
