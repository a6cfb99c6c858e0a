package chain

import (
	"fmt"
	"slices"
	"sort"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A BlockInfo is a header and what the DAG says of it. Its slices are the
// caller's.
type BlockInfo struct {
	Hash       types.Hash
	Header     types.Header
	Status     Status
	Height     uint64       // selected-parent steps from genesis
	Blues      []types.Hash // of the merge set, the selected parent first
	Reds       []types.Hash // of the merge set
	MergeSet   []types.Hash // in consensus order, the selected parent first
	Children   []types.Hash
	MedianTime uint64 // past median time, milliseconds since 1970
	Reason     error  // why it is disqualified, as long as this process remembers
}

// A Fate is what became of a block.
type Fate uint8

// The fates of a block with a body. They may change while the block is shallow.
const (
	FatePending Fate = iota // not merged by the selected chain yet
	FateChain               // on the selected chain
	FateBlue                // merged as a blue
	FateRed                 // merged as a red
)

// String returns the fate in a word.
func (f Fate) String() string {
	return [...]string{"pending", "chain", "blue", "red"}[f]
}

// query runs fn under the lock with the block of a hash.
func (m *Manager) query(h types.Hash, fn func(b *block) error) error {
	return m.guarded(func() error {
		b := m.index.find(h)
		if b == nil {
			return fmt.Errorf("block %v: %w", h, ErrNotFound)
		}
		return fn(b)
	})
}

// Header returns a stored header. It may be ErrNotFound.
func (m *Manager) Header(h types.Hash) (header types.Header, err error) {
	err = m.query(h, func(b *block) error {
		header = copyHeader(b.header)
		return nil
	})
	return header, err
}

func copyHeader(h *types.Header) types.Header {
	header := *h
	header.Parents = slices.Clone(h.Parents)
	return header
}

// Block returns a stored block, whose transactions are shared and read-only. It
// is ErrNotFound for a header without a body too.
func (m *Manager) Block(h types.Hash) (content types.Block, err error) {
	err = m.query(h, func(b *block) error {
		if !b.status.HasBody() {
			return fmt.Errorf("body of block %v: %w", h, ErrNotFound)
		}
		content = types.Block{Header: copyHeader(b.header), Transactions: m.body(b)}
		return nil
	})
	return content, err
}

// Info returns what the DAG says of a header. It may be ErrNotFound.
func (m *Manager) Info(h types.Hash) (info BlockInfo, err error) {
	err = m.query(h, func(b *block) error {
		info = BlockInfo{
			Hash:       b.hash,
			Header:     copyHeader(b.header),
			Status:     b.status,
			Height:     b.height,
			Blues:      slices.Clone(b.data.Blues),
			Reds:       slices.Clone(b.data.Reds),
			MergeSet:   dag.MergeSet(m.index, b.data),
			Children:   slices.Clone(b.children),
			MedianTime: b.medianTime,
		}
		info.Reason, _ = m.reasons.lookup(b.hash)
		return nil
	})
	return info, err
}

// Acceptance returns what a chain-valid block accepted, shared and read-only;
// ErrNotFound for any other block.
func (m *Manager) Acceptance(h types.Hash) (accepted *utxo.Acceptance, err error) {
	err = m.query(h, func(b *block) error {
		if b.status != StatusChainValid {
			return fmt.Errorf("acceptance of block %v: %w", h, ErrNotFound)
		}
		accepted = &m.acceptance(b).Acceptance
		return nil
	})
	return accepted, err
}

// Fate returns what became of a block with a body. It may be ErrNotFound.
func (m *Manager) Fate(h types.Hash) (fate Fate, err error) {
	err = m.query(h, func(b *block) error {
		fate = m.fate(b)
		return nil
	})
	return fate, err
}

func (m *Manager) fate(b *block) Fate {
	sink := m.index.block(m.state.sink)
	switch {
	case m.index.IsTreeAncestor(b.hash, sink.hash):
		return FateChain
	case !m.index.IsAncestor(b.hash, sink.hash):
		return FatePending
	}
	merging := m.chainAt(m.mergedAt(b, sink))
	if slices.Contains(merging.data.Blues, b.hash) {
		return FateBlue
	}
	return FateRed
}

// mergedAt returns the height of the lowest selected-chain block with b in its
// past.
func (m *Manager) mergedAt(b, sink *block) uint64 {
	return uint64(sort.Search(int(sink.height), func(height int) bool {
		return m.index.IsAncestor(b.hash, m.chainAt(uint64(height)).hash)
	}))
}

// ChainBlock returns the highest block of the selected chain whose blue score is
// at most the given one.
func (m *Manager) ChainBlock(blueScore uint64) (h types.Hash, err error) {
	err = m.guarded(func() error {
		sink := m.index.block(m.state.sink)
		above := sort.Search(int(sink.height)+1, func(height int) bool {
			return m.chainAt(uint64(height)).data.BlueScore > blueScore
		})
		h = m.chainAt(uint64(above) - 1).hash // genesis has score 0, so above is at least 1
		return nil
	})
	return h, err
}

// Coin returns the unspent coin at an outpoint in the state at the sink.
func (m *Manager) Coin(o types.Outpoint) (coin types.Coin, ok bool, err error) {
	err = m.guarded(func() error {
		coin, ok = m.coins.Coin(o)
		return nil
	})
	return coin, ok, err
}

// Blocks calls fn for every block with a body in a topological order, genesis
// first. The Manager is free for others between the calls; blocks that come
// after the call began are left out. It waits for a write that is under way.
func (m *Manager) Blocks(fn func(b types.Block) error) error {
	order, err := m.topological()
	if err != nil {
		return err
	}
	for _, h := range order {
		b, err := m.Block(h)
		if err != nil {
			return err
		}
		if err := fn(b); err != nil {
			return err
		}
	}
	return nil
}

// topological returns the blocks with bodies in consensus order, which is
// topological because work grows along every edge. There may be more than are kept
// in memory, where what is not written must stay.
func (m *Manager) topological() ([]types.Hash, error) {
	var order []dag.Rank
	err := m.settled(func() error {
		return m.eachHash(keyHeader, func(h types.Hash) error {
			b := m.index.block(h)
			if b.status.HasBody() {
				order = append(order, b.rank())
			}
			m.index.age()
			return nil
		})
	})
	slices.SortFunc(order, dag.Rank.Compare)
	hashes := make([]types.Hash, len(order))
	for i := range order {
		hashes[i] = order[i].Hash
	}
	return hashes, err
}

// eachHash calls fn with the block hash of every record of a kind.
func (m *Manager) eachHash(kind byte, fn func(h types.Hash) error) error {
	return m.index.store.Scan([]byte{kind}, func(key, _ []byte) error {
		if len(key) != 1+types.HashSize {
			panic(damaged("key %x has a wrong length", key))
		}
		return fn(types.Hash(key[1:]))
	})
}
