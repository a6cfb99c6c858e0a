package wire

import (
	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// Generators of arbitrary messages. Lists are short and nil when empty, as the
// decoder leaves them.

func listOf[T any](t *rapid.T, least, most int, element func(*rapid.T) T) []T {
	n := rapid.IntRange(least, most).Draw(t, "length")
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = element(t)
	}
	return list
}

func anyBytes(t *rapid.T, n int) []byte {
	return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "bytes")
}

func anyHash(t *rapid.T) types.Hash { return types.Hash(anyBytes(t, types.HashSize)) }

func anyHashes(t *rapid.T) []types.Hash { return listOf(t, 0, 4, anyHash) }

func anyUint64(t *rapid.T) uint64 { return rapid.Uint64().Draw(t, "uint64") }

func anyUint32(t *rapid.T) uint32 { return rapid.Uint32().Draw(t, "uint32") }

func anyTransaction(t *rapid.T) types.Transaction {
	return types.Transaction{
		Version: 1,
		Inputs: listOf(t, 0, 2, func(t *rapid.T) types.Input {
			return types.Input{
				Outpoint: types.Outpoint{TxID: anyHash(t), Index: anyUint32(t)},
				Sequence: anyUint64(t),
				Unlock:   types.Unlock{Policy: types.KeyPolicy(anyHash(t)), Signatures: make([]types.Signature, 1)},
			}
		}),
		Outputs: listOf(t, 0, 2, func(t *rapid.T) types.Output {
			return types.Output{Value: types.Jots(anyUint64(t)), Address: types.Address{Hash: anyHash(t)}}
		}),
		LockTime: anyUint64(t),
		Payload:  listOf(t, 0, 9, func(t *rapid.T) byte { return rapid.Byte().Draw(t, "byte") }),
		Mass:     anyUint64(t),
	}
}

func anyHeader(t *rapid.T) types.Header {
	return types.Header{
		Version: anyUint32(t), Parents: anyHashes(t), MerkleRoot: anyHash(t), Timestamp: anyUint64(t),
		Bits: anyUint32(t), Nonce: anyUint64(t), BlueWork: types.Uint256{anyUint64(t), anyUint64(t)},
	}
}

func anyBlock(t *rapid.T) types.Block {
	return types.Block{Header: anyHeader(t), Transactions: listOf(t, 0, 3, anyTransaction)}
}

// anyCompactBlock announces a block with some transactions prefilled.
func anyCompactBlock(t *rapid.T) CompactBlock {
	b := types.Block{Header: anyHeader(t), Transactions: listOf(t, 1, 5, anyTransaction)}
	fresh := rapid.Uint8().Draw(t, "fresh")
	return *NewCompactBlock(&b, func(i int) bool { return fresh>>i&1 == 1 })
}

func anyHello(t *rapid.T) Hello {
	return Hello{
		Version: anyUint32(t), Agent: rapid.StringMatching(`[ -~]{0,64}`).Draw(t, "agent"), Services: Services(anyUint32(t)),
		Genesis: anyHash(t), RuleSets: anyHash(t), NextActivation: anyUint64(t), Sink: anyHash(t),
		BlueWork: types.Uint256{anyUint64(t)}, DAAScore: anyUint64(t), PruningPoint: anyHash(t), Clock: anyUint64(t),
	}
}

func anyPositions(t *rapid.T) []uint32 {
	next := uint32(0)
	return listOf(t, 0, 5, func(t *rapid.T) uint32 {
		p := next + rapid.Uint32Range(0, 99).Draw(t, "gap")
		next = p + 1
		return p
	})
}
