package utxo_test

import (
	"maps"
	"reflect"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"pgregory.net/rapid"
)

func TestLayer(t *testing.T) {
	o := types.Outpoint{TxID: types.Hash{1}}
	coin := types.Coin{BlueScore: 7}
	layer := utxo.NewLayer(utxo.Coins{o: coin})

	layer.Spend(o, coin)
	if _, ok := layer.Coin(o); ok {
		t.Fatal("a spent coin is still there")
	}
	layer.Create(o, coin)
	if d := layer.Diff(); d.Spent != nil || d.Created != nil {
		t.Fatalf("putting a coin back leaves %+v", d)
	}
	fresh := types.Outpoint{TxID: types.Hash{2}}
	layer.Create(fresh, coin)
	layer.Spend(fresh, coin)
	if d := layer.Diff(); d.Spent != nil || d.Created != nil {
		t.Fatalf("a coin created and spent leaves %+v", d)
	}
	layer.Spend(o, coin)
	layer.Create(o, types.Coin{BlueScore: 8}) // the same output on another branch
	if got, _ := layer.Coin(o); got.BlueScore != 8 {
		t.Fatalf("a coin replaced by one of score 8 has score %d", got.BlueScore)
	}
	layer.Spend(o, types.Coin{BlueScore: 8})
	if d := layer.Diff(); len(d.Spent) != 1 || d.Spent[0].Coin != coin || d.Created != nil {
		t.Fatalf("spending the replacement leaves %+v, want the coin of the base spent", d)
	}
}

// A walk over random states, on one layer, is held against maps at each step:
// what it shows, its net diff, and that the base never changes.
func TestLayerAgainstMaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := utxo.Coins(states.Draw(t, "base"))
		kept := maps.Clone(base)
		layer, state := utxo.NewLayer(base), base
		var undo []utxo.Diff
		for range rapid.IntRange(0, 6).Draw(t, "steps") {
			var d utxo.Diff
			if n := len(undo); n > 0 && rapid.Bool().Draw(t, "back") {
				d, undo = undo[n-1].Reverse(), undo[:n-1]
			} else {
				d = between(state, utxo.Coins(states.Draw(t, "next")))
				undo = append(undo, d)
			}
			next := replay(state, d)
			layer.Apply(d)
			if got := seen(layer, base, state, next); !maps.Equal(got, next) {
				t.Fatalf("layer shows %v, want %v", got, next)
			}
			if got, want := layer.Diff(), between(base, next); !reflect.DeepEqual(got, want) {
				t.Fatalf("layer differs by %v, want %v", got, want)
			}
			state = next
		}
		if !maps.Equal(base, kept) {
			t.Fatal("the base was touched")
		}
	})
}

// Layers on layers, and diffs over them, show what one layer with all the changes
// shows.
func TestLayersStack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := utxo.Coins(states.Draw(t, "base"))
		flat, state := utxo.NewLayer(base), base
		var stack utxo.View = base
		for range rapid.IntRange(1, 4).Draw(t, "layers") {
			next := utxo.Coins(states.Draw(t, "next"))
			d := between(state, next)
			top := utxo.NewLayer(stack)
			top.Apply(d)
			flat.Apply(d)
			if got := seen(top, base, state, next); !maps.Equal(got, next) {
				t.Fatalf("stack shows %v, want %v", got, next)
			}
			if got := seen(d.Over(stack), base, state, next); !maps.Equal(got, next) {
				t.Fatalf("the diff itself shows %v, want %v", got, next)
			}
			stack, state = top, next
		}
		if got, want := seen(flat, base, state), state; !maps.Equal(got, want) {
			t.Fatalf("one layer shows %v, want %v", got, want)
		}
	})
}
