package dag

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

func drawHash(t *rapid.T) (h types.Hash) {
	copy(h[:], rapid.SliceOfN(rapid.Byte(), types.HashSize, types.HashSize).Draw(t, "hash"))
	return h
}

// drawHashes returns nil rather than an empty list, as decoding does.
func drawHashes(t *rapid.T) (hashes []types.Hash) {
	for range rapid.IntRange(0, 4).Draw(t, "count") {
		hashes = append(hashes, drawHash(t))
	}
	return hashes
}

func drawData(t *rapid.T) *Data {
	d := &Data{SelectedParent: drawHash(t), Blues: drawHashes(t), Reds: drawHashes(t)}
	for _, h := range drawHashes(t) {
		d.setAnticoneSize(h, rapid.Uint32().Draw(t, "size"))
	}
	d.BlueScore = rapid.Uint64().Draw(t, "blue score")
	d.BlueWork = types.Uint256FromBigEndian(drawHash(t))
	return d
}

func drawNode(t *rapid.T) *Node {
	start := rapid.Uint64Range(1, 1<<64-1).Draw(t, "start")
	end := rapid.Uint64Range(start-1, 1<<64-2).Draw(t, "end")
	return &Node{
		Parent:         drawHash(t),
		Interval:       Interval{start, end},
		Height:         rapid.Uint64().Draw(t, "height"),
		Children:       drawHashes(t),
		FutureCovering: drawHashes(t),
	}
}

// appendNaive writes integers of 32 and 64 bits, byte arrays and lists of them
// by reflection: a twin of the codec that knows no field by name.
func appendNaive(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Uint32:
		return binary.LittleEndian.AppendUint32(b, uint32(v.Uint()))
	case reflect.Uint64:
		return binary.LittleEndian.AppendUint64(b, v.Uint())
	case reflect.Slice:
		b = binary.LittleEndian.AppendUint32(b, uint32(v.Len()))
		for i := range v.Len() {
			b = appendNaive(b, v.Index(i))
		}
		return b
	case reflect.Struct:
		for i := range v.NumField() {
			b = appendNaive(b, v.Field(i))
		}
		return b
	}
	switch v := v.Interface().(type) {
	case types.Hash:
		return append(b, v[:]...)
	case types.Uint256:
		for _, limb := range slices.Backward(v[:]) {
			b = binary.BigEndian.AppendUint64(b, limb)
		}
		return b
	}
	panic("dag: no naive encoding of " + v.Type().String())
}

func TestDataCodec(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawData(t)
		data := types.Encode(d)
		if want := appendNaive(nil, reflect.ValueOf(*d)); !bytes.Equal(data, want) {
			t.Fatalf("%+v is encoded as %x, want %x", d, data, want)
		}
		var got Data
		if err := types.Decode(data, &got); err != nil || !reflect.DeepEqual(&got, d) {
			t.Fatalf("%+v comes back as %+v, %v", d, got, err)
		}
	})
}

func TestNodeCodec(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNode(t)
		data := types.Encode(n)
		if want := appendNaive(nil, reflect.ValueOf(*n)); !bytes.Equal(data, want) {
			t.Fatalf("%+v is encoded as %x, want %x", n, data, want)
		}
		var got Node
		if err := types.Decode(data, &got); err != nil || !reflect.DeepEqual(&got, n) {
			t.Fatalf("%+v comes back as %+v, %v", n, got, err)
		}
	})
}

func TestDataCodecRefuses(t *testing.T) {
	a, b := blockID(1), blockID(2)
	for name, sizes := range map[string][]AnticoneSize{
		"descending": {{b, 1}, {a, 1}},
		"twice":      {{a, 1}, {a, 1}},
	} {
		if types.Decode(types.Encode(&Data{AnticoneSizes: sizes}), new(Data)) == nil {
			t.Errorf("anticone sizes %s are accepted", name)
		}
	}
}

func TestNodeCodecRefuses(t *testing.T) {
	for _, interval := range []Interval{{0, 5}, {1, 1<<64 - 1}, {7, 5}, {0, 1<<64 - 1}} {
		if types.Decode(types.Encode(&Node{Interval: interval}), new(Node)) == nil {
			t.Errorf("interval %v is accepted", interval)
		}
	}
}

func TestCodecRefusesTornRecords(t *testing.T) {
	data := types.Encode(&Data{Blues: []types.Hash{blockID(1)}, AnticoneSizes: []AnticoneSize{{blockID(1), 3}}})
	node := types.Encode(&Node{Interval: maximalInterval, Children: []types.Hash{blockID(1)}})
	for n := range data {
		if types.Decode(data[:n], new(Data)) == nil {
			t.Errorf("data cut to %d bytes is accepted", n)
		}
	}
	for n := range node {
		if types.Decode(node[:n], new(Node)) == nil {
			t.Errorf("node cut to %d bytes is accepted", n)
		}
	}
}

func FuzzData(f *testing.F) {
	f.Add(types.Encode(&Data{}))
	f.Add(types.Encode(&Data{
		Blues:         []types.Hash{blockID(1), blockID(2)},
		Reds:          []types.Hash{blockID(3)},
		AnticoneSizes: []AnticoneSize{{blockID(1), 1}, {blockID(2), 1}},
		BlueWork:      types.MaxUint256,
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d Data
		if types.Decode(data, &d) == nil && !bytes.Equal(types.Encode(&d), data) {
			t.Errorf("%x is read as %+v, which is written as %x", data, d, types.Encode(&d))
		}
	})
}

func FuzzNode(f *testing.F) {
	f.Add(types.Encode(&Node{Interval: maximalInterval}))
	f.Add(types.Encode(&Node{
		Interval:       Interval{5, 4},
		Children:       []types.Hash{blockID(1)},
		FutureCovering: []types.Hash{blockID(3), blockID(2)},
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var n Node
		if types.Decode(data, &n) == nil && !bytes.Equal(types.Encode(&n), data) {
			t.Errorf("%x is read as %+v, which is written as %x", data, n, types.Encode(&n))
		}
	})
}
