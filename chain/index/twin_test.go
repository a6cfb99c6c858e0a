package index_test

import (
	"bytes"
	"cmp"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A twin is what the index should say, found by walking the whole selected
// chain with maps.
type twin struct {
	coins   utxo.Coins
	history map[types.Address][]index.Event // oldest first
	txs     map[types.Hash]*index.Transaction
	blocks  int
	chained int // transactions that spend what was made in the same chain block
	skipped int
}

func newTwin(t testing.TB, m *chain.Manager) *twin {
	t.Helper()
	w := &twin{coins: make(utxo.Coins), history: make(map[types.Address][]index.Event), txs: make(map[types.Hash]*index.Transaction)}
	var row []types.Hash
	for h := m.Snapshot().Sink; !h.IsZero(); {
		row = append(row, h)
		header, err := m.Header(h)
		must(t, err)
		h = header.SelectedParent()
	}
	slices.Reverse(row)
	for _, h := range row {
		w.block(t, m, h)
	}
	w.blocks = len(row)
	return w
}

func (w *twin) block(t testing.TB, m *chain.Manager, h types.Hash) {
	t.Helper()
	header, err := m.Header(h)
	must(t, err)
	a, err := m.Acceptance(h)
	must(t, err)
	for i := range a.Blocks {
		body, err := m.Block(a.Blocks[i].Hash)
		must(t, err)
		at := index.Location{Block: a.Blocks[i].Hash, AcceptedBy: h, BlueScore: header.BlueScore, Time: header.Timestamp}
		for j := range body.Transactions {
			tx := &body.Transactions[j]
			accepted := slices.Contains(a.Blocks[i].TxIDs, tx.ID())
			if j > 0 || i == 0 && accepted {
				w.transaction(tx, at, accepted)
			}
		}
	}
}

func (w *twin) transaction(tx *types.Transaction, at index.Location, accepted bool) {
	id := tx.ID()
	known := w.txs[id]
	if known == nil {
		known = &index.Transaction{ID: id, Tx: tx}
		w.txs[id] = known
	}
	known.Blocks = append(known.Blocks, at.Block)
	if !accepted {
		w.skipped++
		return
	}
	known.Accepted = &at
	sums := make(map[types.Address]*index.Event)
	var order []types.Address
	event := func(a types.Address) *index.Event {
		if sums[a] == nil {
			sums[a] = &index.Event{Number: uint64(len(w.history[a])), ID: id, Coinbase: tx.IsCoinbase(), Location: at}
			order = append(order, a)
		}
		return sums[a]
	}
	chained := false
	for _, in := range tx.Inputs {
		coin := w.coins[in.Outpoint]
		delete(w.coins, in.Outpoint)
		known.Coins = append(known.Coins, coin)
		e := event(coin.Address)
		e.Sent = types.Jots(e.Sent.Jots() + coin.Value.Jots())
		chained = chained || coin.BlueScore == at.BlueScore
	}
	for i, out := range tx.Outputs {
		w.coins[types.Outpoint{TxID: id, Index: uint32(i)}] = types.Coin{Output: out, BlueScore: at.BlueScore, Coinbase: tx.IsCoinbase()}
		e := event(out.Address)
		e.Received = types.Jots(e.Received.Jots() + out.Value.Jots())
	}
	for _, a := range order {
		w.history[a] = append(w.history[a], *sums[a])
	}
	if chained {
		w.chained++
	}
}

// compare holds every answer of an index against the twin's.
func (w *twin) compare(t testing.TB, x *index.Index) {
	t.Helper()
	p := x.Position()
	if p.Blocks != uint64(w.blocks) || p.Accounts != uint64(len(w.history)) || p.Coins != uint64(len(w.coins)) {
		t.Fatalf("%+v, want %d blocks, %d accounts, %d coins", p, w.blocks, len(w.history), len(w.coins))
	}
	for a, want := range w.history {
		w.compareAddress(t, x, a, want)
	}
	for id, want := range w.txs {
		got, err := x.Transaction(id)
		must(t, err)
		if !equalTransactions(got, want) {
			t.Fatalf("transaction %v is %+v\nwant %+v", id, got, want)
		}
	}
}

func (w *twin) compareAddress(t testing.TB, x *index.Index, a types.Address, want []index.Event) {
	t.Helper()
	var coins []utxo.Entry
	var balance uint64
	for o, coin := range w.coins {
		if coin.Address == a {
			coins = append(coins, utxo.Entry{Outpoint: o, Coin: coin})
			balance += coin.Value.Jots()
		}
	}
	slices.SortFunc(coins, func(a, b utxo.Entry) int {
		return cmp.Or(bytes.Compare(a.Outpoint.TxID[:], b.Outpoint.TxID[:]), cmp.Compare(a.Outpoint.Index, b.Outpoint.Index))
	})
	sums, err := x.Account(a)
	must(t, err)
	if sums != (index.Account{Balance: types.Jots(balance), Coins: uint64(len(coins)), Events: uint64(len(want))}) {
		t.Fatalf("address %v: %+v, want %d coins of %d jots and %d events", a, sums, len(coins), balance, len(want))
	}
	if got := allCoins(t, x, a, 2); !slices.Equal(got, coins) {
		t.Fatalf("address %v has the coins %v\nwant %v", a, got, coins)
	}
	got := allEvents(t, x, a, 3)
	slices.Reverse(got)
	if !slices.Equal(got, want) {
		t.Fatalf("address %v has the history %+v\nwant %+v", a, got, want)
	}
}

func allCoins(t testing.TB, x *index.Index, a types.Address, limit int) (all []utxo.Entry) {
	t.Helper()
	var after *types.Outpoint
	for {
		page, err := x.Coins(a, after, limit)
		must(t, err)
		if len(page) > limit {
			t.Fatalf("%d coins, asked for %d", len(page), limit)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		after = &all[len(all)-1].Outpoint
	}
}

func allEvents(t testing.TB, x *index.Index, a types.Address, limit int) (all []index.Event) {
	t.Helper()
	below := uint64(math.MaxUint64)
	for {
		page, err := x.History(a, below, limit)
		must(t, err)
		if len(page) > limit {
			t.Fatalf("%d events, asked for %d", len(page), limit)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		below = page[len(page)-1].Number
	}
}

// equalTransactions does not ask about Pending, which depends on virtual.
func equalTransactions(a, b *index.Transaction) bool {
	sameAcceptance := a.Accepted == b.Accepted || a.Accepted != nil && b.Accepted != nil && *a.Accepted == *b.Accepted
	sameCoins := b.Accepted == nil || slices.Equal(a.Coins, b.Coins)
	carried := a.Blocks
	if a.Pending {
		carried = carried[:len(carried)-1] // virtual's block comes last
	}
	return a.ID == b.ID && a.Tx.Hash() == b.Tx.Hash() && sameAcceptance && sameCoins && slices.Equal(carried, b.Blocks)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustBe(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("%v, want %v", err, want)
	}
}
