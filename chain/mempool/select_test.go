package mempool_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// blocksOf makes blocks hold so much, and few others.
func blocksOf(weight uint64) func(*mempool.Config) {
	return func(c *mempool.Config) { c.Params.BlockWeight, c.Params.MergeSetLimit = weight, 4 }
}

// TestTemplateSampling fills a pool beyond a block: the best payer is always in,
// better payers are in more often, and templates differ.
func TestTemplateSampling(t *testing.T) {
	b := newBank(t, 40, blocksOf(9000)) // a dozen payments
	var txs []types.Transaction
	for i := range 30 {
		txs = append(txs, b.pay(b.take(), ample*uint64(1+i/10)))
	}
	best := b.pay(b.take(), 20*ample)
	txs = append(txs, best)
	b.submit(txs...)
	carried := make(map[types.Hash]int)
	const rounds = 60
	for range rounds {
		tmpl, err := b.pool.Template(b.wallet.Address, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, tx := range tmpl.Block.Transactions[1:] {
			carried[tx.ID()]++
		}
	}
	group := func(from int) (sum int) {
		for _, tx := range txs[from : from+10] {
			sum += carried[tx.ID()]
		}
		return sum
	}
	if carried[best.ID()] != rounds {
		t.Errorf("the best payer is in %d of %d templates", carried[best.ID()], rounds)
	}
	low, mid, high := group(0), group(10), group(20)
	if low >= mid || mid >= high || low == 0 || high == 10*rounds {
		t.Errorf("payers of one, two and three parts are carried %d, %d and %d times", low, mid, high)
	}
}

// TestTemplateIsTheChains holds the pool's templates, for which the chain takes
// its own digests back, against what the chain makes of the same transactions
// when it hashes them anew; and a chain that has seen none of them before takes
// the block as its sink.
func TestTemplateIsTheChains(t *testing.T) {
	s := store.NewMemory()
	b := newBankOn(t, s, 60, blocksOf(20_000))
	fresh := newBankOn(t, s.Clone(), 0, blocksOf(20_000))
	var txs []types.Transaction
	for i := range 40 {
		txs = append(txs, b.pay(b.take(), ample*uint64(1+i%7)))
	}
	child := b.pay(change(&txs[0]), ample*100)
	b.submit(append(txs, child)...)
	for b.pool.Usage().Entries > 0 {
		fast, err := b.pool.Template(b.wallet.Address, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		slow, err := b.chain.Template(chain.TemplateRequest{Miner: b.wallet.Address, Extra: []byte("x"), Transactions: fast.Block.Transactions[1:]})
		if err != nil || !reflect.DeepEqual(fast.Block, slow.Block) || len(slow.Dropped) > 0 {
			t.Fatalf("the pool's template is not the chain's: %v", err)
		}
		fast.Block.Header.Timestamp = b.chain.Snapshot().MedianTime + 1
		block := b.add(fast.Block)
		fresh.addUnseen(block)
		if fresh.chain.Snapshot().Sink != block.Hash() {
			t.Fatal("a template is not fit to be the sink elsewhere")
		}
	}
	if fresh.chain.Snapshot().UTXOCommitment != b.chain.Snapshot().UTXOCommitment {
		t.Error("two chains of the same blocks hold other coins")
	}
}

// TestEstimate rises with the backlog.
func TestEstimate(t *testing.T) {
	b := newBank(t, 40, blocksOf(9000))
	empty := b.pool.Estimate()
	for _, bucket := range []mempool.Bucket{empty.Priority, empty.Normal, empty.Low} {
		if bucket.Rate != 1000 || bucket.Wait != time.Second {
			t.Errorf("with an empty pool: %+v", bucket)
		}
	}
	for i := range 30 {
		b.submit(b.pay(b.take(), ample*uint64(1+i)))
	}
	full := b.pool.Estimate()
	if full.Priority.Rate <= full.Normal.Rate || full.Normal.Rate <= full.Low.Rate || full.Low.Rate <= 1000 {
		t.Errorf("with three blocks waiting: %+v", full)
	}
	if full.Priority.Wait > full.Normal.Wait || full.Normal.Wait > full.Low.Wait {
		t.Errorf("who pays less waits less: %+v", full)
	}
}

// TestExpiry lets go what nobody carries.
func TestExpiry(t *testing.T) {
	b := newBank(t, 12, nil)
	first := b.pay(b.take(), ample)
	second := b.pay(change(&first), ample)
	b.submit(first, second)
	b.now = b.now.Add(24 * time.Hour)
	b.pool.Expire()
	b.has(first, second)
	b.now = b.now.Add(time.Millisecond)
	b.pool.Expire()
	b.has()
}
