package index_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

var dags = flag.Int("dags", 25, "number of random DAGs to follow")

func smallNet(k int) *params.Params {
	p := params.SimNet()
	p.K = k
	p.CoinbaseMaturity = 3
	return p
}

func open(t testing.TB, m *chain.Manager, s index.Store) *index.Index {
	t.Helper()
	x, err := index.Open(index.Config{Chain: m, Store: s})
	must(t, err)
	return x
}

func follow(t testing.TB, x *index.Index) {
	t.Helper()
	must(t, x.Follow(context.Background()))
}

// records returns all that a store holds.
func records(t testing.TB, s *store.Memory) (all []string) {
	t.Helper()
	must(t, s.Scan(nil, func(key, value []byte) error {
		all = append(all, fmt.Sprintf("%x=%x", key, value))
		return nil
	}))
	return all
}

// TestRandomDAGs follows growing DAGs whose private branches reorganise the
// chain, now after every block and now after many, and holds the index against
// the twin, and record by record against one that never saw a reorganisation.
func TestRandomDAGs(t *testing.T) {
	var reorgs, chained, skipped int
	for seed := range *dags {
		rng := rand.New(rand.NewPCG(uint64(seed), 7))
		p := smallNet(rng.IntN(5))
		shape := chaintest.Shape{Blocks: 20 + rng.IntN(50), Width: 1 + rng.IntN(6), Private: 0.05 + rng.Float64()/4, Spend: 0.5 + rng.Float64()/2, Bad: rng.Float64() / 10}
		blocks := chaintest.RandomDAG(chaintest.NewBuilder(p), shape, rng)
		m := chaintest.Open(t, p)
		s := store.NewMemory()
		x := open(t, m, s)
		patience := 1 + rng.IntN(12)
		for i := range blocks {
			must(t, m.AddBlock(blocks[i]))
			if rng.IntN(patience) > 0 {
				continue
			}
			reorgs += reverted(t, m, x)
			follow(t, x)
			if rng.IntN(4) == 0 {
				x = open(t, m, s) // as after a restart
			}
			if rng.IntN(8) == 0 {
				newTwin(t, m).compare(t, x)
			}
		}
		follow(t, x)
		w := newTwin(t, m)
		w.compare(t, x)
		chained += w.chained
		skipped += w.skipped
		must(t, x.Check(t.Context(), nil))
		compareWithFresh(t, m, s)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d blocks reverted, %d chained transactions, %d skipped", reorgs, chained, skipped)
	if reorgs == 0 || chained == 0 || skipped == 0 {
		t.Error("the DAGs are too tame")
	}
}

// reverted counts the chain blocks that an index is about to leave.
func reverted(t testing.TB, m *chain.Manager, x *index.Index) (n int) {
	t.Helper()
	updates, err := m.UpdatesSince(x.Position().Cursor, 1000)
	must(t, err)
	for i := range updates {
		if updates[i].Reverted {
			n++
		}
	}
	return n
}

func compareWithFresh(t testing.TB, m *chain.Manager, s *store.Memory) {
	t.Helper()
	fresh := store.NewMemory()
	follow(t, open(t, m, fresh))
	if got, want := records(t, s), records(t, fresh); !slices.Equal(got, want) {
		t.Errorf("%d records\n%v\na fresh index has %d\n%v", len(got), got, len(want), want)
	}
}

// A grown chain for tests that need some payments.
func grown(t testing.TB) (*chain.Manager, []types.Block) {
	t.Helper()
	p := smallNet(3)
	shape := chaintest.Shape{Blocks: 40, Width: 3, Private: 0.1, Spend: 1}
	blocks := chaintest.RandomDAG(chaintest.NewBuilder(p), shape, rand.New(rand.NewPCG(4, 4)))
	m := chaintest.Open(t, p)
	_, _, err := m.AddBlocks(blocks)
	must(t, err)
	return m, blocks
}

// TestRebuild makes the index anew where it cannot go on.
func TestRebuild(t *testing.T) {
	m, _ := grown(t)
	s := store.NewMemory()
	follow(t, open(t, m, s))
	state, err := s.Get([]byte("m"))
	must(t, err)
	for name, raw := range map[string][]byte{
		"missing":        nil,
		"of another age": append([]byte{state[0] + 1}, state[1:]...),
		"cut":            state[:20],
		"padded":         append(slices.Clone(state), 0),
		"lost":           append([]byte{state[0], ^state[1]}, state[2:]...), // the chain does not know the cursor
	} {
		broken := s.Clone()
		must(t, broken.Write(one([]byte("m"), raw)))
		must(t, broken.Write(one([]byte("zebra"), []byte("from another age"))))
		x := open(t, m, broken)
		follow(t, x)
		if got, want := records(t, broken), records(t, s); !slices.Equal(got, want) {
			t.Errorf("%s: %d records, want %d", name, len(got), len(want))
		}
	}
}

// TestRebuildOfDamage finds an account gone when it must change it.
func TestRebuildOfDamage(t *testing.T) {
	m, blocks := grown(t)
	early := chaintest.Open(t, smallNet(3))
	s := store.NewMemory()
	_, _, err := early.AddBlocks(blocks[:20])
	must(t, err)
	follow(t, open(t, early, s))
	must(t, s.Scan([]byte("a"), func(key, _ []byte) error { return s.Write(one(key, nil)) }))
	x := open(t, m, s)
	follow(t, x)
	must(t, x.Check(t.Context(), nil))
	compareWithFresh(t, m, s)
}

func one(key, value []byte) func(func(k, v []byte) bool) {
	return func(yield func(k, v []byte) bool) { yield(key, value) }
}

// TestTransactionUnknown and what virtual accepts but the chain does not yet.
func TestTransactionUnknown(t *testing.T) {
	m, _ := grown(t)
	x := open(t, m, store.NewMemory())
	follow(t, x)
	_, err := x.Transaction(types.Hash{1})
	mustBe(t, err, chain.ErrNotFound)

	seen := false
	pending := m.Snapshot().Pending
	for i := range pending.Blocks {
		for _, id := range pending.Blocks[i].TxIDs {
			got, err := x.Transaction(id)
			must(t, err)
			if got.Accepted != nil || !got.Pending || got.Tx.ID() != id || len(got.Coins) != len(got.Tx.Inputs) || !slices.Contains(got.Blocks, pending.Blocks[i].Hash) {
				t.Errorf("pending transaction %v is %+v", id, got)
			}
			seen = seen || len(got.Coins) > 0
		}
	}
	if !seen {
		t.Error("virtual accepts no payment")
	}
}

// TestRunFollows is woken by every change and ends with its context.
func TestRunFollows(t *testing.T) {
	_, blocks := grown(t)
	m := chaintest.Open(t, smallNet(3))
	x := open(t, m, store.NewMemory())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- x.Run(ctx) }()
	for i := range blocks {
		must(t, m.AddBlock(blocks[i]))
		for x.Position().Cursor != m.Snapshot().Sink {
			runtime.Gosched()
		}
	}
	cancel()
	must(t, <-ended)
}
