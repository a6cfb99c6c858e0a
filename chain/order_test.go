package chain_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

var dags = flag.Int("dags", 12, "number of random DAGs to try")

// smallNet is simnet with a small k and little maturity, so that small DAGs have
// reds and payments.
func smallNet(k int) *params.Params {
	p := params.SimNet()
	p.K = k
	p.CoinbaseMaturity = 3
	return p
}

// randomNet returns a small network: half the time with blocks of differing work
// and a window so short that blocks fall out of it, half the time with merge sets
// so small that branches are merged by and by.
func randomNet(rng *rand.Rand) *params.Params {
	p := smallNet(rng.IntN(5))
	if rng.IntN(2) == 0 {
		p.NoRetarget = false
		p.HalfLife = 1000 * uint64(3+rng.IntN(20))
	}
	if rng.IntN(2) == 0 {
		p.MergeSetLimit = p.K + 1 + rng.IntN(6)
	}
	return p
}

// TestAnyOrder grows random DAGs with conflicting payments and blocks that commit
// to something wrong, and holds the chain against the oracle for every way in
// which they may arrive.
func TestAnyOrder(t *testing.T) {
	var seen census
	for seed := range *dags {
		arriveAnyhow(t, seed, &seen)
	}
	t.Logf("%d DAGs, %d ways each: %+v", *dags, len(arrivals), seen)
	if seen.reds == 0 || seen.disqualified == 0 || seen.accepted == 0 || seen.accepted == seen.payments {
		t.Error("the DAGs are too tame")
	}
}

func arriveAnyhow(t *testing.T, seed int, seen *census) {
	way := arrivals[0]
	defer func() {
		if t.Failed() {
			t.Logf("seed %d, %s", seed, way.name)
		}
	}()
	rng := rand.New(rand.NewPCG(uint64(seed), 1))
	p := randomNet(rng)
	b := chaintest.NewBuilder(p)
	shape := chaintest.Shape{Blocks: 10 + rng.IntN(50), Width: 1 + rng.IntN(6), Private: rng.Float64() / 4, Spend: rng.Float64(), Bad: rng.Float64() / 8}
	blocks := chaintest.RandomDAG(b, shape, rng)
	virtual := b.Oracle.Virtual(b.Oracle.Sink())
	seen.count(b.Oracle, virtual)
	var i int
	for i, way = range arrivals {
		m := chaintest.Open(t, p)
		way.run(&arrival{t: t, m: m, blocks: blocks, rng: rng})
		compareVirtual(t, b.Oracle, virtual, m)
		compareCoins(t, b.Oracle, m)
		if i == seed%len(arrivals) {
			compareBlocks(t, b.Oracle, m)
		}
	}
}

// A census says what random DAGs are made of.
type census struct{ blocks, reds, disqualified, payments, accepted int }

func (c *census) count(o *chaintest.Oracle, virtual *chaintest.Block) {
	for _, b := range o.Blocks() {
		c.blocks++
		c.reds += len(b.Reds)
		c.payments += len(b.Transactions) - 1
		if !b.Qualified {
			c.disqualified++
		}
	}
	for x := virtual; x.SelectedParent != nil; x = x.SelectedParent {
		c.accepted += len(x.Accepted())
		if len(x.SelectedParent.Transactions[0].Outputs) > 0 {
			c.accepted-- // its coinbase
		}
	}
}

// compareWithOracle holds all that a Manager says against the oracle, where no
// block is off the finality point.
func compareWithOracle(t *testing.T, o *chaintest.Oracle, m *chain.Manager) {
	t.Helper()
	compareVirtual(t, o, o.Virtual(o.Sink()), m)
	compareCoins(t, o, m)
	compareBlocks(t, o, m)
}

// compareVirtual holds all that a snapshot says of virtual against the oracle.
func compareVirtual(t *testing.T, o *chaintest.Oracle, want *chaintest.Block, m *chain.Manager) {
	t.Helper()
	s := m.Snapshot()
	if s.Sink != want.SelectedParent.Hash || !slices.Equal(s.VirtualParents, want.Header.Parents) {
		t.Fatalf("virtual is on %v, the oracle's on %v", s.VirtualParents, want.Header.Parents)
	}
	if s.BlueScore != want.BlueScore || s.DAAScore != want.DAAScore || s.MedianTime != want.MedianTime || s.Bits != want.Bits() {
		t.Errorf("virtual is %+v, the oracle says score %d, daa %d, median time %d, bits %08x", s, want.BlueScore, want.DAAScore, want.MedianTime, want.Bits())
	}
	if finality, pruning := o.FinalityPoint(want).Hash, o.PruningPoint(want).Hash; s.FinalityPoint != finality || s.PruningPoint != pruning {
		t.Errorf("finality point %v, pruning point %v, the oracle says %v and %v", s.FinalityPoint, s.PruningPoint, finality, pruning)
	}
	if !slices.Equal(s.Pending.TxIDs(), want.Accepted()) {
		t.Errorf("virtual accepts %v, the oracle %v", s.Pending.TxIDs(), want.Accepted())
	}
}

// compareCoins replays the order of acceptance up to the sink.
func compareCoins(t *testing.T, o *chaintest.Oracle, m *chain.Manager) {
	t.Helper()
	sink := o.Block(m.Snapshot().Sink)
	f := newFollower()
	f.pull(t, m, 7)
	f.compare(t, m)
	if !f.equal(o.Coins(sink)) {
		t.Errorf("the coins are not the oracle's")
	}
	var accepted []types.Hash
	for x := sink; x != nil; x = x.SelectedParent {
		accepted = append(append([]types.Hash{x.Hash}, x.Accepted()...), accepted...)
	}
	if !slices.Equal(f.accepted, accepted) {
		t.Errorf("the order of acceptance is not the oracle's")
	}
}

// compareBlocks holds every block against the oracle, and the store against the
// rules.
func compareBlocks(t *testing.T, o *chaintest.Oracle, m *chain.Manager) {
	t.Helper()
	for _, want := range o.Blocks() {
		info, err := m.Info(want.Hash)
		if err != nil {
			t.Fatal(err)
		}
		if info.MedianTime != want.MedianTime || info.Height != want.Height || !sameBlocks(info.Blues, want.Blues) || !sameBlocks(info.Reds, want.Reds) {
			t.Errorf("block %v is %+v, the oracle says %+v", want.Hash, info, want)
		}
		if !want.Qualified && info.Status == chain.StatusChainValid || want.Qualified && info.Status == chain.StatusDisqualified {
			t.Errorf("block %v is %v, the oracle says qualified: %v", want.Hash, info.Status, want.Qualified)
		}
	}
	if _, err := m.Verify(context.Background(), nil); err != nil {
		t.Error(err)
	}
}

func sameBlocks(got []types.Hash, want []*chaintest.Block) bool {
	return slices.EqualFunc(got, want, func(h types.Hash, b *chaintest.Block) bool { return h == b.Hash })
}
