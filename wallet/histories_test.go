package wallet_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/wallet"
)

var (
	histories = flag.Int("histories", 20, "random histories that the wallet is held against")
	firstSeed = flag.Uint64("history-seed", 1, "seed of the first random history")
	deepest   = flag.Int("history-depth", 12, "blocks on one side of a split, at most")
)

// TestBalanceEqualsState lets two nodes, cut off from each other for a while,
// mine and pay at random, and holds the wallet of the first against a scan of
// the state at its sink after every step. In the end the words alone must give
// the same balance and history.
func TestBalanceEqualsState(t *testing.T) {
	for i := range uint64(*histories) {
		seed := *firstSeed + i
		t.Run(fmt.Sprint(seed), func(t *testing.T) { newRandomHistory(t, seed).run() })
	}
}

// A randomHistory is two nodes, a wallet on the first, and somebody else.
type randomHistory struct {
	*testing.T
	rng    *rand.Rand
	near   *node
	far    *node
	dbs    databases
	now    time.Time
	wallet *wallet.Wallet
	other  *chaintest.Wallet
	sent   []types.Hash

	at       types.Hash // the sink at the last check
	reverted int        // chain blocks, at most at once
}

func newRandomHistory(t *testing.T, seed uint64) *randomHistory {
	p := testParams()
	h := &randomHistory{
		T: t, rng: rand.New(rand.NewPCG(seed, 2)), now: epoch,
		near: newNode(t, p, seed), far: newNode(t, p, seed+1),
		dbs: make(databases), other: chaintest.NewWallet("other"),
	}
	h.far.made = 1 << 32
	h.wallet = h.near.open(h.dbs, "w", 1)
	return h
}

func (h *randomHistory) run() {
	h.mine(h.near, 8)
	h.far.learn(h.near)
	for range 3 {
		h.split()
		h.near.learn(h.far)
		h.check()
		h.far.learn(h.near)
	}
	h.restore()
	h.count()
}

// count tells what a history had in it, so that a test that tests nothing shows.
func (h *randomHistory) count() {
	entries, _, err := h.wallet.History(wallet.Query{})
	if err != nil {
		h.Fatal(err)
	}
	counts := make(map[string]int)
	for i := range entries {
		counts[entries[i].Kind.String()]++
		counts[entries[i].Status.String()]++
	}
	h.Log(counts, "reverted", h.reverted)
}

// split lets the nodes live apart.
func (h *randomHistory) split() {
	for range 1 + h.rng.IntN(6) {
		switch h.rng.IntN(8) {
		case 0, 1:
			h.mine(h.near, 1+h.rng.IntN(*deepest/2))
		case 2, 3:
			h.mine(h.far, 1+h.rng.IntN(*deepest/2))
		case 4:
			h.pay(h.near)
		case 5:
			h.pay(h.far)
		case 6:
			h.send()
		case 7:
			h.change()
		}
		h.check()
	}
	if h.rng.IntN(3) == 0 {
		h.mine(h.far, *deepest) // so that the near branch is likely to lose
	}
}

func (h *randomHistory) check() {
	h.Helper()
	follow(h, h.wallet)
	h.near.holdAgainst(h.wallet)
	updates, err := h.near.chain.UpdatesSince(h.at, 1<<30)
	if err != nil {
		h.Fatal(err)
	}
	back := 0
	for back < len(updates) && updates[back].Reverted {
		back++
	}
	h.at, h.reverted = h.near.chain.Snapshot().Sink, max(h.reverted, back)
}

// mine makes a row of blocks on a node, each for the wallet or somebody else.
func (h *randomHistory) mine(n *node, blocks int) {
	for range blocks {
		to := h.other.Address
		if h.rng.IntN(2) == 0 {
			to = receive(h.wallet)
		}
		n.mine(to)
		if n == h.near && h.rng.IntN(3) == 0 {
			h.check()
		}
	}
}

// pay lets somebody else pay the wallet. Both sides of a split may spend the
// same coin.
func (h *randomHistory) pay(n *node) {
	at := n.chain.Snapshot().BlueScore
	for o, coin := range n.coins() {
		if coin.Address != h.other.Address || coin.Coinbase && coin.BlueScore+n.params.CoinbaseMaturity > at {
			continue
		}
		half := types.Jots(coin.Value.Jots() / 2)
		rest, _ := coin.Value.Sub(half)
		rest, _ = rest.Sub(types.Jots(20_000))
		outputs := []types.Output{{Value: half, Address: receive(h.wallet)}, {Value: rest, Address: h.other.Address}}
		n.offer(h.other.Pay(n.params, outputs, utxo.Entry{Outpoint: o, Coin: coin})) // a conflict is fine
		return
	}
}

// send lets the wallet pay somebody, join all it has, or try the last payment
// another way.
func (h *randomHistory) send() {
	var p *wallet.Plan
	var err error
	available := h.wallet.Summary().Balance.Available
	switch h.rng.IntN(4) {
	case 0:
		p, err = h.wallet.Plan(wallet.Request{Payments: []wallet.Payment{{Address: receive(h.wallet)}}, Max: true, AllowHighFee: true})
	case 1:
		if len(h.sent) == 0 {
			return
		}
		p, err = h.wallet.Bump(h.sent[len(h.sent)-1], 0, true)
	default:
		amount := types.Jots(available.Jots() / uint64(1+h.rng.IntN(4)))
		p, err = h.wallet.Plan(wallet.Request{Payments: []wallet.Payment{{Address: h.other.Address, Amount: amount}}, AllowHighFee: true})
	}
	if err != nil {
		return // not enough, or settled meanwhile
	}
	if ids, err := h.wallet.Send(p); err == nil {
		h.sent = append(h.sent, ids...)
	}
}

// change closes and opens the wallet, freezes a coin, or hands out an address.
func (h *randomHistory) change() {
	switch h.rng.IntN(3) {
	case 0:
		if err := h.wallet.Shut(); err != nil {
			h.Fatal(err)
		}
		h.wallet = h.near.open(h.dbs, "w", 1)
	case 1:
		coins, err := h.wallet.Coins()
		if err == nil && len(coins) > 0 && coins[0].State != wallet.CoinPending {
			err = h.wallet.Freeze(!coins[0].Frozen, coins[0].Outpoint)
		}
		if err != nil {
			h.Fatal(err)
		}
	case 2:
		if _, err := h.wallet.NewAddress(0, ""); err != nil {
			h.Fatal(err)
		}
	}
}

// restore makes a wallet of the same words and compares.
func (h *randomHistory) restore() {
	again := h.near.open(h.dbs, "again", 1)
	h.near.holdAgainst(again)
	if diff := cmp.Diff(accepted(h, h.wallet), accepted(h, again), cmpopts.EquateComparable(types.Amount{})); diff != "" {
		h.Errorf("the words give another history (− first, + restored):\n%s", diff)
	}
}
