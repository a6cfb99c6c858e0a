package mempool_test

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
)

// TestTemplateSampling fills a pool beyond a block: the best payer is always in,
// better payers are in more often, and templates differ.
func TestTemplateSampling(t *testing.T) {
	b := newBank(t, 40, func(c *mempool.Config) { c.Params.BlockWeight = 9000 }) // a dozen payments
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

// TestEstimate rises with the backlog.
func TestEstimate(t *testing.T) {
	b := newBank(t, 40, func(c *mempool.Config) { c.Params.BlockWeight = 9000 })
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
