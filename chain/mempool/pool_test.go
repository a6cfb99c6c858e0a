package mempool_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// A bank is a chain whose blocks pay one wallet, a pool on it, and the wallet's
// coins.
type bank struct {
	t      testing.TB
	params *params.Params
	chain  *chain.Manager
	pool   *mempool.Pool
	wallet *chaintest.Wallet
	coins  []utxo.Entry
	now    time.Time
	cursor types.Hash
}

func newBank(t testing.TB, blocks int, change func(*mempool.Config)) *bank {
	t.Helper()
	return newBankOn(t, store.NewMemory(), blocks, change)
}

func newBankOn(t testing.TB, s chain.Store, blocks int, change func(*mempool.Config)) *bank {
	t.Helper()
	p := params.SimNet()
	p.CoinbaseMaturity = 2
	m, err := chain.Open(chain.Config{Params: p, Store: s, Now: chaintest.FarFuture})
	if err != nil {
		t.Fatal(err)
	}
	b := &bank{t: t, params: p, chain: m, wallet: chaintest.NewWallet("bank"), now: time.UnixMilli(1)}
	cfg := mempool.Config{Params: p, Chain: b.chain, Now: func() time.Time { return b.now }, Rand: rand.New(rand.NewPCG(1, 2))}
	if change != nil {
		change(&cfg)
	}
	b.pool = mempool.New(cfg)
	b.mine(blocks)
	return b
}

// mine makes blocks from the pool's templates.
func (b *bank) mine(n int) (last types.Block) {
	b.t.Helper()
	for range n {
		t, err := b.pool.Template(b.wallet.Address, nil)
		if err != nil {
			b.t.Fatal(err)
		}
		t.Block.Header.Timestamp = b.chain.Snapshot().MedianTime + 1
		last = b.add(t.Block)
	}
	b.collect()
	return last
}

func (b *bank) add(block types.Block) types.Block {
	b.t.Helper()
	block = b.addUnseen(block)
	if err := b.pool.Follow(); err != nil {
		b.t.Fatal(err)
	}
	return block
}

// addUnseen adds a block that the pool does not hear of.
func (b *bank) addUnseen(block types.Block) types.Block {
	b.t.Helper()
	chaintest.Solve(b.params, &block)
	if err := b.chain.AddBlock(block); err != nil {
		b.t.Fatal(err)
	}
	return block
}

// collect gathers the mature coinbase coins of the wallet, once each.
func (b *bank) collect() {
	updates, err := b.chain.UpdatesSince(b.cursor, 1<<20)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, u := range updates {
		if u.BlueScore+b.params.CoinbaseMaturity > b.chain.Snapshot().BlueScore {
			break
		}
		b.cursor = u.Hash
		for _, n := range u.Acceptance.Diff.Created {
			if n.Coin.Coinbase {
				b.coins = append(b.coins, n)
			}
		}
	}
}

// take returns an unused coin.
func (b *bank) take() utxo.Entry {
	coin := b.coins[0]
	b.coins = b.coins[1:]
	return coin
}

// pay spends a coin with a fee.
func (b *bank) pay(coin utxo.Entry, fee uint64) types.Transaction {
	value := types.Jots(coin.Coin.Value.Jots() - fee)
	return b.wallet.Pay(b.params, []types.Output{{Value: value, Address: b.wallet.Address}}, coin)
}

// change returns the first output of a transaction as a coin.
func change(tx *types.Transaction) utxo.Entry {
	return utxo.Entry{Outpoint: types.Outpoint{TxID: tx.ID()}, Coin: types.Coin{Output: tx.Outputs[0]}}
}

func (b *bank) submit(txs ...types.Transaction) []error {
	b.t.Helper()
	reasons, err := b.pool.Submit(txs)
	if err != nil {
		b.t.Fatal(err)
	}
	return reasons
}

func (b *bank) want(reason error, tx types.Transaction) {
	b.t.Helper()
	if got := b.submit(tx)[0]; !errors.Is(got, reason) {
		b.t.Fatalf("%v, want %v", got, reason)
	}
}

