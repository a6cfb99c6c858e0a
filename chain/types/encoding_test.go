package types

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

// codec is a pointer to an object that has an encoding.
type codec[T any] interface {
	*T
	EncoderTo
	DecoderFrom
}

// roundTrip checks that encoding and decoding an arbitrary object gives it
// back, that every proper prefix and every longer input is refused, and that a
// value decoded into forgets what it held.
func roundTrip[T any, P codec[T]](generate func(*rapid.T) T) func(*testing.T) {
	return rapid.MakeCheck(func(t *rapid.T) {
		want, got := generate(t), generate(t)
		data := Encode(P(&want))
		if n := EncodedLen(P(&want)); n != len(data) {
			t.Fatalf("EncodedLen = %d, the encoding has %d bytes", n, len(data))
		}
		if err := Decode(data, P(&got)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("decoded %+v\nencoded %+v", got, want)
		}
		cut := rapid.IntRange(0, len(data)-1).Draw(t, "cut")
		if err := Decode(data[:cut], P(new(T))); err == nil {
			t.Fatalf("%d of %d bytes were accepted", cut, len(data))
		}
		longer := append(bytes.Clone(data), 0)
		if err := Decode(longer, P(new(T))); !errors.Is(err, ErrTrailingBytes) {
			t.Fatalf("a trailing byte: %v", err)
		}
	})
}

func TestRoundTrips(t *testing.T) {
	t.Run("Hash", roundTrip(anyHash))
	t.Run("Uint256", roundTrip(anyUint256))
	t.Run("Amount", roundTrip(func(t *rapid.T) Amount { return Jots(anyUint64(t)) }))
	t.Run("Address", roundTrip(anyAddress))
	t.Run("Outpoint", roundTrip(anyOutpoint))
	t.Run("Output", roundTrip(anyOutput))
	t.Run("Coin", roundTrip(anyCoin))
	t.Run("Policy", roundTrip(anyPolicy))
	t.Run("Unlock", roundTrip(anyUnlock))
	t.Run("Input", roundTrip(anyInput))
	t.Run("Transaction", roundTrip(anyTransaction))
	t.Run("Header", roundTrip(anyHeader))
	t.Run("Block", roundTrip(anyBlock))
	t.Run("Proof", roundTrip(anyProof))
}

// A Decoder's error is the first one, and every read after it yields zeros.
func TestDecoderErrorIsSticky(t *testing.T) {
	d := NewDecoder([]byte{1, 2, 3})
	if d.Uint32() != 0 || d.Err() == nil {
		t.Fatal("four bytes were read out of three")
	}
	first := d.Err()
	d.Fail(errors.New("another"))
	if d.Err() != first || d.Finish() != first {
		t.Error("a later error replaced the first")
	}
	filled := [2]byte{9, 9}
	d.Read(filled[:])
	if d.Uint8() != 0 || d.Uint16() != 0 || d.Uint64() != 0 || d.Bool() || filled != [2]byte{} {
		t.Error("a read after an error gave something")
	}
	if d.Count(0) != 0 || d.Hashes() != nil || d.ByteString() != nil || d.Remaining() != 0 {
		t.Error("a list after an error gave something")
	}
}

func TestDecoderRefusesOtherFlags(t *testing.T) {
	for v := range 256 {
		d := NewDecoder([]byte{byte(v)})
		flag := d.Bool()
		if ok := d.Finish() == nil; ok != (v <= 1) || flag != (v == 1) {
			t.Errorf("flag byte %d: %v, %v", v, flag, d.Err())
		}
	}
}

func TestEncoderKeepsItsMemory(t *testing.T) {
	e := NewEncoder(make([]byte, 0, 64))
	e.Uint16(0x0102)
	if !bytes.Equal(e.Bytes(), []byte{2, 1}) || e.Len() != 2 {
		t.Fatalf("wrote % x", e.Bytes())
	}
	if e.Reset(); e.Len() != 0 || cap(e.Bytes()) != 64 {
		t.Error("Reset gave the memory away or kept what was written")
	}
}

// Every list of a block, with a count one above what follows, is refused.
func TestCountsThatLie(t *testing.T) {
	key := Transaction{Inputs: []Input{{Unlock: Unlock{
		Policy:     ThresholdPolicy(1, KeyPolicy(filled(0xff))),
		Signatures: make([]Signature, 1), Preimages: make([]Preimage, 1),
	}}}, Outputs: make([]Output, 1), Payload: []byte{7}}
	block := Block{Header: Header{Parents: make([]Hash, 1)}, Transactions: []Transaction{key}}
	data := Encode(&block)
	counts := 0
	for at := 0; at+4 <= len(data); at++ {
		if binary.LittleEndian.Uint32(data[at:]) != 1 {
			continue
		}
		counts++
		for _, lie := range []uint32{2, 1000, 1 << 31, 1<<32 - 1} {
			bad := bytes.Clone(data)
			binary.LittleEndian.PutUint32(bad[at:], lie)
			if Decode(bad, new(Block)) == nil {
				t.Errorf("count %d at byte %d was accepted", lie, at)
			}
		}
	}
	if counts != 8 {
		t.Errorf("found %d counts, a block has 8 lists", counts)
	}
}

