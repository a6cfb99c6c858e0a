package index

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
)

// FuzzRecords holds every decoder to one canonical form. The first byte chooses.
func FuzzRecords(f *testing.F) {
	f.Add(append([]byte{0}, (&state{height: 300, coins: 7}).encode()...))
	f.Add(append([]byte{1}, (&account{number: 1 << 39, balance: types.Jots(math.MaxUint64), events: 3}).encode()...))
	f.Add(append([]byte{2}, (&event{place: place{9, 1, 500}, received: types.Jots(12)}).encode()...))
	f.Add(append([]byte{3}, encodeCoin(&types.Coin{BlueScore: 1 << 62, Coinbase: true})...))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		raw := data[1:]
		again := raw
		switch data[0] % 4 {
		case 0:
			if s, current, err := decodeState(raw); err == nil && current {
				again = s.encode()
			}
		case 1:
			if a, err := decodeAccount(raw); err == nil {
				again = a.encode()
			}
		case 2:
			if v, err := decodeEvent(raw); err == nil {
				again = v.encode()
			}
		case 3:
			if c, err := decodeCoin(raw, types.Address{}); err == nil {
				again = encodeCoin(&c)
			}
		}
		if !bytes.Equal(raw, again) {
			t.Fatalf("%x is read and written as %x", raw, again)
		}
	})
}

// TestKeys reads back what keys say.
func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Uint64Range(0, 1<<(8*numberSize)-1)
		at := place{number.Draw(t, "height"), rapid.Uint16().Draw(t, "block"), rapid.Uint16().Draw(t, "tx")}
		if got, ok := placeIn(transactionKey(types.Hash{1}, at)); !ok || got != at {
			t.Fatalf("%v is read as %v %v", at, got, ok)
		}
		o := types.Outpoint{TxID: types.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "id")), Index: rapid.Uint32().Draw(t, "index")}
		if got, ok := outpointIn(coinKey(number.Draw(t, "account"), o)); !ok || got != o {
			t.Fatalf("%v is read as %v %v", o, got, ok)
		}
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		if order := bytes.Compare(chainKey(a), chainKey(b)); (order < 0) != (a < b) || (order == 0) != (a == b) {
			t.Fatalf("%d and %d are ordered %d", a, b, order)
		}
	})
}
