package chain_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

var (
	mutations     = flag.Int("mutations", 1500, "number of mutated blocks to offer; a million take half an hour of processor time, so give a -timeout too")
	firstMutation = flag.Uint64("first-mutation", 0, "number of the first of them, to see one again")
)

// mutationSpecimens are what is mutated, the first more often than the others.
// All but one use the cheap engine: what a nonce proves is tested elsewhere.
func mutationSpecimens(t testing.TB) []*specimen {
	cheap := func(k int) *params.Params {
		p := smallNet(k)
		p.Engines[0].ID = "sha256d"
		return p
	}
	return []*specimen{
		specimenOn(cheap(2), (*specimen).everyKind),
		specimenOn(smallNet(2), (*specimen).everyKind),
		specimenOn(cheap(2), (*specimen).largePolicies),
		grownSpecimen(t, cheap(3)),
	}
}

// grownSpecimen's block merges what a random DAG has for tips, on a network that
// retargets, and carries payments.
func grownSpecimen(t testing.TB, p *params.Params) *specimen {
	t.Helper()
	p.NoRetarget = false
	s := emptySpecimen(p)
	s.before = chaintest.RandomDAG(s.builder, chaintest.Shape{Blocks: 40, Width: 5, Private: 0.1, Spend: 0.5}, rand.New(rand.NewPCG(7, 7)))
	m, _ := s.open(t)
	parents := m.Snapshot().VirtualParents
	var txs []types.Transaction
	for _, name := range []string{"alice", "bob", "carol"} {
		from := s.builder.Wallet(name)
		s.key(name)
		coins := s.builder.Oracle.SpendableOn(parents, from)
		coins = slices.DeleteFunc(coins, func(e utxo.Entry) bool { return e.Coin.Value.Jots() < types.JotsPerJIO })
		if len(coins) < 2 {
			continue
		}
		half := types.Jots(coins[0].Coin.Value.Jots() / 2)
		outputs := []types.Output{{Value: half, Address: from.Address}, {Value: half, Address: s.builder.Wallet("dave").Address}}
		txs = append(txs, from.Pay(p, outputs, coins[0], coins[1]))
	}
	if len(parents) < 2 || len(txs) == 0 {
		t.Fatalf("the random DAG has %d tips and %d payments", len(parents), len(txs))
	}
	s.seal(parents, txs)
	return s
}

// TestMutations offers a great many blocks that differ from a valid one in one
// thing. The chain must think of each what the judge thinks of it; one that is
// refused must leave the store alone, one that is disqualified the coins and the
// chain. One that qualifies, with another nonce say, is another valid block, and
// the Oracle must agree. The unchanged block is valid afterwards.
func TestMutations(t *testing.T) {
	var (
		mu    sync.Mutex
		total tallies
		wg    sync.WaitGroup
	)
	workers := min(runtime.GOMAXPROCS(0), max(1, *mutations/500))
	for w := range workers {
		wg.Go(func() {
			counted := mutateShare(t, w, workers)
			mu.Lock()
			defer mu.Unlock()
			total.add(counted)
		})
	}
	wg.Wait()
	t.Log(total.String())
	if t.Failed() || *mutations < 1000 {
		return
	}
	for _, v := range []verdict{refused, disqualified, qualified} {
		if total.verdicts[v] == 0 {
			t.Errorf("no mutation was %v: the test proves nothing about those", v)
		}
	}
}

// mutateShare tries every n-th mutation from the w-th.
func mutateShare(t *testing.T, w, n int) (counted tallies) {
	var proving []*trial
	for _, s := range mutationSpecimens(t) {
		proving = append(proving, newTrial(t, s))
	}
	for i := *firstMutation + uint64(w); i < *firstMutation+uint64(*mutations); i += uint64(n) {
		x := proving[0]
		if i%2 == 1 {
			x = proving[i/2%uint64(len(proving))]
		}
		if err := x.try(i, &counted); err != nil {
			t.Errorf("mutation %d: %v", i, err)
			return counted
		}
	}
	for _, x := range proving {
		if err := x.renew(true, &counted); err != nil {
			t.Error(err)
		}
	}
	return counted
}

