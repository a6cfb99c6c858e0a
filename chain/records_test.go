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
	for _, seed := range [][]byte{encodeRecord(n.encodeTo), s.encode(7), s.encodeCheckpoint(types.Hash{9}), {recordVersion}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, reencode := range map[string]func() []byte{
			"entry": func() []byte {
				var n entry
				decodeRecord("entry", raw, n.decodeFrom)
				return encodeRecord(n.encodeTo)
			},
			"state": func() []byte {
				var s state
				return s.encode(s.decode(raw))
			},
			"checkpoint": func() []byte {
				var s state
				return s.encodeCheckpoint(s.decodeCheckpoint(raw))
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
