package index

import (
	"encoding/binary"
	"iter"

	"github.com/jio-dag/jio/chain/types"
)

// A Store is an ordered key-value database that writes batches atomically and
// durably, used by nobody else. A nil value stands for absent: Get returns it,
// Write deletes by it. ScanFrom visits, in ascending order, the keys that begin
// with prefix and are not below from.
type Store interface {
	Get(key []byte) ([]byte, error)
	ScanFrom(prefix, from []byte, fn func(key, value []byte) error) error
	Write(batch iter.Seq2[[]byte, []byte]) error
}

// The first byte of a key tells the kind of record; see the package
// documentation.
const (
	keyState       = 'm'
	keyChain       = 'c'
	keyTransaction = 't'
	keyAccount     = 'a'
	keyEvent       = 'e'
	keyCoin        = 'u'
)

// idPrefix is how much of a transaction's ID is in its key. The rest is compared
// when the transaction was read.
const idPrefix = 8

// number is the width of a height, an account or an event in a key: 40 bits,
// big-endian, more than three thousand years at ten a second.
const numberSize = 5

func appendNumber(key []byte, n uint64) []byte {
	return append(key, byte(n>>32), byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

func numberAt(key []byte) uint64 {
	return uint64(key[0])<<32 | uint64(binary.BigEndian.Uint32(key[1:]))
}

func chainKey(height uint64) []byte { return appendNumber([]byte{keyChain}, height) }

func transactionPrefix(id types.Hash) []byte {
	return append(make([]byte, 0, transactionKeySize), append([]byte{keyTransaction}, id[:idPrefix]...)...)
}

const transactionKeySize = 1 + idPrefix + numberSize + 4

func transactionKey(id types.Hash, at place) []byte {
	key := appendNumber(transactionPrefix(id), at.height)
	key = binary.BigEndian.AppendUint16(key, at.block)
	return binary.BigEndian.AppendUint16(key, at.tx)
}

// placeIn reads the place at the end of a transaction's key.
func placeIn(key []byte) (at place, ok bool) {
	if len(key) != transactionKeySize {
		return place{}, false
	}
	rest := key[1+idPrefix:]
	return place{
		height: numberAt(rest),
		block:  binary.BigEndian.Uint16(rest[numberSize:]),
		tx:     binary.BigEndian.Uint16(rest[numberSize+2:]),
	}, true
}

func accountKey(a types.Address) []byte {
	return append(append(make([]byte, 0, 1+types.AddressSize), keyAccount, a.Version), a.Hash[:]...)
}

func eventKey(account, event uint64) []byte {
	return appendNumber(appendNumber(append(make([]byte, 0, 1+2*numberSize), keyEvent), account), event)
}

func coinPrefix(account uint64) []byte {
	return appendNumber(append(make([]byte, 0, 1+numberSize+types.HashSize+4), keyCoin), account)
}

func coinKey(account uint64, o types.Outpoint) []byte {
	return binary.BigEndian.AppendUint32(append(coinPrefix(account), o.TxID[:]...), o.Index)
}

// outpointIn reads the outpoint at the end of a coin's key.
func outpointIn(key []byte) (o types.Outpoint, ok bool) {
	if len(key) != 1+numberSize+types.HashSize+4 {
		return o, false
	}
	rest := key[1+numberSize:]
	return types.Outpoint{TxID: types.Hash(rest[:types.HashSize]), Index: binary.BigEndian.Uint32(rest[types.HashSize:])}, true
}

// A batch collects writes in order; a later one overrules an earlier one.
type batch struct{ keys, values [][]byte }

// put writes a record.
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
