package chain_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// TestPruningPointMoves: on a plain chain the samples are the blocks whose scores
// are multiples of the finality depth, 10, and a block's pruning point is the
// highest that lies 30 below it.
func TestPruningPointMoves(t *testing.T) {
	p := steepNet(t)
	b := chaintest.NewBuilder(p)
	blocks := row(b, 'a', p.GenesisHash, 95)
	m := chaintest.Open(t, p)
	byScore := func(score int) types.Hash {
		if score <= 0 {
			return p.GenesisHash
		}
		return blocks[score-1].Hash()
	}
	for i := range blocks {
		score := i + 1
		want := byScore((score - 30) / 10 * 10)
		if got := blocks[i].Header.PruningPoint; got != want {
			t.Fatalf("block %d has pruning point %v, want %v", score, got, want)
		}
		if got := m.Snapshot().PruningPoint; got != want {
			t.Fatalf("before block %d virtual has pruning point %v, want %v", score, got, want)
		}
		for _, wrong := range []types.Hash{byScore((score-30)/10*10 + 10), byScore((score-30)/10*10 - 10), {1}} {
			if wrong != want && score%10 <= 1 {
				refusePruningPoint(t, m, blocks[i], wrong)
			}
		}
		mustTake(t, m, blocks[i])
		wantStatus(t, m, blocks[i].Hash(), chain.StatusChainValid)
	}
	mustVerify(t, m)
}

// refusePruningPoint holds that a block which names another pruning point is
// disqualified, and no more.
func refusePruningPoint(t *testing.T, m *chain.Manager, b types.Block, point types.Hash) {
	t.Helper()
	b.Header.PruningPoint = point
	chaintest.Solve(steepNet(t), &b)
	mustTake(t, m, b)
	info, err := m.Info(b.Hash())
	if err != nil || info.Status != chain.StatusDisqualified || !errors.Is(info.Reason, rules.ErrPruningPoint) {
		t.Fatalf("a block with pruning point %v is %v: %v %v", point, info.Status, info.Reason, err)
	}
}

// TestPruningPointOnWideChain: where blocks merge others, scores jump, and a
// sample is the first block of the chain in its epoch. The oracle wrote the
// headers.
func TestPruningPointOnWideChain(t *testing.T) {
	p := smallNet(2)
	p.MergeDepth, p.FinalityDepth, p.MergeSetLimit, p.PruningDepth = 9, 14, 8, 105
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	b := chaintest.NewBuilder(p)
	blocks := chaintest.RandomDAG(b, chaintest.Shape{Blocks: 280, Width: 4}, rand.New(rand.NewPCG(11, 11)))
	m := chaintest.Open(t, p)
	points := make(map[types.Hash]bool)
	jumps := 0
	for i := range blocks {
		mustTake(t, m, blocks[i])
		point := b.Oracle.Block(b.Oracle.Block(m.Snapshot().Sink).Header.PruningPoint)
		if !points[point.Hash] && point.BlueScore%p.FinalityDepth > 0 {
			jumps++
		}
		points[point.Hash] = true
	}
	compareWithOracle(t, b.Oracle, m)
	if len(points) < 6 || jumps == 0 {
		t.Errorf("%d pruning points, %d of them beyond the start of their epoch", len(points), jumps)
	}
}

// TestPrunedIsNotInvalid offers blocks around the pruning point. One whose
// parents all lie outside its future is refused, as often as it comes, and leaves
// nothing behind; before the point moved, it was fine.
func TestPrunedIsNotInvalid(t *testing.T) {
	p := steepNet(t)
	b := chaintest.NewBuilder(p)
	early := row(b, 's', p.GenesisHash, 3)
	ours := row(b, 'a', p.GenesisHash, 39) // virtual's score is 40, its pruning point ours[9]
	side := row(b, 'b', ours[8].Hash(), 2) // a known branch beside the point
	s := store.NewMemory()
	m := open(t, p, s)
	addRow(t, m, append(early[:1:1], ours[:20]...))
	addRow(t, m, side[:1])
	addRow(t, m, ours[20:])
	if point := m.Snapshot().PruningPoint; point != ours[9].Hash() {
		t.Fatalf("the pruning point is %v, want %v", point, ours[9].Hash())
	}
	before := contents(t, s)
	for name, late := range map[string]types.Block{
		"on genesis":            row(b, 'g', p.GenesisHash, 1)[0],
		"on a branch":           early[1],
		"beside the point":      row(b, 'c', ours[8].Hash(), 1)[0],
		"on what is beside it":  side[1],
		"on two that lie aside": b.Oracle.Make([]types.Hash{early[0].Hash(), side[0].Hash()}, chaintest.Content{}),
	} {
		for range 2 {
			for _, err := range []error{m.AddBlock(late), m.AddHeader(late.Header)} {
				if !errors.Is(err, chain.ErrPruned) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	var unknown *chain.UnknownParentsError
	if err := m.AddBlock(early[2]); !errors.As(err, &unknown) || unknown.Parents[0] != early[1].Hash() {
		t.Errorf("a block on a refused one: %v", err)
	}
	if !maps.Equal(before, contents(t, s)) {
		t.Error("the store changed")
	}
	mustTake(t, m, row(b, 'd', ours[9].Hash(), 1)[0]) // on the point itself
	mixed := b.Oracle.Make([]types.Hash{ours[38].Hash(), side[0].Hash()}, chaintest.Content{})
	if err := m.AddBlock(mixed); !errors.Is(err, rules.ErrBoundedMerge) {
		t.Errorf("merging from beside the point: %v", err)
	}
	mustVerify(t, m)

	earlier := chaintest.Open(t, p)
	addRow(t, earlier, append(early, ours[:38]...))
	addRow(t, earlier, side)
}
