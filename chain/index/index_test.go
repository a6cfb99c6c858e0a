package index_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
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

// A strict writer takes no word of the index's log for harmless.
type strict struct{ t testing.TB }

// Write implements io.Writer.
func (s strict) Write(line []byte) (int, error) {
	s.t.Errorf("the index says %s", line)
	return len(line), nil
}

// openStrict opens an index that may not be made anew.
func openStrict(t testing.TB, m *chain.Manager, s index.Store) *index.Index {
	t.Helper()
	x, err := index.Open(index.Config{Chain: m, Store: s, Log: slog.New(slog.NewTextHandler(strict{t}, nil))})
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
		x := openStrict(t, m, s)
		patience := 1 + rng.IntN(12)
		for i := range blocks {
			must(t, m.AddBlock(blocks[i]))
			if rng.IntN(patience) > 0 {
				continue
			}
			reorgs += reverted(t, m, x)
			follow(t, x)
			if rng.IntN(4) == 0 {
				x = openStrict(t, m, s) // as after a restart
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
		compareReferences(t, w, s)
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

// TestRevertOfNewAddresses leaves a block in which several addresses were first
// seen, and takes it in again:
//
//	trunk ─┬─ A1 ── A2           A1 pays three new addresses, A2 accepts it
//	       └─ B1 ── B2 ── B3
func TestRevertOfNewAddresses(t *testing.T) {
	p := smallNet(0) // nothing is merged as a blue
	b := chaintest.NewBuilder(p)
	alice := b.Wallet("alice")
	row := func(from types.Hash, n int, c chaintest.Content) (made []types.Block) {
		for range n {
			made = append(made, b.Oracle.Make([]types.Hash{from}, c))
			b.Oracle.Add(made[len(made)-1])
			from, c.Transactions = made[len(made)-1].Hash(), nil
		}
		return made
	}
	trunk := row(p.GenesisHash, 8, chaintest.Content{Miner: alice.Address})
	tip := trunk[7].Hash()
	coin := b.Oracle.SpendableOn([]types.Hash{tip}, alice)[0]
	outputs := make([]types.Output, 3)
	for i := range outputs {
		outputs[i] = types.Output{Value: types.Jots(types.JotsPerJIO), Address: types.Address{Hash: types.Hash{byte(9 - i)}}}
	}
	content := chaintest.Content{Miner: alice.Address, Transactions: []types.Transaction{alice.Pay(p, outputs, coin)}}
	paying, other := row(tip, 4, content), row(tip, 5, chaintest.Content{Miner: b.Wallet("bob").Address})

	m := chaintest.Open(t, p)
	s := store.NewMemory()
	x := openStrict(t, m, s)
	for _, blocks := range [][]types.Block{trunk, paying[:2], other[:3], paying[2:], other[3:]} {
		_, _, err := m.AddBlocks(blocks)
		must(t, err)
		follow(t, x)
		newTwin(t, m).compare(t, x)
		compareWithFresh(t, m, s)
	}
}

// compareReferences counts the records of transactions: one for each merged block
// that carries one.
func compareReferences(t testing.TB, w *twin, s *store.Memory) {
	t.Helper()
	want, got := 0, 0
	for _, tx := range w.txs {
		want += len(tx.Blocks)
	}
	must(t, s.Scan([]byte("t"), func(_, _ []byte) error {
		got++
		return nil
	}))
	if got != want {
		t.Errorf("%d references to transactions, want %d", got, want)
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
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want the end of the context", err)
	}
}
