package wallet_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/keystore"
)

// A node is a chain with its pool.
type node struct {
	t      testing.TB
	params *params.Params
	chain  *chain.Manager
	pool   *mempool.Pool
	made   uint64 // blocks, so that no two are the same
}

// testParams returns a network on which coins mature soon and parallel blocks
// soon turn red.
func testParams() *params.Params {
	p := params.SimNet()
	p.CoinbaseMaturity, p.K = 4, 2
	return p
}

var epoch = time.UnixMilli(1_800_000_000_000)

func newNode(t testing.TB, p *params.Params, seed uint64) *node {
	t.Helper()
	n := &node{t: t, params: p}
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory(), Now: chaintest.FarFuture})
	if err != nil {
		t.Fatal(err)
	}
	n.chain = m
	n.pool = mempool.New(mempool.Config{
		Params: p, Chain: m,
		Now:  func() time.Time { return epoch },
		Rand: rand.New(rand.NewPCG(seed, 1)),
	})
	return n
}

// mine makes a block on virtual, with what the pool offers.
func (n *node) mine(miner types.Address) types.Hash {
	n.t.Helper()
	n.made++
	extra := binary.LittleEndian.AppendUint64(nil, n.made)
	template, err := n.pool.Template(miner, append(extra, n.params.Name...))
	if err != nil {
		n.t.Fatal(err)
	}
	b := template.Block
	chaintest.Solve(n.params, &b)
	n.add(b)
	return b.Hash()
}

func (n *node) add(b types.Block) {
	n.t.Helper()
	if err := n.chain.AddBlock(b); err != nil && !errors.Is(err, chain.ErrKnown) {
		n.t.Fatal(err)
	}
	if err := n.pool.Follow(); err != nil {
		n.t.Fatal(err)
	}
}

// learn takes over the blocks and the pool of another node.
func (n *node) learn(from *node) {
	n.t.Helper()
	err := from.chain.Blocks(func(b types.Block) error {
		if _, err := n.chain.Info(b.Hash()); errors.Is(err, chain.ErrNotFound) {
			return n.chain.AddBlock(b)
		}
		return nil
	})
	if err != nil {
		n.t.Fatal(err)
	}
	if err := n.pool.Follow(); err != nil {
		n.t.Fatal(err)
	}
	for _, e := range from.pool.Entries() {
		n.offer(*e.Tx)
	}
}

func (n *node) offer(tx types.Transaction) error {
	errs, err := n.pool.Submit([]types.Transaction{tx})
	if err != nil {
		n.t.Fatal(err)
	}
	return errs[0]
}

// coins returns the unspent coins at the sink: the chain played from genesis,
// held against the count and the sum that the chain itself keeps.
func (n *node) coins() utxo.Coins {
	n.t.Helper()
	updates, err := n.chain.UpdatesSince(types.Hash{}, 1<<30)
	if err != nil {
		n.t.Fatal(err)
	}
	coins := make(utxo.Coins)
	for i := range updates {
		diff := &updates[i].Acceptance.Diff
		for _, gone := range diff.Spent {
			delete(coins, gone.Outpoint)
		}
		for _, come := range diff.Created {
			coins[come.Outpoint] = come.Coin
		}
	}
	var sum uint64
	for _, c := range coins {
		sum += c.Value.Jots()
	}
	if s := n.chain.Snapshot(); s.Coins != uint64(len(coins)) || s.Supply != sum {
		n.t.Fatalf("%d coins of %d jots were played, the state has %d of %d", len(coins), sum, s.Coins, s.Supply)
	}
	return coins
}

// config returns what a wallet on the node needs. All wallets of the
// config keep their databases in the map, by directory.
func (n *node) config(dbs databases, now *time.Time) wallet.Config {
	return wallet.Config{
		Dir:         "wallets",
		Open:        dbs.open,
		Params:      n.params,
		Chain:       n.chain,
		Now:         func() time.Time { return *now },
		Rand:        bytesOf(7),
		Submit:      n.pool.Submit,
		Unconfirmed: n.pool.Entries,
		Gap:         5,
		Stock:       20,
		Discovery:   30,
	}
}

// databases are memory stores that outlive the wallets on them.
type databases map[string]*store.Memory

