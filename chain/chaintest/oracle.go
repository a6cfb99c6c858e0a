package chaintest

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// An Oracle is a naive twin of the chain. It takes every block that is added to
// it at its word; Qualified says what the chain should think of it.
type Oracle struct {
	Params *params.Params

	blocks map[types.Hash]*Block
	list   []*Block // by index
	ledger ledger
}

// A Block is a block in an Oracle and all that follows from its past.
type Block struct {
	types.Block
	Hash  types.Hash
	index int
	past  bitset // strict

	SelectedParent *Block // nil for genesis
	Blues, Reds    []*Block
	merged         []*Block // the merge set in consensus order, the selected parent first
	blueSet        bitset   // all blues of its past, from its view
	BlueScore      uint64
	blueWork       *big.Int
	work           *big.Int // its own
	Height         uint64   // selected-parent steps from genesis
	MedianTime     uint64
	DAAScore       uint64
	bits           uint32
	history        rules.Peaks

	entry
	Qualified bool
}

// NewOracle returns an Oracle that knows genesis.
func NewOracle(p *params.Params) *Oracle {
	o := &Oracle{Params: p, blocks: make(map[types.Hash]*Block)}
	genesis := &Block{
		Block:      p.Genesis,
		Hash:       p.GenesisHash,
		blueWork:   new(big.Int),
		work:       bigWork(p, &p.Genesis.Header),
		MedianTime: p.Genesis.Header.Timestamp,
		bits:       p.Genesis.Header.Bits,
		Qualified:  true,
	}
	o.insert(genesis)
	return o
}

func (o *Oracle) insert(b *Block) {
	b.index = len(o.list)
	o.list = append(o.list, b)
	o.blocks[b.Hash] = b
}

// Block returns a block that was added before.
func (o *Oracle) Block(h types.Hash) *Block {
	b := o.blocks[h]
	if b == nil {
		panic(fmt.Sprintf("chaintest: block %v is not in the oracle", h))
	}
	return b
}

// Bits returns the target that the block must have, compact.
func (b *Block) Bits() uint32 { return b.bits }

// Blocks returns all blocks in the order they were added.
func (o *Oracle) Blocks() []*Block { return slices.Clone(o.list) }

// Ancestor reports whether a is in the past of b.
func (o *Oracle) Ancestor(a, b *Block) bool { return b.past.has(a.index) }

// order is consensus order: by blue work, then by hash.
func order(a, b *Block) int {
	if c := a.blueWork.Cmp(b.blueWork); c != 0 {
		return c
	}
	return a.Hash.Compare(b.Hash)
}

// placed returns a block on top of the given parents with its place in the DAG;
// it has no content and is not in the Oracle.
func (o *Oracle) placed(parents []types.Hash) *Block {
	b := &Block{index: -1}
	for _, h := range parents {
		p := o.Block(h)
		b.past = b.past.union(p.past).with(p.index)
		if b.SelectedParent == nil || order(p, b.SelectedParent) > 0 {
			b.SelectedParent = p
		}
	}
	o.colour(b)
	return b
}

// draft returns a placed block with all that follows from its parents.
func (o *Oracle) draft(parents []types.Hash) *Block {
	b := o.placed(parents)
	b.Height = b.SelectedParent.Height + 1
	b.MedianTime = o.medianTime(b)
	b.DAAScore = o.daaScore(b)
	b.bits = rules.RequiredBits(o.Params, b.DAAScore, b.MedianTime)
	b.history = o.history(b)
	b.entry = o.apply(b)
	return b
}

// medianTime is the definition of consensus section 5, word for word.
func (o *Oracle) medianTime(b *Block) uint64 {
	var window []uint64
	for x := b.SelectedParent; x != nil; x = x.SelectedParent {
		window = append(window, x.Header.Timestamp)
		for i := len(x.Blues) - 1; i > 0; i-- {
			window = append(window, x.Blues[i].Header.Timestamp)
		}
	}
	window = window[:min(len(window), o.Params.MedianTimeSpan)]
	slices.Sort(window)
	return max(b.SelectedParent.MedianTime, window[len(window)/2])
}

func (o *Oracle) daaScore(b *Block) uint64 {
	sp := b.SelectedParent
	score := sp.DAAScore
	for _, m := range b.merged {
		if o.inWindow(m, sp) {
			score++
		}
	}
	if late := int64(b.MedianTime) - int64(sp.MedianTime) - int64(o.Params.HalfLife/4); late > 0 {
		score += uint64(late) / o.Params.Spacing
	}
	return score
}

func (o *Oracle) inWindow(m, sp *Block) bool {
	return m.SelectedParent != nil && m.BlueScore+o.Params.HalfLife/o.Params.Spacing >= sp.BlueScore
}

// history rebuilds the history of a block from its first leaf.
func (o *Oracle) history(b *Block) (peaks rules.Peaks) {
	var chain []*Block
	for x := b.SelectedParent; x != nil; x = x.SelectedParent {
		chain = append(chain, x)
	}
	for _, x := range slices.Backward(chain) {
		var others []types.Hash
		for i, m := range x.merged {
			if i > 0 {
				others = append(others, m.Hash)
			}
		}
		peaks = peaks.Append(rules.HistoryLeaf(x.Hash, others, uint256(x.blueWork)))
	}
	return peaks
}

