package mempool

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// An orphan waits for a transaction that makes the coins it spends.
type orphan struct {
	tx    types.Transaction
	id    types.Hash
	size  int
	since time.Time
}

// orphans is a bounded set of them. When it is full a random one goes, so that
// nobody can choose whose.
type orphans struct {
	limit, bytesLimit int
	byID              map[types.Hash]*orphan
	byParent          map[types.Hash][]*orphan
	ids               []types.Hash // for the random choice
	bytes             int
}

func newOrphans(limit, bytesLimit int) *orphans {
	return &orphans{limit: limit, bytesLimit: bytesLimit, byID: make(map[types.Hash]*orphan), byParent: make(map[types.Hash][]*orphan)}
}

func (s *orphans) add(tx types.Transaction, id types.Hash, now time.Time, rng *rand.Rand) {
	o := &orphan{tx: tx, id: id, size: memoryOf(&tx), since: now}
	if s.byID[id] != nil || o.size > s.bytesLimit/8 {
		return
	}
	for len(s.ids) > 0 && (len(s.ids) >= s.limit || s.bytes+o.size > s.bytesLimit) {
		s.remove(s.byID[s.ids[rng.IntN(len(s.ids))]])
	}
	s.byID[id] = o
	s.ids = append(s.ids, id)
	s.bytes += o.size
	for _, parent := range o.parents() {
		s.byParent[parent] = append(s.byParent[parent], o)
	}
}

// parents returns the transactions whose outputs it spends, each once.
func (o *orphan) parents() []types.Hash {
	var ids []types.Hash
	for i := range o.tx.Inputs {
		if id := o.tx.Inputs[i].Outpoint.TxID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *orphans) remove(o *orphan) {
	delete(s.byID, o.id)
	s.ids = slices.DeleteFunc(s.ids, func(id types.Hash) bool { return id == o.id })
	s.bytes -= o.size
	for _, parent := range o.parents() {
		left := slices.DeleteFunc(s.byParent[parent], func(x *orphan) bool { return x == o })
		if len(left) == 0 {
			delete(s.byParent, parent)
		} else {
			s.byParent[parent] = left
		}
	}
}

// take removes and returns the orphans that waited for a transaction.
func (s *orphans) take(parent types.Hash) []types.Transaction {
	var txs []types.Transaction
	for _, o := range slices.Clone(s.byParent[parent]) {
		s.remove(o)
		txs = append(txs, o.tx)
	}
	return txs
}

// expire removes those that came before a time.
func (s *orphans) expire(before time.Time) {
	for _, id := range slices.Clone(s.ids) {
		if o := s.byID[id]; o.since.Before(before) {
			s.remove(o)
		}
	}
}
