package chain_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// These tests replay incidents that other chains had, where no rule's own test
// does. chaintest/planted holds the mistakes that they must notice.

// An incident is a chain of blocks mined by alice, who can spend the first few.
type incident struct {
	*chaintest.Builder
	blocks []types.Block
	tip    types.Hash
}

func newIncident() *incident {
	b := chaintest.NewBuilder(smallNet(3))
	blocks := row(b, 'a', b.Params.GenesisHash, 10)
	return &incident{b, blocks, blocks[9].Hash()}
}

// open returns a Manager that knows the chain.
func (x *incident) open(t *testing.T, s chain.Store) *chain.Manager {
	t.Helper()
	m := open(t, x.Params, s)
	for i := range x.blocks {
		mustAdd(t, m, x.blocks[i])
	}
	return m
}

func mustAdd(t *testing.T, m *chain.Manager, b types.Block) {
	t.Helper()
	if err := m.AddBlock(b); err != nil {
		t.Fatal(err)
	}
}

// on makes a block on named or earlier blocks and tells the oracle.
func (x *incident) on(mark byte, txs []types.Transaction, parents ...types.Hash) types.Block {
	made := x.Oracle.Make(parents, chaintest.Content{Extra: []byte{mark}, Transactions: txs})
	x.Oracle.Add(made)
	return made
}

// coins are alice's at the tip, the oldest first.
func (x *incident) coins() []utxo.Entry {
	return x.Oracle.SpendableOn([]types.Hash{x.tip}, x.Wallet("alice"))
}

// payment spends a coin of alice's, all of it, to a wallet.
func (x *incident) payment(coin utxo.Entry, to string) types.Transaction {
	outputs := []types.Output{{Value: coin.Coin.Value, Address: x.Wallet(to).Address}}
	return x.Wallet("alice").Pay(x.Params, outputs, coin)
}

// thefts are two ways to take a coin of alice's: with a key of one's own, and
// with hers and a signature that is not.
func (x *incident) thefts(first, second utxo.Entry) []types.Transaction {
	mallory := x.Wallet("mallory")
	own := mallory.Pay(x.Params, []types.Output{{Value: first.Coin.Value, Address: mallory.Address}}, first)
	forged := mallory.Pay(x.Params, []types.Output{{Value: second.Coin.Value, Address: mallory.Address}}, second)
	forged.Inputs[0].Unlock.Policy = x.Wallet("alice").Policy
	return []types.Transaction{own, forged}
}

// TestStolenCoinsStay merges a block that spends alice's coins without her: the
// block never qualifies, it is merged as data, and the coins stay hers.
//
//	… ── A10 ── D ── E ── M ── N
//	      └─── thief ────┘
func TestStolenCoinsStay(t *testing.T) {
	x := newIncident()
	coins := x.coins()
	thief := x.on('t', x.thefts(coins[0], coins[1]), x.tip)
	d := x.on('d', nil, x.tip)
	e := x.on('e', nil, d.Hash())
	merging := x.on('m', nil, e.Hash(), thief.Hash())
	last := x.on('n', nil, merging.Hash())
	m := x.open(t, store.NewMemory())
	for _, b := range []types.Block{thief, d, e, merging, last} {
		mustAdd(t, m, b)
	}
	if got := m.Snapshot().Sink; got != last.Hash() {
		t.Errorf("the sink is %v, not the block above the merge", got)
	}
	if fate, err := m.Fate(thief.Hash()); err != nil || fate != chain.FateBlue {
		t.Errorf("the thief's block is %v %v, want merged as a blue", fate, err)
	}
	for _, c := range coins[:2] {
		if got, ok, err := m.Coin(c.Outpoint); err != nil || !ok || got != c.Coin {
			t.Errorf("alice's coin is %v %v %v", got, ok, err)
		}
	}
	if _, err := m.Verify(context.Background(), nil); err != nil {
		t.Error(err)
	}
}

// TestOutputsThatWrapAround pays twice 2⁶³ jots, which sum to nothing in 64
// bits.
func TestOutputsThatWrapAround(t *testing.T) {
	x := newIncident()
	coin := x.coins()[0]
	half := types.Output{Value: types.Jots(1 << 63), Address: x.Wallet("mallory").Address}
	tx := x.Wallet("alice").Pay(x.Params, []types.Output{half, half}, coin)
	s := store.NewMemory()
	m := x.open(t, s)
	before := contents(t, s)
	made := x.Oracle.Make([]types.Hash{x.tip}, chaintest.Content{Transactions: []types.Transaction{tx}})
	if err := m.AddBlock(made); !errors.Is(err, rules.ErrOutputValue) {
		t.Errorf("outputs of twice 2⁶³ jots: %v", err)
	}
	if !maps.Equal(before, contents(t, s)) {
		t.Error("the store changed")
	}
}

// TestHeadersCostWork offers a header whose nonce misses its target, which is
// found without asking the rules.
func TestHeadersCostWork(t *testing.T) {
	x := newIncident()
	m := x.open(t, store.NewMemory())
	lazy := x.Oracle.Make([]types.Hash{x.tip}, chaintest.Content{})
	for pow.Meets(x.Params, &lazy.Header) {
		lazy.Header.Nonce++
	}
	if err := m.AddHeader(lazy.Header); !errors.Is(err, rules.ErrProofOfWork) {
		t.Errorf("a header without work: %v", err)
	}
	if got := m.Snapshot().Headers; got != 11 {
		t.Errorf("%d headers are stored, want genesis and 10", got)
	}
}

