package mining

import (
	"fmt"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A block is a block that was found, whoever has heard of it.
type block struct {
	hash   types.Hash
	header *types.Header
	work   types.Uint256 // its own
	chance float64       // that one hash meets its target
	miner  int
	made   float64 // when, in milliseconds of the simulation
	position
	parent  *block    // the selected one; nil for genesis
	blues   []*block  // of the merge set, the selected parent first
	arrives []float64 // when, by miner; nil while it is kept back
}

// A position is what the parents of a block decide about it.
type position struct {
	data       *dag.Data
	medianTime uint64 // past median time, milliseconds since 1970
	daaScore   uint64
	missed     uint64 // slots that the DAA score was forgiven here
	bits       uint32
	mergeRoot  types.Hash // merge-depth root
}

// A graph is all blocks of a simulation. It is the View of GHOSTDAG and of the
// rules.
type graph struct {
	*dag.Reachability
	params *params.Params
	blocks map[types.Hash]*block
	found  []*block // in order, without genesis
	top    *block   // the greatest, for reachability's sake
}

func newGraph(p *params.Params) *graph {
	genesis := &block{
		hash:     p.GenesisHash,
		header:   &p.Genesis.Header,
		miner:    -1,
		position: position{data: new(dag.Data), medianTime: p.Genesis.Header.Timestamp, mergeRoot: p.GenesisHash},
		arrives:  make([]float64, miners),
	}
	genesis.weigh(p, p.Engines[0].Anchor.Bits)
	return &graph{
		Reachability: dag.PlantGenesis(make(dag.MemoryNodes), p.GenesisHash),
		params:       p,
		blocks:       map[types.Hash]*block{p.GenesisHash: genesis},
		top:          genesis,
	}
}

// weigh sets what follows from the target that a block was mined at.
func (b *block) weigh(p *params.Params, bits uint32) {
	b.work = pow.BlockWork(p, b.header)
	b.chance = chanceOf(bits)
}

// chanceOf returns the chance of one hash to meet a target. The work of targets
// in use fits 64 bits.
func chanceOf(bits uint32) float64 {
	target, ok := pow.DecodeCompact(bits)
	work := pow.Work(target)
	if !ok || work.BitLen() > 64 {
		panic(fmt.Sprintf("mining: no simulation has the target %08x", bits))
	}
	return 1 / float64(work[0])
}

// Parents implements dag.View.
func (g *graph) Parents(h types.Hash) []types.Hash { return g.block(h).header.Parents }

// Data implements dag.View.
func (g *graph) Data(h types.Hash) *dag.Data { return g.block(h).data }

// Work implements dag.View.
func (g *graph) Work(h types.Hash) types.Uint256 { return g.block(h).work }

func (g *graph) block(h types.Hash) *block {
	b := g.blocks[h]
	if b == nil {
		panic(fmt.Sprintf("mining: block %v does not exist", h))
	}
	return b
}

func (g *graph) genesis() *block { return g.block(g.params.GenesisHash) }

// compare orders blocks by blue work, then by hash.
func compare(a, b *block) int {
	if c := a.data.BlueWork.Cmp(b.data.BlueWork); c != 0 {
		return c
	}
	return a.hash.Compare(b.hash)
}

// add judges a block by the positional rules and joins it to the graph.
func (g *graph) add(b *block) error {
	h := b.header
	want := &rules.Position{
		SelectedParent: b.data.SelectedParent,
		DAAScore:       b.daaScore,
		Bits:           b.bits,
		BlueScore:      b.data.BlueScore,
		BlueWork:       b.data.BlueWork,
		MedianTime:     b.medianTime,
		MergeSetSize:   len(b.data.Blues) + len(b.data.Reds),
	}
	if len(h.Parents) > g.params.MaxParents {
		return fmt.Errorf("block with %d parents", len(h.Parents))
	}
	if err := rules.ParentsUnrelated(g, h.Parents); err != nil {
		return err
	}
	if err := rules.HeaderPosition(g.params, h, want); err != nil {
		return err
	}
	if err := rules.BoundedMerge(g, b.mergeRoot, b.data); err != nil {
		return err
	}
	b.weigh(g.params, h.Bits)
	g.blocks[b.hash] = b
	g.found = append(g.found, b)
	b.parent = g.block(b.data.SelectedParent)
	for _, blue := range b.data.Blues {
		b.blues = append(b.blues, g.block(blue))
	}
	g.Add(b.hash, b.data.SelectedParent, dag.MergeSet(g, b.data)[1:])
	if compare(b, g.top) > 0 {
		g.top = b
		g.Hint(b.hash)
	}
	return nil
}
