package wallet

import (
	"bytes"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/keystore"
)

// specimens returns a record of each kind, by the first byte of its key.
func specimens() map[byte]func(e *types.Encoder) {
	policy := types.KeyPolicy([32]byte{9})
	tx := types.Transaction{Version: 1, Outputs: []types.Output{{Value: types.Jots(5)}}}
	n := note{change: -1, tx: &tx, max: true, before: StatusPending}
	n.Kind, n.Status, n.Note = KindSent, StatusConflicted, "why"
	n.Inputs = []Part{{Value: types.Jots(7), Ours: true, Account: 2}}
	n.Outputs = []Part{{Value: types.Jots(5)}}
	m := meta{network: types.Hash{1}, words: keystore.ID{2}, birthday: 3, scanning: true, place: Place{BlueScore: 4}}
	a := account{Account: Account{Label: "rent", Next: [2]uint32{1, 2}, Used: [2]uint32{0, 1}, Stock: [2]uint32{20, 20}}}
	o := owned{account: 1, role: RoleChange, index: 3, policy: &policy, used: true}
	c := Contact{Address: types.Address{Hash: types.Hash{4}}, Note: "neighbour"}
	return map[byte]func(e *types.Encoder){
		keyMeta: m.encodeTo, keyAccount: a.encodeTo, keyOwned: o.encodeTo, keyEntry: n.encodeTo, keyContact: c.encodeTo,
	}
}

// recode decodes a record of a kind and encodes what it read.
func recode(kind byte, value []byte) ([]byte, error) {
	var record interface {
		encodeTo(e *types.Encoder)
		decodeFrom(d *types.Decoder)
	}
	switch kind {
	case keyMeta:
		record = new(meta)
	case keyAccount:
		record = new(account)
	case keyOwned:
		record = new(owned)
	case keyEntry:
		record = new(note)
	case keyContact:
		record = new(Contact)
	default:
		return nil, ErrUnknown
	}
	if err := decodeRecord([]byte{kind}, value, record.decodeFrom); err != nil {
		return nil, err
	}
	b := newBatch()
	b.put([]byte{kind}, record.encodeTo)
	return b.values[0], nil
}

// FuzzRecord decodes records of every kind: what decodes encodes to the same
// bytes.
func FuzzRecord(f *testing.F) {
	for kind, fields := range specimens() {
		b := newBatch()
		b.put([]byte{kind}, fields)
		f.Add(kind, b.values[0])
	}
	f.Fuzz(func(t *testing.T, kind byte, value []byte) {
		again, err := recode(kind, value)
		if err == nil && !bytes.Equal(again, value) {
			t.Errorf("%q:\n%x came back as\n%x", kind, value, again)
		}
	})
}

// TestDamagedRecords cuts every record everywhere and raises its version.
func TestDamagedRecords(t *testing.T) {
	for kind, fields := range specimens() {
		b := newBatch()
		b.put([]byte{kind}, fields)
		whole := b.values[0]
		if again, err := recode(kind, whole); err != nil || !bytes.Equal(again, whole) {
			t.Errorf("%q: %v", kind, err)
		}
		for n := range whole {
			if _, err := recode(kind, whole[:n]); err == nil {
				t.Errorf("%q of %d bytes: no error", kind, n)
			}
		}
		if _, err := recode(kind, append(bytes.Clone(whole), 0)); err == nil {
			t.Errorf("%q with a byte too many: no error", kind)
		}
		whole[0]++
		if _, err := recode(kind, whole); err == nil {
			t.Errorf("%q of a later version: no error", kind)
		}
	}
}

func TestOrder(t *testing.T) {
	pending := func(seen uint64) *note { return &note{Entry: Entry{Status: StatusPending, Seen: seen}} }
	accepted := func(score, position uint64) *note {
		return &note{Entry: Entry{Status: StatusAccepted, BlueScore: score}, position: position}
	}
	newestFirst := []*note{pending(9), pending(3), accepted(300, 2), accepted(300, 1), accepted(2, 7), accepted(0, 0)}
	var last []byte
	for i, n := range newestFirst {
		key := orderKey(n.rank(), n.ID)
		if bytes.Compare(last, key) >= 0 {
			t.Errorf("entry %d sorts before the one that is newer", i)
		}
		if id, err := idOfOrder(key); err != nil || id != n.ID {
			t.Errorf("%v, %v", id, err)
		}
		last = key
	}
	if _, err := idOfOrder(last[1:]); err == nil {
		t.Error("a short key has an id")
	}
}
