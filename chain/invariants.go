package chain

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// checkInvariants panics when something does not hold that no operation may
// break. It is called before each write in builds with the tag invariants, and
// costs what it costs.
func (m *Manager) checkInvariants() {
	sink := m.index.block(m.state.sink)
	m.demand(sink.status == StatusChainValid, "the sink %v is %v", sink.hash, sink.status)
	m.demand(m.state.commitment.Hash() == sink.header.UTXOCommitment, "the coins are not those the sink %v commits to", sink.hash)
	_, fees := feesOf(&m.acceptance(sink).Acceptance)
	if parent := m.index.selectedParent(sink); parent != nil {
		m.demand(m.state.unspent == m.acceptance(parent).issued-fees.Jots(), "the supply at %v does not add up", sink.hash)
	}
	m.checkTips(sink)
	m.checkVirtual(sink)
}

func (m *Manager) demand(holds bool, format string, args ...any) {
	if !holds {
		panic("chain: invariant broken: " + fmt.Sprintf(format, args...))
	}
}

func (m *Manager) checkTips(sink *block) {
	for i, h := range m.state.tips {
		tip := m.index.block(h)
		m.demand(i == 0 || m.state.tips[i-1].Compare(h) < 0, "the tips are out of order at %v", h)
		m.demand(tip.status.HasBody(), "the tip %v is %v", h, tip.status)
		for _, child := range tip.children {
			m.demand(!m.index.block(child).status.HasBody(), "the tip %v has the child %v", h, child)
		}
		if tip.status == StatusChainValid {
			m.demand(compareBlocks(tip, sink) <= 0 || !m.index.IsTreeAncestor(m.virtual.finality, h), "the tip %v is above the sink %v", h, sink.hash)
		}
	}
}

func (m *Manager) checkVirtual(sink *block) {
	v := m.virtual
	m.demand(v.sink == sink.hash && v.parents[0] == sink.hash && v.data.SelectedParent == sink.hash, "virtual is not on the sink %v", sink.hash)
	m.demand(slices.IsSortedFunc(v.parents[1:], types.Hash.Compare), "virtual's parents are out of order")
	m.demand(len(v.parents) <= m.params.MaxParents, "virtual has %d parents", len(v.parents))
	m.demand(len(v.data.Blues)+len(v.data.Reds) <= m.params.MergeSetLimit, "virtual merges too much")
	m.demand(rules.ParentsUnrelated(m.index, v.parents) == nil, "virtual's parents are related")
	m.demand(rules.BoundedMerge(m.index, v.mergeRoot, v.data) == nil, "virtual merges from below the merge depth")
}
