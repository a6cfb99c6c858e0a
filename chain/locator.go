package chain

import (
	"fmt"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
)

// denseSteps is how far down a locator doubles its stride block by block; below
// it strides along merge-depth roots, so that its cost stays small on any chain.
const denseSteps = 512

// BestHeader returns the header of the most blue work, whose body may be
// missing, and that work.
func (m *Manager) BestHeader() (h types.Hash, work types.Uint256, err error) {
	err = m.guarded(func() error {
		h, work = m.state.bestHeader, m.index.block(m.state.bestHeader).data.BlueWork
		return nil
	})
	return h, work, err
}

// Locator returns hashes of the best header's selected chain, the header itself
// first and genesis last, with strides that double on the way down. There are
// fewer than 64.
func (m *Manager) Locator() (locator []types.Hash, err error) {
	err = m.guarded(func() error {
		b := m.index.block(m.state.bestHeader)
		below := m.index.selectedParent
		for stride := 1; b.height > 0; stride *= 2 {
			locator = append(locator, b.hash)
			if stride > denseSteps {
				stride, below = 1, m.mergeRootBelow
			}
			for i := 0; i < stride && b.height > 0; i++ {
				b = below(b)
			}
		}
		locator = append(locator, b.hash)
		return nil
	})
	return locator, err
}

func (m *Manager) mergeRootBelow(b *block) *block { return m.index.block(b.mergeRoot) }

// HeadersAfter returns what follows the first block of a locator that is on the
// selected chain of high, or genesis: the chain's headers upwards, each after its
// merge set. The zero high stands for virtual, whose merge set comes last. At
// most limit headers are returned, which must allow for a merge set; more says
// that the last is a chain block and something follows it. A high without a body
// is ErrNotFound.
func (m *Manager) HeadersAfter(locator []types.Hash, high types.Hash, limit int) (headers []types.Header, more bool, err error) {
	err = m.guarded(func() error {
		end, tail := m.index.block(m.state.sink), m.virtual.data
		if !high.IsZero() {
			end, tail = m.index.find(high), nil
		}
		if end == nil || !end.status.HasBody() {
			return fmt.Errorf("block %v: %w", high, ErrNotFound)
		}
		headers, more = m.headersBetween(m.meet(locator, end), end, tail, limit)
		return nil
	})
	return headers, more, err
}

// meet returns the first block of a locator on a chain, else genesis.
func (m *Manager) meet(locator []types.Hash, end *block) *block {
	for _, h := range locator {
		if b := m.index.find(h); b != nil && m.index.IsTreeAncestor(h, end.hash) {
			return b
		}
	}
	return m.index.block(m.params.GenesisHash)
}

// headersBetween returns the headers above low up to end, then the merge set of
// a block on end, if its data is given.
func (m *Manager) headersBetween(low, end *block, tail *dag.Data, limit int) (headers []types.Header, more bool) {
	add := func(merged []types.Hash) bool {
		if len(headers)+len(merged) > limit {
			return false
		}
		for _, h := range merged {
			headers = append(headers, copyHeader(m.index.block(h).header))
		}
		return true
	}
	for low != end {
		low = m.index.block(m.index.reach.NextTreeAncestor(low.hash, end.hash))
		if !add(append(dag.MergeSet(m.index, low.data)[1:], low.hash)) {
			return headers, true
		}
	}
	return headers, tail != nil && !add(dag.MergeSet(m.index, tail)[1:])
}

// MissingBodies lists blocks without bodies in the past of high, high included,
// in an order in which AddBlocks takes them. It goes up high's selected chain
// from after, or from where our own chain leaves it when after is zero, and stops
// at reached when it has limit or more; reached is the next after, and high when
// all is listed. A high that is not stored is ErrNotFound.
func (m *Manager) MissingBodies(after, high types.Hash, limit int) (missing []types.Hash, reached types.Hash, err error) {
	err = m.query(high, func(*block) error {
		b := m.index.find(after)
		if b == nil {
			b = m.index.block(m.state.sink)
		}
		for !m.index.IsTreeAncestor(b.hash, high) {
			b = m.index.selectedParent(b)
		}
		for b.hash != high && len(missing) < limit {
			b = m.index.block(m.index.reach.NextTreeAncestor(b.hash, high))
			for _, h := range append(dag.MergeSet(m.index, b.data)[1:], b.hash) {
				if !m.index.block(h).status.HasBody() {
					missing = append(missing, h)
				}
			}
		}
		reached = b.hash
		return nil
	})
	return missing, reached, err
}

// Status returns how much of a block is here. It may be ErrNotFound.
func (m *Manager) Status(h types.Hash) (status Status, err error) {
	err = m.query(h, func(b *block) error {
		status = b.status
		return nil
	})
	return status, err
}
