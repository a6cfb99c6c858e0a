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
