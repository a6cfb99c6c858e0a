package wallet_test

import (
	"errors"
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
	histories = flag.Int("histories", 16, "random histories that the wallet is held against")
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
	twin   *wallet.Wallet // of the same words, on the far node
	other  *chaintest.Wallet
	sent   map[*wallet.Wallet]map[types.Hash]wallet.Status // unless the chain decides
	last   map[*wallet.Wallet]types.Hash                   // of sent

	at       types.Hash // the sink at the last check
	reverted int        // chain blocks, at most at once
}

func newRandomHistory(t *testing.T, seed uint64) *randomHistory {
	p := testParams()
	h := &randomHistory{
		T: t, rng: rand.New(rand.NewPCG(seed, 2)), now: epoch,
		near: newNode(t, p, seed), far: newNode(t, p, seed+1),
		dbs: make(databases), sent: make(map[*wallet.Wallet]map[types.Hash]wallet.Status), last: make(map[*wallet.Wallet]types.Hash), other: chaintest.NewWallet("other"),
	}
	h.far.made = 1 << 32
	h.wallet = h.open(h.near, "w")
	h.twin = h.open(h.far, "twin")
	h.sent[h.wallet], h.sent[h.twin] = make(map[types.Hash]wallet.Status), make(map[types.Hash]wallet.Status)
	return h
}

// open returns a wallet of the history's words. The gap limit is wider than what
// a lost branch can leave: a block that is never paid for uses up an address.
func (h *randomHistory) open(n *node, name string) *wallet.Wallet {
	cfg := n.config(h.dbs, &h.now)
	cfg.Gap, cfg.Stock, cfg.Discovery = *deepest, 2**deepest, 2**deepest
	w, err := wallet.OpenUnlocked(cfg, name, wordsOf(h, 1), 0)
	if err != nil {
		h.Fatal(err)
	}
	follow(h, w)
	return w
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
	for range 3 + h.rng.IntN(10) {
		switch h.rng.IntN(11) {
		case 0, 1:
			h.mine(h.near, 1+h.rng.IntN(*deepest/2))
		case 2, 3:
			h.mine(h.far, 1+h.rng.IntN(*deepest/2))
		case 4:
			h.pay(h.near)
		case 5:
			h.pay(h.far)
		case 6:
			h.send(h.wallet)
		case 7:
			follow(h, h.twin)
			h.send(h.twin) // which knows nothing of what the other sends
		case 8:
			h.change()
		case 9:
			h.abandon(h.wallet)
		case 10:
			h.chain()
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
	h.near.holdHistory(h.wallet, h.sent[h.wallet])
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
func (h *randomHistory) send(w *wallet.Wallet) {
	var p *wallet.Plan
	var err error
	available := w.Summary().Balance.Available
	switch h.rng.IntN(4) {
	case 0:
		p, err = w.Plan(wallet.Request{Payments: []wallet.Payment{{Address: receive(w)}}, Max: true, AllowHighFee: true})
	case 1:
		p, err = w.Bump(h.last[w], 0, true)
	default:
		amount := types.Jots(available.Jots() / uint64(1+h.rng.IntN(4)))
		p, err = w.Plan(wallet.Request{Payments: []wallet.Payment{{Address: h.other.Address, Amount: amount}}, AllowHighFee: true})
	}
	if err != nil {
		return // not enough, or settled meanwhile
	}
	h.sendPlan(w, p)
}

func (h *randomHistory) sendPlan(w *wallet.Wallet, p *wallet.Plan) {
	ids, err := w.Send(p)
	for _, id := range ids {
		h.sent[w][id] = wallet.StatusPending
		if e, err := w.Entry(id); err == nil && !e.Replaces.IsZero() {
			h.sent[w][e.Replaces] = wallet.StatusReplaced
		}
		h.last[w] = id
	}
	if err != nil && !errors.Is(err, wallet.ErrUnsent) {
		h.Fatal(err)
	}
}

// abandon gives the last payment up.
func (h *randomHistory) abandon(w *wallet.Wallet) {
	if w.Abandon(h.last[w]) != nil {
		return // it is not pending
	}
	for id := range h.sent[w] {
		if e, err := w.Entry(id); err == nil && e.Status == wallet.StatusAbandoned {
			h.sent[w][id] = e.Status
		}
	}
}

// chain makes coins and spends them a block later, so that a block that merges
// the branch accepts both at once.
func (h *randomHistory) chain() {
	for range 2 {
		h.pay(h.near)
		h.near.mine(h.other.Address)
		h.near.mine(h.other.Address)
		follow(h, h.wallet)
		p, err := h.wallet.Plan(wallet.Request{Payments: []wallet.Payment{{Address: receive(h.wallet)}}, Max: true, AllowHighFee: true})
		if err == nil {
			h.sendPlan(h.wallet, p)
		}
	}
	h.near.mine(h.other.Address)
	h.near.mine(h.other.Address)
}

// change closes and opens the wallet, freezes a coin, or hands out an address.
func (h *randomHistory) change() {
	switch h.rng.IntN(3) {
	case 0:
		if err := h.wallet.Shut(); err != nil {
			h.Fatal(err)
		}
		again := h.open(h.near, "w")
		h.sent[again], h.last[again], h.wallet = h.sent[h.wallet], h.last[h.wallet], again
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
	follow(h, h.twin)
	h.far.holdAgainst(h.twin)
	h.far.holdHistory(h.twin, h.sent[h.twin])
	again := h.open(h.near, "again")
	h.near.holdAgainst(again)
	if diff := cmp.Diff(accepted(h, h.wallet), accepted(h, again), cmpopts.EquateComparable(types.Amount{})); diff != "" {
		h.Errorf("the words give another history (− first, + restored):\n%s", diff)
	}
}
