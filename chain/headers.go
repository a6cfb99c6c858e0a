package chain

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// AddHeader validates a header and stores it without its body. It returns
// ErrKnown, UnknownParentsError, ErrKnownInvalid, ErrPruned or a
// rules.RuleError; none of them changes anything.
func (m *Manager) AddHeader(h types.Header) error {
	_, known, err := m.AddHeaders([]types.Header{h})
	if known > 0 {
		return fmt.Errorf("block %v: %w", h.Hash(), ErrKnown)
	}
	return err
}

// AddHeaders adds headers in order as AddHeader does, with one write for all of
// them. Headers that are here already are counted and passed over. It stops at
// the first error; the headers before it stay.
func (m *Manager) AddHeaders(headers []types.Header) (added, known int, err error) {
	blocks := make([]types.Block, len(headers))
	for i := range headers {
		blocks[i].Header = headers[i]
	}
	return m.addAll(blocks, m.addHeader)
}

// addHeader adds the header of a block. The caller commits.
func (m *Manager) addHeader(b *types.Block, p *prospect) error {
	if m.index.findOf(p.hash, &b.Header) != nil {
		return fmt.Errorf("block %v: %w", p.hash, ErrKnown)
	}
	fresh, err := m.newHeader(&b.Header, p)
	if err != nil {
		return err
	}
	fresh.status = StatusHeaderOnly
	m.join(fresh)
	return nil
}
