package chain

import (
	"bytes"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// FuzzRecords decodes the records that hold the chain's own values: what decodes
// encodes to the same bytes again.
func FuzzRecords(f *testing.F) {
	n := entry{
		joined: []types.Hash{{1}, {2}},
		judged: []judgement{{types.Hash{2}, StatusChainValid}, {types.Hash{1}, StatusDisqualified}},
	}
	s := state{sink: types.Hash{1}, bestHeader: types.Hash{2}, tips: []types.Hash{{3}, {4}}, headers: 5, blocks: 4}
	s.totals = totals{coins: 3, unspent: 2, issued: 1}
	f.Add([]byte{recordVersion})
	f.Add(encodeRecord(n.encodeTo))
	f.Add(encodeRecord(func(e *types.Encoder) { s.encode(e, 7) }))
	f.Add(encodeRecord(func(e *types.Encoder) { s.encodeCheckpoint(e, types.Hash{9}) }))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, reencode := range map[string]func() []byte{
			"entry": func() []byte {
				var n entry
				decodeRecord("entry", raw, n.decodeFrom)
				return encodeRecord(n.encodeTo)
			},
			"state": func() []byte {
				var s state
				entries := s.decode(raw)
				return encodeRecord(func(e *types.Encoder) { s.encode(e, entries) })
			},
			"checkpoint": func() []byte {
				var s state
				root := s.decodeCheckpoint(raw)
				return encodeRecord(func(e *types.Encoder) { s.encodeCheckpoint(e, root) })
			},
			"position": func() []byte {
				var p position
				decodeRecord("position", raw, func(d *types.Decoder) {
					if newest := p.decodeFrom(d); p.height > 0 {
						older := rules.Peaks{Leaves: rules.LeavesBeforeNewest(p.height)}
						p.history = older.Complete(p.height, newest)
					}
				})
				return encodeRecord(p.encodeTo)
			},
		} {
			if again, ok := undamaged(reencode); ok && !bytes.Equal(again, raw) {
				t.Errorf("%s: %x became %x", name, raw, again)
			}
		}
	})
}

// undamaged runs a decoder, whose way to say that a record is damaged is a panic.
func undamaged(decode func() []byte) (raw []byte, ok bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case storeFailure:
			ok = false
		default:
			panic(r)
		}
	}()
	return decode(), true
}
