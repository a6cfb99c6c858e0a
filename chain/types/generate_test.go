package types

import "pgregory.net/rapid"

// Generators of arbitrary objects: any value that can be encoded, sensible or
// not. Lists are short and nil when empty, as the decoder leaves them.

func listOf[T any](t *rapid.T, name string, most int, element func(*rapid.T) T) []T {
	n := rapid.IntRange(0, most).Draw(t, name)
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = element(t)
	}
	return list
}

func anyBytes32(t *rapid.T) (b [32]byte) {
	copy(b[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes32"))
	return b
}

func anyHash(t *rapid.T) Hash { return Hash(anyBytes32(t)) }

func anyUint64(t *rapid.T) uint64 {
	edges := rapid.SampledFrom([]uint64{0, 1, 1 << 31, 1<<32 - 1, 1 << 32, 1 << 63, 1<<64 - 1})
	return rapid.OneOf(edges, rapid.Uint64()).Draw(t, "uint64")
}

func anyUint256(t *rapid.T) Uint256 {
	return Uint256{anyUint64(t), anyUint64(t), anyUint64(t), anyUint64(t)}
}

func anyAddress(t *rapid.T) Address {
	return Address{Version: rapid.Uint8().Draw(t, "version"), Hash: anyHash(t)}
}

func anyPolicy(t *rapid.T) Policy { return anyPolicyBelow(t, 4) }

func anyPolicyBelow(t *rapid.T, depth int) Policy {
	kinds := []PolicyKind{PolicyKey, PolicyHash, PolicyAfter, PolicyOlder, PolicyOpaque}
	if depth > 1 {
		kinds = append(kinds, PolicyThreshold)
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case PolicyKey:
		return KeyPolicy(anyBytes32(t))
	case PolicyHash:
		return HashPolicy(anyBytes32(t))
	case PolicyAfter:
		return AfterPolicy(anyUint64(t))
	case PolicyOlder:
		return OlderPolicy(rapid.Uint32().Draw(t, "blocks"))
	case PolicyOpaque:
		return OpaquePolicy(anyAddress(t))
	}
	children := listOf(t, "children", 3, func(t *rapid.T) Policy { return anyPolicyBelow(t, depth-1) })
	return ThresholdPolicy(rapid.Uint8().Draw(t, "n"), children...)
}

func anyUnlock(t *rapid.T) Unlock {
	return Unlock{
		Policy: anyPolicy(t),
		Signatures: listOf(t, "signatures", 2, func(t *rapid.T) (s Signature) {
			copy(s[:], rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "signature"))
			return s
		}),
		Preimages: listOf(t, "preimages", 2, func(t *rapid.T) Preimage { return anyBytes32(t) }),
	}
}

func anyOutpoint(t *rapid.T) Outpoint {
	return Outpoint{TxID: anyHash(t), Index: rapid.Uint32().Draw(t, "index")}
}

func anyOutput(t *rapid.T) Output {
	return Output{Value: Jots(anyUint64(t)), Address: anyAddress(t)}
}

func anyInput(t *rapid.T) Input {
	return Input{Outpoint: anyOutpoint(t), Sequence: anyUint64(t), Unlock: anyUnlock(t)}
}

func anyCoin(t *rapid.T) Coin {
	return Coin{Output: anyOutput(t), BlueScore: anyUint64(t), Coinbase: rapid.Bool().Draw(t, "coinbase")}
}

func anyTransaction(t *rapid.T) Transaction {
	tx := Transaction{
		Version:  rapid.Uint16().Draw(t, "version"),
		Inputs:   listOf(t, "inputs", 3, anyInput),
		Outputs:  listOf(t, "outputs", 3, anyOutput),
		LockTime: anyUint64(t),
		Gas:      anyUint64(t),
		Payload:  listOf(t, "payload", 40, func(t *rapid.T) byte { return rapid.Byte().Draw(t, "byte") }),
		Mass:     anyUint64(t),
	}
	copy(tx.SubnetworkID[:], rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "subnetwork"))
	return tx
}

func anyHeader(t *rapid.T) Header {
	return Header{
		Version:        rapid.Uint32().Draw(t, "version"),
		Parents:        listOf(t, "parents", 3, anyHash),
		MerkleRoot:     anyHash(t),
		AcceptedRoot:   anyHash(t),
		UTXOCommitment: anyHash(t),
		Timestamp:      anyUint64(t),
		Bits:           rapid.Uint32().Draw(t, "bits"),
		Nonce:          anyUint64(t),
		DAAScore:       anyUint64(t),
		BlueWork:       anyUint256(t),
		BlueScore:      anyUint64(t),
		PruningPoint:   anyHash(t),
		HistoryRoot:    anyHash(t),
		StateRoot:      anyHash(t),
		FinalityRef:    anyHash(t),
	}
}

func anyBlock(t *rapid.T) Block {
	return Block{Header: anyHeader(t), Transactions: listOf(t, "transactions", 3, anyTransaction)}
}

func anyLeaves(t *rapid.T) []Hash { return listOf(t, "leaves", 20, anyHash) }

func anyProof(t *rapid.T) Proof {
	leaves := append(anyLeaves(t), anyHash(t))
	return MerkleProof(leaves, rapid.IntRange(0, len(leaves)-1).Draw(t, "position"))
}
