package chain

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A TemplateRequest says what a new block shall carry: who is paid, up to 64
// bytes of extra data, and transactions in order of preference. Digests spare the
// chain to hash them again; they must be those of its own Verdicts, or nil.
type TemplateRequest struct {
	Miner        types.Address
	Extra        []byte
	Transactions []types.Transaction
	Digests      []types.Digest
}

func (req *TemplateRequest) digests() []types.Digest {
	if req.Digests == nil {
		return types.Digests(req.Transactions)
	}
	return req.Digests
}

// A Template is a block on virtual that lacks nothing but proof of work. Its
// timestamp may be raised. Dropped are the requested transactions that the
// block could not carry.
type Template struct {
	Block   types.Block
	Dropped []DroppedTransaction
}

// A DroppedTransaction says why a transaction is not in a template.
type DroppedTransaction struct {
	ID  types.Hash
	Err error
}

// Template builds a block on virtual. Transactions are judged anew by the rules
// of a chain block, and those that fail are dropped, so that one bad transaction
// cannot stop mining; the whole block is judged once more before it is handed
// out.
func (m *Manager) Template(req TemplateRequest) (*Template, error) {
	var t *Template
	err := m.guarded(func() (err error) {
		t, err = m.template(&req)
		return err
	})
	return t, err
}

func (m *Manager) template(req *TemplateRequest) (*Template, error) {
	v, c := m.virtual, m.cursor()
	own := rules.CoinbasePayload{
		BlueScore: v.data.BlueScore,
		Subsidy:   rules.Subsidy(m.params, v.daaScore),
		Miner:     req.Miner,
		Extra:     req.Extra,
	}
	coinbase, _ := m.coinbase(&v.position, v.accepted, own)
	chosen, dropped := m.choose(&coinbase, req.Transactions, req.digests())
	after := c.totals
	after.apply(v.accepted.Diff)
	b, digests := assemble(&coinbase, chosen)
	if invariants {
		m.demand(slices.Equal(digests, types.Digests(b.Transactions)), "a template is offered digests of other transactions")
	}
	b.Header = types.Header{
		Version:        m.params.RuleSetAt(v.daaScore).HeaderVersion,
		Parents:        slices.Clone(v.parents),
		MerkleRoot:     merkleRootOf(digests),
		AcceptedRoot:   m.acceptedRoot(&v.position, v.accepted),
		UTXOCommitment: after.commitment.Hash(),
		Timestamp:      max(uint64(m.now().UnixMilli()), v.medianTime+1),
		Bits:           v.bits,
		DAAScore:       v.daaScore,
		BlueWork:       v.data.BlueWork,
		BlueScore:      v.data.BlueScore,
		PruningPoint:   v.pruning,
		HistoryRoot:    v.history.Root(),
	}
	if err := m.checkTemplate(&b, digests); err != nil {
		return nil, fmt.Errorf("block template: %w", err)
	}
	return &Template{Block: b, Dropped: dropped}, nil
}

// assemble returns a block without a header, and the digests of its transactions.
func assemble(coinbase *types.Transaction, chosen []utxo.Candidate) (types.Block, []types.Digest) {
	txs := append(make([]types.Transaction, 0, 1+len(chosen)), *coinbase)
	digests := append(make([]types.Digest, 0, 1+len(chosen)), coinbase.Digest())
	for i := range chosen {
		txs, digests = append(txs, *chosen[i].Transaction), append(digests, chosen[i].Digest)
	}
	return types.Block{Transactions: txs}, digests
}

// checkTemplate holds a finished template against the rules that its making
// does not follow word for word.
func (m *Manager) checkTemplate(b *types.Block, digests []types.Digest) error {
	if err := rules.BodySanityKnown(m.params, b, digests, m.verifier.good.has); err != nil {
		return err
	}
	return rules.BodyContext(m.params, b, m.virtual.medianTime)
}

func merkleRootOf(digests []types.Digest) types.Hash {
	leaves := make([]types.Hash, len(digests))
	for i := range digests {
		leaves[i] = digests[i].Hash
	}
	return types.MerkleRoot(leaves)
}

// choose returns the transactions a block on virtual can carry beside its
// coinbase, and the others with the reason.
func (m *Manager) choose(coinbase *types.Transaction, txs []types.Transaction, digests []types.Digest) (chosen []utxo.Candidate, dropped []DroppedTransaction) {
	s := selection{
		manager: m,
		view:    m.afterVirtual(),
		spent:   make(map[types.Outpoint]bool),
		weight:  rules.Weight(coinbase),
	}
	for i := range txs {
		if err := s.add(&txs[i], digests[i]); err != nil {
			dropped = append(dropped, DroppedTransaction{ID: digests[i].ID, Err: err})
		}
	}
	for i, err := range m.verifier.verify(s.candidates) {
		if c := s.candidates[i]; err == nil {
			chosen = append(chosen, c)
		} else {
			dropped = append(dropped, DroppedTransaction{ID: c.Digest.ID, Err: err})
		}
	}
	return chosen, dropped
}

// A selection is the set of transactions of a template in the making.
type selection struct {
	manager    *Manager
	view       utxo.View
	spent      map[types.Outpoint]bool
	candidates []utxo.Candidate
	weight     uint64
	mass       uint64
}

// add takes a transaction in unless a rule or a limit forbids it; what a full
// block cannot carry is not judged at all. Unlocks are judged later, all at once.
func (s *selection) add(tx *types.Transaction, digest types.Digest) error {
	m := s.manager
	weight := s.weight + rules.Weight(tx)
	if weight > m.params.BlockWeight || tx.Mass > m.params.BlockWeight-s.mass {
		return broken(rules.ErrBlockWeight, "the block is full")
	}
	candidate, err := m.candidate(s.view, tx, digest)
	if err != nil {
		return err
	}
	for i := range tx.Inputs {
		if o := tx.Inputs[i].Outpoint; s.spent[o] {
			return broken(rules.ErrDoubleSpend, "coin %v:%d is spent by a transaction before it", o.TxID, o.Index)
		}
	}
	for i := range tx.Inputs {
		s.spent[tx.Inputs[i].Outpoint] = true
	}
	s.weight, s.mass = weight, s.mass+tx.Mass
	s.candidates = append(s.candidates, candidate)
	return nil
}
