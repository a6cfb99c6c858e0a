package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// messages makes an arbitrary message of every kind.
var messages = map[Kind]func(*rapid.T) Message{
	KindHello:          func(t *rapid.T) Message { m := anyHello(t); return &m },
	KindHeadersRequest: func(t *rapid.T) Message { return &HeadersRequest{anyHashes(t), anyHash(t)} },
	KindHeaders: func(t *rapid.T) Message {
		return &Headers{listOf(t, 0, 3, anyHeader), rapid.Bool().Draw(t, "more")}
	},
	KindBlocksRequest:       func(t *rapid.T) Message { return &BlocksRequest{anyHashes(t)} },
	KindBlocks:              func(t *rapid.T) Message { return &Blocks{listOf(t, 0, 2, anyBlock)} },
	KindCompactRequest:      func(t *rapid.T) Message { return &CompactRequest{anyHash(t), anyPositions(t)} },
	KindCompactAnswer:       func(t *rapid.T) Message { return &CompactAnswer{listOf(t, 0, 3, anyTransaction)} },
	KindTransactionsRequest: func(t *rapid.T) Message { return &TransactionsRequest{anyHashes(t)} },
	KindTransactions:        func(t *rapid.T) Message { return &Transactions{listOf(t, 0, 3, anyTransaction)} },
	KindPeersRequest:        func(t *rapid.T) Message { rapid.Bool().Draw(t, "nothing"); return &PeersRequest{} },
	KindPeers: func(t *rapid.T) Message {
		return &Peers{listOf(t, 0, 3, func(t *rapid.T) PeerRecord { return anyBytes(t, 5) })}
	},
	KindCompactBlock: func(t *rapid.T) Message { m := anyCompactBlock(t); return &m },
	KindTransaction:  func(t *rapid.T) Message { return &Transaction{anyTransaction(t)} },
}

func eachKind(t *testing.T, check func(t *rapid.T, k Kind, m Message)) {
	if len(messages) != len(kinds) {
		t.Fatalf("%d kinds are tested, there are %d", len(messages), len(kinds))
	}
	for k := KindHello; k <= KindTransaction; k++ {
		t.Run(k.String(), rapid.MakeCheck(func(t *rapid.T) { check(t, k, messages[k](t)) }))
	}
}

func TestRoundTrips(t *testing.T) {
	eachKind(t, func(t *rapid.T, k Kind, m Message) {
		data := Encode(m)
		again, err := Decode(k, data)
		if err != nil {
			t.Fatal(err)
		}
		if m.Kind() != k || again.Kind() != k || !reflect.DeepEqual(m, again) {
			t.Fatalf("decoded %+v\nencoded %+v", again, m)
		}
		if len(data) > 0 {
			if _, err := Decode(k, data[:rapid.IntRange(0, len(data)-1).Draw(t, "cut")]); err == nil {
				t.Fatal("a part of the message was accepted")
			}
		}
		if k != KindPeersRequest {
			if _, err := Decode(k, append(bytes.Clone(data), 0)); !errors.Is(err, types.ErrTrailingBytes) {
				t.Fatalf("a trailing byte: %v", err)
			}
		}
	})
}

// Every u32 of a message, taken for a count that lies, is refused or harmless:
// what still decodes encodes to the same bytes.
func TestCountsThatLie(t *testing.T) {
	eachKind(t, func(t *rapid.T, k Kind, m Message) {
		data := Encode(m)
		for range min(16, len(data)/4) {
			at := rapid.IntRange(0, len(data)-4).Draw(t, "at")
			for _, lie := range []uint32{1<<16 - 1, 1 << 31, 1<<32 - 1} {
				bad := bytes.Clone(data)
				binary.LittleEndian.PutUint32(bad[at:], lie)
				if again, err := Decode(k, bad); err == nil && !bytes.Equal(Encode(again), bad) {
					t.Fatalf("count %d at byte %d: two encodings of one message", lie, at)
				}
			}
		}
	})
}

