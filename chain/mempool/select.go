package mempool

import (
	"errors"

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
func (p *Pool) Template(miner types.Address, extra []byte) (t *chain.Template, err error) {
	err = p.change(func() error {
		if err := p.follow(); err != nil {
			return err
		}
		t, err = p.cfg.Chain.Template(request(miner, extra, p.choose()))
		if err != nil {
			return err
		}
		return p.review(t.Dropped)
	})
	return t, err
}

// request asks for a template with entries, whose digests the chain has computed
// when it judged them.
func request(miner types.Address, extra []byte, chosen []*Entry) chain.TemplateRequest {
	txs, digests := make([]types.Transaction, len(chosen)), make([]types.Digest, len(chosen))
	for i, e := range chosen {
		txs[i], digests[i] = *e.Tx, e.Digest
	}
	return chain.TemplateRequest{Miner: miner, Extra: extra, Transactions: txs, Digests: digests}
}

// review judges again, by itself, what a template did not take. A full block is
// no fault of the transaction, and the chain may have moved on meanwhile: what it
// accepted must go without its family, and what virtual merged is on its way.
func (p *Pool) review(dropped []chain.DroppedTransaction) error {
	var suspects []types.Transaction
	for _, d := range dropped {
		if e := p.graph.entries[d.ID]; e != nil && !errors.Is(d.Err, rules.ErrBlockWeight) {
			suspects = append(suspects, *e.Tx)
		}
	}
	if len(suspects) == 0 {
		return nil
	}
	if err := p.follow(); err != nil {
		return err
	}
	verdicts, err := p.cfg.Chain.CheckTransactions(suspects, p.graph, nil)
	if err != nil || p.cfg.Chain.Snapshot() != p.followed {
		return err // it moved again: the next template asks again
	}
	for i := range suspects {
		e := p.graph.entries[suspects[i].ID()]
		if e == nil || p.graph.merged[e.ID] || verdicts[i].Err == nil {
			continue
		}
		p.cfg.Log.Info("a transaction failed its second judgement", "id", e.ID, "reason", verdicts[i].Err)
		p.graph.removeFamily(e)
	}
	return nil
}

// choose returns the entries for a template in order of preference.
func (p *Pool) choose() []*Entry {
	r := &p.graph.ranking
	block := p.cfg.Params.BlockWeight
	all := r.root.openBelow()
	if all.weight <= block {
		return r.best(all.weight)
	}
	chosen := r.best(uint64(float64(block) * expressShare))
	drawn := r.drawn(p.cfg.Rand.Float64, chosen, uint64(float64(block)*(selectionShare-expressShare)))
	return append(chosen, drawn...)
}

// best returns the open entries that pay best, up to a weight; the first in any
// case.
func (r *ranking) best(bound uint64) (best []*Entry) {
	weight := uint64(0)
	r.eachOpen(func(e *Entry) bool {
		if weight += e.Weight; weight > bound && len(best) > 0 {
			return false
		}
		best = append(best, e)
		return true
	})
	return best
}

// drawn returns open entries up to a weight, drawn without replacement: the
// chance of each to be the next is its share of all chances that are left. Those
// chosen already are left out.
func (r *ranking) drawn(random func() float64, chosen []*Entry, bound uint64) []*Entry {
	for _, e := range chosen {
		e.drawn = true
		r.update(e)
	}
	var drawn []*Entry
	for weight := uint64(0); r.root.openBelow().count > 0; {
		e := r.draw(random() * r.root.open.chances)
		drawn = append(drawn, e)
		if weight += e.Weight; weight > bound {
			break
		}
	}
	r.giveBack()
	return drawn
}
