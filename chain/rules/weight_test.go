package rules_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// spending is a transaction of the given output values with coins of the given
// values.
func spending(coins, outputs []uint64) (*types.Transaction, []types.Coin) {
	tx := &types.Transaction{Inputs: make([]types.Input, len(coins))}
	for _, v := range outputs {
		tx.Outputs = append(tx.Outputs, types.Output{Value: types.Jots(v)})
	}
	var spent []types.Coin
	for _, v := range coins {
		spent = append(spent, types.Coin{Output: types.Output{Value: types.Jots(v)}})
	}
	return tx, spent
}

func TestStorageWeight(t *testing.T) {
	const jio = types.JotsPerJIO
	const all = math.MaxUint64
	tests := []struct {
		name           string
		coins, outputs []uint64
		want           uint64
	}{
		{"0.001 JIO", []uint64{1000 * jio}, []uint64{jio / 1000}, 100_000},
		{"0.001 JIO and change", []uint64{1000 * jio}, []uint64{jio / 1000, 999 * jio}, 100_000},
		{"1 JIO from 1 JIO", []uint64{jio}, []uint64{jio}, 0},
		{"1 JIO from 100 JIO", []uint64{100 * jio}, []uint64{jio}, 99},
		{"one jot", []uint64{1000 * jio}, []uint64{1}, 10_000_000_000},
		{"coins of C weigh 1", []uint64{1000 * jio}, []uint64{100 * jio, 100 * jio, 100 * jio}, 3},
		{"above C they weigh nothing", []uint64{1000 * jio}, []uint64{100*jio + 1, 100*jio + 1}, 0},
		{"merging never weighs", []uint64{jio, jio, jio}, []uint64{3 * jio}, 0},
		// 2 to 2 is harmonic: 100+10 in, 200+9 out.
		{"two to two", []uint64{jio, 10 * jio}, []uint64{jio / 2, 10*jio + jio/2}, 200 + 9 - 100 - 10},
		// 3 to 2 is arithmetic: the mean of 1, 1 and 10 is 4 JIO, 25 each.
		{"three to two", []uint64{jio, jio, 10 * jio}, []uint64{jio / 2, 11*jio + jio/2}, 200 + 8 - 3*25},
		// one to many is harmonic on the one.
		{"one to three", []uint64{3 * jio}, []uint64{jio, jio, jio}, 300 - 33},
		// two to three is arithmetic, floored inside out: mean 150,000,001 → 66 each.
		{"two to three", []uint64{jio, 2*jio + 3}, []uint64{jio, jio, jio}, 300 - 2*66},
		{"nothing has no weight bound", []uint64{jio}, []uint64{0}, all - 100},
		{"coins of nothing release all", []uint64{0, 0, 0}, []uint64{1, 1}, 0},
		{"no coins release nothing", nil, []uint64{jio, jio}, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := rules.StorageWeight(spending(test.coins, test.outputs)); got != test.want {
				t.Fatalf("got %d, want %d", got, test.want)
			}
		})
	}
}

// A definition of KIP-9 in unbounded integers.
func storageWeightTwin(coins, outputs []uint64) *big.Int {
	c := big.NewInt(10_000_000_000)
	harmonic := func(values []uint64) *big.Int {
		sum := new(big.Int)
		for _, v := range values {
			sum.Add(sum, new(big.Int).Div(c, new(big.Int).SetUint64(v)))
		}
		return sum
	}
	released := harmonic(coins)
	if !(len(coins) == 1 || len(outputs) == 1 || len(coins) == 2 && len(outputs) == 2) {
		n, sum := big.NewInt(int64(len(coins))), new(big.Int)
		for _, v := range coins {
			sum.Add(sum, new(big.Int).SetUint64(v))
		}
		mean := new(big.Int).Div(sum, n)
		released = new(big.Int).Mul(n, new(big.Int).Div(c, mean))
	}
	weight := new(big.Int).Sub(harmonic(outputs), released)
	if weight.Sign() < 0 {
		return new(big.Int)
	}
	return weight
}

func TestStorageWeightAgainstBig(t *testing.T) {
	value := rapid.OneOf(
		rapid.Uint64Range(1, 1000),
		rapid.Uint64Range(1, 20*types.JotsPerJIO),
		rapid.Uint64Range(1, types.MaxAmount.Jots()),
	)
	rapid.Check(t, func(t *rapid.T) {
		coins := rapid.SliceOfN(value, 1, 6).Draw(t, "coins")
		outputs := rapid.SliceOfN(value, 1, 6).Draw(t, "outputs")
		got := rules.StorageWeight(spending(coins, outputs))
		if want := storageWeightTwin(coins, outputs); want.Cmp(new(big.Int).SetUint64(got)) != 0 {
			t.Fatalf("got %d, want %v", got, want)
		}
	})
}

func TestWeight(t *testing.T) {
	p := pay(pk(1))
	p.tx.Outputs = p.tx.Outputs[:1]
	// version 2, inputs 4 + outpoint 36, sequence 8, policy 33, signatures 4+64,
	// preimages 4, outputs 4+41, lock_time 8, subnetwork 20, gas 8, payload 4, mass 8.
	const size = 2 + 4 + 36 + 8 + 33 + 4 + 64 + 4 + 4 + 41 + 8 + 20 + 8 + 4 + 8
	if got, want := rules.Weight(&p.tx), uint64(4*(size-64)+384); got != want {
		t.Fatalf("one key: %d, want %d", got, want)
	}
	p.tx.Inputs[0].Unlock.Signatures = make([]types.Signature, 3) // two more than it needs
	if got, want := rules.Weight(&p.tx), uint64(4*(size-64)+3*384); got != want {
		t.Fatalf("three signatures: %d, want %d", got, want)
	}
	coinbase := types.Transaction{Payload: make([]byte, 49)}
	if got, want := rules.Weight(&coinbase), uint64(4*(2+4+4+8+20+8+4+49+8)); got != want {
		t.Fatalf("coinbase: %d, want %d", got, want)
	}
}
