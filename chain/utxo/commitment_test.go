package utxo_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"lukechampine.com/blake3"
	"pgregory.net/rapid"
)

// lanes is the twin of LtHash: one lane at a time, hashed without chain/types.
type lanes [1024]uint16

func keyed(domain string, data []byte) *blake3.Hasher {
	var key [32]byte
	copy(key[:], domain)
	h := blake3.New(32, key[:])
	h.Write(data)
	return h
}

func (l *lanes) add(n utxo.Entry, sign uint16) {
	var element [2048]byte
	if _, err := keyed("JioUTXOElement", types.Encode(n)).XOF().Read(element[:]); err != nil {
		panic(err)
	}
	for i := range l {
		l[i] += sign * binary.LittleEndian.Uint16(element[2*i:])
	}
}

func (l *lanes) bytes() (b []byte) {
	for _, lane := range l {
		b = binary.LittleEndian.AppendUint16(b, lane)
	}
	return b
}

// hashOf is the commitment to a state, from its definition.
func hashOf(state utxo.Coins) types.Hash {
	var l lanes
	for o, coin := range state {
		l.add(utxo.Entry{Outpoint: o, Coin: coin}, 1)
	}
	return types.Hash(keyed("JioUTXOCommitment", l.bytes()).Sum(nil))
}

func ltHashOf(state utxo.Coins) (l utxo.LtHash) {
	for _, o := range ascending(state) {
		l.Add(o, state[o])
	}
	return l
}

func TestLtHashAgainstLanes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var got utxo.LtHash
		var want lanes
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			n := utxo.Entry{Outpoint: outpoints.Draw(t, "outpoint"), Coin: coins.Draw(t, "coin")}
			if rapid.Bool().Draw(t, "add") {
				got.Add(n.Outpoint, n.Coin)
				want.add(n, 1)
			} else {
				got.Remove(n.Outpoint, n.Coin)
				want.add(n, ^uint16(0))
			}
		}
		if !bytes.Equal(types.Encode(&got), want.bytes()) {
			t.Fatal("lanes differ")
		}
	})
}

func TestLtHashIsOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := utxo.Coins(states.Draw(t, "state"))
		if got := ltHashOf(state); got.Hash() != hashOf(state) {
			t.Fatal("commitment differs from its definition")
		}
		var shuffled utxo.LtHash
		for _, o := range rapid.Permutation(ascending(state)).Draw(t, "order") {
			shuffled.Add(o, state[o])
		}
		if shuffled != ltHashOf(state) {
			t.Fatal("the order of adding matters")
		}
		for _, o := range rapid.Permutation(ascending(state)).Draw(t, "order of removal") {
			shuffled.Remove(o, state[o])
		}
		if shuffled != (utxo.LtHash{}) {
			t.Fatal("removing all does not lead back to the empty set")
		}
	})
}

func TestLtHashFollowsDiffs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := utxo.Coins(states.Draw(t, "from")), utxo.Coins(states.Draw(t, "to"))
		d := between(from, to)
		l := ltHashOf(from)
		l.AddDiff(d)
		if l != ltHashOf(to) {
			t.Fatal("along the diff: not the hash of the second state")
		}
		l.AddDiff(d.Reverse())
		if l != ltHashOf(from) {
			t.Fatal("back along the diff: not the hash of the first state")
		}
	})
}

// Every part of an element counts.
func TestLtHashSeesEveryField(t *testing.T) {
	base := entry(1, 2, 3)
	seen := map[types.Hash]string{}
	for name, change := range map[string]func(n *utxo.Entry){
		"nothing":    func(n *utxo.Entry) {},
		"id":         func(n *utxo.Entry) { n.Outpoint.TxID[31]++ },
		"index":      func(n *utxo.Entry) { n.Outpoint.Index++ },
		"value":      func(n *utxo.Entry) { n.Coin.Value = types.Jots(1) },
		"version":    func(n *utxo.Entry) { n.Coin.Address.Version++ },
		"address":    func(n *utxo.Entry) { n.Coin.Address.Hash[31]++ },
		"blue score": func(n *utxo.Entry) { n.Coin.BlueScore++ },
		"coinbase":   func(n *utxo.Entry) { n.Coin.Coinbase = true },
	} {
		n := base
		change(&n)
		var l utxo.LtHash
		l.Add(n.Outpoint, n.Coin)
		if other, twice := seen[l.Hash()]; twice {
			t.Errorf("%s and %s give the same hash", name, other)
		}
		seen[l.Hash()] = name
	}
}

// The commitments that headers carry, frozen.
func TestLtHashKnown(t *testing.T) {
	var empty, one utxo.LtHash
	n := entry(1, 2, 3)
	one.Add(n.Outpoint, n.Coin)
	for _, test := range []struct {
		name string
		got  types.Hash
		want string
	}{
		{"empty", empty.Hash(), emptyCommitment},
		{"one coin", one.Hash(), oneCommitment},
		{"genesis", params.MainNet().Genesis.Header.UTXOCommitment, emptyCommitment},
	} {
		if hex.EncodeToString(test.got[:]) != test.want {
			t.Errorf("%s: got %v, want %s", test.name, test.got, test.want)
		}
	}
}

const (
	emptyCommitment = "c885e993b914a97bdd9587c5efc1fe8b3bd17f7e406c9fb66cd39dc5be0c968b"
	oneCommitment   = "88d6c80446616225a200e9100c84df0a9a35f6f0eb67eda0c53905886ab9be1b"
)

// FuzzLtHash adds and removes whatever the input says, in the order it says and
// in the reverse order, and reads back what it wrote.
func FuzzLtHash(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3})
	f.Add([]byte{255, 0, 255, 0, 128})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var there, back utxo.LtHash
		steps = steps[:min(len(steps), 64)]
		for i := range steps {
			step(&there, steps[i])
			step(&back, steps[len(steps)-1-i])
		}
		if there != back {
			t.Fatal("the order matters")
		}
		var read utxo.LtHash
		if err := types.Decode(types.Encode(&there), &read); err != nil || read != there {
			t.Fatalf("reading back what was written: %v", err)
		}
		for _, s := range steps {
			step(&there, s^1)
		}
		if there != (utxo.LtHash{}) {
			t.Fatal("undoing every step does not lead back to the empty set")
		}
	})
}

// step adds or, when it is odd, removes the coin that the other bits name.
func step(l *utxo.LtHash, s byte) {
	n := entry(s>>4, uint32(s>>1&7), uint64(s>>2))
	if s&1 == 0 {
		l.Add(n.Outpoint, n.Coin)
	} else {
		l.Remove(n.Outpoint, n.Coin)
	}
}

func BenchmarkLtHashAdd(b *testing.B) {
	var l utxo.LtHash
	n := entry(1, 2, 3)
	b.ReportAllocs()
	for b.Loop() {
		l.Add(n.Outpoint, n.Coin)
	}
}

// A diff of 1,000 entries; the time is for all of them.
func BenchmarkLtHashAddDiff(b *testing.B) {
	var l utxo.LtHash
	var d utxo.Diff
	for i := range uint32(1000) {
		d.Created = append(d.Created, entry(1, i, 3))
	}
	b.ReportAllocs()
	for b.Loop() {
		l.AddDiff(d)
	}
}

func BenchmarkLtHashHash(b *testing.B) {
	var l utxo.LtHash
	b.ReportAllocs()
	for b.Loop() {
		l.Hash()
	}
}
