package wallet

import (
	"fmt"
	"math"

	"github.com/jio-dag/jio/chain/types"
)

// A rank is a place in the order of history. What is pending ranks above all
// blocks, by when it was first seen.
type rank struct{ score, sub uint64 }

// A note is an Entry with what only the wallet itself needs.
type note struct {
	Entry
	position uint64             // among the accepted transactions of the chain block
	tx       *types.Transaction // when the wallet signed it
	change   int                // the place of its change, -1 without
	max      bool               // it sends everything: a higher fee comes off the payment
	before   Status             // what it was before a chain block decided, and is when that is reverted
	ended    uint64             // the blue score at which it was replaced or abandoned
}

func (n *note) rank() rank {
	switch n.Status {
	case StatusPending:
		return rank{math.MaxUint64, n.Seen}
	case StatusReplaced, StatusAbandoned:
		return rank{n.ended, n.Seen}
	}
	return rank{n.BlueScore, n.position}
}

// putNote writes a note in its place in the order. It must be removed before it is
// changed.
func (b *batch) putNote(n *note) {
	b.notes[n.ID] = n
	b.put(entryKey(n.ID), n.encodeTo)
	b.mark(orderKey(n.rank(), n.ID))
}

// removeNote deletes a note as it was written.
func (b *batch) removeNote(n *note) {
	b.notes[n.ID] = nil
	b.remove(entryKey(n.ID))
	b.remove(orderKey(n.rank(), n.ID))
}

func (n *note) encodeTo(e *types.Encoder) {
	e.Uint8(uint8(n.Kind))
	e.Uint8(uint8(n.Status))
	n.Received.EncodeTo(e)
	n.Spent.EncodeTo(e)
	n.Fee.EncodeTo(e)
	e.Bool(n.PaidFee)
	encodeParts(e, n.Inputs)
	encodeParts(e, n.Outputs)
	n.Block.EncodeTo(e)
	n.AcceptedBy.EncodeTo(e)
	e.Uint64(n.BlueScore)
	e.Uint64(n.position)
	e.Uint64(n.Time)
	e.Uint64(n.Seen)
	e.Uint64(n.Spendable)
	e.Uint32(uint32(n.Step))
	e.Uint32(uint32(n.Steps))
	n.Replaces.EncodeTo(e)
	n.ReplacedBy.EncodeTo(e)
	e.ByteString([]byte(n.Note))
	e.Uint32(uint32(n.change + 1))
	e.Bool(n.max)
	e.Uint8(uint8(n.before))
	e.Uint64(n.ended)
	e.Bool(n.tx != nil)
	if n.tx != nil {
		n.tx.EncodeTo(e)
	}
}

func (n *note) decodeFrom(d *types.Decoder) {
	n.Kind, n.Status = Kind(d.Uint8()), Status(d.Uint8())
	if d.Err() == nil && (n.Kind-1 >= KindUnpaid || n.Status-1 >= StatusAbandoned) {
		d.Fail(fmt.Errorf("entry of kind %d and status %d", n.Kind, n.Status))
	}
	n.Received.DecodeFrom(d)
	n.Spent.DecodeFrom(d)
	n.Fee.DecodeFrom(d)
	n.PaidFee = d.Bool()
	n.Inputs = decodeParts(d)
	n.Outputs = decodeParts(d)
	n.Block.DecodeFrom(d)
	n.AcceptedBy.DecodeFrom(d)
	n.BlueScore = d.Uint64()
	n.position = d.Uint64()
	n.Time = d.Uint64()
	n.Seen = d.Uint64()
	n.Spendable = d.Uint64()
	n.Step = int(d.Uint32())
	n.Steps = int(d.Uint32())
	n.Replaces.DecodeFrom(d)
	n.ReplacedBy.DecodeFrom(d)
	n.Note = string(d.ByteString())
	n.change = int(d.Uint32()) - 1
	n.max = d.Bool()
	if n.before = Status(d.Uint8()); n.before > StatusAbandoned {
		d.Fail(fmt.Errorf("entry of status %d before", n.before))
	}
	n.ended = d.Uint64()
	if d.Bool() {
		n.tx = new(types.Transaction)
		n.tx.DecodeFrom(d)
	}
}

const partSize = types.AddressSize + 8 + 1 + 4

func encodeParts(e *types.Encoder, parts []Part) {
	e.Count(len(parts))
	for i := range parts {
		parts[i].Address.EncodeTo(e)
		parts[i].Value.EncodeTo(e)
		e.Bool(parts[i].Ours)
		e.Uint32(parts[i].Account)
	}
}

func decodeParts(d *types.Decoder) []Part {
	n := d.Count(partSize)
	if n == 0 {
		return nil
	}
	parts := make([]Part, n)
	for i := range parts {
		parts[i].Address.DecodeFrom(d)
		parts[i].Value.DecodeFrom(d)
		parts[i].Ours = d.Bool()
		parts[i].Account = d.Uint32()
	}
	return parts
}
