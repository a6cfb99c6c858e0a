package types

import (
	"encoding/hex"
	"testing"

	"lukechampine.com/blake3"
)

// The encodings here are put together by hand, byte by byte, from the written
// format alone; they share nothing with the code they are held against but the
// hash function. The digests are frozen: a change of any is another network.

// twin is a byte string under assembly.
type twin []byte

func (w twin) num(v uint64, size int) twin {
	for range size {
		w = append(w, byte(v))
		v >>= 8
	}
	return w
}

func (w twin) fill(b byte, n int) twin {
	for range n {
		w = append(w, b)
	}
	return w
}

func (w twin) raw(parts ...[]byte) twin {
	for _, p := range parts {
		w = append(w, p...)
	}
	return w
}

// twinHash is BLAKE3-256 keyed with the zero-padded name.
func twinHash(domain string, data []byte) []byte {
	key := make([]byte, 32)
	copy(key, domain)
	hasher := blake3.New(32, key)
	hasher.Write(data)
	return hasher.Sum(nil)
}

// filled returns 32 bytes of the same value.
func filled(b byte) (h Hash) {
	for i := range h {
		h[i] = b
	}
	return h
}

func goldenHeader() Header {
	return Header{
		Version: 0x01020304, Parents: []Hash{filled(0x20), filled(0x10)},
		MerkleRoot: filled(0x30), AcceptedRoot: filled(0x31), UTXOCommitment: filled(0x32),
		Timestamp: 1_767_225_600_000, Bits: 0x1e03ffff, Nonce: 0x1122334455667788, DAAScore: 0x0a0b,
		BlueWork: Uint256{0x0706050403020100, 0, 0, 0xf000000000000000}, BlueScore: 0x0c0d0e,
		PruningPoint: filled(0x33), HistoryRoot: filled(0x34), StateRoot: filled(0x35), FinalityRef: filled(0x36),
	}
}

func twinHeader(timestamp, nonce uint64) twin {
	w := twin{4, 3, 2, 1, 2, 0, 0, 0}.fill(0x20, 32).fill(0x10, 32)
	w = w.fill(0x30, 32).fill(0x31, 32).fill(0x32, 32)
	w = w.num(timestamp, 8).num(0x1e03ffff, 4).num(nonce, 8).num(0x0a0b, 8)
	w = append(w, 0xf0).fill(0, 23).raw([]byte{7, 6, 5, 4, 3, 2, 1, 0}) // big-endian
	w = w.num(0x0c0d0e, 8)
	return w.fill(0x33, 32).fill(0x34, 32).fill(0x35, 32).fill(0x36, 32)
}

func TestGoldenHeader(t *testing.T) {
	h := goldenHeader()
	full := twinHeader(1_767_225_600_000, 0x1122334455667788)
	sameBytes(t, "header", Encode(&h), full)
	sameDigest(t, "block hash", h.Hash(), twinHash("JioBlockHash", full),
		"4e629f57ee93137f9453a7fa788349b961574e02b81783d81203c9d5e954d42b")
	sameDigest(t, "pre-PoW hash", h.PrePoWHash(), twinHash("JioBlockHash", twinHeader(0, 0)),
		"63cf67bd1ca8af01005e1a69377e258ad4f721bf46295cd40ded9630cb94efae")
	if h.SelectedParent() != filled(0x20) || !new(Header).SelectedParent().IsZero() {
		t.Error("the selected parent is the first one, none for genesis")
	}
}

// goldenTransaction has every kind of policy in its unlocks.
func goldenTransaction() Transaction {
	return Transaction{
		Version: 1,
		Inputs: []Input{
			{Outpoint{filled(0x40), 7}, 1 << 63, Unlock{
				Policy: ThresholdPolicy(2, KeyPolicy(filled(0x41)), HashPolicy(filled(0x42)),
					OpaquePolicy(Address{0, filled(0x43)})),
				Signatures: []Signature{{0x44, 63: 0x45}}, Preimages: []Preimage{{0x46, 31: 0x47}},
			}},
			{Outpoint{filled(0x48), 1<<32 - 1}, 0x90, Unlock{
				Policy: ThresholdPolicy(1, AfterPolicy(500_000_000_000), OlderPolicy(144)),
			}},
		},
		Outputs:  []Output{{Jots(5), Address{0, filled(0x50)}}, {MaxAmount, Address{1, filled(0x51)}}},
		LockTime: 499_999_999_999, Gas: 3, Payload: []byte("payload"), Mass: 100_000,
	}
}

