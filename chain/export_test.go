package chain

import "github.com/jio-dag/jio/chain/types"

// Foresee judges the transactions of blocks ahead, as AddBlocks does, and reports
// of each whether it is remembered as right.
func (m *Manager) Foresee(blocks []types.Block) (right [][]bool) {
	m.foresight(blocks).judge(0, len(blocks))
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range blocks {
		var of []bool
		for j := range blocks[i].Transactions[1:] {
			of = append(of, m.verifier.good.has(blocks[i].Transactions[1+j].Hash()))
		}
		right = append(right, of)
	}
	return right
}

// ForkBelow returns the highest block of a selected chain that others have in their
// past.
func (m *Manager) ForkBelow(others []types.Hash, h types.Hash) types.Hash {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.forkBelow(others, m.index.block(h)).hash
}

// InPast reports whether a block is one of the others or in the past of one.
func (m *Manager) InPast(h types.Hash, others []types.Hash) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.index.inPast(h, others)
}
