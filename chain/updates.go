package chain

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// An Update is one step of the selected chain: a block applied, or reverted.
// The acceptance is the block's own in both cases, its diff going from the state
// before the block to the state after it; it is shared and read-only.
type Update struct {
	Hash       types.Hash
	Parent     types.Hash // the selected parent: the cursor after a revert; zero for genesis
	Reverted   bool
	BlueScore  uint64
	Acceptance *utxo.Acceptance
}

// UpdatesSince returns at most max steps of the way from the state after the
// cursor's block to the state at the sink: reverts from the cursor down to the
// fork, then applies. The cursor is the hash of the last block a follower
// applied, or the Parent of the last it reverted; a zero cursor starts before
// genesis. An unknown cursor is ErrUnknownCursor.
func (m *Manager) UpdatesSince(cursor types.Hash, max int) (updates []Update, err error) {
	err = m.settled(func() error {
		updates, err = m.updatesSince(cursor, max)
		return err
	})
	return updates, err
}

func (m *Manager) updatesSince(cursor types.Hash, max int) ([]Update, error) {
	if cursor.IsZero() {
		return m.applied(0, max), nil
	}
	b := m.index.find(cursor)
	if b == nil || b.status != StatusChainValid {
		return nil, fmt.Errorf("%v: %w", cursor, ErrUnknownCursor)
	}
	var updates []Update
	for ; len(updates) < max && !m.index.IsTreeAncestor(b.hash, m.state.sink); b = m.index.selectedParent(b) {
		updates = append(updates, m.update(b, true))
	}
	return append(updates, m.applied(b.height+1, max-len(updates))...), nil
}

// applied returns the selected chain from a height on.
func (m *Manager) applied(height uint64, max int) []Update {
	var updates []Update
	for sink := m.index.block(m.state.sink); len(updates) < max && height <= sink.height; height++ {
		updates = append(updates, m.update(m.chainAt(height), false))
	}
	return updates
}

func (m *Manager) update(b *block, reverted bool) Update {
	return Update{
		Hash:       b.hash,
		Parent:     b.data.SelectedParent,
		Reverted:   reverted,
		BlueScore:  b.data.BlueScore,
		Acceptance: &m.acceptance(b).Acceptance,
	}
}

// chainAt returns the selected chain's block of a height.
func (m *Manager) chainAt(height uint64) *block {
	h, waiting := m.journal.heights[height]
	if !waiting {
		decodeRecord(fmt.Sprintf("selected chain at height %d", height), m.index.read(chainKey(height)), h.DecodeFrom)
	}
	return m.index.block(h)
}