// tallies count what became of mutations.
type tallies struct {
	verdicts    [3]int
	undecodable int
	kinds       map[string]int // of broken rules
	unchanged   int            // times that the unchanged block was accepted afterwards
}

func (c *tallies) add(other tallies) {
	for i, n := range other.verdicts {
		c.verdicts[i] += n
	}
	c.undecodable += other.undecodable
	c.unchanged += other.unchanged
	for kind, n := range other.kinds {
		c.note(kind, n)
	}
}

func (c *tallies) note(kind string, n int) {
	if c.kinds == nil {
		c.kinds = make(map[string]int)
	}
	c.kinds[kind] += n
}

func (c *tallies) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d refused, %d disqualified, %d not decodable, %d other valid blocks; the unchanged block accepted %d times afterwards\n",
		c.verdicts[refused], c.verdicts[disqualified], c.undecodable, c.verdicts[qualified], c.unchanged)
	for _, kind := range slices.Sorted(maps.Keys(c.kinds)) {
		fmt.Fprintf(&out, "%8d %s\n", c.kinds[kind], kind)
	}
	return out.String()
}

// A trial offers mutations of one specimen to one Manager after the other.
type trial struct {
	t       *testing.T
	judge   *judge
	mutator *mutator
	before  map[string]string // the store's contents without the valid block
	counts  map[byte]int      // of its records, by the first letter of their keys

	manager *chain.Manager
	mem     *store.Memory
	writes  *writeCounter
	refused int        // by this Manager
	rival   types.Hash // a block that it accepted in the valid one's place, else zero

	second    *chaintest.Oracle
	confirmed int // by this second Oracle
}

// A writeCounter counts the batches that are written to a store.
type writeCounter struct {
	chain.Store
	writes int
}

// Write implements chain.Store.
func (c *writeCounter) Write(batch iter.Seq2[[]byte, []byte]) error {
	c.writes++
	return c.Store.Write(batch)
}

func newTrial(t *testing.T, s *specimen) *trial {
	x := &trial{t: t, judge: newJudge(s), mutator: newMutator(s), counts: make(map[byte]int)}
	_, mem := s.open(t)
	x.before = contents(t, mem)
	for key := range x.before {
		x.counts[key[0]]++
	}
	x.open()
	return x
}

// open starts with a Manager that has seen nothing but the blocks before.
func (x *trial) open() {
	x.mem = x.judge.stored.Clone()
	x.writes = &writeCounter{Store: x.mem}
	x.manager = x.judge.openOn(x.t, x.writes)
	x.writes.writes = 0
	x.refused, x.rival = 0, types.Hash{}
}

// Refusals that one Manager, and confirmations that one Oracle, lives through.
const (
	managerLife = 200
	oracleLife  = 64
)

// try offers one mutation and compares what comes of it with the judgement.
func (x *trial) try(seed uint64, counted *tallies) error {
	mutated := x.mutator.next(seed)
	if mutated.bytes != nil {
		counted.undecodable++
		return nil
	}
	want := x.judge.judge(&mutated.block)
	counted.verdicts[want]++
	r := routes[0]
	if seed%8 == 5 {
		r = routes[1]
	}
	got, err := x.deliver(r, &mutated.block, counted)
	if err == nil && got != want {
		err = fmt.Errorf("%v, want %v", got, want)
	}
	if err == nil && x.refused == managerLife && !r.headerFirst {
		err = x.sameRecords("hlrbaucm")
	}
	if err == nil && (got != refused || r.headerFirst || x.refused == managerLife) {
		err = x.renew(x.refused == managerLife || seed/8%4 == 0, counted)
	}
	if err != nil {
		return fmt.Errorf("%s, %s: %w", x.mutator.describe(seed), r.name, err)
	}
	return nil
}

