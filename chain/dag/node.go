package dag

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// A Node is what reachability knows of one block.
type Node struct {
	Parent         types.Hash   // in the tree: the selected parent; zero for genesis
	Interval       Interval     // strictly inside that of Parent
	Height         uint64       // in the tree: blocks on the selected chain below
	Children       []types.Hash // in the tree: in the order of their intervals, which are disjoint
	FutureCovering []types.Hash // the blocks that merged this one: in the order of their intervals, which are disjoint
}

// Nodes is where reachability keeps its nodes. Pointers stay valid until the
// caller's operation ends; whether one from Node shows later edits is left open.
// Node and Edit panic when the block is unknown.
type Nodes interface {
	// Node returns a node for reading only.
	Node(h types.Hash) *Node
	// Edit returns a node for changing it, slices included, in place.
	Edit(h types.Hash) *Node
	// Create adds the node of a new block.
	Create(h types.Hash, n Node)
	// Delete removes a node.
	Delete(h types.Hash)
}

// MemoryNodes keeps nodes in a map and nowhere else.
type MemoryNodes map[types.Hash]*Node

// Node returns the node itself; it panics when there is none.
func (m MemoryNodes) Node(h types.Hash) *Node {
	n, ok := m[h]
	if !ok {
		panic(fmt.Sprintf("dag: no reachability node of block %v", h))
	}
	return n
}

// Edit returns the node itself; it panics when there is none.
func (m MemoryNodes) Edit(h types.Hash) *Node { return m.Node(h) }

// Create adds a node.
func (m MemoryNodes) Create(h types.Hash, n Node) { m[h] = &n }

// Delete removes a node.
func (m MemoryNodes) Delete(h types.Hash) { delete(m, h) }

// EncodeTo appends the canonical encoding of n: the fields in order.
func (n *Node) EncodeTo(e *types.Encoder) {
	n.Parent.EncodeTo(e)
	e.Uint64(n.Interval.Start)
	e.Uint64(n.Interval.End)
	e.Uint64(n.Height)
	e.Hashes(n.Children)
	e.Hashes(n.FutureCovering)
}

// DecodeFrom reads what EncodeTo wrote; an interval that no block can have is
// an error.
func (n *Node) DecodeFrom(d *types.Decoder) {
	n.Parent.DecodeFrom(d)
	n.Interval = Interval{Start: d.Uint64(), End: d.Uint64()}
	n.Height = d.Uint64()
	n.Children = d.Hashes()
	n.FutureCovering = d.Hashes()
	if d.Err() == nil && !n.Interval.valid() {
		d.Fail(fmt.Errorf("interval %d…%d cannot be one of a block", n.Interval.Start, n.Interval.End))
	}
}
