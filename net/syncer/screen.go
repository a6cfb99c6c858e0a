package syncer

import (
	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// A ScreenedBlock is the announcement of a block that decodes and whose header is
// sane, proof of work included. Only ScreenBlock makes one.
type ScreenedBlock struct {
	hash    types.Hash
	compact wire.CompactBlock
	size    int // bytes
}

// ScreenBlock reads a gossiped block as far as it can be judged by itself. It
// reads no database and may run on any goroutine. The chain remembers that the
// header is sane.
func ScreenBlock(c *chain.Manager, data []byte) (*ScreenedBlock, error) {
	m, err := wire.Decode(wire.KindCompactBlock, data)
	if err != nil {
		return nil, err
	}
	b := &ScreenedBlock{compact: *m.(*wire.CompactBlock), size: len(data)}
	if b.hash, err = c.ScreenHeader(&b.compact.Header); err != nil {
		return nil, err
	}
	return b, nil
}

// Hash returns the hash of the announced block.
func (b *ScreenedBlock) Hash() types.Hash { return b.hash }

// A ScreenedTransaction is a transaction that decodes. Only ScreenTransaction
// makes one.
type ScreenedTransaction struct{ tx types.Transaction }

// Transaction returns the transaction, which is not the caller's to change.
func (t *ScreenedTransaction) Transaction() *types.Transaction { return &t.tx }

// ScreenTransaction reads a gossiped transaction. It may run on any goroutine.
func ScreenTransaction(data []byte) (*ScreenedTransaction, error) {
	m, err := wire.Decode(wire.KindTransaction, data)
	if err != nil {
		return nil, err
	}
	return &ScreenedTransaction{m.(*wire.Transaction).Transaction}, nil
}
