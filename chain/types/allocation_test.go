//go:build !race

// The race detector makes pools forget, so these figures hold without it.

package types

import "testing"

// hashings are the hot paths: each is free of allocations once the pools are
// warm.
func hashings() map[string]func() {
	h, tx, spent := goldenHeader(), goldenTransaction(), make([]Output, 2)
	policy, leaf, root := tx.Inputs[0].Unlock.Policy, filled(1), MerkleRoot(leavesOf(1000))
	proof := MerkleProof(leavesOf(1000), 499)
	data, long, key := make([]byte, 36), make([]byte, 5000), PublicKey([32]byte{1})
	return map[string]func(){
		"HeaderHash":         func() { h.Hash() },
		"HeaderPrePoWHash":   func() { h.PrePoWHash() },
		"TransactionID":      func() { tx.ID() },
		"TransactionHash":    func() { tx.Hash() },
		"TransactionSigning": func() { tx.SigningHash(root, spent) },
		"PolicyAddress":      func() { policy.Address() },
		"MerkleNode":         func() { merkleNode(leaf, root) },
		"MerkleProofVerify":  func() { proof.Verify(root, leaf) },
		"DomainSum36":        func() { MerkleLeafDomain.Sum(data) },
		"DomainSum5000":      func() { PayloadDomain.Sum(long) },
		"EncodedLen":         func() { EncodedLen(&tx) },
		"ValidKey":           func() { ValidKey(key) },
		"DecodeOutpoint":     func() { decodeOutpoint(data) },
	}
}

// decodeOutpoint reads what needs no memory of its own.
func decodeOutpoint(data []byte) {
	d := NewDecoder(data)
	var o Outpoint
	o.DecodeFrom(d)
}

func TestHashingDoesNotAllocate(t *testing.T) {
	for name, f := range hashings() {
		if n := testing.AllocsPerRun(200, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkHashing(b *testing.B) {
	for name, f := range hashings() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}

func BenchmarkMerkleRoot1000(b *testing.B) {
	leaves := leavesOf(1000)
	b.ReportAllocs()
	for b.Loop() {
		MerkleRoot(leaves)
	}
}

func BenchmarkDomainExpand2048(b *testing.B) {
	out, data := make([]byte, 2048), make([]byte, 86)
	b.ReportAllocs()
	for b.Loop() {
		UTXOElementDomain.Expand(out, data)
	}
}

func BenchmarkSumOf(b *testing.B) {
	left, right := filled(1), filled(2)
	b.ReportAllocs()
	for b.Loop() {
		MerkleNodeDomain.SumOf(left, right)
	}
}

func BenchmarkBlockCodec(b *testing.B) {
	block := Block{Header: goldenHeader(), Transactions: make([]Transaction, 300)}
	for i := range block.Transactions {
		block.Transactions[i] = goldenTransaction()
	}
	data := Encode(&block)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			Encode(&block)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if err := Decode(data, new(Block)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
