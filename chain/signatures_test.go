package chain

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// candidates returns signed one-coin payments; each i for which spoil(i) is true
// has a wrong signature.
func candidates(n int, spoil func(i int) bool) []utxo.Candidate {
	list := make([]utxo.Candidate, n)
	for i := range list {
		seed := [32]byte{byte(i), byte(i >> 8), 1}
		policy := types.KeyPolicy(types.PublicKey(seed))
		coin := types.Coin{Output: types.Output{Value: types.Jots(1000), Address: policy.Address()}}
		tx := &types.Transaction{
			Version: 1,
			Inputs:  []types.Input{{Outpoint: types.Outpoint{Index: uint32(i)}}},
			Outputs: []types.Output{{Value: types.Jots(900), Address: policy.Address()}},
		}
		signature := types.Sign(seed, tx.SigningHash(types.Hash{}, []types.Output{coin.Output}))
		if spoil(i) {
			signature[0] ^= 1
		}
		tx.Inputs[0].Unlock = types.Unlock{Policy: policy, Signatures: []types.Signature{signature}}
		list[i] = utxo.Candidate{Transaction: tx, Digest: tx.Digest(), Coins: []types.Coin{coin}}
	}
	return list
}

// TestVerifier finds exactly the wrong ones among many, whatever the number of
// workers, and asks nothing twice of those that were right.
func TestVerifier(t *testing.T) {
	spoilt := func(i int) bool { return i == 0 || i == 127 || i == 128 || i >= 200 && i < 270 }
	list := candidates(300, spoilt)
	for _, workers := range []int{0, 1, 3, 16} {
		v := &verifier{workers: workers, verdicts: newCache[error](1000), good: newVerified(1000)}
		for range 2 {
			holds := v.hold(list)
			for i := range list {
				if holds[i] == spoilt(i) {
					t.Fatalf("%d workers: candidate %d holds: %v", workers, i, holds[i])
				}
			}
		}
		if bad, good := len(v.verdicts.young), len(v.good.young); bad != 73 || good != 227 {
			t.Errorf("%d workers: %d bad and %d good transactions are remembered", workers, bad, good)
		}
	}
}

// TestVerifierForgetsNothingWrong holds that a transaction found right does not
// vouch for the same one with other unlocks.
func TestVerifierForgetsNothingWrong(t *testing.T) {
	v := &verifier{verdicts: newCache[error](10), good: newVerified(10)}
	good := candidates(1, func(int) bool { return false })
	bad := candidates(1, func(int) bool { return true })
	if !slices.Equal(v.hold(good), []bool{true}) || !slices.Equal(v.hold(bad), []bool{false}) {
		t.Error("a signature was taken for another")
	}
}

func TestCacheAges(t *testing.T) {
	c := newCache[int](4)
	for i := range 100 {
		c.put(types.Hash{byte(i)}, i)
		if _, ok := c.lookup(types.Hash{0}); !ok {
			t.Fatal("a value in constant use was forgotten")
		}
		c.age()
		if n := len(c.young) + len(c.old); n > 6 {
			t.Fatalf("%d values are kept of at most 4 or so", n)
		}
	}
	c.remove(types.Hash{0})
	if _, ok := c.lookup(types.Hash{0}); ok {
		t.Error("a removed value is found")
	}
}

// TestCacheCountsLargeValues keeps as many as their size allows, and counts
// right when one is replaced or removed.
func TestCacheCountsLargeValues(t *testing.T) {
	c := newCache[int](40)
	c.share = func(v int) int { return v }
	for i := range 1000 {
		c.put(types.Hash{byte(i), byte(i >> 8)}, 1+i%13)
		if i%3 == 0 {
			c.put(types.Hash{byte(i), byte(i >> 8)}, 1+i%7)
		}
		if i%5 == 0 {
			c.remove(types.Hash{byte(i), byte(i >> 8)})
		}
		c.age()
		used := [2]int{}
		for k, generation := range []map[types.Hash]int{c.young, c.old} {
			for _, v := range generation {
				used[k] += v
			}
		}
		if used[0] != c.used || used[0] > 20 || used[1] > 20+13 {
			t.Fatalf("%v are kept of at most 40 or so, counted %d", used, c.used)
		}
	}
}