// deliver brings a block to the Manager and checks that it changes nothing that
// it must not.
func (x *trial) deliver(r route, b *types.Block, counted *tallies) (verdict, error) {
	snapshot := x.manager.Snapshot()
	if err := r.deliver(x.manager, *b); err != nil {
		x.refused++
		counted.note(kindOf(err), 1)
		return refused, x.untouched(r, snapshot)
	}
	info, err := x.manager.Info(b.Hash())
	if err != nil {
		return 0, err
	}
	switch info.Status {
	case chain.StatusDisqualified:
		counted.note("disqualified: "+kindOf(info.Reason), 1)
		if x.manager.Snapshot().Sink != snapshot.Sink {
			return disqualified, errors.New("the sink moved")
		}
		return disqualified, x.sameRecords("uc")
	case chain.StatusChainValid:
		return qualified, x.confirm(b)
	}
	return 0, fmt.Errorf("it is %v", info.Status)
}

func kindOf(err error) string {
	var kind rules.ErrorKind
	var unknown *chain.UnknownParentsError
	switch {
	case errors.As(err, &kind):
		return kind.Error()
	case errors.As(err, &unknown):
		return "unknown parents"
	case errors.Is(err, chain.ErrKnownInvalid):
		return chain.ErrKnownInvalid.Error()
	}
	return err.Error()
}

// untouched demands that a refusal wrote nothing. Where a header came first,
// records of its body, of coins or of the chain must not be there.
func (x *trial) untouched(r route, before *chain.Snapshot) error {
	if r.headerFirst {
		return x.sameRecords("bauc")
	}
	if x.writes.writes != 0 || x.manager.Snapshot() != before {
		return errors.New("refused, and the state changed")
	}
	return nil
}

// sameRecords demands that the records of some kinds are as before.
func (x *trial) sameRecords(kinds string) error {
	seen, want := 0, 0
	for _, kind := range []byte(kinds) {
		want += x.counts[kind]
		if err := x.mem.Scan([]byte{kind}, func(key, value []byte) error {
			if seen++; x.before[string(key)] != string(value) {
				return fmt.Errorf("record %q changed", key)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if seen != want {
		return fmt.Errorf("%d records of the kinds %s, %d before", seen, kinds, want)
	}
	return nil
}

// confirm asks an Oracle that has never seen the block, and the store.
func (x *trial) confirm(b *types.Block) error {
	if x.second == nil || x.confirmed == oracleLife {
		x.second, x.confirmed = chaintest.NewOracle(x.judge.params), 0
		for i := range x.judge.before {
			x.second.Add(x.judge.before[i])
		}
	}
	x.confirmed++
	x.rival = b.Hash()
	if !x.second.Add(*b).Qualified {
		return errors.New("accepted, and the oracle disqualifies it")
	}
	if sink := x.manager.Snapshot().Sink; sink != b.Hash() {
		return fmt.Errorf("qualified, and the sink is %v", sink)
	}
	if x.confirmed != oracleLife {
		return nil
	}
	_, err := x.manager.Verify(context.Background(), nil)
	return err
}

// renew opens a new Manager. Before that it may demand that the old one, whatever
// it has seen, accepts the unchanged block.
func (x *trial) renew(accepts bool, counted *tallies) error {
	if accepts {
		if err := x.acceptsUnchanged(); err != nil {
			return fmt.Errorf("the unchanged block afterwards: %w", err)
		}
		counted.unchanged++
	}
	x.open()
	return nil
}

func (x *trial) acceptsUnchanged() error {
	valid := x.judge.valid
	if err := x.manager.AddBlock(valid); err != nil {
		return err
	}
	sink := valid.Hash()
	if x.rival.Compare(sink) > 0 { // as much work, and a greater hash
		sink = x.rival
	}
	info, err := x.manager.Info(sink)
	if err != nil || info.Status != chain.StatusChainValid || x.manager.Snapshot().Sink != sink {
		return fmt.Errorf("the sink is %v, want %v, which is %v: %w", x.manager.Snapshot().Sink, sink, info.Status, err)
	}
	return nil
}