func TestLimits(t *testing.T) {
	hashes := func(n int) []types.Hash { return make([]types.Hash, n) }
	positions := func(n int) (p []uint32) {
		for i := range n {
			p = append(p, uint32(i))
		}
		return p
	}
	agent := func(s string) Message { return &Hello{Agent: s} }
	coinbase := Prefilled{}
	for _, c := range []struct {
		name    string
		message Message
		want    error
	}{
		{"longest agent", agent(strings.Repeat("~", MaxAgent)), nil},
		{"agent too long", agent(strings.Repeat("~", MaxAgent+1)), ErrTooLarge},
		{"agent with an escape", agent("jio\x1b[2J"), ErrNotCanonical},
		{"agent beyond ASCII", agent("jïo"), ErrNotCanonical},
		{"longest locator", &HeadersRequest{Locator: hashes(MaxLocator)}, nil},
		{"locator too long", &HeadersRequest{Locator: hashes(MaxLocator + 1)}, ErrTooLarge},
		{"most headers", &Headers{Headers: make([]types.Header, MaxHeaders)}, nil},
		{"too many headers", &Headers{Headers: make([]types.Header, MaxHeaders+1)}, ErrTooLarge},
		{"most blocks asked", &BlocksRequest{hashes(MaxBlocks)}, nil},
		{"too many blocks asked", &BlocksRequest{hashes(MaxBlocks + 1)}, ErrTooLarge},
		{"most blocks", &Blocks{make([]types.Block, MaxBlocks)}, nil},
		{"too many blocks", &Blocks{make([]types.Block, MaxBlocks+1)}, ErrTooLarge},
		{"most ids", &TransactionsRequest{hashes(MaxTransactions)}, nil},
		{"too many ids", &TransactionsRequest{hashes(MaxTransactions + 1)}, ErrTooLarge},
		{"most transactions", &Transactions{make([]types.Transaction, MaxTransactions)}, nil},
		{"too many transactions", &Transactions{make([]types.Transaction, MaxTransactions+1)}, ErrTooLarge},
		{"most records", &Peers{make([]PeerRecord, MaxPeers)}, nil},
		{"too many records", &Peers{make([]PeerRecord, MaxPeers+1)}, ErrTooLarge},
		{"longest record", &Peers{[]PeerRecord{make(PeerRecord, MaxPeerRecord)}}, nil},
		{"record too long", &Peers{[]PeerRecord{make(PeerRecord, MaxPeerRecord+1)}}, ErrTooLarge},
		{"most positions", &CompactRequest{Positions: positions(MaxBlockTransactions)}, nil},
		{"position out of range", &CompactRequest{Positions: []uint32{MaxBlockTransactions}}, ErrTooLarge},
		{"position twice", &CompactRequest{Positions: []uint32{3, 3}}, ErrNotCanonical},
		{"positions out of order", &CompactRequest{Positions: []uint32{3, 2}}, ErrNotCanonical},
		{"most short ids", &CompactBlock{Prefilled: []Prefilled{coinbase}, ShortIDs: make([]ShortID, MaxBlockTransactions-1)}, nil},
		{"too many short ids", &CompactBlock{Prefilled: []Prefilled{coinbase}, ShortIDs: make([]ShortID, MaxBlockTransactions)}, ErrTooLarge},
		{"no coinbase", &CompactBlock{ShortIDs: make([]ShortID, 1)}, ErrNotCanonical},
		{"no transactions", &CompactBlock{}, ErrNotCanonical},
		{"coinbase not first", &CompactBlock{Prefilled: []Prefilled{{Position: 1}}, ShortIDs: make([]ShortID, 1)}, ErrNotCanonical},
		{"prefilled beyond the end", &CompactBlock{Prefilled: []Prefilled{coinbase, {Position: 2}}}, ErrTooLarge},
		{"prefilled twice", &CompactBlock{Prefilled: []Prefilled{coinbase, coinbase}}, ErrNotCanonical},
	} {
		_, err := Decode(c.message.Kind(), Encode(c.message))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Kind != c.message.Kind()) {
			t.Errorf("%s: %v is not an Error of its kind", c.name, err)
		}
	}
}

func TestSizes(t *testing.T) {
	for k := range kinds {
		if _, err := Decode(k, make([]byte, k.MaxSize()+1)); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%v of one byte too many: %v", k, err)
		}
		if answer, ok := k.Answer(); ok != strings.HasSuffix(k.String(), "request") || ok && kinds[answer].name == "" {
			t.Errorf("%v is answered by %v, %v", k, answer, ok)
		}
	}
	if _, err := Decode(99, nil); !errors.Is(err, ErrUnknownKind) {
		t.Errorf("a kind out of nowhere: %v", err)
	}
}