func (b *bank) has(txs ...types.Transaction) {
	b.t.Helper()
	for i := range txs {
		if b.pool.Entry(txs[i].ID()) == nil {
			b.t.Fatalf("transaction %d is not in the pool", i)
		}
	}
	if n := b.pool.Usage().Entries; n != len(txs) {
		b.t.Fatalf("%d entries, want %d", n, len(txs))
	}
}

const ample = 100_000

func TestAdmit(t *testing.T) {
	b := newBank(t, 12, nil)
	good := b.pay(b.take(), ample)
	b.want(nil, good)
	b.want(mempool.ErrKnown, good)
	b.has(good)

	cheap := b.pay(b.take(), 1)
	b.want(mempool.ErrFee, cheap)
	forged := b.pay(b.take(), ample)
	forged.Inputs[0].Unlock.Signatures[0][3] ^= 1
	b.want(rules.ErrSignature, forged)
	early := b.pay(b.take(), ample)
	early.LockTime = 1000
	b.want(rules.ErrAbsoluteLock, early)
	b.want(mempool.ErrCoinbase, types.Transaction{Version: 1, SubnetworkID: types.CoinbaseSubnetwork})
	b.has(good)

	b.mine(1) // carries it
	b.mine(1) // accepts it
	b.has()
	b.want(mempool.ErrAccepted, good)
}

// TestMinimumFee stands on both sides of the limit.
func TestMinimumFee(t *testing.T) {
	b := newBank(t, 12, nil)
	coin := b.take()
	probe := b.pay(coin, ample)
	weight := max(rules.Weight(&probe), probe.Mass)
	b.want(mempool.ErrFee, b.pay(coin, weight-1))
	b.want(nil, b.pay(coin, weight))
}

// TestHeaviest admits a transaction that just fits into a block whose coinbase pays
// all that it can, and none that is a unit heavier.
func TestHeaviest(t *testing.T) {
	weigh := newBank(t, 12, nil)
	tx := weigh.pay(weigh.take(), ample)
	for room, want := range map[uint64]error{rules.Weight(&tx): nil, rules.Weight(&tx) - 1: mempool.ErrTooHeavy} {
		b := newBank(t, 12, func(c *mempool.Config) {
			c.Params.MergeSetLimit = 2
			c.Params.BlockWeight += room - rules.HeaviestTransaction(c.Params)
		})
		b.want(want, b.pay(b.take(), ample))
		if want == nil {
			b.mine(2)
			b.has()
		}
	}
}

// TestChains keeps a chain of unconfirmed transactions, of which one block
// carries one.
func TestChains(t *testing.T) {
	b := newBank(t, 12, nil)
	first := b.pay(b.take(), ample)
	second := b.pay(change(&first), ample)
	third := b.pay(change(&second), ample)
	for _, reason := range b.submit(first, second, third) {
		if reason != nil {
			t.Fatal(reason)
		}
	}
	b.has(first, second, third)
	for _, left := range [][]types.Transaction{{first, second, third}, {second, third}, {third}, {}} {
		block := b.mine(1)
		b.has(left...)
		if len(left) > 0 && len(block.Transactions) != 2 {
			t.Errorf("a block carries %d of the chain", len(block.Transactions)-1)
		}
	}
}

// TestOrphans waits for parents, and is bounded.
func TestOrphans(t *testing.T) {
	b := newBank(t, 12, func(c *mempool.Config) { c.MaxOrphans = 3 })
	first := b.pay(b.take(), ample)
	second := b.pay(change(&first), ample)
	third := b.pay(change(&second), ample)
	b.want(mempool.ErrOrphan, third)
	b.want(mempool.ErrOrphan, second)
	b.has()
	b.want(nil, first)
	b.has(first, second, third)

	for range 10 {
		parent := b.pay(b.wallet1(), ample)
		b.want(mempool.ErrOrphan, b.pay(change(&parent), ample))
	}
}

// wallet1 returns a coin that exists nowhere.
func (b *bank) wallet1() utxo.Entry {
	b.now = b.now.Add(time.Millisecond)
	coin := types.Coin{Output: types.Output{Value: types.Jots(types.JotsPerJIO), Address: b.wallet.Address}}
	return utxo.Entry{Outpoint: types.Outpoint{TxID: types.Hash{9, byte(b.now.UnixMilli())}}, Coin: coin}
}

