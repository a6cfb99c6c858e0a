package syncer

import (
	"slices"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// maxBuilding bounds the bodies that are being rebuilt at a time.
const maxBuilding = 128

// rebuild makes the body of an announced block from the pool, and asks who
// announced it for the rest.
func (c *Core) rebuild(a *arrival) {
	body, missing := a.compact.compact.Assemble(c.finder(a))
	if len(missing) == 0 {
		c.complete(a, body)
		return
	}
	p := c.find(a.from)
	if p == nil || len(c.building) >= maxBuilding {
		c.settle(a, errBusy)
		return
	}
	c.building[a.hash] = a
	a.lacked = len(missing)
	c.ask(p, &wire.CompactRequest{Block: a.hash, Positions: missing}, compactTimeout, func(answer wire.Message, err error) {
		m, ok := answer.(*wire.CompactAnswer)
		if err != nil || !ok || len(m.Transactions) != len(missing) {
			c.fetchWhole(a, p)
			return
		}
		for i, position := range missing {
			body[position] = m.Transactions[i]
		}
		if types.MerkleRootOf(body) != a.header.MerkleRoot {
			c.fetchWhole(a, p)
			return
		}
		c.compare(a, body)
	})
}

// finder returns what the pool knows under the short ids of an announcement. An
// id that two transactions share is unknown.
func (c *Core) finder(a *arrival) func(wire.ShortID) *types.Transaction {
	ids := a.compact.compact.ShortIDs
	if len(ids) == 0 {
		return nil
	}
	found := make(map[wire.ShortID]*types.Transaction, len(ids))
	for _, id := range ids {
		found[id] = nil
	}
	matches := make(map[wire.ShortID]int, len(ids))
	c.cfg.Pool.Each(func(e *mempool.Entry) {
		id := wire.NewShortID(a.hash, e.Hash)
		if _, wanted := found[id]; wanted {
			found[id] = e.Tx
			matches[id]++
		}
	})
	return func(id wire.ShortID) *types.Transaction {
		if matches[id] != 1 {
			return nil
		}
		return found[id]
	}
}

// complete adds a block rebuilt from the pool. A body that does not match may be
// the fault of a short id that fits two transactions: then the whole block tells.
func (c *Core) complete(a *arrival, body []types.Transaction) {
	p := c.find(a.from)
	switch {
	case types.MerkleRootOf(body) == a.header.MerkleRoot:
		a.body = body
		c.add(a)
	case len(a.compact.compact.ShortIDs) == 0:
		c.settle(a, broken(rules.ErrBadMerkleRoot, "the announcement of block %v does not match its header", a.hash))
	case p == nil || len(c.building) >= maxBuilding:
		c.settle(a, errBusy)
	default:
		c.building[a.hash] = a
		c.fetchWhole(a, p)
	}
}

// fetchWhole asks for a block whose announcement was of no use: first who
// announced it, then somebody else.
func (c *Core) fetchWhole(a *arrival, p *peer) {
	if p.gone || !p.mayAsk(c.now) {
		c.fetchElsewhere(a, p)
		return
	}
	a.lacked = len(a.compact.compact.ShortIDs)
	c.ask(p, &wire.BlocksRequest{Hashes: []types.Hash{a.hash}}, compactTimeout, func(answer wire.Message, err error) {
		m, ok := answer.(*wire.Blocks)
		if err == nil && ok && len(m.Blocks) == 1 && m.Blocks[0].Hash() == a.hash {
			c.compare(a, m.Blocks[0].Transactions)
			return
		}
		c.fetchElsewhere(a, p)
	})
}

// fetchElsewhere asks another peer after one could not help, if that was the one
// that announced the block; it is not asked of everybody.
func (c *Core) fetchElsewhere(a *arrival, failed *peer) {
	others := slices.DeleteFunc(c.available(), func(p *peer) bool { return p.id == a.from })
	if failed.id != a.from || len(others) == 0 {
		c.settle(a, errLacking)
		return
	}
	c.fetchWhole(a, others[0])
}

// compare adds a body that was fetched. The announcement must have told the truth:
// else it would be forwarded for others to stumble over.
func (c *Core) compare(a *arrival, body []types.Transaction) {
	if types.MerkleRootOf(body) != a.header.MerkleRoot {
		c.settle(a, errLacking)
		return
	}
	if !isFaithful(&a.compact.compact, a.hash, body) {
		whole := &arrival{hash: a.hash, header: a.header, body: body, size: a.size}
		c.settle(a, broken(rules.ErrBadMerkleRoot, "the announcement of block %v names other transactions than the block has", a.hash))
		c.ready = append(c.ready, whole)
		return
	}
	a.body = body
	c.add(a)
}

// isFaithful reports whether a compact block is the announcement of a body.
func isFaithful(compact *wire.CompactBlock, hash types.Hash, body []types.Transaction) bool {
	if len(body) != len(compact.Prefilled)+len(compact.ShortIDs) {
		return false
	}
	prefilled := make(map[int]types.Hash)
	for i := range compact.Prefilled {
		prefilled[int(compact.Prefilled[i].Position)] = compact.Prefilled[i].Transaction.Hash()
	}
	next := 0
	for i := range body {
		h := body[i].Hash()
		if want, ok := prefilled[i]; ok {
			if h != want {
				return false
			}
			continue
		}
		if wire.NewShortID(hash, h) != compact.ShortIDs[next] {
			return false
		}
		next++
	}
	return true
}
