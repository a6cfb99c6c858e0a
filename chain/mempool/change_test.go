package mempool_test

import (
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// TestOnChange wakes when entries come or go, and only then.
func TestOnChange(t *testing.T) {
	b := newBank(t, 12, nil)
	woken := 0
	cancel := b.pool.OnChange(func() {
		woken++
		b.pool.Usage() // no lock is held
		b.pool.Best(1)
	})
	step := func(what string, want int) {
		t.Helper()
		if woken != want {
			t.Fatalf("%s: woken %d times, want %d", what, woken, want)
		}
		woken = 0
	}
	tx := b.pay(b.take(), ample)
	b.submit(tx)
	step("a transaction came", 1)
	b.submit(tx)
	step("it came again", 0)
	b.mine(1)
	step("a block carries it", 0)
	b.mine(1)
	step("a block accepted it", 1)
	cancel()
	b.submit(b.pay(b.take(), ample))
	step("cancelled", 0)
}

// TestReview finds a transaction dropped that the chain has accepted meanwhile:
// it goes, its child stays. One that cannot hold any more goes with its child.
func TestReview(t *testing.T) {
	b := newBank(t, 14, nil)
	paid := b.pay(b.take(), ample)
	child := b.pay(change(&paid), ample)
	coin := b.take()
	doomed := b.pay(coin, ample)
	orphan := b.pay(change(&doomed), ample)
	b.submit(paid, child, doomed, orphan)
	rival := b.pay(coin, 2*ample)
	for _, txs := range [][]types.Transaction{{paid, rival}, nil} { // carried, then accepted, unseen by the pool
		tmpl, err := b.chain.Template(chain.TemplateRequest{Transactions: txs})
		if err != nil || len(tmpl.Dropped) > 0 {
			t.Fatal(err, tmpl.Dropped)
		}
		b.addUnseen(tmpl.Block)
	}
	missing := rules.RuleError{Kind: rules.ErrMissingCoin}
	dropped := []chain.DroppedTransaction{{ID: paid.ID(), Err: missing}, {ID: doomed.ID(), Err: missing}}
	if err := mempool.Review(b.pool, dropped); err != nil {
		t.Fatal(err)
	}
	if b.pool.Entry(child.ID()) == nil || b.pool.Entry(paid.ID()) != nil || b.pool.Entry(orphan.ID()) != nil || b.pool.Entry(doomed.ID()) != nil {
		t.Errorf("left are %d entries, want the child alone", len(b.pool.Entries()))
	}
	block := b.mine(1)
	if len(block.Transactions) != 2 || block.Transactions[1].ID() != child.ID() {
		t.Error("the child is not carried")
	}
}

// TestReviewOfAFault takes out what fails by itself.
func TestReviewOfAFault(t *testing.T) {
	b := newBank(t, 12, nil)
	good, bad := b.pay(b.take(), ample), b.pay(b.take(), ample)
	b.submit(good)
	fault := rules.RuleError{Kind: rules.ErrSignature}
	full := rules.RuleError{Kind: rules.ErrBlockWeight}
	if err := mempool.Review(b.pool, []chain.DroppedTransaction{{ID: good.ID(), Err: full}, {ID: good.ID(), Err: fault}, {ID: bad.ID(), Err: fault}}); err != nil {
		t.Fatal(err)
	}
	b.has(good) // it holds when it is judged again
}

// TestReadiness follows a chain of three through merging and acceptance: a
// template takes just the first whose coin stands.
func TestReadiness(t *testing.T) {
	b := newBank(t, 12, nil)
	rows := make([][]types.Transaction, 3)
	for i := range rows {
		coin := b.take()
		for range 3 {
			tx := b.pay(coin, ample)
			rows[i] = append(rows[i], tx)
			coin = change(&tx)
		}
		b.submit(rows[i]...)
	}
	for step := range 3 {
		block := b.mine(1)
		if len(block.Transactions) != 4 {
			t.Fatalf("step %d: %d transactions", step, len(block.Transactions)-1)
		}
		for _, row := range rows {
			if !carries(&block, row[step].ID()) {
				t.Fatalf("step %d: a transaction is not carried", step)
			}
		}
	}
}

func carries(block *types.Block, id types.Hash) bool {
	for i := range block.Transactions {
		if block.Transactions[i].ID() == id {
			return true
		}
	}
	return false
}

// TestFeesBeforeSignatures turns a forged transaction down for its fee.
func TestFeesBeforeSignatures(t *testing.T) {
	b := newBank(t, 12, nil)
	coin := b.take()
	forge := func(coin utxo.Entry, fee uint64) types.Transaction {
		tx := b.pay(coin, fee)
		tx.Inputs[0].Unlock.Signatures[0][3] ^= 1
		return tx
	}
	b.want(mempool.ErrFee, forge(coin, 1))
	b.want(rules.ErrSignature, forge(coin, ample))
	b.want(nil, b.pay(coin, ample))
	b.want(mempool.ErrConflict, forge(coin, ample-1))
	b.want(rules.ErrSignature, forge(coin, 9*ample))
}