// TestReplacement demands a higher rate than each rival and more than all that
// goes.
func TestReplacement(t *testing.T) {
	b := newBank(t, 12, nil)
	coin := b.take()
	old := b.pay(coin, ample)
	child := b.pay(change(&old), 5*ample)
	b.submit(old, child)
	b.has(old, child)

	b.want(mempool.ErrConflict, b.pay(coin, ample-1))
	b.want(mempool.ErrConflict, b.pay(coin, ample+1000)) // less than parent and child together
	b.has(old, child)
	better := b.pay(coin, 7*ample)
	b.want(nil, better)
	b.has(better)

	// One that spends an output of what it would replace cannot.
	grandchild := b.wallet.Pay(b.params, []types.Output{{Value: types.Jots(types.JotsPerJIO), Address: b.wallet.Address}}, coin, change(&better))
	b.want(mempool.ErrConflict, grandchild)
	b.has(better)
}

// TestEviction lets the worst payer go, with what builds on it.
func TestEviction(t *testing.T) {
	one := func() int {
		b := newBank(t, 12, nil)
		b.submit(b.pay(b.take(), ample))
		return b.pool.Usage().Bytes
	}()
	b := newBank(t, 12, func(c *mempool.Config) { c.MaxBytes = 3 * one })
	low, mid, high := b.pay(b.take(), ample), b.pay(b.take(), 2*ample), b.pay(b.take(), 3*ample)
	b.submit(low, mid, high)
	b.has(low, mid, high)
	b.want(mempool.ErrFull, b.pay(b.take(), ample/2))
	b.has(low, mid, high)
	top := b.pay(b.take(), 4*ample)
	b.want(nil, top)
	b.has(mid, high, top)
}

// TestConflictOnChain drops what a block's transaction makes impossible.
func TestConflictOnChain(t *testing.T) {
	b := newBank(t, 12, nil)
	coin := b.take()
	ours := b.pay(coin, ample)
	child := b.pay(change(&ours), ample)
	b.submit(ours, child)
	theirs, err := b.chain.Template(chain.TemplateRequest{Transactions: []types.Transaction{b.pay(coin, 2*ample)}})
	if err != nil || len(theirs.Dropped) > 0 {
		t.Fatal(err, theirs.Dropped)
	}
	b.add(theirs.Block)
	b.mine(1)
	b.has()
}

// TestReorganisation gives back what a left branch had accepted.
func TestReorganisation(t *testing.T) {
	b := newBank(t, 12, nil)
	b.params.MergeSetLimit = 1 // virtual merges nothing
	fork := b.chain.Snapshot().Sink
	tx := b.pay(b.take(), ample)
	b.submit(tx)
	b.mine(2)
	b.has()

	other := newBank(t, 0, nil)
	if err := b.chain.Blocks(func(block types.Block) error {
		if block.Hash() == b.params.GenesisHash {
			return nil
		}
		err := other.chain.AddBlock(block)
		if other.chain.Snapshot().Sink == fork {
			return errors.Join(err, errStop)
		}
		return err
	}); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	other.wallet = chaintest.NewWallet("other")
	for range 4 {
		tmpl, err := other.chain.Template(chain.TemplateRequest{Miner: other.wallet.Address})
		if err != nil {
			t.Fatal(err)
		}
		block := other.add(tmpl.Block)
		if err := b.chain.AddBlock(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.pool.Follow(); err != nil {
		t.Fatal(err)
	}
	b.has(tx)
}

var errStop = errors.New("far enough")

// TestReorganisationMerged holds a transaction whose branch was left and merged:
// the chain accepts it again.
func TestReorganisationMerged(t *testing.T) {
	b := newBank(t, 12, nil)
	tx := b.pay(b.take(), ample)
	b.submit(tx)
	side, err := b.chain.Template(chain.TemplateRequest{Miner: types.Address{Hash: types.Hash{1}}})
	if err != nil {
		t.Fatal(err)
	}
	b.mine(2)
	b.add(side.Block)
	b.mine(2)
	b.has()
	b.want(mempool.ErrAccepted, tx)
}
