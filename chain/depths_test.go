package chain_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// shallowNet returns a network whose merge, finality and pruning depths are a
// few blocks. The merge depth is large enough that a block which does not see the
// merge-depth root is never blue, and finality that much larger that the tips
// passed over for its sake could not be merged.
func shallowNet(t *testing.T, rng *rand.Rand) *params.Params {
	t.Helper()
	p := smallNet(rng.IntN(3))
	p.MergeDepth = uint64(max(2, p.K*p.K) + rng.IntN(4))
	p.FinalityDepth = p.MergeDepth + uint64(p.K+1+rng.IntN(5))
	p.MergeSetLimit = p.K + 1 + rng.IntN(4)
	k, limit := uint64(p.K), uint64(p.MergeSetLimit)
	p.PruningDepth = p.FinalityDepth + 2*p.MergeDepth + 4*limit*k + 2*k + 2 + uint64(rng.IntN(4))
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDepthsAreTheOracles lets miners, rivals and fools loose on networks of
// small depths. After every block the sink, virtual, the finality point and the
// pruning point are the oracle's; a block that breaks a limit is refused for
// that very limit.
func TestDepthsAreTheOracles(t *testing.T) {
	var all tally
	for seed := range max(2, *dags/4) {
		rng := rand.New(rand.NewPCG(uint64(seed), 2))
		d := newDuel(t, shallowNet(t, rng), rng)
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("seed %d, block %d", seed, d.serial)
			}
		})
		for range 110 {
			d.step()
		}
		compareCoins(t, d.Oracle, d.m)
		compareBlocks(t, d.Oracle, d.m)
		all.add(d.tally)
	}
	t.Logf("%+v", all)
	if *dags >= 8 && all.hasZero() {
		t.Errorf("not everything happened: %+v", all)
	}
}

// A tally counts what happened.
type tally struct {
	Reorgs, ReorgsAtFinality  int // the latter leave the chain at the finality point
	RefusedByFinality         int // blocks heavier than the sink that it may not be, for this alone
	RefusedBelowFinality      int // of them those that leave the chain one block below the point
	PruningMoves              int
	Pruned, MergeSet, Bounded int // refused for that limit
	Disqualified              int
}

func (c *tally) fields() []*int {
	return []*int{
		&c.Reorgs, &c.ReorgsAtFinality, &c.RefusedByFinality, &c.RefusedBelowFinality,
		&c.PruningMoves, &c.Pruned, &c.MergeSet, &c.Bounded, &c.Disqualified,
	}
}

func (c *tally) add(other tally) {
	for i, n := range other.fields() {
		*c.fields()[i] += *n
	}
}

func (c *tally) hasZero() bool {
	for _, n := range c.fields() {
		if *n == 0 {
			return true
		}
	}
	return false
}

// A duel gives the same blocks to a Manager and to an oracle that knows what the
// Manager knows, its finality included.
type duel struct {
	*chaintest.Builder
	tally
	t       *testing.T
	store   *store.Memory
	m       *chain.Manager
	rng     *rand.Rand
	virtual *chaintest.Block
	serial  int
	rival   types.Hash // tip of a branch that is to overtake the chain
	left    int        // blocks it still gets
}

func newDuel(t *testing.T, p *params.Params, rng *rand.Rand) *duel {
	d := &duel{Builder: chaintest.NewBuilder(p), t: t, store: store.NewMemory(), rng: rng}
	d.m = open(t, p, d.store)
	d.virtual = d.Oracle.Virtual(d.Oracle.Sink())
	return d
}

// step makes a block and gives it to both.
func (d *duel) step() {
	d.t.Helper()
	parents := d.unrelated(d.propose())
	d.serial++
	made := d.Oracle.Make(parents, chaintest.Content{Extra: []byte{byte(d.serial), byte(d.serial >> 8)}})
	if d.rng.IntN(20+100*min(d.left, 1)) == 0 {
		d.spoil(&made)
	}
	if d.rng.IntN(25) == 0 { // a restart forgets what is invalid, not what is final
		d.m = open(d.t, d.Params, d.store)
	}
	want := d.verdict(parents)
	if err := d.m.AddBlock(made); !errors.Is(err, want) {
		d.t.Fatalf("block on %v: %v, want %v", parents, err, want)
	}
	if want != nil {
		d.left = 0
		d.refusedAgain(&made, want)
		return
	}
	d.Oracle.Add(made)
	d.advance()
	if d.left > 0 {
		d.rival = made.Hash()
		d.left--
	}
}

// spoil makes a block claim another pruning point than its own, or other coins.
func (d *duel) spoil(b *types.Block) {
	claims := d.Oracle.Blocks()
	if d.rng.IntN(2) == 0 {
		b.Header.UTXOCommitment[0] ^= 1
	} else if claim := claims[d.rng.IntN(len(claims))].Hash; claim != b.Header.PruningPoint {
		b.Header.PruningPoint = claim
	}
	chaintest.Solve(d.Params, b)
}

