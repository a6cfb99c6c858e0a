package chain_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

var dags = flag.Int("dags", 20, "number of random DAGs to try")

// smallNet is simnet with a small k and little maturity, so that small DAGs have
// reds and payments.
func smallNet(k int) *params.Params {
	p := params.SimNet()
	p.K = k
	p.CoinbaseMaturity = 3
	return p
}

// TestAnyOrder holds the chain against the oracle on random DAGs, and against
// itself under other topological orders of arrival.
func TestAnyOrder(t *testing.T) {
	for seed := range *dags {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		p := smallNet(rng.IntN(5))
		b := chaintest.NewBuilder(p)
		shape := chaintest.Shape{Blocks: 20 + rng.IntN(60), Width: 1 + rng.IntN(6), Private: rng.Float64() / 4, Spend: rng.Float64()}
		blocks := chaintest.RandomDAG(b, shape, rng)
		first := replay(t, p, blocks)
		compareWithOracle(t, seed, b, first)
		for range 3 {
			other := replay(t, p, shuffled(blocks, rng))
			compareManagers(t, seed, first, other)
		}
	}
}

func replay(t *testing.T, p *params.Params, blocks []types.Block) *chain.Manager {
	t.Helper()
	m := chaintest.Open(t, p)
	for i := range blocks {
		if err := m.AddBlock(blocks[i]); err != nil {
			t.Fatalf("block %d of %d: %v", i, len(blocks), err)
		}
	}
	return m
}

// shuffled returns another topological order of the same blocks.
func shuffled(blocks []types.Block, rng *rand.Rand) []types.Block {
	var order []types.Block
	waiting := make(map[types.Hash]bool)
	for i := range blocks {
		waiting[blocks[i].Hash()] = true
	}
	left := append([]types.Block(nil), blocks...)
	for len(left) > 0 {
		i := rng.IntN(len(left))
		ready := true
		for _, p := range left[i].Header.Parents {
			ready = ready && !waiting[p]
		}
		if ready {
			order = append(order, left[i])
			delete(waiting, left[i].Hash())
			left = append(left[:i], left[i+1:]...)
		}
	}
	return order
}

func compareWithOracle(t *testing.T, seed int, b *chaintest.Builder, m *chain.Manager) {
	t.Helper()
	sink := b.Oracle.Sink()
	if got := m.Snapshot().Sink; got != sink.Hash {
		t.Fatalf("seed %d: sink is %v, the oracle says %v", seed, got, sink.Hash)
	}
	coins := b.Oracle.Coins(sink)
	if got := m.Snapshot().Coins; got != uint64(len(coins)) {
		t.Fatalf("seed %d: %d coins, the oracle says %d", seed, got, len(coins))
	}
	for o, want := range coins {
		if got, ok, err := m.Coin(o); err != nil || !ok || got != want {
			t.Fatalf("seed %d: coin %v is %v %v %v, want %v", seed, o, got, ok, err, want)
		}
	}
	for _, block := range b.Oracle.Blocks() {
		compareBlock(t, seed, block, m)
	}
	if _, err := m.Verify(context.Background(), nil); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
}

func compareBlock(t *testing.T, seed int, want *chaintest.Block, m *chain.Manager) {
	t.Helper()
	info, err := m.Info(want.Hash)
	if err != nil {
		t.Fatal(err)
	}
	if info.MedianTime != want.MedianTime || info.Height != want.Height || !sameBlocks(info.Blues, want.Blues) || !sameBlocks(info.Reds, want.Reds) {
		t.Fatalf("seed %d: block %v is %+v, the oracle says %+v", seed, want.Hash, info, want)
	}
	if !want.Qualified && info.Status == chain.StatusChainValid {
		t.Fatalf("seed %d: block %v qualified, the oracle refuses", seed, want.Hash)
	}
}

func sameBlocks(got []types.Hash, want []*chaintest.Block) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i].Hash {
			return false
		}
	}
	return true
}

func compareManagers(t *testing.T, seed int, a, b *chain.Manager) {
	t.Helper()
	x, y := a.Snapshot(), b.Snapshot()
	if x.Sink != y.Sink || x.UTXOCommitment != y.UTXOCommitment || x.Supply != y.Supply || x.DAAScore != y.DAAScore || x.BlueScore != y.BlueScore {
		t.Fatalf("seed %d: two orders of arrival give\n%+v\n%+v", seed, x, y)
	}
	if got, want := follow(t, b), follow(t, a); !equalChains(got, want) {
		t.Fatalf("seed %d: two orders of arrival accept differently", seed)
	}
}

// follow returns the order of accepted transactions on the selected chain.
func follow(t *testing.T, m *chain.Manager) (ids []types.Hash) {
	t.Helper()
	var cursor types.Hash
	for {
		updates, err := m.UpdatesSince(cursor, 7)
		if err != nil {
			t.Fatal(err)
		}
		if len(updates) == 0 {
			return ids
		}
		for _, u := range updates {
			if u.Reverted {
				t.Fatal(errors.New("a chain that stands still was reverted"))
			}
			ids = append(append(ids, u.Hash), u.Acceptance.TxIDs()...)
			cursor = u.Hash
		}
	}
}

func equalChains(a, b []types.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
