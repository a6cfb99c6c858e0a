package chaintest

import (
	"math/rand/v2"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// A Shape says how a random DAG grows.
type Shape struct {
	Blocks  int
	Width   int     // recent blocks that a new one may not see yet, at most
	Private float64 // chance that a block starts a branch that is kept back
	Spend   float64 // chance that a block carries payments; parallel ones conflict often
	Bad     float64 // chance that a block commits to something wrong and cannot be a chain block
}

// RandomDAG adds a random DAG of valid blocks to a Builder and returns them in
// the order they were made. Blocks see the tips of some steps ago, as under
// delay; a private branch is built on its own until it is released.
func RandomDAG(b *Builder, s Shape, rng *rand.Rand) []types.Block {
	g := &grower{Builder: b, shape: s, rng: rng, now: b.Params.Genesis.Header.Timestamp}
	for range s.Blocks {
		g.grow()
	}
	return g.made
}

type grower struct {
	*Builder
	shape   Shape
	rng     *rand.Rand
	made    []types.Block
	private []types.Hash // the branch kept back
	now     uint64       // milliseconds
}

func (g *grower) grow() {
	switch {
	case len(g.private) > 0 && g.rng.Float64() < 0.5:
		g.private = append(g.private, g.add(g.private[len(g.private)-1:]))
	case g.rng.Float64() < g.shape.Private:
		tips := g.visible()
		g.private = []types.Hash{g.add(tips[:1])}
	default:
		g.add(g.visible())
	}
	if len(g.private) > 0 && g.rng.IntN(8) == 0 {
		g.private = nil // released: from now on its tip is seen
	}
}

// visible returns the tips that a new block sees: those of the blocks made
// before a random number of recent ones.
func (g *grower) visible() []types.Hash {
	lag := 0
	if g.shape.Width > 1 {
		lag = g.rng.IntN(g.shape.Width)
	}
	all := g.Oracle.list[:max(1, len(g.Oracle.list)-lag)]
	shunBad := g.shape.Bad > 0 && g.rng.Float64() < 0.8
	seen := slices.DeleteFunc(slices.Clone(all), func(b *Block) bool {
		return slices.Contains(g.private, b.Hash) || shunBad && !b.Qualified
	})
	var below bitset
	for _, b := range seen {
		below = below.union(b.past)
	}
	var tips []types.Hash
	for i := len(seen) - 1; i >= 0 && len(tips) < g.Params.MaxParents; i-- {
		if !below.has(seen[i].index) {
			tips = append(tips, seen[i].Hash)
		}
	}
	return g.mergeable(tips)
}

// mergeable drops tips until the limits on the merge set hold.
func (g *grower) mergeable(tips []types.Hash) []types.Hash {
	for len(tips) > 1 && g.Oracle.Mergeable(tips) != nil {
		tips = tips[:len(tips)-1]
	}
	return tips
}

// add makes a block on the given parents, sometimes with a payment that may
// conflict with one in a parallel block.
func (g *grower) add(parents []types.Hash) types.Hash {
	c := Content{
		Miner:     g.Wallet(miners[g.rng.IntN(len(miners))]).Address,
		Extra:     []byte{byte(len(g.made)), byte(len(g.made) >> 8)}, // twins would be one block
		Timestamp: g.clock(),
	}
	if g.rng.Float64() < g.shape.Spend {
		c.Transactions = g.payments(parents)
	}
	made := g.Oracle.Make(parents, c)
	if g.shape.Bad > 0 && g.rng.Float64() < g.shape.Bad {
		g.spoil(&made.Header)
		Solve(g.Params, &made)
	}
	g.Oracle.Add(made)
	g.made = append(g.made, made)
	return made.Hash()
}

// spoil changes what only chain blocks are held to.
func (g *grower) spoil(h *types.Header) {
	commitments := []*types.Hash{&h.UTXOCommitment, &h.AcceptedRoot, &h.PruningPoint}
	commitments[g.rng.IntN(len(commitments))][0] ^= 1
}

// clock returns timestamps that move on but not in order, with a stall now and
// then.
func (g *grower) clock() uint64 {
	g.now += uint64(g.rng.IntN(2 * int(g.Params.Spacing)))
	if g.rng.IntN(50) == 0 {
		g.now += g.Params.HalfLife
	}
	return g.now + uint64(g.rng.IntN(10_000))
}

var miners = []string{"alice", "bob", "carol"}

// payments returns a few payments that are valid on top of the parents. The
// coins are picked at random from few, so that parallel blocks conflict.
func (g *grower) payments(parents []types.Hash) []types.Transaction {
	var txs []types.Transaction
	at := g.Oracle.draft(parents)
	for _, name := range miners {
		from := g.Wallet(name)
		coins := g.Oracle.spendableBy(at, from)
		if len(coins) == 0 {
			continue
		}
		coin := coins[g.rng.IntN(len(coins))]
		value, ok := coin.Coin.Value.Sub(types.Jots(uint64(1 + g.rng.IntN(1000))))
		if !ok || value.IsZero() {
			continue
		}
		to := g.Wallet(miners[g.rng.IntN(len(miners))])
		tx := from.Pay(g.Params, []types.Output{{Value: value, Address: to.Address}}, coin)
		if tx.Mass < g.Params.BlockWeight/uint64(len(miners)) { // dust weighs too much for a block
			txs = append(txs, tx)
		}
	}
	return txs
}