// allocated returns the bytes that f allocates on the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// allocationBound is what decoding n bytes may allocate. The worst is a policy
// of five bytes, which takes a Policy in a growing list; the constant is room
// for the runtime and for error texts.
func allocationBound(n int) uint64 { return 1<<18 + 80*uint64(n) }

// Hostile inputs: the largest counts that the bytes left can hold, nested as
// deep as lists nest, and the smallest elements there are.
func TestDecodingAllocatesInProportion(t *testing.T) {
	const size = 1 << 20
	count := func(prefix []byte, element int) []byte {
		data := binary.LittleEndian.AppendUint32(prefix, uint32((size-len(prefix)-4)/element))
		return append(data, make([]byte, size-len(data))...)
	}
	empty := Encode(&Header{})
	nested := empty
	for range 3 { // transactions, inputs (after a version), then a policy's children
		nested = binary.LittleEndian.AppendUint32(nested, uint32((size-len(nested)-4)/minTransactionSize))
		nested = append(nested, 1, 0)
	}
	var thresholds []byte
	for len(thresholds) < size-6 {
		thresholds = append(thresholds, byte(PolicyThreshold), 1)
		thresholds = binary.LittleEndian.AppendUint32(thresholds, uint32((size-len(thresholds)-4)/minPolicySize))
	}
	var locks []byte
	for len(locks) < size {
		locks = append(locks, make([]byte, outpointSize+8)...)
		locks = append(locks, byte(PolicyThreshold), 1, maxDecodedChildren%256, maxDecodedChildren/256, 0, 0)
		for range maxDecodedChildren {
			locks = append(locks, byte(PolicyOlder), 1, 2, 3, 4)
		}
		locks = append(locks, make([]byte, 8)...)
	}
	spends := len(locks) / (minInputSize + 1 + maxDecodedChildren*minPolicySize)
	locks = append(binary.LittleEndian.AppendUint32([]byte{1, 0}, uint32(spends)), locks...)
	locks = append(locks, make([]byte, minTransactionSize-2-4)...)
	for _, c := range []struct {
		name   string
		data   []byte
		decode DecoderFrom
		valid  bool
	}{
		{"empty transactions", count(empty, minTransactionSize), new(Block), false},
		{"parents", count([]byte{1, 0, 0, 0}, HashSize), new(Block), false},
		{"inputs", count([]byte{1, 0}, minInputSize), new(Transaction), false},
		{"outputs", count([]byte{1, 0, 0, 0, 0, 0}, outputSize), new(Transaction), false},
		{"nested counts", append(nested, make([]byte, size-len(nested))...), new(Block), false},
		{"nested thresholds", thresholds, new(Policy), false},
		{"many locks", locks, new(Transaction), true},
	} {
		got := allocated(func() {
			if err := Decode(c.data, c.decode); (err == nil) != c.valid {
				t.Errorf("%s: %v", c.name, err)
			}
		})
		if got > allocationBound(len(c.data)) {
			t.Errorf("%s: %d bytes were allocated for %d", c.name, got, len(c.data))
		}
	}
}

// fuzzCodec checks that whatever decodes encodes to the same bytes, within the
// bound on memory.
func fuzzCodec[T any, P codec[T]](f *testing.F, examples ...T) {
	for i := range examples {
		f.Add(Encode(P(&examples[i])))
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		var v T
		var err error
		got := allocated(func() { err = Decode(data, P(&v)) })
		if got > allocationBound(len(data)) {
			t.Errorf("%d bytes were allocated for %d", got, len(data))
		}
		if err != nil {
			return
		}
		if again := Encode(P(&v)); !bytes.Equal(again, data) {
			t.Errorf("decoded  % x\nencoded % x", data, again)
		}
	})
}

func FuzzHeader(f *testing.F) { fuzzCodec(f, Header{}, goldenHeader()) }

func FuzzTransaction(f *testing.F) {
	fuzzCodec(f, Transaction{}, goldenTransaction(), goldenCoinbase())
}

func FuzzBlock(f *testing.F) {
	fuzzCodec(f, Block{}, Block{goldenHeader(), []Transaction{goldenCoinbase(), goldenTransaction()}})
}

func FuzzProof(f *testing.F) {
	fuzzCodec(f, Proof{}, MerkleProof(make([]Hash, 5), 2), MerkleProof(make([]Hash, 5), 4))
}

func FuzzCoin(f *testing.F) { fuzzCodec(f, Coin{}, Coin{Coinbase: true}) }
