package index

import (
	"cmp"
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A reading is what the acceptance of a chain block says once the bodies of its
// merge set were read.
type reading struct {
	transactions []reference
	lines        []line // of histories, in order of acceptance
}

// A reference is a transaction of the merge set, accepted or not.
type reference struct {
	id types.Hash
	place
}

// A line is an event and whose it is.
type line struct {
	address types.Address
	event
}

// A reader makes a reading.
type reader struct {
	reading
	accepted *utxo.Acceptance
	made     map[types.Hash]*types.Transaction // by transactions accepted so far
	lineOf   map[types.Address]int             // of the transaction at hand
}

// read reads the merge set of the chain block of a height.
func (x *Index) read(a *utxo.Acceptance, height uint64) (*reading, error) {
	r := reader{accepted: a, made: make(map[types.Hash]*types.Transaction), lineOf: make(map[types.Address]int)}
	for i := range a.Blocks {
		merged := &a.Blocks[i]
		body, err := x.chain.Block(merged.Hash)
		if err != nil {
			return nil, err
		}
		first := 1 // only the selected parent's coinbase is accepted, if it pays at all
		if i == 0 && len(body.Transactions[0].Outputs) > 0 {
			first = 0
		}
		if err := r.block(merged, body.Transactions, first, place{height: height, block: uint16(i)}); err != nil {
			return nil, err
		}
	}
	return &r.reading, nil
}

// block reads the transactions of a merged block. IDs are computed only where
// some of them were not accepted, because the accepted ones are known.
func (r *reader) block(merged *utxo.AcceptedBlock, txs []types.Transaction, first int, at place) error {
	left := merged.TxIDs
	all := len(left) == len(txs)-first
	for i := first; i < len(txs); i++ {
		at.tx = uint16(i)
		var id types.Hash
		if all {
			id = left[0]
		} else {
			id = txs[i].ID()
		}
		r.transactions = append(r.transactions, reference{id, at})
		if len(left) == 0 || left[0] != id {
			continue
		}
		left = left[1:]
		if err := r.transaction(&txs[i], id, at); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		return damaged("block %v does not hold transaction %v, which was accepted from it", merged.Hash, left[0])
	}
	return nil
}

// transaction writes down what an accepted transaction gives to each address
// and takes from it.
func (r *reader) transaction(tx *types.Transaction, id types.Hash, at place) error {
	clear(r.lineOf)
	ok := true
	for i := range tx.Inputs {
		coin, found := r.coin(tx.Inputs[i].Outpoint)
		if !found {
			return damaged("transaction %v: nothing is known of the coin behind input %d", id, i)
		}
		l := r.line(coin.Address, at)
		l.sent, ok = add(l.sent, coin.Value, ok)
	}
	for i := range tx.Outputs {
		l := r.line(tx.Outputs[i].Address, at)
		l.received, ok = add(l.received, tx.Outputs[i].Value, ok)
	}
	if !ok {
		return damaged("transaction %v: its amounts do not add up", id)
	}
	r.made[id] = tx
	return nil
}

func add(sum, value types.Amount, ok bool) (types.Amount, bool) {
	sum, fits := sum.Add(value)
	return sum, ok && fits
}

// line returns the line of an address for the transaction at hand.
func (r *reader) line(address types.Address, at place) *line {
	i, ok := r.lineOf[address]
	if !ok {
		i = len(r.lines)
		r.lineOf[address] = i
		r.lines = append(r.lines, line{address: address, event: event{place: at}})
	}
	return &r.lines[i]
}

// coin returns the output at an outpoint that an accepted transaction spends: a
// coin of the state before the chain block, or made by a transaction before it,
// in which case the diff does not mention it.
func (r *reader) coin(o types.Outpoint) (types.Output, bool) {
	if coin, ok := spentCoin(r.accepted, o); ok {
		return coin.Output, true
	}
	tx := r.made[o.TxID]
	if tx == nil || int(o.Index) >= len(tx.Outputs) {
		return types.Output{}, false
	}
	return tx.Outputs[o.Index], true
}

// spentCoin looks for a coin that a chain block took from the state before it.
func spentCoin(a *utxo.Acceptance, o types.Outpoint) (types.Coin, bool) {
	at, ok := slices.BinarySearchFunc(a.Diff.Spent, o, func(n utxo.Entry, o types.Outpoint) int {
		return compareOutpoints(n.Outpoint, o)
	})
	if !ok {
		return types.Coin{}, false
	}
	return a.Diff.Spent[at].Coin, true
}

func compareOutpoints(a, b types.Outpoint) int {
	return cmp.Or(a.TxID.Compare(b.TxID), cmp.Compare(a.Index, b.Index))
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.height, b.height), cmp.Compare(a.block, b.block), cmp.Compare(a.tx, b.tx))
}