// chainBelow returns the highest block of the chain below b with a blue score
// that much lower, else genesis.
func (o *Oracle) chainBelow(b *Block, depth uint64) *Block {
	for x := b.SelectedParent; x != nil; x = x.SelectedParent {
		if x.BlueScore+depth < b.BlueScore {
			return x
		}
	}
	return o.list[0]
}

// FinalityPoint returns the highest block of the chain below b that is deeper
// than the finality depth, else genesis.
func (o *Oracle) FinalityPoint(b *Block) *Block { return o.chainBelow(b, o.Params.FinalityDepth) }

// PruningPoint returns the highest sample below b that is deep enough, else
// genesis.
func (o *Oracle) PruningPoint(b *Block) *Block {
	for x := b.SelectedParent; x.SelectedParent != nil; x = x.SelectedParent {
		epoch, below := x.BlueScore/o.Params.FinalityDepth, x.SelectedParent.BlueScore/o.Params.FinalityDepth
		if epoch > below && x.BlueScore+o.Params.PruningDepth <= b.BlueScore {
			return x
		}
	}
	return o.list[0]
}

// Content is what a made block carries beside what its place demands.
type Content struct {
	Miner        types.Address
	Extra        []byte
	Transactions []types.Transaction
	Timestamp    uint64 // milliseconds; 0 means one past the median time
}

// Make returns a valid block on the given parents, in any order, with its proof
// of work. It is not added.
func (o *Oracle) Make(parents []types.Hash, c Content) types.Block {
	b := o.draft(parents)
	subsidy := rules.Subsidy(o.Params, b.DAAScore)
	own := rules.CoinbasePayload{BlueScore: b.BlueScore, Subsidy: subsidy, Miner: c.Miner, Extra: c.Extra}
	made := types.Block{Transactions: append([]types.Transaction{o.coinbase(b, own)}, c.Transactions...)}
	made.Header = types.Header{
		Version:        o.Params.RuleSetAt(b.DAAScore).HeaderVersion,
		Parents:        o.parentOrder(b, parents),
		MerkleRoot:     types.MerkleRootOf(made.Transactions),
		AcceptedRoot:   b.acceptedRoot(),
		UTXOCommitment: b.commitment.Hash(),
		Timestamp:      max(c.Timestamp, b.MedianTime+1),
		Bits:           b.bits,
		DAAScore:       b.DAAScore,
		BlueWork:       uint256(b.blueWork),
		BlueScore:      b.BlueScore,
		PruningPoint:   o.PruningPoint(b).Hash,
		HistoryRoot:    b.history.Root(),
	}
	Solve(o.Params, &made)
	return made
}

func (o *Oracle) parentOrder(b *Block, parents []types.Hash) []types.Hash {
	sp := b.SelectedParent.Hash
	sorted := slices.DeleteFunc(slices.Clone(parents), func(h types.Hash) bool { return h == sp })
	slices.SortFunc(sorted, types.Hash.Compare)
	return append([]types.Hash{sp}, sorted...)
}

// Add puts a block in, valid or not; its parents must be there.
func (o *Oracle) Add(made types.Block) *Block {
	b := o.draft(made.Header.Parents)
	b.Block = made
	b.Hash = made.Hash()
	b.work = bigWork(o.Params, &made.Header)
	b.Qualified = b.SelectedParent.Qualified && o.qualifies(b)
	o.insert(b)
	return b
}

// Sink returns the greatest qualified block. It knows no finality.
func (o *Oracle) Sink() *Block {
	sink := o.list[0]
	for _, b := range o.list {
		if b.Qualified && order(b, sink) > 0 {
			sink = b
		}
	}
	return sink
}

// Coins returns the unspent coins after a block.
func (o *Oracle) Coins(b *Block) utxo.Coins { return o.ledger.at(b) }

// Solve finds the nonce of a block by trial.
func Solve(p *params.Params, b *types.Block) {
	engine, ok := pow.ByID(p.EngineAt(b.Header.DAAScore).ID)
	if !ok {
		panic("chaintest: unknown engine " + p.EngineAt(b.Header.DAAScore).ID)
	}
	target, ok := pow.DecodeCompact(b.Header.Bits)
	if !ok {
		panic(fmt.Sprintf("chaintest: bits %08x are no target", b.Header.Bits))
	}
	nonce, found := engine.Prepare(b.Header.PrePoWHash()).Search(target, b.Header.Timestamp, 0, 1<<24)
	if !found {
		panic("chaintest: no nonce found; tests need an easy target")
	}
	b.Header.Nonce = nonce
}

// bigWork is ⌊2²⁵⁶/(T+1)⌋ in big integers; tests keep the factor 1/1.
func bigWork(p *params.Params, h *types.Header) *big.Int {
	size, mantissa := h.Bits>>24, h.Bits&0x7fffff
	target := new(big.Int).Lsh(big.NewInt(int64(mantissa)), uint(8*(size-3)))
	engine := p.EngineAt(h.DAAScore)
	num := new(big.Int).Mul(new(big.Int).Lsh(big.NewInt(1), 256), new(big.Int).SetUint64(engine.Num))
	den := new(big.Int).Mul(target.Add(target, big.NewInt(1)), new(big.Int).SetUint64(engine.Den))
	work := num.Quo(num, den)
	if work.Sign() == 0 {
		return big.NewInt(1)
	}
	return work
}

func uint256(n *big.Int) types.Uint256 {
	var b [32]byte
	n.FillBytes(b[:])
	return types.Uint256FromBigEndian(b)
}
