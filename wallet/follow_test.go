package wallet_test

import (
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/wallet"
)

// A town is a node, a wallet on it and somebody else who has coins.
type town struct {
	*node
	wallet *wallet.Wallet
	other  *chaintest.Wallet
	dbs    databases
}

func newTown(t *testing.T) *town {
	n := newNode(t, testParams(), 1)
	town := &town{node: n, other: chaintest.NewWallet("other"), dbs: make(databases)}
	for range 8 {
		n.mine(town.other.Address)
	}
	town.wallet = n.open(town.dbs, "w", 1)
	return town
}

// pay lets somebody else pay out of mature coins.
func (w *town) pay(n *node, outputs ...types.Output) types.Hash {
	w.t.Helper()
	var due uint64
	for _, out := range outputs {
		due += out.Value.Jots()
	}
	taken := make(map[types.Outpoint]bool)
	for _, e := range n.pool.Entries() {
		for _, in := range e.Tx.Inputs {
			taken[in.Outpoint] = true
		}
	}
	var from []utxo.Entry
	var have uint64
	for o, coin := range n.coins() {
		mature := coin.BlueScore+n.params.CoinbaseMaturity <= n.chain.Snapshot().BlueScore
		if coin.Address == w.other.Address && mature && !taken[o] && have < due+1_000_000 {
			from, have = append(from, utxo.Entry{Outpoint: o, Coin: coin}), have+coin.Value.Jots()
		}
	}
	back := types.Output{Value: types.Jots(have - due - 1_000_000), Address: w.other.Address}
	tx := w.other.Pay(n.params, append(outputs, back), from...)
	if err := n.offer(tx); err != nil {
		w.t.Fatal(err)
	}
	return tx.ID()
}

// output pays an amount in JIO to the wallet.
func (w *town) output(jio string) types.Output {
	return types.Output{Value: amount(jio), Address: receive(w.wallet)}
}

func amount(jio string) types.Amount {
	a, err := types.ParseAmount(jio)
	if err != nil {
		panic(err)
	}
	return a
}

// step makes a block for somebody else and lets the wallet follow.
func (w *town) step() {
	w.t.Helper()
	w.mine(w.other.Address)
	follow(w.t, w.wallet)
	w.holdAgainst(w.wallet)
}

func (w *town) entry(id types.Hash) wallet.Entry {
	w.t.Helper()
	e, err := w.wallet.Entry(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func TestPendingThenAcceptedThenConfirmed(t *testing.T) {
	w := newTown(t)
	id := w.pay(w.node, w.output("3"))
	follow(t, w.wallet)
	if e := w.entry(id); e.Status != wallet.StatusPending || e.Kind != wallet.KindReceived || e.Amount() != amount("3") {
		t.Errorf("in the pool: %+v", e)
	}
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Pending: amount("3")}) {
		t.Errorf("in the pool: %+v", b)
	}
	w.step() // a block carries it
	w.step() // a chain block accepts it
	for confirmations := uint64(1); confirmations < 4; confirmations++ {
		if e := w.entry(id); e.Status != wallet.StatusAccepted || e.Confirmations != confirmations {
			t.Errorf("%v with %d confirmations, want %d", e.Status, e.Confirmations, confirmations)
		}
		w.step()
	}
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Available: amount("3")}) {
		t.Errorf("accepted: %+v", b)
	}
}

func TestCoinbaseMatures(t *testing.T) {
	w := newTown(t)
	w.mine(receive(w.wallet))
	w.step() // whose coinbase pays the block before
	w.step() // which accepts that coinbase
	score := w.wallet.Summary().AsOf.BlueScore
	for s := w.wallet.Summary(); s.AsOf.BlueScore < score+w.params.CoinbaseMaturity+2; s = w.wallet.Summary() {
		want := wallet.Balance{Maturing: amount("50")}
		if s.AsOf.BlueScore+1 >= score+w.params.CoinbaseMaturity {
			want = wallet.Balance{Available: amount("50")}
		}
		if s.Balance != want {
			t.Errorf("%d after: %+v, want %+v", s.AsOf.BlueScore-score, s.Balance, want)
		}
		w.step()
	}
	entries, _, err := w.wallet.History(wallet.Query{})
	if err != nil || len(entries) != 1 || entries[0].Kind != wallet.KindCoinbase || entries[0].Spendable != score+w.params.CoinbaseMaturity {
		t.Errorf("history %+v, error %v", entries, err)
	}
}

