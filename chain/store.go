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

func hashKey(kind byte, h types.Hash) []byte {
	key := make([]byte, 1+types.HashSize)
	key[0] = kind
	copy(key[1:], h[:])
	return key
}

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

// A batch collects the writes of one operation in order, one behind the other in
// memory that it uses again. It is ready to use.
type batch struct {
	records types.Encoder // key, value, key, value, …
	marks   []mark
}

// A mark says where a key and its value end; what is deleted has no value.
type mark struct{ key, value int }

// keptBatch is how many bytes of memory a batch keeps for the next operation.
const keptBatch = 4 << 20

// put writes a record, led by the record version.
func (b *batch) put(key []byte, encode func(e *types.Encoder)) {
	b.records.Write(key)
	end := b.records.Len()
	b.records.Uint8(recordVersion)
	encode(&b.records)
	b.marks = append(b.marks, mark{end, b.records.Len()})
}

// remove deletes a record.
func (b *batch) remove(key []byte) {
	b.records.Write(key)
	b.marks = append(b.marks, mark{b.records.Len(), b.records.Len()})
}

// all yields the writes; the slices are good until the batch is emptied.
func (b *batch) all() iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		from, data := 0, b.records.Bytes()
		for _, m := range b.marks {
			key, value := data[from:m.key:m.key], data[m.key:m.value:m.value]
			if len(value) == 0 {
				value = nil
			}
			if !yield(key, value) {
				return
			}
			from = m.value
		}
	}
}

func (b *batch) isEmpty() bool { return len(b.marks) == 0 }

// empty forgets what was written.
func (b *batch) empty() {
	if b.records.Len() > keptBatch {
		*b = batch{}
	}
	b.records.Reset()
	b.marks = b.marks[:0]
}
