package chain

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// newHeader validates a header that is not stored yet and returns the block it
// will be. A header with proof of work that breaks a rule for good is remembered
// as invalid.
func (m *Manager) newHeader(h *types.Header, p *prospect) (*block, error) {
	if _, known := m.invalid.lookup(p.hash); known {
		return nil, fmt.Errorf("block %v: %w", p.hash, ErrKnownInvalid)
	}
	if err := m.checkSanity(h, p); err != nil {
		return nil, fmt.Errorf("block %v: %w", p.hash, err)
	}
	b, err := m.checkHeader(p.hash, h)
	if err != nil {
		return nil, m.refuse(p.hash, fmt.Errorf("block %v: %w", p.hash, err))
	}
	return b, nil
}

// checkSanity runs the sanity tier, unless it was run ahead. What fails it is not
// remembered: it cost its maker no work, and could be sent for the sake of filling
// the memory.
func (m *Manager) checkSanity(h *types.Header, p *prospect) error {
	err := p.sanity
	if !p.judged {
		err = m.proofs.check(p.hash, h)
	}
	if errors.Is(err, rules.ErrUnknownVersion) && !m.toldUpgrade {
		m.toldUpgrade = true
		m.log.Warn("blocks of a version this program does not know are arriving: upgrade it", "error", err)
	}
	if err != nil {
		return err
	}
	return rules.FutureTime(m.params, h, uint64(m.now().UnixMilli()))
}

// checkHeader runs the positional tier.
func (m *Manager) checkHeader(hash types.Hash, h *types.Header) (*block, error) {
	if err := m.checkParents(hash, h.Parents); err != nil {
		return nil, err
	}
	p, err := m.position(h.Parents)
	if err != nil {
		return nil, err
	}
	if err := rules.HeaderPosition(m.params, h, p.expected()); err != nil {
		return nil, err
	}
	if err := rules.BoundedMerge(m.index, p.mergeRoot, p.data); err != nil {
		return nil, err
	}
	own := copyHeader(h) // the caller's may be in an array that it uses again, and would keep all of that in memory
	return &block{hash: hash, header: &own, work: pow.BlockWork(m.params, h), position: p}, nil
}

// position returns what the past makes of a header with these parents. Those of
// virtual, and of siblings, are remembered.
func (m *Manager) position(parents []types.Hash) (position, error) {
	if p, ok := m.recent.find(parents); ok {
		return p, nil
	}
	if dag.MergeSetExceeds(m.index, parents, m.params.MergeSetLimit) {
		// Before GHOSTDAG, whose cost grows with the set; which of two broken
		// rules is named does not matter.
		return position{}, broken(rules.ErrMergeSetSize, "merges more than %d blocks", m.params.MergeSetLimit)
	}
	p := m.index.position(parents)
	m.recent.add(parents, p)
	return p, nil
}

// expected returns what a header in this position must say.
func (p *position) expected() *rules.Position {
	return &rules.Position{
		SelectedParent: p.data.SelectedParent,
		DAAScore:       p.daaScore,
		Bits:           p.bits,
		BlueScore:      p.data.BlueScore,
		BlueWork:       p.data.BlueWork,
		HistoryRoot:    p.history.Root(),
		MedianTime:     p.medianTime,
		MergeSetSize:   len(p.data.Blues) + len(p.data.Reds),
	}
}

// checkParents demands parents that are known, not invalid, none an ancestor of
// another, and at least one that is the pruning point or in its future.
func (m *Manager) checkParents(hash types.Hash, parents []types.Hash) error {
	var unknown []types.Hash
	for _, p := range parents {
		if _, invalid := m.invalid.lookup(p); invalid {
			return broken(rules.ErrInvalidParent, "parent %v is invalid", p)
		}
		if m.index.find(p) == nil {
			unknown = append(unknown, p)
		}
	}
	if len(unknown) > 0 {
		return &UnknownParentsError{Hash: hash, Parents: unknown}
	}
	if err := rules.ParentsUnrelated(m.index, parents); err != nil {
		return err
	}
	for _, p := range parents {
		if m.index.IsAncestor(m.virtual.pruning, p) {
			return nil
		}
	}
	return ErrPruned
}

// checkBody runs body sanity and the contextual tier. Bodies come after the
// bodies of their parents.
func (m *Manager) checkBody(b *block, content *types.Block, digests []types.Digest) error {
	var missing []types.Hash
	for _, p := range b.header.Parents {
		if !m.index.block(p).status.HasBody() {
			missing = append(missing, p)
		}
	}
	if len(missing) > 0 {
		return &UnknownParentsError{Hash: b.hash, Parents: missing}
	}
	if err := rules.BodySanityKnown(m.params, content, digests, m.verifier.good.has); err != nil {
		return fmt.Errorf("block %v: %w", b.hash, err)
	}
	if err := rules.BodyContext(m.params, content, b.medianTime); err != nil {
		return fmt.Errorf("block %v: %w", b.hash, err)
	}
	return nil
}
