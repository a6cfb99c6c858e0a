package rules

import (
	"math/bits"

	"github.com/jio-dag/jio/chain/types"
)

// A HistoryNode is a subtree of the selected chain: a hash over its blocks and
// the blue work of its last one.
type HistoryNode struct {
	Hash types.Hash
	Work types.Uint256
}

// EncodeTo appends the hash, then the work.
func (n HistoryNode) EncodeTo(e *types.Encoder) {
	n.Hash.EncodeTo(e)
	n.Work.EncodeTo(e)
}

// DecodeFrom reads a node.
func (n *HistoryNode) DecodeFrom(d *types.Decoder) {
	n.Hash.DecodeFrom(d)
	n.Work.DecodeFrom(d)
}

// HistoryLeaf returns the leaf of a chain block: merged is its merge set
// without the selected parent, in consensus order, and work its blue work.
func HistoryLeaf(block types.Hash, merged []types.Hash, work types.Uint256) HistoryNode {
	return HistoryNode{types.HistoryLeafDomain.SumOf(block, types.MerkleRoot(merged)), work}
}

// above returns the parent of two neighbours. Work only grows along the chain,
// so that of the right one is the last block's.
func above(left, right HistoryNode) HistoryNode {
	return HistoryNode{types.HistoryNodeDomain.SumOf(left, right), right.Work}
}

// Peaks is the Merkle mountain range over a selected chain from genesis: the
// roots of the perfect trees that the leaves fill, the largest and oldest first,
// one for each bit set in Leaves. The zero Peaks holds no leaves. It is a value:
// nothing changes the nodes it holds.
type Peaks struct {
	Leaves uint64
	Nodes  []HistoryNode
}

// Append returns the peaks after one more leaf, in memory of their own, so that
// two branches may grow from the same peaks.
func (p Peaks) Append(leaf HistoryNode) Peaks {
	merges := bits.TrailingZeros64(^p.Leaves) // as an addition of one carries
	kept := len(p.Nodes) - merges
	for i := len(p.Nodes) - 1; i >= kept; i-- {
		leaf = above(p.Nodes[i], leaf)
	}
	nodes := make([]HistoryNode, 0, kept+1)
	return Peaks{p.Leaves + 1, append(append(nodes, p.Nodes[:kept]...), leaf)}
}

// Root returns the history root: the peaks folded from the oldest, sealed with
// the number of leaves. It is zero without leaves, as in genesis.
func (p Peaks) Root() types.Hash {
	if len(p.Nodes) == 0 {
		return types.Hash{}
	}
	top := p.Nodes[0]
	for _, peak := range p.Nodes[1:] {
		top = above(top, peak)
	}
	e := types.NewEncoder(make([]byte, 0, 8+types.HashSize+32))
	e.Uint64(p.Leaves)
	top.EncodeTo(e)
	return types.HistoryRootDomain.Sum(e.Bytes())
}

// EncodeTo appends the number of leaves, which tells that of the nodes, then the
// nodes.
func (p Peaks) EncodeTo(e *types.Encoder) {
	e.Uint64(p.Leaves)
	for _, n := range p.Nodes {
		n.EncodeTo(e)
	}
}

// DecodeFrom reads peaks.
func (p *Peaks) DecodeFrom(d *types.Decoder) {
	*p = Peaks{Leaves: d.Uint64()}
	for range bits.OnesCount64(p.Leaves) {
		var n HistoryNode
		n.DecodeFrom(d)
		p.Nodes = append(p.Nodes, n)
	}
}