// A compact block gives the block back when every transaction is found, names
// what is not, and its short ids change from block to block.
func TestCompactBlockAssembles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := types.Block{Header: anyHeader(t), Transactions: listOf(t, 1, 6, anyTransaction)}
		fresh, known := rapid.Uint8().Draw(t, "fresh"), rapid.Uint8().Draw(t, "known")
		c := NewCompactBlock(&b, func(i int) bool { return fresh>>i&1 == 1 })
		var want []uint32
		pool := make(map[ShortID]*types.Transaction)
		for i := range b.Transactions {
			tx := &b.Transactions[i]
			if i > 0 && fresh>>i&1 == 0 && known>>i&1 == 0 {
				want = append(want, uint32(i))
			} else {
				pool[NewShortID(b.Hash(), tx.Hash())] = tx
			}
		}
		body, missing := c.Assemble(func(s ShortID) *types.Transaction { return pool[s] })
		if !slices.Equal(missing, want) && !hasTwins(b.Transactions) {
			t.Fatalf("missing %v, want %v", missing, want)
		}
		for _, i := range missing {
			body[i] = b.Transactions[i]
		}
		if types.MerkleRootOf(body) != types.MerkleRootOf(b.Transactions) {
			t.Fatal("another body came out")
		}
		tx := b.Transactions[0].Hash()
		if NewShortID(b.Hash(), tx) == NewShortID(types.Hash{1}, tx) {
			t.Fatal("the short id does not depend on the block")
		}
	})
}

func hasTwins(txs []types.Transaction) bool {
	seen := make(map[types.Hash]bool)
	for i := range txs {
		seen[txs[i].Hash()] = true
	}
	return len(seen) < len(txs)
}

// allocated returns the bytes that f allocates on the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// fuzzKind checks that whatever decodes encodes to the same bytes, and that
// memory stays in proportion to the input.
func fuzzKind(f *testing.F, k Kind) {
	for seed := range 4 {
		f.Add(Encode(rapid.Custom(messages[k]).Example(seed)))
	}
	f.Fuzz(func(t *testing.T, data []byte) { decodeStrictly(t, k, data) })
}

func decodeStrictly(t *testing.T, k Kind, data []byte) {
	var m Message
	var err error
	if got := allocated(func() { m, err = Decode(k, data) }); got > 1<<18+80*uint64(len(data)) {
		t.Errorf("%d bytes were allocated for %d", got, len(data))
	}
	if err == nil && !bytes.Equal(Encode(m), data) {
		t.Errorf("%v decoded  % x\nencoded % x", k, data, Encode(m))
	}
}

func FuzzHello(f *testing.F)               { fuzzKind(f, KindHello) }
func FuzzHeadersRequest(f *testing.F)      { fuzzKind(f, KindHeadersRequest) }
func FuzzHeaders(f *testing.F)             { fuzzKind(f, KindHeaders) }
func FuzzBlocksRequest(f *testing.F)       { fuzzKind(f, KindBlocksRequest) }
func FuzzBlocks(f *testing.F)              { fuzzKind(f, KindBlocks) }
func FuzzCompactRequest(f *testing.F)      { fuzzKind(f, KindCompactRequest) }
func FuzzCompactAnswer(f *testing.F)       { fuzzKind(f, KindCompactAnswer) }
func FuzzTransactionsRequest(f *testing.F) { fuzzKind(f, KindTransactionsRequest) }
func FuzzTransactions(f *testing.F)        { fuzzKind(f, KindTransactions) }
func FuzzPeers(f *testing.F)               { fuzzKind(f, KindPeers) }
func FuzzCompactBlock(f *testing.F)        { fuzzKind(f, KindCompactBlock) }
func FuzzTransaction(f *testing.F)         { fuzzKind(f, KindTransaction) }

// FuzzSequence reads input as frames of kind, length and bytes: what one message
// was must not matter to the next.
func FuzzSequence(f *testing.F) {
	var all []byte
	for k := KindHello; k <= KindTransaction; k++ {
		data := Encode(rapid.Custom(messages[k]).Example(int(k)))
		all = append(all, byte(k))
		all = binary.LittleEndian.AppendUint16(all, uint16(len(data)))
		all = append(all, data...)
	}
	f.Add(all)
	f.Fuzz(func(t *testing.T, data []byte) {
		for len(data) >= 3 {
			k, n := Kind(data[0]), int(binary.LittleEndian.Uint16(data[1:]))
			data = data[3:]
			n = min(n, len(data))
			decodeStrictly(t, k, data[:n])
			data = data[n:]
		}
	})
}