// advance moves the oracle's sink under the finality of the virtual before, and
// compares.
func (d *duel) advance() {
	d.t.Helper()
	before, finality := d.virtual.SelectedParent, d.Oracle.FinalityPoint(d.virtual)
	pruning := d.Oracle.PruningPoint(d.virtual)
	sink := d.Oracle.SinkAbove(finality)
	d.countSinks(before, sink, finality)
	d.virtual = d.Oracle.Virtual(sink)
	compareVirtual(d.t, d.Oracle, d.virtual, d.m)
	if d.Oracle.PruningPoint(d.virtual) != pruning {
		d.PruningMoves++
	}
	if added := d.Oracle.Blocks(); !added[len(added)-1].Qualified {
		d.Disqualified++
	}
}

// countSinks counts reorganisations and refusals by how they stand to finality.
func (d *duel) countSinks(before, sink, finality *chaintest.Block) {
	if free := d.Oracle.Sink(); free != sink {
		d.RefusedByFinality++
		if fork(free, sink) == finality.SelectedParent {
			d.RefusedBelowFinality++
		}
	}
	if at := fork(before, sink); at != before {
		d.Reorgs++
		if at == finality {
			d.ReorgsAtFinality++
		}
	}
}

// fork returns the highest block that two chains share.
func fork(a, b *chaintest.Block) *chaintest.Block {
	for a != b {
		if a.Height > b.Height {
			a = a.SelectedParent
		} else {
			b = b.SelectedParent
		}
	}
	return a
}

// verdict returns the limit that a block with these parents breaks, in the order
// in which they are checked, or nil.
func (d *duel) verdict(parents []types.Hash) error {
	point := d.Oracle.PruningPoint(d.virtual)
	pruned := true
	for _, h := range parents {
		p := d.Oracle.Block(h)
		pruned = pruned && p != point && !d.Oracle.Ancestor(point, p)
	}
	if pruned {
		return chain.ErrPruned
	}
	return d.Oracle.Mergeable(parents)
}

// refusedAgain offers a block again that was refused: one that broke a rule is
// known by then, one below the pruning point is not.
func (d *duel) refusedAgain(b *types.Block, want error) {
	d.t.Helper()
	switch want {
	case chain.ErrPruned:
		d.Pruned++
	case rules.ErrMergeSetSize:
		d.MergeSet++
	case rules.ErrBoundedMerge:
		d.Bounded++
	}
	if want != chain.ErrPruned {
		want = chain.ErrKnownInvalid
	}
	for _, err := range []error{d.m.AddBlock(*b), d.m.AddHeader(b.Header)} {
		if !errors.Is(err, want) {
			d.t.Fatalf("block %v again: %v, want %v", b.Hash(), err, want)
		}
	}
}

// propose returns parents for the next block.
func (d *duel) propose() []types.Hash {
	if d.left > 0 {
		return d.advanceRival()
	}
	n := d.rng.IntN(100)
	sink := d.virtual.SelectedParent
	switch {
	case n < 55:
		return d.m.Snapshot().VirtualParents
	case n < 65: // a block beside the sink
		return []types.Hash{d.below(sink, d.rng.IntN(3))}
	case n < 75: // blocks that may be too many or too old to merge
		return append([]types.Hash{sink.Hash}, d.recent(), d.recent(), d.recent())
	case n < 82:
		return []types.Hash{d.recent(), d.recent()}
	case n < 88: // around the pruning point, or anywhere
		return []types.Hash{d.recentTo(d.serial)}
	case n < 92:
		point := d.Oracle.PruningPoint(d.virtual)
		return []types.Hash{d.below(point, d.rng.IntN(2))}
	}
	// A rival leaves the chain about as deep as finality allows.
	depth := int(d.Params.FinalityDepth) - 2 + d.rng.IntN(5)
	d.rival = d.below(sink, depth)
	d.left = 2*depth + 4
	return []types.Hash{d.rival}
}

// advanceRival lets the rival merge a block of the chain now and then, perhaps
// the finality point: that does not put it on the rival's chain.
func (d *duel) advanceRival() []types.Hash {
	rival, sink := d.Oracle.Block(d.rival), d.virtual.SelectedParent
	above := int(sink.Height - fork(rival, sink).Height)
	parents := []types.Hash{d.rival, d.below(sink, max(0, above-1-d.rng.IntN(3)))}
	if d.rng.IntN(2) == 0 || d.Oracle.Mergeable(parents) != nil {
		return parents[:1]
	}
	return parents
}

// below returns the block of a chain so many blocks down, or genesis.
func (d *duel) below(b *chaintest.Block, steps int) types.Hash {
	for ; steps > 0 && b.SelectedParent != nil; steps-- {
		b = b.SelectedParent
	}
	return b.Hash
}

func (d *duel) recent() types.Hash { return d.recentTo(3 * int(d.Params.MergeDepth)) }

// recentTo returns one of the last n blocks.
func (d *duel) recentTo(n int) types.Hash {
	blocks := d.Oracle.Blocks()
	return blocks[len(blocks)-1-d.rng.IntN(min(n+1, len(blocks)))].Hash
}

// unrelated leaves out what others have in their past.
func (d *duel) unrelated(blocks []types.Hash) (parents []types.Hash) {
	for i, h := range blocks {
		below := false
		for j, other := range blocks {
			below = below || d.Oracle.Ancestor(d.Oracle.Block(h), d.Oracle.Block(other)) || j < i && h == other
		}
		if !below {
			parents = append(parents, h)
		}
	}
	return parents
}
