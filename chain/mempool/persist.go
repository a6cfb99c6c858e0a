package mempool

import (
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/jio-dag/jio/chain/types"
)

// A Store keeps the pool's transactions over a restart: an ordered key-value
// database of its own, as the chain has one. A nil value deletes.
type Store interface {
	Scan(prefix []byte, fn func(key, value []byte) error) error
	Write(batch iter.Seq2[[]byte, []byte]) error
}

const (
	recordVersion  = 1   // leads every record
	keyTransaction = 't' // + number, big-endian
)

// Save writes the pool's transactions in place of those saved before.
func (p *Pool) Save(s Store) error {
	p.mu.Lock()
	txs := p.graph.transactions()
	p.mu.Unlock()
	var stale [][]byte
	if err := s.Scan(nil, func(key, _ []byte) error {
		stale = append(stale, append([]byte(nil), key...))
		return nil
	}); err != nil {
		return err
	}
	return s.Write(func(yield func(key, value []byte) bool) {
		for _, key := range stale {
			if !yield(key, nil) {
				return
			}
		}
		for i := range txs { // numbered, so that parents are read before children
			key := binary.BigEndian.AppendUint32([]byte{keyTransaction}, uint32(i))
			if !yield(key, append([]byte{recordVersion}, types.Encode(&txs[i])...)) {
				return
			}
		}
	})
}

// Load offers the saved transactions to the pool. Those that are not valid any
// more are left out.
func (p *Pool) Load(s Store) error {
	var txs []types.Transaction
	err := s.Scan(nil, func(key, value []byte) error {
		d := types.NewDecoder(value)
		if v := d.Uint8(); d.Err() == nil && v != recordVersion {
			return fmt.Errorf("saved transaction %x has record version %d, this program reads %d", key, v, recordVersion)
		}
		var tx types.Transaction
		tx.DecodeFrom(d)
		if err := d.Finish(); err != nil {
			return fmt.Errorf("saved transaction %x: %w", key, err)
		}
		txs = append(txs, tx)
		return nil
	})
	if err != nil {
		return err
	}
	_, err = p.Submit(txs)
	return err
}
