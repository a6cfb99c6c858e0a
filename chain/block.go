package chain

import (
	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Status is how much of a block is here and how far it was judged.
type Status uint8

// The states of a stored block; see the package documentation.
const (
	StatusHeaderOnly Status = iota + 1
	StatusBodyValid
	StatusChainValid
	StatusDisqualified
)

// String returns the status in words.
func (s Status) String() string {
	switch s {
	case StatusHeaderOnly:
		return "header-only"
	case StatusBodyValid:
		return "body-valid"
	case StatusChainValid:
		return "chain-valid"
	case StatusDisqualified:
		return "disqualified"
	}
	return "unknown"
}

// HasBody reports whether the block's transactions are here and valid.
func (s Status) HasBody() bool { return s >= StatusBodyValid && s <= StatusDisqualified }

// A block is a stored header, what its past makes of it, and the two things
// that change: its status and its children. It belongs to the index.
type block struct {
	hash   types.Hash
	header *types.Header
	work   types.Uint256 // its own
	position

	status   Status
	children []types.Hash
	dirty    bool // in the index's list of blocks that wait for a checkpoint
	judged   bool // in the index's list of blocks that got a status
}

// rank returns the block's place in consensus order.
func (b *block) rank() dag.Rank { return dag.Rank{Work: b.data.BlueWork, Hash: b.hash} }

func compareBlocks(a, b *block) int { return a.rank().Compare(b.rank()) }

// A position is everything that a block's parents decide about it, before its
// own content is looked at. Virtual has one too.
type position struct {
	data       *dag.Data
	height     uint64 // selected-parent steps from genesis
	medianTime uint64 // past median time, milliseconds
	daaScore   uint64
	bits       uint32
	history    rules.Peaks // of the selected chain, genesis to the selected parent
	older      types.Hash  // the chain block whose history is this one's without its newest peak
	mergeRoot  types.Hash  // merge-depth root
	finality   types.Hash  // finality point
	sample     types.Hash  // the highest pruning sample below the block
	pruning    types.Hash  // pruning point
}

// place returns where locks and maturity are judged for what a block in this
// position accepts.
func (p *position) place() rules.Place {
	return rules.Place{BlueScore: p.data.BlueScore, MedianTime: p.medianTime}
}

func (p *position) encodeTo(e *types.Encoder) {
	p.data.EncodeTo(e)
	e.Uint64(p.height)
	e.Uint64(p.medianTime)
	e.Uint64(p.daaScore)
	e.Uint32(p.bits)
	if p.height > 0 {
		p.history.Newest().EncodeTo(e)
	}
	p.older.EncodeTo(e)
	p.mergeRoot.EncodeTo(e)
	p.finality.EncodeTo(e)
	p.sample.EncodeTo(e)
	p.pruning.EncodeTo(e)
}

// decodeFrom reads a position but for its history, of which it returns the newest
// peak.
func (p *position) decodeFrom(d *types.Decoder) (newest rules.HistoryNode) {
	p.data = new(dag.Data)
	p.data.DecodeFrom(d)
	p.height = d.Uint64()
	p.medianTime = d.Uint64()
	p.daaScore = d.Uint64()
	p.bits = d.Uint32()
	if p.height > 0 {
		newest.DecodeFrom(d)
	}
	p.older.DecodeFrom(d)
	p.mergeRoot.DecodeFrom(d)
	p.finality.DecodeFrom(d)
	p.sample.DecodeFrom(d)
	p.pruning.DecodeFrom(d)
	return newest
}