func (d databases) open(dir string) (wallet.Database, error) {
	if d[dir] == nil {
		d[dir] = store.NewMemory()
	}
	return lasting{d[dir]}, nil
}

// lasting is a database that closing does not empty.
type lasting struct{ *store.Memory }

func (lasting) Close() error { return nil }

// bytesOf returns a source of bytes that are random enough for a test and the
// same every time.
func bytesOf(seed uint64) *chacha {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &chacha{rand.NewChaCha8(key)}
}

type chacha struct{ source *rand.ChaCha8 }

func (c *chacha) Read(p []byte) (int, error) { return c.source.Read(p) }

// wordsOf returns secrets with one mnemonic, the same for the same seed.
func wordsOf(t testing.TB, seed byte) *keystore.Secrets {
	t.Helper()
	secrets := new(keystore.Secrets)
	_, err := secrets.AddMnemonic(keystore.About{}, bytes.Repeat([]byte{seed}, 16), nil, bytesOf(uint64(seed)))
	if err != nil {
		t.Fatal(err)
	}
	return secrets
}

// open returns an unlocked wallet of a seed and follows once.
func (n *node) open(dbs databases, name string, seed byte) *wallet.Wallet {
	n.t.Helper()
	now := epoch
	w, err := wallet.OpenUnlocked(n.config(dbs, &now), name, wordsOf(n.t, seed), 0)
	if err != nil {
		n.t.Fatal(err)
	}
	follow(n.t, w)
	return w
}

func follow(t testing.TB, w *wallet.Wallet) {
	t.Helper()
	if err := w.Follow(); err != nil {
		t.Fatal(err)
	}
	if err := w.Tick(); err != nil {
		t.Fatal(err)
	}
}

// receive is the current address of the first account.
func receive(w *wallet.Wallet) types.Address { return w.Summary().Accounts[0].Address }

// holdAgainst compares a wallet with a scan of the state at the sink of its node.
func (n *node) holdAgainst(w *wallet.Wallet) {
	n.t.Helper()
	mine := make(utxo.Coins)
	var want types.Amount
	for o, c := range n.coins() {
		if _, err := w.Address(c.Address); err == nil {
			mine[o] = c
			want, _ = want.Add(c.Value)
		}
	}
	coins, err := w.Coins()
	if err != nil {
		n.t.Fatal(err)
	}
	var spending types.Amount
	for _, c := range coins {
		switch have, ok := mine[c.Outpoint]; {
		case c.State == wallet.CoinPending:
			continue
		case !ok || have != c.Coin:
			n.t.Fatalf("the wallet shows a coin that the state does not have: %v:%d %+v, there is %+v", c.Outpoint.TxID, c.Outpoint.Index, c, have)
		case c.State == wallet.CoinSpending:
			spending, _ = spending.Add(c.Value)
		}
		delete(mine, c.Outpoint)
	}
	if len(mine) > 0 {
		n.t.Fatalf("%d coins of the state are missing in the wallet, or shown twice", len(mine))
	}
	s := w.Summary()
	if got, _ := s.Balance.Confirmed().Add(spending); got != want {
		n.t.Fatalf("the balance is %v, the state holds %v", got, want)
	}
	if s.AsOf.Block != n.chain.Snapshot().Sink || !s.Synced {
		n.t.Fatalf("the wallet stands at %v, synced %v", s.AsOf.Block, s.Synced)
	}
}

// accepted returns the accepted history without what only this wallet can know.
func accepted(t testing.TB, w *wallet.Wallet) []wallet.Entry {
	t.Helper()
	entries, _, err := w.History(wallet.Query{})
	if err != nil {
		t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e wallet.Entry) bool { return e.Status != wallet.StatusAccepted })
	for i := range entries {
		entries[i].Seen, entries[i].Label = 0, ""
		entries[i].Step, entries[i].Steps = 0, 0
		entries[i].Replaces, entries[i].ReplacedBy = types.Hash{}, types.Hash{}
	}
	slices.SortFunc(entries, func(a, b wallet.Entry) int {
		return cmp.Or(cmp.Compare(a.BlueScore, b.BlueScore), a.ID.Compare(b.ID))
	})
	return entries
}
