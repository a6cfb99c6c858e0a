package params

import "github.com/jio-dag/jio/chain/types"

// genesisTime is 2026-01-01 00:00:00 UTC, in milliseconds.
const genesisTime = 1_767_225_600_000

// stateSize is the length in bytes of the set that a UTXO commitment hashes:
// 1024 lanes of 16 bits, all zero while nothing is unspent.
const stateSize = 2048

// genesisBlock returns the first block of a network. It pays nobody and no work
// is asked of it; the network's name in its coinbase makes its hash the name of
// the network.
func genesisBlock(network string, bits uint32) types.Block {
	txs := []types.Transaction{genesisCoinbase(network)}
	return types.Block{
		Header: types.Header{
			Version:        1,
			MerkleRoot:     types.MerkleRootOf(txs),
			UTXOCommitment: types.UTXOCommitmentDomain.Sum(make([]byte, stateSize)),
			Timestamp:      genesisTime,
			Bits:           bits,
		},
		Transactions: txs,
	}
}

// genesisCoinbase has the form of every coinbase: blue score, subsidy and
// address, all zero here, then the extra.
func genesisCoinbase(network string) types.Transaction {
	payload := types.NewEncoder(nil)
	payload.Uint64(0)
	payload.Uint64(0)
	types.Address{}.EncodeTo(payload)
	payload.Write([]byte(network))
	return types.Transaction{
		Version:      1,
		SubnetworkID: types.CoinbaseSubnetwork,
		Payload:      payload.Bytes(),
	}
}
