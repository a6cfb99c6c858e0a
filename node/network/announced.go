package network

import (
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/wire"
)

// How many announcements are remembered: blocks for some minutes at ten a
// second, transactions for as long as a pool turns over.
const (
	rememberedBlocks       = 4096
	rememberedTransactions = 1 << 17
	rememberedRequests     = 1 << 16
)

// An announced remembers what this node announced, which is what peers may ask
// for without a budget: each block once, and announced transactions with those
// whose coins they spend.
type announced struct {
	blocks       *lru.Cache[types.Hash, struct{}]
	transactions *lru.Cache[types.Hash, struct{}] // by id
	asked        *lru.Cache[asking, struct{}]
}

// An asking is a peer's request about a block.
type asking struct {
	peer  p2p.PeerID
	block types.Hash
}

func newAnnounced() announced {
	return announced{cacheOf[types.Hash](rememberedBlocks), cacheOf[types.Hash](rememberedTransactions), cacheOf[asking](rememberedRequests)}
}

func cacheOf[K comparable](size int) *lru.Cache[K, struct{}] {
	c, err := lru.New[K, struct{}](size)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return c
}

// note remembers a message of our own that is announced.
func (a announced) note(m wire.Message) {
	switch m := m.(type) {
	case *wire.CompactBlock:
		a.noteBlock(m.Header.Hash())
	case *wire.Transaction:
		a.noteTransaction(&m.Transaction)
	}
}

// noteBlock remembers a block that is announced.
func (a announced) noteBlock(h types.Hash) { a.blocks.Add(h, struct{}{}) }

// noteTransaction remembers a transaction that is announced. Who lacks what it
// spends may ask for that too.
func (a announced) noteTransaction(tx *types.Transaction) {
	a.transactions.Add(tx.ID(), struct{}{})
	for i := range tx.Inputs {
		a.transactions.Add(tx.Inputs[i].Outpoint.TxID, struct{}{})
	}
}

// entitles reports whether a peer may make a request: what is metered always, the
// rest where our announcements entitle it.
func (a announced) entitles(id p2p.PeerID, request wire.Message) bool {
	switch m := request.(type) {
	case *wire.CompactRequest:
		again, _ := a.asked.ContainsOrAdd(asking{id, m.Block}, struct{}{})
		return !again && a.blocks.Contains(m.Block)
	case *wire.TransactionsRequest:
		for _, h := range m.IDs {
			if !a.transactions.Contains(h) {
				return false
			}
		}
	}
	return true
}
