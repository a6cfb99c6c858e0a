package utxo

import (
	"cmp"
	"errors"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// An Entry is an unspent output: an outpoint and the coin there.
type Entry struct {
	Outpoint types.Outpoint
	Coin     types.Coin
}

const entrySize = types.HashSize + 4 + 8 + types.AddressSize + 8 + 1

// EncodeTo appends outpoint and coin: the element of the set commitment.
func (n Entry) EncodeTo(e *types.Encoder) {
	n.Outpoint.EncodeTo(e)
	n.Coin.EncodeTo(e)
}

// DecodeFrom reads an entry.
func (n *Entry) DecodeFrom(d *types.Decoder) {
	n.Outpoint.DecodeFrom(d)
	n.Coin.DecodeFrom(d)
}

// A Diff is the difference between two states: what the second lacks and what
// it adds. Both lists ascend by outpoint. An outpoint in both has changed its
// coin, which happens between branches, never along a chain. Read-only; copies
// share memory.
type Diff struct{ Spent, Created []Entry }

// Reverse returns the diff that undoes d.
func (d Diff) Reverse() Diff { return Diff{Spent: d.Created, Created: d.Spent} }

// Over returns the view after d of the view before it. It costs nothing to make.
func (d Diff) Over(base View) View { return diffView{d, base} }

type diffView struct {
	diff Diff
	base View
}

// Coin implements View.
func (v diffView) Coin(o types.Outpoint) (types.Coin, bool) {
	if i, ok := search(v.diff.Created, o); ok {
		return v.diff.Created[i].Coin, true
	}
	if _, ok := search(v.diff.Spent, o); ok {
		return types.Coin{}, false
	}
	return v.base.Coin(o)
}

// search finds an outpoint in an ascending list.
func search(entries []Entry, o types.Outpoint) (i int, ok bool) {
	return slices.BinarySearchFunc(entries, o, func(n Entry, o types.Outpoint) int { return compareOutpoints(n.Outpoint, o) })
}

// EncodeTo appends the spent entries, then the created ones.
func (d Diff) EncodeTo(e *types.Encoder) {
	encodeEntries(e, d.Spent)
	encodeEntries(e, d.Created)
}

// DecodeFrom reads a diff. It fails on lists that do not ascend and on an entry
// that is both spent and created.
func (d *Diff) DecodeFrom(dec *types.Decoder) {
	d.Spent = decodeEntries(dec)
	d.Created = decodeEntries(dec)
	if dec.Err() == nil && shareEntry(d.Spent, d.Created) {
		dec.Fail(errors.New("diff spends and creates the same coin"))
	}
}

func encodeEntries(e *types.Encoder, entries []Entry) {
	e.Count(len(entries))
	for _, n := range entries {
		n.EncodeTo(e)
	}
}

func decodeEntries(d *types.Decoder) []Entry {
	n := d.Count(entrySize)
	if n == 0 {
		return nil
	}
	entries := make([]Entry, n)
	for i := range entries {
		entries[i].DecodeFrom(d)
		if i > 0 && compareOutpoints(entries[i-1].Outpoint, entries[i].Outpoint) >= 0 {
			d.Fail(errors.New("entries of a diff do not ascend"))
			return nil
		}
	}
	return entries
}

// shareEntry walks two ascending lists side by side.
func shareEntry(a, b []Entry) bool {
	for len(a) > 0 && len(b) > 0 {
		switch order := compareOutpoints(a[0].Outpoint, b[0].Outpoint); {
		case order < 0:
			a = a[1:]
		case order > 0:
			b = b[1:]
		case a[0] == b[0]:
			return true
		default:
			a, b = a[1:], b[1:]
		}
	}
	return false
}

func compareOutpoints(a, b types.Outpoint) int {
	return cmp.Or(a.TxID.Compare(b.TxID), cmp.Compare(a.Index, b.Index))
}
