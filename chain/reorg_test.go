package chain_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
)

var reorgDepths = flag.Int("depths", 25, "reorganise the chain by every depth up to this")

// TestReorgOfEveryDepth grows two branches in turn, so that each overtakes the
// other at every depth once:
//
//	trunk ─┬─ A1 ── A2 ── A3 …      A1, A2 | B1 B2 (B3) | A3 (A4) | B4 …
//	       └─ B1 ── B2 ── B3 …
//
// Both spend the coins of the trunk and their own. After each reorganisation
// coins, commitment and supply are held against the oracle and a follower.
func TestReorgOfEveryDepth(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	rng := rand.New(rand.NewPCG(9, 9))
	trunk := payingRow(b, p.GenesisHash, 8, rng)
	tip := trunk[7].Hash()
	branches := [2]branch{{blocks: payingRow(b, tip, *reorgDepths+2, rng)}, {blocks: payingRow(b, tip, *reorgDepths+2, rng)}}
	m := chaintest.Open(t, p)
	for i := range trunk {
		mustTake(t, m, trunk[i])
	}
	branches[0].extend(t, m)
	near, far := newFollower(), newFollower()
	near.pull(t, m, 3)
	spent := 0
	for depth := 1; depth <= *reorgDepths; depth++ {
		loser := &branches[depth%2]
		for loser.n < depth || m.Snapshot().Sink != loser.tip() {
			loser.extend(t, m)
		}
		near.pull(t, m, 1+rng.IntN(2*depth))
		if near.reverted != depth || near.advanced != loser.n {
			t.Fatalf("depth %d: %d blocks reverted, %d applied", depth, near.reverted, near.advanced)
		}
		near.compare(t, m)
		sink := b.Oracle.Block(loser.tip())
		if !near.equal(b.Oracle.Coins(sink)) {
			t.Fatalf("depth %d: the coins are not the oracle's", depth)
		}
		checkIssue(t, m)
		if depth%7 == 0 {
			far.pull(t, m, 100)
			far.compare(t, m)
		}
		if depth&(depth-1) == 0 {
			mustVerify(t, m)
		}
		spent += len(sink.Accepted()) - 1
		for loser.n <= depth {
			loser.extend(t, m)
		}
		near.pull(t, m, 1000)
	}
	if spent == 0 {
		t.Error("nothing was spent")
	}
	mustVerify(t, m)
}

// A branch is given to a Manager block by block.
type branch struct {
	blocks []types.Block
	n      int // given
}

func (x *branch) extend(t *testing.T, m *chain.Manager) {
	t.Helper()
	mustTake(t, m, x.blocks[x.n])
	x.n++
}

func (x *branch) tip() types.Hash { return x.blocks[x.n-1].Hash() }

func mustTake(t *testing.T, m *chain.Manager, b types.Block) {
	t.Helper()
	if err := m.AddBlock(b); err != nil {
		t.Fatal(err)
	}
}

func mustVerify(t *testing.T, m *chain.Manager) {
	t.Helper()
	if _, err := m.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// payingRow makes n blocks on one another, most with a payment of a random coin.
func payingRow(b *chaintest.Builder, from types.Hash, n int, rng *rand.Rand) (made []types.Block) {
	names := []string{"alice", "bob", "carol"}
	for range n {
		content := chaintest.Content{Miner: b.Wallet(names[rng.IntN(3)]).Address, Extra: []byte{byte(rng.Uint32()), byte(rng.Uint32())}}
		payer, payee := b.Wallet(names[rng.IntN(3)]), b.Wallet(names[rng.IntN(3)])
		if coins := b.Oracle.SpendableOn([]types.Hash{from}, payer); len(coins) > 0 {
			coin := coins[rng.IntN(len(coins))]
			value, _ := coin.Coin.Value.Sub(types.Jots(uint64(rng.IntN(1000))))
			outputs := []types.Output{{Value: value, Address: payee.Address}}
			content.Transactions = []types.Transaction{payer.Pay(b.Params, outputs, coin)}
		}
		block := b.Oracle.Make([]types.Hash{from}, content)
		b.Oracle.Add(block)
		made = append(made, block)
		from = block.Hash()
	}
	return made
}

// checkIssue holds the supply against the schedule: 50 JIO for every blue below
// the sink but genesis, less the fees that the sink accepts and the next block
// pays. No block is so late that it earns nothing.
func checkIssue(t *testing.T, m *chain.Manager) {
	t.Helper()
	s := m.Snapshot()
	accepted, err := m.Acceptance(s.Sink)
	if err != nil {
		t.Fatal(err)
	}
	header, err := m.Header(s.Sink)
	if err != nil {
		t.Fatal(err)
	}
	parent, err := m.Header(header.SelectedParent())
	if err != nil {
		t.Fatal(err)
	}
	want := (max(parent.BlueScore, 1) - 1) * 50 * types.JotsPerJIO
	for i := range accepted.Blocks {
		want -= accepted.Blocks[i].Fees.Jots()
	}
	if s.Supply != want {
		t.Fatalf("%d jots at the sink, the schedule says %d", s.Supply, want)
	}
}