// TestNotRememberedAsInvalid refuses for a while what is not invalid for good.
func TestNotRememberedAsInvalid(t *testing.T) {
	t.Run("future time", refuseUntilItsTime)
	t.Run("unknown version", refuseUntilUpgraded)
}

func refuseUntilItsTime(t *testing.T) {
	x := newIncident()
	ahead := x.Oracle.Make([]types.Hash{x.tip}, chaintest.Content{Timestamp: 1 << 42})
	clock := int64(1<<42 - x.Params.FutureAllowance - 1)
	now := func() time.Time { return time.UnixMilli(clock) }
	m, err := chain.Open(chain.Config{Params: x.Params, Store: store.NewMemory(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.blocks {
		mustAdd(t, m, x.blocks[i])
	}
	for range 2 {
		if err := m.AddBlock(ahead); !errors.Is(err, rules.ErrFutureTime) {
			t.Fatalf("ahead of the clock: %v", err)
		}
	}
	clock++
	if err := m.AddBlock(ahead); err != nil {
		t.Errorf("when its time has come: %v", err)
	}
}

func refuseUntilUpgraded(t *testing.T) {
	upgraded := smallNet(3)
	upgraded.RuleSets = append(upgraded.RuleSets, params.RuleSet{From: 5, HeaderVersion: 2, TransactionVersion: 2})
	blocks := row(chaintest.NewBuilder(upgraded), 'a', upgraded.GenesisHash, 6)
	m := open(t, smallNet(3), store.NewMemory())
	for i := range blocks[:5] {
		mustAdd(t, m, blocks[i])
	}
	for range 2 {
		if err := m.AddBlock(blocks[5]); !errors.Is(err, rules.ErrUnknownVersion) {
			t.Fatalf("a block of a later version: %v", err)
		}
	}
}

// TestTemplateDropsWhatFails offers a miner transactions of which one is good:
// the others are left out, and the template is a valid block.
func TestTemplateDropsWhatFails(t *testing.T) {
	x := newIncident()
	coins := x.coins()
	good, again := x.payment(coins[0], "bob"), x.payment(coins[0], "carol")
	gone := x.payment(utxo.Entry{Outpoint: types.Outpoint{Index: 7}, Coin: coins[1].Coin}, "bob")
	malformed := x.payment(coins[2], "bob")
	malformed.Gas = 1
	heavy := good
	heavy.Mass = math.MaxUint64 - 1 // with another's it wraps around
	offered := append(x.thefts(coins[3], coins[4]), gone, malformed, good, again, heavy)
	m := x.open(t, store.NewMemory())
	hashed, err := m.Template(chain.TemplateRequest{Transactions: offered, Digests: types.Digests(offered)})
	if err != nil {
		t.Fatal(err)
	}
	template, err := m.Template(chain.TemplateRequest{Transactions: offered})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(hashed, template) {
		t.Errorf("with digests the template is %v, and without %v", hashed, template)
	}
	if txs := template.Block.Transactions; len(txs) != 2 || txs[1].ID() != good.ID() {
		t.Errorf("the template carries %d transactions, want the coinbase and the good one", len(txs))
	}
	if len(template.Dropped) != 6 {
		t.Errorf("dropped are %v", template.Dropped)
	}
	chaintest.Solve(x.Params, &template.Block)
	mustAdd(t, m, template.Block)
	info, err := m.Info(template.Block.Hash())
	if err != nil || info.Status != chain.StatusChainValid {
		t.Errorf("the mined template is %v %v: %v", info.Status, info.Reason, err)
	}
}

// TestSupplyAlarm has the store say that a jot more, or less, was issued than
// the coins hold: the next block raises the alarm and the chain stops.
func TestSupplyAlarm(t *testing.T) {
	const commitment = 2048                 // bytes that end the record of the state
	for jot, field := range map[uint64]int{ // u64 counted from the commitment: issued, then unspent
		1: 1, ^uint64(0): 1, 2: 2,
	} {
		x := newIncident()
		s := store.NewMemory()
		before := openJournal(t, x.Params, s, 1)
		for i := range x.blocks {
			mustAdd(t, before, x.blocks[i])
		}
		state := []byte(contents(t, s)["mpoint"])
		at := state[len(state)-commitment-8*field:]
		binary.LittleEndian.PutUint64(at, binary.LittleEndian.Uint64(at)+jot)
		write(t, s, "mpoint", state)
		m := openJournal(t, x.Params, s, 1)
		err := m.AddBlock(x.on('n', nil, x.tip))
		var alarm *chain.SupplyError
		if !errors.As(err, &alarm) || !errors.Is(err, chain.ErrFailed) || alarm.Unspent == alarm.Issued {
			t.Fatalf("%d jots amiss in field %d: %v", int64(jot), field, err)
		}
		if issued := field == 1; alarm.Confirmed != issued {
			t.Errorf("%d jots amiss in field %d: confirmed by a recount is %v", int64(jot), field, alarm.Confirmed)
		}
		<-m.Done()
		if !bytes.Equal([]byte(contents(t, s)["mpoint"]), state) {
			t.Error("the block was stored all the same")
		}
	}
}
