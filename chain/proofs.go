package chain

import (
	"sync"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// proofs remembers by their hashes the headers that were found sane before they
// were added: proof of work is what costs most of them, and none is computed twice
// on the way from gossip, or from the headers of a sync, into the DAG. A hash is over
// every byte of its header and is never taken from anybody. To be remembered takes
// work, so that nobody fills the memory for nothing.
type proofs struct {
	params *params.Params
	limit  int // of a generation

	mu         sync.Mutex // guards what follows
	young, old map[types.Hash]struct{}
}

// ScreenHeader runs the checks that a header needs no past for, proof of work
// included, and returns its hash. One that passes is not checked again when it is
// added. It waits for nobody.
func (m *Manager) ScreenHeader(h *types.Header) (types.Hash, error) {
	hash := h.Hash()
	err := m.proofs.check(hash, h)
	if err == nil {
		m.proofs.add(hash)
	}
	return hash, err
}

// check is rules.HeaderSanity for a header of this hash.
func (p *proofs) check(hash types.Hash, h *types.Header) error {
	if p.has(hash) {
		return nil
	}
	return rules.HeaderSanity(p.params, h)
}

func (p *proofs) has(hash types.Hash) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, young := p.young[hash]
	_, old := p.old[hash]
	return young || old
}

func (p *proofs) add(hash types.Hash) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.young) >= p.limit {
		p.old, p.young = p.young, nil
	}
	if p.young == nil {
		p.young = make(map[types.Hash]struct{})
	}
	p.young[hash] = struct{}{}
}
