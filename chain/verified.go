package chain

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// leastVerified bounds a generation of verified transactions where the caches are
// smallest. With the default caches two of them are more than a full mempool holds,
// and take some twenty megabytes at most.
const leastVerified = 1 << 12

// verified remembers by their hashes the transactions whose form and unlocks
// were found right, so that none is judged twice on its way from the mempool
// through templates into blocks. Both depend on the transaction and the coins it
// names alone, and its hash commits to both; only which versions are admitted
// depends on the place.
type verified struct {
	limit      int // of a generation
	young, old map[types.Hash]struct{}
}

func newVerified(limit int) verified { return verified{limit: max(limit, leastVerified)} }

// add remembers a transaction.
func (v *verified) add(h types.Hash) {
	if len(v.young) >= v.limit {
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
