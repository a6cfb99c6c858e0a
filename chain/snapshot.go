package chain

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Snapshot is what the chain looked like after some operation. It is
// immutable and shared by all readers.
type Snapshot struct {
	Sink           types.Hash // the tip of the selected chain
	SinkBlueScore  uint64
	SinkBlueWork   types.Uint256
	SinkDAAScore   uint64
	SinkTimestamp  uint64 // milliseconds since 1970
	SinkMedianTime uint64 // milliseconds since 1970

	Tips           []types.Hash // blocks with bodies that none extends, ascending
	VirtualParents []types.Hash // what the next block will build on, the sink first

	BlueScore     uint64 // of virtual, like all that follow
	DAAScore      uint64
	MedianTime    uint64 // milliseconds since 1970
	Bits          uint32 // the target of the next block
	PruningPoint  types.Hash
	FinalityPoint types.Hash
	MergeRootWork types.Uint256 // blue work of the merge-depth root: blocks of no more are not merged any more

	Headers        uint64 // headers stored
	Blocks         uint64 // of them with bodies
	UTXOCommitment types.Hash
	Supply         uint64           // jots unspent at the sink
	Coins          uint64           // unspent outputs at the sink
	Pending        *utxo.Acceptance // what virtual accepts on top of the sink's state
}

// Snapshot returns the latest snapshot. It never blocks.
func (m *Manager) Snapshot() *Snapshot { return m.snapshot.Load() }

func (m *Manager) publish() {
	sink, v := m.index.block(m.state.sink), m.virtual
	m.snapshot.Store(&Snapshot{
		Sink:           sink.hash,
		SinkBlueScore:  sink.data.BlueScore,
		SinkBlueWork:   sink.data.BlueWork,
		SinkDAAScore:   sink.daaScore,
		SinkTimestamp:  sink.header.Timestamp,
		SinkMedianTime: sink.medianTime,
		Tips:           slices.Clone(m.state.tips),
		VirtualParents: slices.Clone(v.parents),
		BlueScore:      v.data.BlueScore,
		DAAScore:       v.daaScore,
		MedianTime:     v.medianTime,
		Bits:           v.bits,
		PruningPoint:   v.pruning,
		FinalityPoint:  v.finality,
		MergeRootWork:  m.index.block(v.mergeRoot).data.BlueWork,
		Headers:        m.state.headers,
		Blocks:         m.state.blocks,
		UTXOCommitment: sink.header.UTXOCommitment,
		Supply:         m.state.unspent,
		Coins:          m.state.coins,
		Pending:        v.accepted,
	})
}
