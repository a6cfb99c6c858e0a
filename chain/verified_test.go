package chain

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

func numbered(i int) (h types.Hash) {
	binary.LittleEndian.PutUint64(h[:], uint64(i))
	return h
}

// TestVerifiedIsBounded keeps what is new or in use, and not much more.
func TestVerifiedIsBounded(t *testing.T) {
	v := newVerified(1)
	for i := range 5 * leastVerified {
		v.add(numbered(i))
		if i%1000 == 0 && !v.has(numbered(0)) {
			t.Fatalf("after %d: what is in constant use was forgotten", i)
		}
	}
	if n := len(v.young) + len(v.old); n > 2*leastVerified+1 {
		t.Errorf("%d are kept", n)
	}
	if v.has(numbered(1)) || !v.has(numbered(5*leastVerified-1)) || !v.has(numbered(4*leastVerified+1)) {
		t.Error("the wrong ones are kept")
	}
}

// TestVerifiedForm skips the form of a known transaction, never its version.
func TestVerifiedForm(t *testing.T) {
	p := params.SimNet()
	v := &verifier{verdicts: newCache[error](10), good: newVerified(10)}
	tx := candidates(1, func(int) bool { return false })[0].Transaction
	tx.Gas = 1
	if err := v.form(p, p.RuleSetAt(0), tx, tx.Hash()); !errors.Is(err, rules.ErrGas) {
		t.Fatal(err)
	}
	v.good.add(tx.Hash())
	if err := v.form(p, p.RuleSetAt(0), tx, tx.Hash()); err != nil {
		t.Fatal(err)
	}
	if err := v.form(p, params.RuleSet{}, tx, tx.Hash()); !errors.Is(err, rules.ErrTransactionVersion) {
		t.Fatal(err)
	}
	tx.LockTime++ // another transaction
	if err := v.form(p, p.RuleSetAt(0), tx, tx.Hash()); !errors.Is(err, rules.ErrGas) {
		t.Fatal(err)
	}
}