// The parts of goldenTransaction, in the order of the written format.
func twinFirstUnlock() twin {
	w := twin{5, 2, 3, 0, 0, 0, 1}.fill(0x41, 32)
	w = append(w, 2).fill(0x42, 32)
	w = append(w, 6, 0).fill(0x43, 32)
	w = append(w.num(1, 4), 0x44).fill(0, 62)
	w = append(append(w, 0x45).num(1, 4), 0x46).fill(0, 30)
	return append(w, 0x47)
}

func twinSecondUnlock() twin {
	w := append(twin{5, 1, 2, 0, 0, 0, 3}.num(500_000_000_000, 8), 4)
	return w.num(144, 4).num(0, 4).num(0, 4)
}

func twinOutpoint(which int) twin {
	if which == 0 {
		return twin{}.fill(0x40, 32).num(7, 4).num(1<<63, 8)
	}
	return twin{}.fill(0x48, 32).num(1<<32-1, 4).num(0x90, 8)
}

func twinOutput(which int) twin {
	if which == 0 {
		return append(twin{}.num(5, 8), 0).fill(0x50, 32)
	}
	return append(twin{}.num(2_100_000_000_000_000, 8), 1).fill(0x51, 32)
}

func twinOutputs() twin { return twin{}.num(2, 4).raw(twinOutput(0), twinOutput(1)) }

func TestGoldenTransaction(t *testing.T) {
	tx := goldenTransaction()
	middle := twin{}.num(499_999_999_999, 8).fill(0, 20).num(3, 8)
	full := twin{1, 0, 2, 0, 0, 0}.raw(twinOutpoint(0), twinFirstUnlock(), twinOutpoint(1), twinSecondUnlock(), twinOutputs(), middle)
	full = full.num(7, 4).raw([]byte("payload")).num(100_000, 8)
	sameBytes(t, "transaction", Encode(&tx), full)

	bare := twin{1, 0, 2, 0, 0, 0}.raw(twinOutpoint(0), twinOutpoint(1), twinOutputs(), middle)
	id := twinHash("JioTransactionID", bare.raw(twinHash("JioPayload", []byte("payload"))).num(100_000, 8))
	sameDigest(t, "ID", tx.ID(), id, "1ca938cad2995def9da11016d9b2ee25f51fd64df528bce45b442b4b1c2a2b98")

	unlocks := twinHash("JioUnlocks", twin{}.num(2, 4).raw(twinFirstUnlock(), twinSecondUnlock()))
	sameDigest(t, "transaction hash", tx.Hash(), twinHash("JioTransactionHash", twin{}.raw(id, unlocks)),
		"026935ae1f3612972ac52bfab708bc38a1f446f6bb56d051773904a69683644b")

	signed := twin{}.fill(0x60, 32).raw(id, twinOutput(1), twinOutput(0))
	spent := []Output{tx.Outputs[1], tx.Outputs[0]}
	sameDigest(t, "signing hash", tx.SigningHash(filled(0x60), spent), twinHash("JioSigningHash", signed),
		"489ec20feb2fcc8c4feedfc511ff6715357eb1c03d9b025a25b41addf273bf00")
}

func goldenCoinbase() Transaction {
	payload := twin{}.num(9, 8).num(5_000_000_000, 8).fill(0, 1).fill(0x70, 32).raw([]byte("extra"))
	return Transaction{
		Version: 1, SubnetworkID: CoinbaseSubnetwork, Payload: payload,
		Outputs: []Output{{Jots(1), Address{0, filled(0x71)}}},
	}
}