// TestCoinMadeAndSpentInOneStep merges a branch on which a coin came and went:
// the coin is in no diff, and still belongs to the history.
func TestCoinMadeAndSpentInOneStep(t *testing.T) {
	w := newTown(t)
	far := newNode(t, w.params, 2)
	far.made = 1 << 32
	far.learn(w.node)
	came := w.pay(w.node, w.output("3"))
	w.step()
	w.step()
	p, err := w.wallet.Plan(wallet.Request{Payments: []wallet.Payment{{Address: w.other.Address}}, Max: true})
	if err != nil {
		t.Fatal(err)
	}
	went, err := w.wallet.Send(p)
	if err != nil {
		t.Fatal(err)
	}
	w.step()
	w.step()
	for range 8 {
		far.mine(w.other.Address)
	}
	again := far.open(w.dbs, "again", 1)
	far.learn(w.node) // the branch is merged by the next block
	far.mine(w.other.Address)
	follow(t, again)
	far.holdAgainst(again)
	far.holdHistory(again, nil)
	for _, id := range append(went, came) {
		if e, err := again.Entry(id); err != nil || e.Status != wallet.StatusAccepted {
			t.Errorf("%v: %+v, %v", id, e, err)
		}
	}
}

// TestUnpaidBlock merges a branch of the wallet's blocks as reds.
func TestUnpaidBlock(t *testing.T) {
	w := newTown(t)
	near := newNode(t, w.params, 2)
	near.made = 1 << 32
	near.learn(w.node)
	var lost []types.Hash
	for range 4 {
		lost = append(lost, near.mine(receive(w.wallet)))
	}
	for range 8 {
		w.mine(w.other.Address)
	}
	w.learn(near)
	w.step()
	w.step()
	unpaid := 0
	for _, block := range lost {
		fate, err := w.chain.Fate(block)
		if err != nil || fate != chain.FateRed {
			continue
		}
		unpaid++
		if e := w.entry(block); e.Kind != wallet.KindUnpaid || !e.Amount().IsZero() || e.Outputs[0].Value != amount("50") || !strings.Contains(e.Note, "red") {
			t.Errorf("%+v", e)
		}
	}
	if unpaid == 0 {
		t.Fatal("no block is red")
	}
}

// TestUnknownCursor opens a wallet on a chain that lacks the block it stands at.
func TestUnknownCursor(t *testing.T) {
	w := newTown(t)
	elsewhere := newNode(t, w.params, 2)
	elsewhere.learn(w.node)
	w.pay(w.node, w.output("3"))
	w.step()
	w.step()
	if err := w.wallet.Shut(); err != nil {
		t.Fatal(err)
	}
	moved := elsewhere.open(w.dbs, "w", 1)
	elsewhere.holdAgainst(moved)
	if b := moved.Summary().Balance; !b.Confirmed().IsZero() {
		t.Errorf("coins of another chain: %+v", b)
	}
}

// TestTwoForOneCoin ends a payment whose coin another pending one got. They come
// to want the same coin when one of them had lost to a third, which a
// reorganisation then takes back.
func TestTwoForOneCoin(t *testing.T) {
	w := rich(t, "3", "4")
	elsewhere, later := w.branch(1), w.branch(2)
	first := w.send(w.plan(w.toOther("6.5")))[0] // both coins
	tx, err := w.wallet.Transaction(first)
	if err != nil {
		t.Fatal(err)
	}

	twin := elsewhere.open(make(databases), "twin", 1)
	if _, _, err := twin.Pay(w.toOther("2.9")); err != nil { // the first coin
		t.Fatal(err)
	}
	for range 3 {
		elsewhere.mine(w.other.Address)
	}
	w.learn(elsewhere)
	follow(t, w.wallet)
	if e := w.entry(first); e.Status != wallet.StatusConflicted {
		t.Fatalf("after the twin's payment the first is %v", e.Status)
	}

	second := w.send(w.plan(w.toOther("3.9")))[0] // the second coin
	if err := later.offer(tx); err != nil {
		t.Fatal(err)
	}
	for range 6 {
		later.mine(w.other.Address)
	}
	w.learn(later)
	follow(t, w.wallet)
	for id, want := range map[types.Hash]wallet.Status{first: wallet.StatusAccepted, second: wallet.StatusConflicted} {
		if e := w.entry(id); e.Status != want {
			t.Errorf("%v is %v, want %v", id, e.Status, want)
		}
	}
	w.holdAgainst(w.wallet)
}

// branch returns a node with the same blocks, which goes its own way from here.
func (w *town) branch(nth uint64) *node {
	n := newNode(w.t, w.params, 1+nth)
	n.learn(w.node)
	n.made = nth << 32
	return n
}
