package mempool

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A selection is a little more than a block can hold, because some of it may
// fail when it is judged again.
const (
	selectionShare = 1.2   // of a block's weight
	expressShare   = 0.125 // of a block's weight: the highest fee rates, whatever chance says
)

// Template returns a block on virtual for a miner. The best payers come first;
// the rest is drawn by chance, with weight (fee/weight)³, so that parallel blocks
// carry different transactions. What the chain does not take any more leaves the
// pool.
func (p *Pool) Template(miner types.Address, extra []byte) (*chain.Template, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	chosen := p.choose()
	txs := make([]types.Transaction, len(chosen))
	for i, e := range chosen {
		txs[i] = *e.Tx
	}
	t, err := p.cfg.Chain.Template(chain.TemplateRequest{Miner: miner, Extra: extra, Transactions: txs})
	if err != nil {
		return nil, err
	}
	p.dropBroken(t.Dropped)
	return t, nil
}

// dropBroken removes what failed its second judgement. A full block is no fault
// of the transaction, and one that virtual merged meanwhile is on its way.
func (p *Pool) dropBroken(dropped []chain.DroppedTransaction) {
	for _, d := range dropped {
		e := p.graph.entries[d.ID]
		if e == nil || errors.Is(d.Err, rules.ErrBlockWeight) || p.isPending(e) {
			continue
		}
		p.cfg.Log.Info("a transaction failed its second judgement", "id", d.ID, "reason", d.Err)
		p.graph.removeFamily(e)
	}
}

// choose returns the entries for a template in order of preference.
func (p *Pool) choose() []*Entry {
	ready := p.ready()
	slices.SortFunc(ready, func(a, b *Entry) int { return cmp.Or(-compareRates(a, b), a.ID.Compare(b.ID)) })
	var total uint64
	for _, e := range ready {
		total += e.Weight
	}
	block := float64(p.cfg.Params.BlockWeight)
	if float64(total) <= block {
		return ready
	}
	express, rest := split(ready, block*expressShare)
	drawn, _ := split(p.draw(rest), block*(selectionShare-expressShare))
	return append(express, drawn...)
}

// ready returns the entries all of whose coins stand in the state of virtual.
func (p *Pool) ready() []*Entry {
	ready := make([]*Entry, 0, len(p.graph.entries))
	for _, e := range p.graph.entries {
		if !p.merged[e.ID] && p.parentsMerged(e) {
			ready = append(ready, e)
		}
	}
	return ready
}

func (p *Pool) parentsMerged(e *Entry) bool {
	for id := range e.parents {
		if !p.merged[id] {
			return false
		}
	}
	return true
}

// isPending reports whether virtual's merge set decides about an entry.
func (p *Pool) isPending(e *Entry) bool {
	for _, id := range p.cfg.Chain.Snapshot().Pending.TxIDs() {
		if id == e.ID {
			return true
		}
	}
	return false
}

// split cuts a list where its weight reaches a bound.
func split(entries []*Entry, bound float64) (within, rest []*Entry) {
	weight := 0.0
	for i, e := range entries {
		if weight += float64(e.Weight); weight > bound {
			return entries[:i:i], entries[i:]
		}
	}
	return entries, nil
}

// draw puts entries in an order drawn without replacement, the chance of each
// being proportional to the cube of its fee rate: each waits for an exponential
// time of that rate, and the order is who comes first (Efraimidis and Spirakis,
// 2006).
func (p *Pool) draw(entries []*Entry) []*Entry {
	type waiting struct {
		e    *Entry
		time float64
	}
	queue := make([]waiting, len(entries))
	for i, e := range entries {
		rate := float64(e.Fee.Jots()) / float64(e.Weight)
		queue[i] = waiting{e, p.cfg.Rand.ExpFloat64() / math.Pow(max(rate, 1e-9), 3)}
	}
	slices.SortFunc(queue, func(a, b waiting) int { return cmp.Compare(a.time, b.time) })
	drawn := make([]*Entry, len(queue))
	for i := range queue {
		drawn[i] = queue[i].e
	}
	return drawn
}
