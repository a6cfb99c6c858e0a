package chain

import (
	"fmt"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// accept computes what a block in a position accepts, given the state of its
// selected parent.
func (m *Manager) accept(base utxo.View, p *position) *utxo.Acceptance {
	order := dag.MergeSet(m.index, p.data)
	merged := make([]utxo.MergedBlock, len(order))
	for i, h := range order {
		content := m.content(m.index.block(h))
		merged[i] = utxo.MergedBlock{Hash: h, Transactions: content.txs, Digests: content.digests}
	}
	accepted := utxo.Accept(&utxo.Context{
		Params:  m.params,
		RuleSet: m.params.RuleSetAt(p.daaScore),
		Place:   p.place(),
		Base:    base,
		Verify:  m.verifier.hold,
	}, merged)
	return &accepted
}

// qualify judges whether a block may be part of the selected chain: the state
// it commits to, its coinbase, its pruning point and its own transactions. The
// cursor stands at its selected parent. It returns what the block accepts and the
// totals after it, which are good until the next call.
func (m *Manager) qualify(c *cursor, b *block) (*utxo.Acceptance, *totals, error) {
	accepted := m.acceptedBy(c, &b.position)
	after := &m.after
	*after = c.totals
	if !after.apply(accepted.Diff) {
		panic(damaged("the sums of the coins do not fit at block %v", b.hash))
	}
	subsidies, err := m.qualification(b, accepted, after)
	if err != nil {
		return nil, nil, err
	}
	if err := m.checkOwn(c, b, accepted, m.content(b)); err != nil {
		return nil, nil, err
	}
	m.checkSupply(c, b, accepted, after)
	after.issued += subsidies
	return accepted, after, nil
}

// qualification holds what a block claims of its state against what it accepts
// and the totals after it, and returns the subsidies that its coinbase pays.
func (m *Manager) qualification(b *block, accepted *utxo.Acceptance, after *totals) (subsidies uint64, err error) {
	content := types.Block{Header: *b.header, Transactions: m.body(b)}
	own, err := rules.PayloadOf(&content.Transactions[0])
	if err != nil {
		return 0, err
	}
	coinbase, subsidies := m.coinbase(&b.position, accepted, own)
	return subsidies, rules.Qualifies(&content, &rules.Qualification{
		UTXOCommitment: after.commitment.Hash(),
		AcceptedRoot:   m.acceptedRoot(&b.position, accepted),
		PruningPoint:   b.pruning,
		Coinbase:       coinbase,
	})
}

// acceptedBy returns what a position accepts; a block mined on virtual accepts
// just what virtual did.
func (m *Manager) acceptedBy(c *cursor, p *position) *utxo.Acceptance {
	if v := m.virtual; v.sink == c.at.hash && v.samePast(p) {
		return v.accepted
	}
	return m.accept(c.coins(), p)
}

// checkOwn demands that every transaction of a chain block itself is valid in
// the state after the block, at the block's own place.
func (m *Manager) checkOwn(c *cursor, b *block, accepted *utxo.Acceptance, own *body) error {
	if len(own.txs) <= 1 {
		return nil
	}
	txs, digests := own.txs[1:], own.digests[1:]
	view := accepted.Diff.Over(c.coins())
	candidates := make([]utxo.Candidate, len(txs))
	for i := range txs {
		candidate, err := utxo.NewCandidateOf(m.params, view, &txs[i], digests[i], b.place())
		if err != nil {
			return fmt.Errorf("transaction %v: %w", digests[i].ID, err)
		}
		candidates[i] = candidate
	}
	for i, err := range m.verifier.verify(candidates) {
		if err != nil {
			return fmt.Errorf("transaction %v: %w", digests[i].ID, err)
		}
	}
	return nil
}

// acceptedRoot returns the commitment to the order of acceptance that a block in
// a position must carry.
func (m *Manager) acceptedRoot(p *position, accepted *utxo.Acceptance) types.Hash {
	parent := m.index.block(p.data.SelectedParent)
	return rules.AcceptedRoot(parent.header.AcceptedRoot, accepted.TxIDs())
}

// coinbase returns the coinbase that a block in a position must have and the
// subsidies it pays in jots.
func (m *Manager) coinbase(p *position, accepted *utxo.Acceptance, own rules.CoinbasePayload) (types.Transaction, uint64) {
	var payouts []rules.Payout
	var others types.Amount
	var subsidies uint64
	fees, _ := feesOf(accepted)
	sp := m.index.block(p.data.SelectedParent)
	for _, h := range p.data.Blues {
		b := m.index.block(h)
		payload, err := rules.PayloadOf(&m.body(b)[0])
		if err != nil {
			panic(damaged("coinbase of block %v: %w", h, err))
		}
		inWindow := b.height > 0 && rules.InWindow(m.params, b.data.BlueScore, sp.data.BlueScore)
		payouts = append(payouts, rules.Payout{InWindow: inWindow, Payload: payload, Fees: fees[h]})
		if inWindow {
			subsidies += payload.Subsidy.Jots()
		}
	}
	for _, h := range p.data.Reds {
		others, _ = others.Add(fees[h])
	}
	return rules.Coinbase(own, payouts, others), subsidies
}

// checkSupply holds the coins after a block against what its chain was allowed
// to issue: Σ unspent = Σ subsidies paid by the coinbases up to the selected
// parent − the fees accepted here, which are paid one block later. A difference
// means that this program is wrong, and nothing it says about money counts any
// more.
func (m *Manager) checkSupply(c *cursor, b *block, accepted *utxo.Acceptance, after *totals) {
	_, fees := feesOf(accepted)
	issued := c.issued - fees.Jots()
	if after.unspent == issued {
		return
	}
	counted, err := m.countCoins(c, nil)
	confirmed := err == nil && counted.apply(accepted.Diff) && counted.unspent != issued
	panic(storeFailure{&SupplyError{Hash: b.hash, Unspent: after.unspent, Issued: issued, Confirmed: confirmed}})
}

// feesOf returns the fees that a chain block accepted, by the merged block they
// come from and in sum.
func feesOf(accepted *utxo.Acceptance) (byBlock map[types.Hash]types.Amount, sum types.Amount) {
	byBlock = make(map[types.Hash]types.Amount, len(accepted.Blocks))
	for i := range accepted.Blocks {
		b := &accepted.Blocks[i]
		byBlock[b.Hash] = b.Fees
		sum, _ = sum.Add(b.Fees) // fees are parts of coins, whose sum is checked
	}
	return byBlock, sum
}
