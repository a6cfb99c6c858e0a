package utxo_test

import (
	"bytes"
	"maps"
	"reflect"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"pgregory.net/rapid"
)

func entry(id byte, index uint32, score uint64) utxo.Entry {
	return utxo.Entry{Outpoint: types.Outpoint{TxID: types.Hash{id}, Index: index}, Coin: types.Coin{BlueScore: score}}
}

func TestDiffRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := utxo.Coins(states.Draw(t, "from")), utxo.Coins(states.Draw(t, "to"))
		d := between(from, to)
		var back utxo.Diff
		if err := types.Decode(types.Encode(d), &back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, d) {
			t.Fatalf("%+v comes back as %+v", d, back)
		}
		if got := replay(replay(from, d), d.Reverse()); !maps.Equal(got, from) {
			t.Fatalf("there and back from %v leads to %v", from, got)
		}
	})
}

// There is one encoding of a diff; all others are refused.
func TestDiffIsCanonical(t *testing.T) {
	a, b, c := entry(1, 2, 0), entry(1, 256, 0), entry(2, 0, 0)
	tests := []struct {
		name string
		diff utxo.Diff
		ok   bool
	}{
		{"nothing", utxo.Diff{}, true},
		{"ascending", utxo.Diff{Spent: []utxo.Entry{a, b}, Created: []utxo.Entry{c}}, true},
		{"index as a number", utxo.Diff{Created: []utxo.Entry{a, b, c}}, true},
		{"spent descend", utxo.Diff{Spent: []utxo.Entry{b, a}}, false},
		{"created descend", utxo.Diff{Created: []utxo.Entry{c, a}}, false},
		{"twice", utxo.Diff{Created: []utxo.Entry{a, a}}, false},
		{"two coins at one outpoint", utxo.Diff{Created: []utxo.Entry{a, entry(1, 2, 1)}}, false},
		{"spent and created", utxo.Diff{Spent: []utxo.Entry{a, b}, Created: []utxo.Entry{b, c}}, false},
		{"changed", utxo.Diff{Spent: []utxo.Entry{a, b}, Created: []utxo.Entry{entry(1, 256, 9), c}}, true},
	}
	for _, test := range tests {
		var d utxo.Diff
		if err := types.Decode(types.Encode(test.diff), &d); (err == nil) != test.ok {
			t.Errorf("%s: got %v, want ok %v", test.name, err, test.ok)
		}
	}
}

// An entry byte by byte, as another implementation would write it: what the set
// commitment is taken over.
func TestEntryBytes(t *testing.T) {
	n := utxo.Entry{
		Outpoint: types.Outpoint{TxID: types.Hash{1, 31: 2}, Index: 0x0304},
		Coin: types.Coin{
			Output:    types.Output{Value: types.Jots(0x0506), Address: types.Address{Hash: types.Hash{7, 31: 8}}},
			BlueScore: 0x090a,
			Coinbase:  true,
		},
	}
	zeros := make([]byte, 30)
	want := bytes.Join([][]byte{
		{1}, zeros, {2}, {4, 3, 0, 0}, // outpoint
		{6, 5, 0, 0, 0, 0, 0, 0}, {0, 7}, zeros, {8}, // value, address
		{0x0a, 9, 0, 0, 0, 0, 0, 0}, {1}, // accepting blue score, is-coinbase
	}, nil)
	if got := types.Encode(n); !bytes.Equal(got, want) {
		t.Fatalf("got %x, want %x", got, want)
	}
}

func FuzzDiff(f *testing.F) {
	f.Add(types.Encode(utxo.Diff{}))
	f.Add(types.Encode(utxo.Diff{Spent: []utxo.Entry{entry(1, 0, 5)}, Created: []utxo.Entry{entry(1, 0, 6), entry(2, 1, 6)}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d utxo.Diff
		if types.Decode(data, &d) == nil && !bytes.Equal(types.Encode(d), data) {
			t.Fatalf("%x is written as %x", data, types.Encode(d))
		}
	})
}
