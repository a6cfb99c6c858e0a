package rules

import (
	"fmt"
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
// one for each bit set in Leaves. The zero Peaks holds no leaves. It is a value
// that shares its older peaks with the Peaks it grew from, and nothing changes
// them, so that two branches may grow from the same peaks.
type Peaks struct {
	Leaves uint64
	newest *peak
}

// A peak carries the peaks up to itself folded, so that a root takes no walk.
type peak struct {
	node, folded HistoryNode
	older        *peak
}

// Append returns the peaks after one more leaf.
func (p Peaks) Append(leaf HistoryNode) Peaks {
	older := p.newest
	for range bits.TrailingZeros64(^p.Leaves) { // as an addition of one carries
		leaf = above(older.node, leaf)
		older = older.older
	}
	return Peaks{p.Leaves + 1, newPeak(older, leaf)}
}

func newPeak(older *peak, node HistoryNode) *peak {
	folded := node
	if older != nil {
		folded = above(older.folded, node)
	}
	return &peak{node, folded, older}
}

// Newest returns the smallest peak: the only one that the last Append made. There
// must be leaves.
func (p Peaks) Newest() HistoryNode { return p.newest.node }

// LeavesBeforeNewest returns how many leaves the peaks of so many have without
// the newest.
func LeavesBeforeNewest(leaves uint64) uint64 { return leaves & (leaves - 1) }

// Complete returns the peaks of so many leaves from what Newest said of them and
// the peaks before that one.
func (p Peaks) Complete(leaves uint64, newest HistoryNode) Peaks {
	if leaves == 0 || p.Leaves != LeavesBeforeNewest(leaves) {
		panic(fmt.Sprintf("rules: the peaks of %d leaves do not grow from those of %d", leaves, p.Leaves))
	}
	return Peaks{leaves, newPeak(p.newest, newest)}
}

// Root returns the history root: the peaks folded from the oldest, sealed with
// the number of leaves. It is zero without leaves, as in genesis.
func (p Peaks) Root() types.Hash {
	if p.newest == nil {
		return types.Hash{}
	}
	return types.HistoryRootDomain.SumOf(leafCount(p.Leaves), p.newest.folded)
}

type leafCount uint64

// EncodeTo appends the number as a u64.
func (c leafCount) EncodeTo(e *types.Encoder) { e.Uint64(uint64(c)) }
