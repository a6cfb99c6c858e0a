package rules

import (
	"math"
	"math/bits"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

const (
	weightPerByte      = 4
	weightPerSignature = 384
	// storageScale is the C of KIP-9: an output of C jots has storage weight 1.
	storageScale = 10_000_000_000
)

// Weight returns what a transaction, coinbase or not, takes up of a block's
// weight: 4 for each encoded byte that is not part of a signature and 384 for
// each signature listed.
func Weight(tx *types.Transaction) uint64 {
	signatures := 0
	for i := range tx.Inputs {
		signatures += len(tx.Inputs[i].Unlock.Signatures)
	}
	plain := types.EncodedLen(tx) - types.SignatureSize*signatures
	return uint64(weightPerByte*plain + weightPerSignature*signatures)
}

// HeaviestTransaction returns the greatest weight with which a transaction fits
// into a block whatever the block's coinbase must pay: a block's weight counts its
// coinbase, which pays each block that it merges, and a heavier transaction might
// wait for ever. It is no rule of blocks; pools and wallets keep to it. Declared
// masses have the whole bound, since a coinbase declares none.
func HeaviestTransaction(p *params.Params) uint64 {
	payload := CoinbasePayload{Extra: make([]byte, MaxCoinbaseExtra)}
	coinbase := types.Transaction{
		SubnetworkID: types.CoinbaseSubnetwork,
		Payload:      types.Encode(&payload),
		Outputs:      make([]types.Output, p.MergeSetLimit+1),
	}
	return p.BlockWeight - min(p.BlockWeight, Weight(&coinbase))
}

// StorageWeight returns the weight of what a transaction adds to the set of
// unspent outputs, given the coins behind its inputs (KIP-9): the harmonic sum
// of its outputs less what its inputs release. It grows as coins get smaller,
// and with their number.
func StorageWeight(tx *types.Transaction, coins []types.Coin) uint64 {
	var created uint64
	for i := range tx.Outputs {
		created = saturatingSum(created, storageOf(tx.Outputs[i].Value.Jots()))
	}
	released := storageReleased(coins, len(tx.Outputs))
	if released >= created {
		return 0
	}
	return created - released
}

// storageReleased is the harmonic sum of the coins where that cannot be gamed,
// and the lower arithmetic one, as if all were of their mean value, elsewhere.
func storageReleased(coins []types.Coin, outputs int) uint64 {
	n := len(coins)
	var harmonic, value uint64
	for i := range coins {
		harmonic = saturatingSum(harmonic, storageOf(coins[i].Value.Jots()))
		value = saturatingSum(value, coins[i].Value.Jots())
	}
	if n <= 1 || outputs == 1 || n == 2 && outputs == 2 {
		return harmonic
	}
	high, low := bits.Mul64(uint64(n), storageOf(value/uint64(n)))
	if high != 0 {
		return math.MaxUint64
	}
	return low
}

// storageOf is C/v. No valid coin is worth nothing; one would weigh without
// bound.
func storageOf(jots uint64) uint64 {
	if jots == 0 {
		return math.MaxUint64
	}
	return storageScale / jots
}

func saturatingSum(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}
