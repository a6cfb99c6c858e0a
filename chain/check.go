package chain

import (
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Verdict is what the chain says of a transaction that no block carries yet.
type Verdict struct {
	Candidate utxo.Candidate // its coins and its fee, when Err is nil
	Err       error
}

// CheckTransactions judges transactions by the rules that a block on virtual
// would be judged by, each for itself: form, coins, sums, maturity, locks,
// storage weight and unlocks. Coins that virtual does not have are looked for in
// unconfirmed, which may be nil. Signatures come last and are verified in
// batches, and only of the transactions that worth, which may be nil, has no
// objection to; it is called with the place of each in txs, under the Manager's
// lock. The transactions must not change while a Verdict points at them.
func (m *Manager) CheckTransactions(txs []types.Transaction, unconfirmed utxo.View, worth func(i int, c *utxo.Candidate) error) ([]Verdict, error) {
	verdicts := make([]Verdict, len(txs))
	err := m.guarded(func() error {
		m.judge(txs, virtualCoins{m.afterVirtual(), unconfirmed}, worth, verdicts)
		return nil
	})
	return verdicts, err
}

func (m *Manager) judge(txs []types.Transaction, view utxo.View, worth func(i int, c *utxo.Candidate) error, verdicts []Verdict) {
	var candidates []utxo.Candidate
	var origin []int
	for i := range txs {
		verdicts[i].Candidate, verdicts[i].Err = m.candidate(view, &txs[i], txs[i].Digest())
		if verdicts[i].Err == nil && worth != nil {
			verdicts[i].Err = worth(i, &verdicts[i].Candidate)
		}
		if verdicts[i].Err == nil {
			candidates, origin = append(candidates, verdicts[i].Candidate), append(origin, i)
		}
	}
	for i, err := range m.verifier.verify(candidates) {
		verdicts[origin[i]].Err = err
	}
}

// candidate judges the form of a transaction, and what it spends of a state, for
// a block on virtual.
func (m *Manager) candidate(view utxo.View, tx *types.Transaction, digest types.Digest) (utxo.Candidate, error) {
	v := m.virtual
	if err := m.verifier.form(m.params, m.params.RuleSetAt(v.daaScore), tx, digest.Hash); err != nil {
		return utxo.Candidate{}, err
	}
	return utxo.NewCandidateOf(m.params, view, tx, digest, v.place())
}

// afterVirtual returns the coins after virtual.
func (m *Manager) afterVirtual() utxo.View { return m.virtual.accepted.Diff.Over(m.coins) }

// virtualCoins are the coins after virtual, and others behind them.
type virtualCoins struct{ virtual, unconfirmed utxo.View }

// Coin implements utxo.View.
func (c virtualCoins) Coin(o types.Outpoint) (types.Coin, bool) {
	if coin, ok := c.virtual.Coin(o); ok || c.unconfirmed == nil {
		return coin, ok
	}
	return c.unconfirmed.Coin(o)
}
