package utxo_test

import (
	"maps"
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"pgregory.net/rapid"
)

// Few transactions and indices, so that random entries often meet.
var (
	outpoints = rapid.Custom(func(t *rapid.T) types.Outpoint {
		return types.Outpoint{
			TxID:  types.Hash{31: rapid.ByteRange(0, 3).Draw(t, "id")},
			Index: rapid.SampledFrom([]uint32{0, 1, 2, 256, 1 << 31}).Draw(t, "index"),
		}
	})
	coins = rapid.Custom(func(t *rapid.T) types.Coin {
		return types.Coin{
			Output:    types.Output{Value: types.Jots(rapid.Uint64Range(1, 2).Draw(t, "value"))},
			BlueScore: rapid.Uint64Range(0, 1).Draw(t, "score"),
			Coinbase:  rapid.Bool().Draw(t, "coinbase"),
		}
	})
	states = rapid.MapOf(outpoints, coins)
)

// between is the diff that leads from one state to another, by definition.
func between(from, to utxo.Coins) (d utxo.Diff) {
	for _, o := range ascending(from) {
		if to[o] != from[o] {
			d.Spent = append(d.Spent, utxo.Entry{Outpoint: o, Coin: from[o]})
		}
	}
	for _, o := range ascending(to) {
		if _, ok := from[o]; !ok || to[o] != from[o] {
			d.Created = append(d.Created, utxo.Entry{Outpoint: o, Coin: to[o]})
		}
	}
	return d
}

// ascending sorts by ID, then by index as a number.
func ascending(state utxo.Coins) []types.Outpoint {
	return slices.SortedFunc(maps.Keys(state), func(a, b types.Outpoint) int {
		if order := a.TxID.Compare(b.TxID); order != 0 {
			return order
		}
		return int(int64(a.Index) - int64(b.Index))
	})
}

// replay is the twin of a Layer: it makes a diff's changes on a copy of a map.
func replay(state utxo.Coins, d utxo.Diff) utxo.Coins {
	state = maps.Clone(state)
	for _, n := range d.Spent {
		delete(state, n.Outpoint)
	}
	for _, n := range d.Created {
		state[n.Outpoint] = n.Coin
	}
	return state
}

// seen is the part of a view that outpoints can name.
func seen(v utxo.View, universe ...utxo.Coins) utxo.Coins {
	state := make(utxo.Coins)
	for _, part := range universe {
		for o := range part {
			if coin, ok := v.Coin(o); ok {
				state[o] = coin
			}
		}
	}
	return state
}
