package chain

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// maxVerified bounds a generation of verified transactions: two of them are more
// than a full mempool holds, and take some twenty megabytes at most.
const maxVerified = 1 << 17

// verified remembers by their hashes the transactions whose form and unlocks
// were found right, so that none is judged twice on its way from the mempool
// through templates into blocks. Both depend on the transaction and the coins it
// names alone, and its hash commits to both; only which versions are admitted
// depends on the place. It is ready to use.
type verified struct{ young, old map[types.Hash]struct{} }

// add remembers a transaction.
func (v *verified) add(h types.Hash) {
	if len(v.young) >= maxVerified {
		v.old, v.young = v.young, nil
	}
	if v.young == nil {
		v.young = make(map[types.Hash]struct{})
	}
	v.young[h] = struct{}{}
}

// has reports whether a transaction is remembered.
func (v *verified) has(h types.Hash) bool {
	if _, ok := v.young[h]; ok {
		return true
	}
	_, ok := v.old[h]
	if ok {
		v.add(h)
	}
	return ok
}

// form judges the form of a transaction of this hash under a rule set.
func (v *verifier) form(p *params.Params, set params.RuleSet, tx *types.Transaction, hash types.Hash) error {
	if v.good.has(hash) {
		return rules.TransactionVersion(set, tx)
	}
	return rules.TransactionForm(p, set, tx)
}
