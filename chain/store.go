package chain

import (
	"encoding/binary"
	"iter"

	"github.com/jio-dag/jio/chain/types"
)

// A Store is an ordered key-value database that writes batches atomically and
// durably. A nil value stands for absent: Get returns it, Write deletes by it.
type Store interface {
	Get(key []byte) ([]byte, error)
	Scan(prefix []byte, fn func(key, value []byte) error) error
	Write(batch iter.Seq2[[]byte, []byte]) error
}

// The first byte of a key tells the kind of record.
const (
	keyHeader     = 'h' // + block hash: header and position, never changed
	keyLinks      = 'l' // + block hash: status and children at the checkpoint
	keyNode       = 'r' // + block hash: reachability at the checkpoint
	keyBody       = 'b' // + block hash: transactions
	keyAcceptance = 'a' // + block hash: what a chain-valid block accepted, and its totals
	keyCoin       = 'u' // + outpoint's encoding: an unspent coin at the checkpoint's sink
	keyChain      = 'c' // + height, big-endian: the selected chain's block at the checkpoint
	keyJournal    = 'j' // + number, big-endian: what a commit since the checkpoint did
	keyMeta       = 'm' // + name
)

var (
	keyNetwork    = []byte{keyMeta, 'n', 'e', 't'}
	keyState      = []byte{keyMeta, 's', 't', 'a', 't', 'e'}
	keyCheckpoint = []byte{keyMeta, 'p', 'o', 'i', 'n', 't'}
)

func hashKey(kind byte, h types.Hash) []byte { return append([]byte{kind}, h[:]...) }

func coinKey(o types.Outpoint) []byte {
	e := types.NewEncoder(append(make([]byte, 0, 1+types.HashSize+4), keyCoin))
	o.EncodeTo(e)
	return e.Bytes()
}

// outpointOf returns the outpoint's encoding in a key of a coin.
func outpointOf(key []byte) []byte { return key[1:] }

func chainKey(height uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{keyChain}, height)
}

func journalKey(entry uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{keyJournal}, entry)
}

// A batch collects the writes of one operation in order.
type batch struct {
	keys, values [][]byte
}

// put writes a record; the value is an encoding led by its version byte.
func (b *batch) put(key, value []byte) {
	b.keys = append(b.keys, key)
	b.values = append(b.values, value)
}

// remove deletes a record.
func (b *batch) remove(key []byte) { b.put(key, nil) }

func (b *batch) all() iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for i, key := range b.keys {
			if !yield(key, b.values[i]) {
				return
			}
		}
	}
}
