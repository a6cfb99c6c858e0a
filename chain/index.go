package chain

import (
	"fmt"
	"maps"
	"slices"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// recordVersion leads every record of this package.
const recordVersion = 2

// An index is the DAG of known headers: the blocks, their reachability, and
// what of them must be written next. It is the View of GHOSTDAG and the home of
// reachability's nodes. It panics with a storeFailure when the store fails or
// holds something that cannot be right.
type index struct {
	params *params.Params
	store  Store
	reach  *dag.Reachability

	windows recentWindows

	blocks cache[*block]
	nodes  cache[*node]

	joined  []*block            // since the last commit
	judged  []*block            // since the last commit
	removed map[types.Hash]bool // from the DAG; the store may have them until the commit is written

	changedBlocks []*block     // since the last checkpoint; they stay in memory
	changedNodes  []types.Hash // likewise
}

// A node is reachability's part of a block.
type node struct {
	dag.Node
	dirty bool
}

func newIndex(p *params.Params, store Store, limit int) *index {
	return &index{
		params: p, store: store,
		blocks: newCache[*block](limit), nodes: newCache[*node](limit),
		removed: make(map[types.Hash]bool),
	}
}

// find returns the block of a hash, or nil when its header is unknown.
func (x *index) find(h types.Hash) *block {
	if b, ok := x.blocks.lookup(h); ok {
		return b
	}
	b := x.header(h)
	if b == nil {
		return nil
	}
	decodeRecord("links of block "+h.String(), x.read(hashKey(keyLinks, h)), func(d *types.Decoder) {
		b.status = Status(d.Uint8())
		b.children = d.Hashes()
	})
	return b
}

// header reads the part of a block that never changes, nil when it is absent. The
// block is in memory then, and lacks status and children.
func (x *index) header(h types.Hash) *block {
	if x.removed[h] {
		return nil
	}
	raw := x.read(hashKey(keyHeader, h))
	if raw == nil {
		return nil
	}
	b := &block{hash: h, header: new(types.Header)}
	var newest rules.HistoryNode
	decodeRecord("header of block "+h.String(), raw, func(d *types.Decoder) {
		b.header.DecodeFrom(d)
		newest = b.position.decodeFrom(d)
	})
	b.work = pow.BlockWork(x.params, b.header)
	x.blocks.put(h, b) // before the blocks it refers to: damage may lead in a circle
	if b.height > 0 {
		b.history = x.historyOf(b, newest)
	}
	return b
}

// historyOf completes the history of a block that was read: the older peaks are
// those of a block below it, and that of all blocks are those of few.
func (x *index) historyOf(b *block, newest rules.HistoryNode) rules.Peaks {
	older := x.block(b.older)
	if older.height != rules.LeavesBeforeNewest(b.height) {
		panic(damaged("the history of block %v continues that of %v, at height %d", b.hash, b.older, older.height))
	}
	return older.history.Complete(b.height, newest)
}

// findOf is find for a block whose header is at hand. A stored block is among the
// children of its parents, and the parents of a new one are in memory as a rule:
// then it takes no read to see that it is new.
func (x *index) findOf(hash types.Hash, h *types.Header) *block {
	if b, ok := x.blocks.lookup(hash); ok {
		return b
	}
	if len(h.Parents) > 0 {
		if parent := x.find(h.Parents[0]); parent == nil || !slices.Contains(parent.children, hash) {
			return nil
		}
	}
	return x.find(hash)
}

// block returns a block that must be known.
func (x *index) block(h types.Hash) *block {
	b := x.find(h)
	if b == nil {
		panic(damaged("block %v is missing", h))
	}
	return b
}

// selectedParent returns the block below b on its chain, nil for genesis.
func (x *index) selectedParent(b *block) *block {
	if b.height == 0 {
		return nil
	}
	return x.block(b.data.SelectedParent)
}

// read returns a record, nil when it is absent.
func (x *index) read(key []byte) []byte {
	value, err := x.store.Get(key)
	if err != nil {
		panic(storeFailure{err})
	}
	return value
}

// plant adds genesis.
func (x *index) plant(b *block) {
	x.joined = append(x.joined, b)
	x.blocks.put(b.hash, b)
	x.change(b)
	x.reach = dag.PlantGenesis(x, b.hash)
}

// add joins a new header to the DAG. Its parents must be known.
func (x *index) add(b *block) {
	x.joined = append(x.joined, b)
	x.blocks.put(b.hash, b)
	x.change(b)
	for _, p := range b.header.Parents {
		parent := x.block(p)
		parent.children = append(parent.children, b.hash)
		x.change(parent)
	}
	x.reach.Add(b.hash, b.data.SelectedParent, dag.MergeSet(x, b.data)[1:])
}

// remove takes a header without a body and without children out of the DAG.
func (x *index) remove(b *block) {
	x.reach.Remove(b.hash, dag.MergeSet(x, b.data)[1:])
	for _, p := range b.header.Parents {
		parent := x.block(p)
		parent.children = slices.DeleteFunc(parent.children, func(h types.Hash) bool { return h == b.hash })
		x.change(parent)
	}
	x.blocks.remove(b.hash)
	x.removed[b.hash] = true
}

// change marks a block whose status or children are to be written.
func (x *index) change(b *block) {
	if !b.dirty {
		b.dirty = true
		x.changedBlocks = append(x.changedBlocks, b)
	}
}

// judge sets the status of a block.
func (x *index) judge(b *block, s Status) {
	b.status = s
	x.change(b)
	if !b.judged {
		b.judged = true
		x.judged = append(x.judged, b)
	}
}

// waiting returns how many records wait for a checkpoint.
func (x *index) waiting() int { return len(x.changedBlocks) + len(x.changedNodes) }

// flushEntry moves the new headers into a batch and returns what the journal must
// say.
func (x *index) flushEntry(w *batch) (n entry) {
	for _, b := range x.joined {
		n.joined = append(n.joined, b.hash)
		w.put(hashKey(keyHeader, b.hash), func(e *types.Encoder) {
			b.header.EncodeTo(e)
			b.position.encodeTo(e)
		})
	}
	for _, b := range x.judged {
		n.judged = append(n.judged, judgement{b.hash, b.status})
		b.judged = false
	}
	x.joined, x.judged = x.joined[:0], x.judged[:0]
	return n
}

// repeated ends an entry that came from the journal: nothing of it is new.
func (x *index) repeated() {
	for _, b := range x.judged {
		b.judged = false
	}
	x.joined, x.judged = x.joined[:0], x.judged[:0]
}

// flush moves all that waits for a checkpoint into a batch. What was removed is
// named until that is written.
func (x *index) flush(w *batch) {
	for _, b := range x.changedBlocks {
		w.put(hashKey(keyLinks, b.hash), func(e *types.Encoder) {
			e.Uint8(uint8(b.status))
			e.Hashes(b.children)
		})
		b.dirty = false
	}
	for _, h := range x.changedNodes {
		if n, ok := x.nodes.lookup(h); ok && n.dirty {
			w.put(hashKey(keyNode, h), n.Node.EncodeTo)
			n.dirty = false
		}
	}
	for _, h := range slices.SortedFunc(maps.Keys(x.removed), types.Hash.Compare) {
		for _, kind := range []byte{keyHeader, keyLinks, keyNode} {
			w.remove(hashKey(kind, h))
		}
	}
	x.changedBlocks, x.changedNodes = x.changedBlocks[:0], x.changedNodes[:0]
}

// age lets the caches forget all but what waits for a checkpoint.
func (x *index) age() {
	if x.blocks.full() {
		for _, b := range x.changedBlocks {
			x.blocks.lookup(b.hash)
		}
		x.blocks.age()
	}
	if x.nodes.full() {
		for _, h := range x.changedNodes {
			x.nodes.lookup(h)
		}
		x.nodes.age()
	}
}

// Parents implements dag.View.
func (x *index) Parents(h types.Hash) []types.Hash { return x.block(h).header.Parents }

// Data implements dag.View.
func (x *index) Data(h types.Hash) *dag.Data { return x.block(h).data }

// Work implements dag.View.
func (x *index) Work(h types.Hash) types.Uint256 { return x.block(h).work }

// IsAncestor implements dag.View.
func (x *index) IsAncestor(a, b types.Hash) bool { return x.reach.IsAncestor(a, b) }

// IsTreeAncestor reports whether a is on b's selected chain, or is b.
func (x *index) IsTreeAncestor(a, b types.Hash) bool { return x.reach.IsTreeAncestor(a, b) }

// Node implements dag.Nodes.
func (x *index) Node(h types.Hash) *dag.Node { return &x.node(h).Node }

func (x *index) node(h types.Hash) *node {
	if n, ok := x.nodes.lookup(h); ok {
		return n
	}
	n := new(node)
	raw := x.read(hashKey(keyNode, h))
	if raw == nil {
		panic(damaged("reachability of block %v is missing", h))
	}
	decodeRecord("reachability of block "+h.String(), raw, n.Node.DecodeFrom)
	x.nodes.put(h, n)
	return n
}

// Edit implements dag.Nodes.
func (x *index) Edit(h types.Hash) *dag.Node {
	n := x.node(h)
	x.changeNode(h, n)
	return &n.Node
}

// Create implements dag.Nodes.
func (x *index) Create(h types.Hash, n dag.Node) {
	created := &node{Node: n}
	x.nodes.put(h, created)
	x.changeNode(h, created)
}

// Delete implements dag.Nodes. The record goes with the block's.
func (x *index) Delete(h types.Hash) { x.nodes.remove(h) }

func (x *index) changeNode(h types.Hash, n *node) {
	if !n.dirty {
		n.dirty = true
		x.changedNodes = append(x.changedNodes, h)
	}
}

// encodeRecord returns an encoding led by the record version, as a batch has it.
func encodeRecord(encode func(e *types.Encoder)) []byte {
	var e types.Encoder
	e.Uint8(recordVersion)
	encode(&e)
	return e.Bytes()
}

// decodeRecord reads what encodeRecord wrote; a record that does not decode is
// damage.
func decodeRecord(what string, raw []byte, decode func(d *types.Decoder)) {
	if err := readRecord(raw, decode); err != nil {
		panic(damaged("%s: %w", what, err))
	}
}

func readRecord(raw []byte, decode func(d *types.Decoder)) error {
	d := types.NewDecoder(raw)
	if v := d.Uint8(); d.Err() == nil && v != recordVersion {
		d.Fail(fmt.Errorf("record version %d, this program reads %d", v, recordVersion))
	}
	decode(d)
	return d.Finish()
}
