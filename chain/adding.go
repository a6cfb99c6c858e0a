package chain

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// AddBody adds the body of a block whose header is known.
func (m *Manager) AddBody(b types.Block) error {
	ahead := m.foresee(&b)
	return m.change(func() error {
		known := m.index.findOf(ahead.hash, &b.Header)
		if known == nil {
			return fmt.Errorf("block %v: %w", ahead.hash, ErrUnknownHeader)
		}
		if err := m.addBody(known, &b, ahead.digests); err != nil {
			return err
		}
		m.commit()
		return nil
	})
}

// AddBlock adds a block, header and body at once; the header may be known. The
// block's parents must have bodies. The Manager keeps the transactions: the
// caller must not change them afterwards.
func (m *Manager) AddBlock(b types.Block) error {
	_, known, err := m.AddBlocks([]types.Block{b})
	if known > 0 {
		return fmt.Errorf("block %v: %w", b.Hash(), ErrKnown)
	}
	return err
}

// AddBlocks adds blocks in order as AddBlock does, with one write for all of
// them: none is acknowledged before AddBlocks returns. Blocks that are here
// already are counted and passed over. It stops at the first error; the blocks
// before it stay, unless the Manager failed: then none counts as added. All that
// they change is held in memory until the write, and readers see it between the
// blocks.
func (m *Manager) AddBlocks(blocks []types.Block) (added, known int, err error) {
	return m.addAll(blocks, m.addBlock)
}

// addAll adds blocks one by one, each under the lock, and writes them at once. While
// a part of them is added, the next is judged ahead.
func (m *Manager) addAll(blocks []types.Block, add func(*types.Block, *prospect) error) (added, known int, err error) {
	ahead := m.foresight(blocks)
	judged := ahead.partFrom(0)
	ahead.judge(0, judged)
	err = m.operate(func() error {
		var err error
		for from := 0; from < judged && err == nil; {
			to, next := judged, ahead.partFrom(judged)
			stages := []func(){
				func() { from, err = ahead.add(add, from, to, &known) },
				func() { ahead.judge(to, next) },
			}
			parallel(m.verifier.workers, len(stages), func(i int) { stages[i]() })
			added, judged = from-known, next
		}
		return cmp.Or(m.guarded(func() error {
			if added > 0 {
				m.commit()
			}
			return nil
		}), err)
	})
	if errors.Is(err, ErrFailed) {
		added = 0 // the write may have failed, or was not tried
	}
	return added, known, err
}

// add adds the blocks of a part and returns where it stopped.
func (f *foresight) add(add func(*types.Block, *prospect) error, from, to int, known *int) (int, error) {
	for ; from < to; from++ {
		err := f.guarded(func() error { return add(&f.blocks[from], &f.prospects[from]) })
		if errors.Is(err, ErrKnown) {
			*known++
			err = nil
		}
		if err != nil {
			return from, err
		}
	}
	return from, nil
}

// addBlock adds a block. The caller commits.
func (m *Manager) addBlock(b *types.Block, p *prospect) error {
	if known := m.index.findOf(p.hash, &b.Header); known != nil {
		return m.addBody(known, b, p.digests)
	}
	fresh, err := m.newHeader(&b.Header, p)
	if err != nil {
		return err
	}
	return m.addBody(fresh, b, p.digests)
}
