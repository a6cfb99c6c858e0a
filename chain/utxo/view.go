package utxo

import (
	"maps"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// A View answers which coin lies unspent at an outpoint in some state. It knows
// no failure: a caller whose coins come from a disk loads them beforehand, since
// a read error must never pass for a missing coin.
type View interface {
	Coin(o types.Outpoint) (types.Coin, bool)
}

// Coins is a View over a map: a whole small state, or the part of a large one
// that was loaded beforehand.
type Coins map[types.Outpoint]types.Coin

// Coin returns the coin at an outpoint.
func (c Coins) Coin(o types.Outpoint) (types.Coin, bool) {
	coin, ok := c[o]
	return coin, ok
}

// A Layer is a View of another View with changes on top, which it never touches.
// Undoing and redoing the diffs of a reorg on a Layer gives the state on the
// other branch; layers may lie on layers. Not safe for concurrent changes.
type Layer struct {
	base    View
	spent   map[types.Outpoint]types.Coin // of base; nil until there are some
	created map[types.Outpoint]types.Coin // over base; may replace a spent one; nil until there are some
}

// NewLayer returns a Layer without changes.
func NewLayer(base View) *Layer { return &Layer{base: base} }

// Coin returns the coin at an outpoint.
func (l *Layer) Coin(o types.Outpoint) (types.Coin, bool) {
	if coin, ok := l.created[o]; ok {
		return coin, true
	}
	if _, ok := l.spent[o]; ok {
		return types.Coin{}, false
	}
	return l.base.Coin(o)
}

// Spend removes the coin at an outpoint, which the view must hold. A coin that
// the layer created leaves no trace.
func (l *Layer) Spend(o types.Outpoint, coin types.Coin) {
	if _, ok := l.created[o]; ok {
		delete(l.created, o)
		return
	}
	if l.spent == nil {
		l.spent = make(map[types.Outpoint]types.Coin)
	}
	l.spent[o] = coin
}

// Create adds a coin at an outpoint, where the view must hold none. Putting
// back the very coin that the layer spent leaves no trace.
func (l *Layer) Create(o types.Outpoint, coin types.Coin) {
	if was, ok := l.spent[o]; ok && was == coin {
		delete(l.spent, o)
		return
	}
	if l.created == nil {
		l.created = make(map[types.Outpoint]types.Coin)
	}
	l.created[o] = coin
}

// Apply makes the changes of a diff on top of those already there.
func (l *Layer) Apply(d Diff) {
	for _, s := range d.Spent {
		l.Spend(s.Outpoint, s.Coin)
	}
	for _, c := range d.Created {
		l.Create(c.Outpoint, c.Coin)
	}
}

// Len returns the number of changes to the base.
func (l *Layer) Len() int { return len(l.spent) + len(l.created) }

// Diff returns the difference between the layer and its base.
func (l *Layer) Diff() Diff {
	return Diff{Spent: sortedEntries(l.spent), Created: sortedEntries(l.created)}
}

func sortedEntries(coins map[types.Outpoint]types.Coin) []Entry {
	if len(coins) == 0 {
		return nil
	}
	outpoints := slices.SortedFunc(maps.Keys(coins), compareOutpoints)
	entries := make([]Entry, len(outpoints))
	for i, o := range outpoints {
		entries[i] = Entry{Outpoint: o, Coin: coins[o]}
	}
	return entries
}
