package chain_test

import (
	"maps"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A follower keeps the coins at the sink by the updates alone, going forwards and
// backwards. It is strict: every step must fit the last.
type follower struct {
	cursor             types.Hash
	coins              utxo.Coins
	accepted           []types.Hash // transaction IDs along the chain, each block's own hash before them
	counts             []int        // entries of accepted by block
	reverted, advanced int          // blocks of the last pull
}

func newFollower() *follower { return &follower{coins: make(utxo.Coins)} }

// pull follows a chain up to its sink, at most max steps at a time.
func (f *follower) pull(t *testing.T, m *chain.Manager, max int) {
	t.Helper()
	f.reverted, f.advanced = 0, 0
	for {
		updates, err := m.UpdatesSince(f.cursor, max)
		if err != nil {
			t.Fatal(err)
		}
		if len(updates) == 0 {
			return
		}
		if len(updates) > max {
			t.Fatalf("%d updates, asked for %d", len(updates), max)
		}
		for i := range updates {
			f.step(t, &updates[i])
		}
	}
}

func (f *follower) step(t *testing.T, u *chain.Update) {
	t.Helper()
	switch {
	case u.Reverted && f.advanced > 0:
		t.Fatalf("block %v is reverted after others were applied", u.Hash)
	case u.Reverted && u.Hash == f.cursor:
		f.apply(t, u.Acceptance.Diff.Reverse())
		f.cursor = u.Parent
		last := len(f.counts) - 1
		f.accepted = f.accepted[:len(f.accepted)-f.counts[last]]
		f.counts = f.counts[:last]
		f.reverted++
	case !u.Reverted && u.Parent == f.cursor:
		f.apply(t, u.Acceptance.Diff)
		f.cursor = u.Hash
		ids := u.Acceptance.TxIDs()
		f.accepted = append(append(f.accepted, u.Hash), ids...)
		f.counts = append(f.counts, 1+len(ids))
		f.advanced++
	default:
		t.Fatalf("update %+v does not follow %v", u, f.cursor)
	}
}

func (f *follower) apply(t *testing.T, d utxo.Diff) {
	t.Helper()
	for _, n := range d.Spent {
		if coin, ok := f.coins[n.Outpoint]; !ok || coin != n.Coin {
			t.Fatalf("coin %v is spent as %v, it is %v %v", n.Outpoint, n.Coin, coin, ok)
		}
		delete(f.coins, n.Outpoint)
	}
	for _, n := range d.Created {
		if coin, ok := f.coins[n.Outpoint]; ok {
			t.Fatalf("coin %v is created twice: %v, %v", n.Outpoint, coin, n.Coin)
		}
		f.coins[n.Outpoint] = n.Coin
	}
}

// compare holds a chain's coins, their commitment and their sum against the
// follower's.
func (f *follower) compare(t *testing.T, m *chain.Manager) {
	t.Helper()
	s := m.Snapshot()
	var set utxo.LtHash
	var sum uint64
	for o, want := range f.coins {
		if got, ok, err := m.Coin(o); err != nil || !ok || got != want {
			t.Fatalf("coin %v is %v %v %v, the follower has %v", o, got, ok, err, want)
		}
		set.Add(o, want)
		sum += want.Value.Jots()
	}
	if f.cursor != s.Sink || s.Coins != uint64(len(f.coins)) || s.Supply != sum || s.UTXOCommitment != set.Hash() {
		t.Fatalf("the follower is at %v with %d coins of %d jots, commitment %v; the chain is %+v", f.cursor, len(f.coins), sum, set.Hash(), s)
	}
}

func (f *follower) equal(coins utxo.Coins) bool { return maps.Equal(f.coins, coins) }