func TestGoldenCoinbase(t *testing.T) {
	tx := goldenCoinbase()
	if !tx.IsCoinbase() || new(Transaction).IsCoinbase() {
		t.Error("a coinbase is known by its subnetwork")
	}
	w := twin{1, 0, 0, 0, 0, 0, 1, 0, 0, 0}.num(1, 8).fill(0, 1).fill(0x71, 32).num(0, 8)
	w = append(w, 1).fill(0, 19).num(0, 8)
	id := twinHash("JioTransactionID", twin{}.raw(w, twinHash("JioPayload", tx.Payload)).num(0, 8))
	sameDigest(t, "ID", tx.ID(), id, "d8b8e9d5a96069e0aa8c4ab9babd17fb036751ca283b96268e9ec47908beaf42")
	hash := twinHash("JioTransactionHash", twin{}.raw(id, twinHash("JioUnlocks", []byte{0, 0, 0, 0})))
	sameDigest(t, "hash", tx.Hash(), hash, "a95c67121512e9852b7b3fba95f99b3e1d951838a30165503e05b85ddfbe938a")

	tx.Payload = nil // an empty payload is the zero hash, not the hash of nothing
	id = twinHash("JioTransactionID", twin{}.raw(w).fill(0, 32).num(0, 8))
	sameBytes(t, "ID without payload", Encode(tx.ID()), id)
}

func TestGoldenBlock(t *testing.T) {
	b := Block{goldenHeader(), []Transaction{goldenCoinbase(), goldenTransaction()}}
	want := twinHeader(b.Header.Timestamp, b.Header.Nonce).num(2, 4)
	want = want.raw(Encode(&b.Transactions[0]), Encode(&b.Transactions[1]))
	sameBytes(t, "block", Encode(&b), want)
	if b.Hash() != b.Header.Hash() {
		t.Error("a block is known by its header's hash")
	}
	root := MerkleRoot([]Hash{b.Transactions[0].Hash(), b.Transactions[1].Hash()})
	if MerkleRootOf(b.Transactions) != root || !MerkleRootOf(nil).IsZero() {
		t.Error("MerkleRootOf is the root over the transaction hashes")
	}
}

func TestGoldenCoin(t *testing.T) {
	c := Coin{Output{Jots(5), Address{0, filled(0x50)}}, 0x0102, true}
	sameBytes(t, "coin", Encode(c), append(twinOutput(0).num(0x0102, 8), 1))
	c.Coinbase = false
	sameBytes(t, "coin", Encode(c), append(twinOutput(0).num(0x0102, 8), 0))
}

// Roots of 0 to 5 leaves, leaf i being 32 bytes of i+1.
func TestGoldenMerkleRoots(t *testing.T) {
	leaf := func(i uint64) []byte { return twinHash("JioMerkleLeaf", twin{}.num(i, 4).fill(byte(i+1), 32)) }
	node := func(l, r []byte) []byte { return twinHash("JioMerkleNode", twin{}.raw(l, r)) }
	root := func(n uint64, top []byte) []byte { return twinHash("JioMerkleNode", twin{}.num(n, 4).raw(top)) }
	pair, pairs := node(leaf(0), leaf(1)), node(node(leaf(0), leaf(1)), node(leaf(2), leaf(3)))
	for n, c := range []struct {
		want   []byte
		frozen string
	}{
		{make([]byte, 32), "0000000000000000000000000000000000000000000000000000000000000000"},
		{root(1, leaf(0)), "cb7f0b7cc50a07137b6b8cf5b92ff5b089c5870d59c671f2d908b8d6b57fb047"},
		{root(2, pair), "b4f5bbb5e5d3505ff9cfa096e50f3f495a521e437e7657fc334ad087ac672867"},
		{root(3, node(pair, leaf(2))), "67552ee837572a983d0c885cb7c85a29d7ff574c54cabe6edba041e491e2cce9"},
		{root(4, pairs), "19e2674675b8e36d6e82ff84e14656c590189154122912901dbcae6d3471b060"},
		{root(5, node(pairs, leaf(4))), "3f928d1a17f246bba359de9f5f7da6094e52ea0f543b65bd467a405a44d61ba9"},
	} {
		var leaves []Hash
		for i := range n {
			leaves = append(leaves, filled(byte(i+1)))
		}
		sameDigest(t, "Merkle root", MerkleRoot(leaves), c.want, c.frozen)
	}
}

func sameBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if hex.EncodeToString(got) != hex.EncodeToString(want) {
		t.Errorf("%s\n got %x\nwant %x", what, got, want)
	}
}

func sameDigest(t *testing.T, what string, got Hash, want []byte, frozen string) {
	t.Helper()
	sameBytes(t, what, got[:], want)
	if got.String() != frozen {
		t.Errorf("%s is %v, frozen as %s", what, got, frozen)
	}
}
