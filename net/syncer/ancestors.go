package syncer

import (
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

const (
	orphanGap   = 100 // seconds' worth of blocks above the sink that sync is for
	parentsMost = 64  // parents of one question
	linePages   = 4   // answers of headers that are looked through for an orphan
)

// seekAncestors asks for blocks that orphans wait for, of the peer that brought the
// orphan: for the parents of an announced block by hash, because mostly one block
// was lost. Where those turn out to be orphans too, the peer's headers up to its
// highest orphan tell all that is missing at once, however many generations that
// is. A large gap is left to sync.
func (c *Core) seekAncestors() {
	if !c.synced {
		return // sync will bring them
	}
	parents, lines := make(map[*peer][]types.Hash), make(map[*peer]bool)
	for _, a := range c.orphans.held {
		p := c.find(a.from)
		if p == nil || c.now.Sub(a.since) < orphanGrace || c.isFar(a) {
			continue
		}
		for _, h := range a.header.Parents {
			if c.isComing(h) || c.has(h) { // the store is asked last
				continue
			}
			if lines[p] = lines[p] || a.sought; !a.sought && !slices.Contains(parents[p], h) {
				parents[p] = append(parents[p], h)
			}
		}
	}
	for _, p := range slices.Clone(c.peers) {
		if hashes := parents[p]; len(hashes) > 0 && p.mayAsk(c.now) {
			c.fetch(p, hashes[:min(len(hashes), parentsMost)], compactTimeout)
		}
		if lines[p] && !c.now.Before(p.lined) {
			c.seekLine(p)
		}
	}
}

// isFar reports whether a block is so high that sync is for it.
func (c *Core) isFar(a *arrival) bool {
	return a.header.BlueScore > c.cfg.Chain.Snapshot().BlueScore+orphanGap*c.cfg.Params.BlocksPerSecond
}

// isComing reports whether a missing block was asked for, or is on its way.
func (c *Core) isComing(h types.Hash) bool {
	_, asked := c.sought[h]
	return asked || c.building[h] != nil || c.orphans.has(h)
}

// seekLine asks a peer for all that leads up to the highest of its orphans.
func (c *Core) seekLine(p *peer) {
	locator, err := c.cfg.Chain.Locator()
	if err != nil {
		return
	}
	var top *arrival
	for _, a := range c.orphans.held {
		if a.from == p.id && !c.isFar(a) && (top == nil || a.header.BlueWork.Cmp(top.header.BlueWork) > 0) {
			top = a
		}
	}
	p.lined = c.now.Add(compactTimeout)
	c.askLine(p, top.hash, locator, linePages)
}

// askLine asks for headers up to a block and then for the bodies that are missing.
// Headers tell no more than what to ask the same peer for, so they are not judged.
func (c *Core) askLine(p *peer, high types.Hash, locator []types.Hash, pages int) {
	if pages == 0 || !p.mayAsk(c.now) {
		return
	}
	request := &wire.HeadersRequest{Locator: locator[:min(len(locator), wire.MaxLocator)], High: high}
	c.ask(p, request, compactTimeout, func(answer wire.Message, err error) {
		m, ok := answer.(*wire.Headers)
		if err != nil || !ok || len(m.Headers) == 0 {
			return
		}
		var missing []types.Hash
		for i := range m.Headers {
			if h := m.Headers[i].Hash(); !c.has(h) && !c.isComing(h) {
				missing = append(missing, h)
			}
		}
		switch {
		case len(missing) > 0 && p.mayAsk(c.now):
			c.fetch(p, missing, blocksTimeout)
		case len(missing) == 0 && m.More:
			last := m.Headers[len(m.Headers)-1].Hash()
			c.askLine(p, high, append([]types.Hash{last}, locator...), pages-1)
		}
	})
}

// fetch asks a peer for blocks by hash, parents first, and nobody else before the
// time for the answer is over. They go the way of announced ones.
func (c *Core) fetch(p *peer, hashes []types.Hash, timeout time.Duration) {
	for _, h := range hashes {
		c.sought[h] = c.now.Add(timeout)
	}
	c.ask(p, &wire.BlocksRequest{Hashes: hashes}, timeout, func(answer wire.Message, err error) {
		m, ok := answer.(*wire.Blocks)
		if err != nil || !ok || len(m.Blocks) == 0 {
			return
		}
		for _, h := range hashes[min(len(m.Blocks), len(hashes)):] {
			delete(c.sought, h) // it did not fit and may be asked for at once
		}
		for i := range m.Blocks {
			c.takeBlock(p, hashes, &m.Blocks[i])
		}
	})
}

// takeBlock makes a block that a peer sent on request ready.
func (c *Core) takeBlock(p *peer, asked []types.Hash, b *types.Block) {
	hash := b.Hash()
	if !slices.Contains(asked, hash) {
		c.rate(p, PointsUnrequested, errUnrequested)
		return
	}
	if _, err := c.cfg.Chain.ScreenHeader(&b.Header); err != nil {
		c.rate(p, Points(err), err)
		return
	}
	c.ready = append(c.ready, &arrival{
		hash: hash, header: b.Header, body: b.Transactions, size: types.EncodedLen(b), from: p.id,
		sought: true, since: c.now.Add(-orphanGrace), // nobody announces its parents any more
	})
}
