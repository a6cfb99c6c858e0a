package mempool

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/chain/wake"
)

// Config is what a Pool needs from its host. Zero limits mean the defaults.
type Config struct {
	Params *params.Params
	Chain  *chain.Manager
	Now    func() time.Time
	Rand   *rand.Rand // for sampling and for who leaves a full set of orphans
	Log    *slog.Logger

	MaxBytes    int           // of memory that the entries take; default DefaultMaxBytes
	MaxOrphans  int           // default 500
	OrphanAge   time.Duration // default 1 minute
	Expiry      time.Duration // of entries; default 24 hours
	MinFeeRate  uint64        // jots per unit of weight; default 1
	AcceptedAge time.Duration // how long accepted transactions are remembered at least; default 2 minutes
}

// DefaultMaxBytes is the memory that entries may take unless Config says
// otherwise: a hundred thousand payments. A collected heap may be twice what
// lives in it, so the pool's share of the process stays below 300 MiB.
const DefaultMaxBytes = 112 << 20

func (c Config) withDefaults() Config {
	setDefault(&c.MaxBytes, DefaultMaxBytes)
	setDefault(&c.MaxOrphans, 500)
	setDefault(&c.OrphanAge, time.Minute)
	setDefault(&c.Expiry, 24*time.Hour)
	setDefault(&c.MinFeeRate, 1)
	setDefault(&c.AcceptedAge, 2*time.Minute)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

const (
	maxOrphanBytes = 8 << 20 // of memory that all orphans take
	maxAccepted    = 1 << 17 // accepted transactions in a generation
)

// A Pool holds the unconfirmed transactions. Its methods may be called from any
// goroutine.
type Pool struct {
	cfg      Config
	heaviest uint64 // transaction that a block can carry
	usage    atomic.Pointer[Usage]
	bell     wake.Bell // rung when entries came or went

	mu       sync.Mutex // guards everything below; the chain is asked while it is held
	graph    *graph
	orphans  *orphans
	accepted *memory             // by chain blocks, not long ago
	returned []types.Transaction // given back by the chain, and merged by virtual
	cursor   types.Hash
	followed *chain.Snapshot // up to which the pool has followed
}

// New returns a pool that stands at the chain's sink.
func New(cfg Config) *Pool {
	cfg = cfg.withDefaults()
	p := &Pool{
		cfg:      cfg,
		heaviest: rules.HeaviestTransaction(cfg.Params),
		graph:    newGraph(),
		orphans:  newOrphans(cfg.MaxOrphans, maxOrphanBytes),
		accepted: newMemory(cfg.AcceptedAge, maxAccepted, cfg.Now()),
		cursor:   cfg.Chain.Snapshot().Sink,
	}
	p.publish()
	return p
}

// Submit offers transactions, parents before children. Each has an error of its
// own: nil when it is in the pool now, else a reason of this package or a
// rules.RuleError. The pool keeps the transactions: the caller must not change
// them afterwards. The last error is the chain's, when that has stopped.
func (p *Pool) Submit(txs []types.Transaction) (reasons []error, err error) {
	err = p.change(func() error {
		reasons, err = p.submit(txs)
		return err
	})
	return reasons, err
}

// submit judges the cheap things before the signatures: what is here already,
// and what a transaction pays.
func (p *Pool) submit(txs []types.Transaction) ([]error, error) {
	reasons := make([]error, len(txs))
	offers := make([]offer, 0, len(txs))
	fresh := make([]types.Transaction, 0, len(txs))
	for i := range txs {
		id := txs[i].ID()
		if reasons[i] = p.unwelcome(&txs[i], id); reasons[i] == nil {
			offers = append(offers, offer{at: i, id: id})
			fresh = append(fresh, txs[i])
		}
	}
	if len(fresh) == 0 {
		return reasons, nil
	}
	worth := func(i int, c *utxo.Candidate) error {
		offers[i].entry = newEntry(c, p.cfg.Now(), p.cfg.Rand.Uint64())
		return p.worth(offers[i].entry)
	}
	verdicts, err := p.cfg.Chain.CheckTransactions(fresh, newBatchView(p.graph, fresh, offers), worth)
	if err != nil {
		return nil, err
	}
	for i := range offers {
		reasons[offers[i].at] = p.admit(&fresh[i], &offers[i], verdicts[i].Err)
	}
	return reasons, nil
}

// An offer is a transaction of a batch that is judged.
type offer struct {
	at    int // its place in the batch
	id    types.Hash
	entry *Entry // when its coins are there
}

// unwelcome says why a transaction need not be judged.
func (p *Pool) unwelcome(tx *types.Transaction, id types.Hash) error {
	switch {
	case tx.IsCoinbase():
		return refused(id, ErrCoinbase, "it is made by a miner")
	case p.graph.entries[id] != nil:
		return refused(id, ErrKnown, "it waits for a block")
	case p.accepted.has(id):
		return refused(id, ErrAccepted, "a block of the selected chain accepted it")
	}
	return nil
}

// A batchView is the pool's coins and those that the transactions of a batch
// make for each other. Whether the maker of a coin was admitted is asked again
// when its spender is.
type batchView struct {
	graph *graph
	txs   []types.Transaction
	at    map[types.Hash]int
}

func newBatchView(g *graph, txs []types.Transaction, offers []offer) batchView {
	v := batchView{g, txs, make(map[types.Hash]int, len(txs))}
	for i := range offers {
		v.at[offers[i].id] = i
	}
	return v
}

// Coin implements utxo.View.
func (v batchView) Coin(o types.Outpoint) (types.Coin, bool) {
	if i, ok := v.at[o.TxID]; ok && int(o.Index) < len(v.txs[i].Outputs) {
		return types.Coin{Output: v.txs[i].Outputs[o.Index], BlueScore: unconfirmedScore}, true
	}
	return v.graph.Coin(o)
}

// admit takes a judged transaction in, or says why not.
func (p *Pool) admit(tx *types.Transaction, o *offer, verdict error) error {
	if err := p.unwelcome(tx, o.id); err != nil {
		return err // it came twice in one batch
	}
	if errors.Is(verdict, rules.ErrMissingCoin) {
		p.orphans.add(*tx, o.id, p.cfg.Now(), p.cfg.Rand)
		return refused(o.id, ErrOrphan, "%v", verdict)
	}
	if verdict != nil {
		return fmt.Errorf("transaction %v: %w", o.id, verdict)
	}
	if err := p.place(o.entry); err != nil {
		return err
	}
	return p.adopt(o.id)
}

// place judges an entry as the pool's own rules demand and puts it in.
func (p *Pool) place(e *Entry) error {
	if err := p.worth(e); err != nil {
		return err // what came before it in the batch may have changed that
	}
	if missing, ok := p.missingParent(e); ok {
		return refused(e.ID, ErrOrphan, "%v was not admitted", missing)
	}
	p.graph.removeFamily(p.graph.conflicts(e.Tx)...)
	p.graph.add(e)
	return p.shrink(e)
}

// worth says why an entry does not pay enough for a place in the pool.
func (p *Pool) worth(e *Entry) error {
	if err := p.checkFee(e); err != nil {
		return err
	}
	rivals := p.graph.conflicts(e.Tx)
	if len(rivals) > 0 {
		return p.outbids(e, rivals)
	}
	last := p.graph.ranking.last()
	if last != nil && p.graph.memory+e.Memory > p.cfg.MaxBytes && comparePreference(e, last) > 0 {
		return refused(e.ID, ErrFull, "raise the fee")
	}
	return nil
}

// missingParent names the maker of an unconfirmed coin that is not in the pool.
func (p *Pool) missingParent(e *Entry) (types.Hash, bool) {
	for i, coin := range e.Coins {
		if id := e.Tx.Inputs[i].Outpoint.TxID; coin.BlueScore == unconfirmedScore && p.graph.entries[id] == nil {
			return id, true
		}
	}
	return types.Hash{}, false
}

func (p *Pool) checkFee(e *Entry) error {
	if w := rules.Weight(e.Tx); w > p.heaviest {
		return refused(e.ID, ErrTooHeavy, "%d units, a block has room for %d beside the largest coinbase", w, p.heaviest)
	}
	if least := e.Weight * p.cfg.MinFeeRate; e.Fee.Jots() < least {
		return refused(e.ID, ErrFee, "%v JIO for %d units, at least %v JIO are needed", e.Fee, e.Weight, types.Jots(least))
	}
	return nil
}

// outbids reports whether an entry may replace its rivals: it pays a higher rate
// than each, more than all that would go, and for its own relay on top.
func (p *Pool) outbids(e *Entry, rivals []*Entry) error {
	for _, r := range rivals {
		if compareRates(e, r) <= 0 {
			return refused(e.ID, ErrConflict, "%v pays %d.%03d jots a unit", r.ID, r.FeeRate()/1000, r.FeeRate()%1000)
		}
	}
	due := e.Weight * p.cfg.MinFeeRate
	for _, r := range p.graph.family(rivals...) {
		if spendsOutputOf(e, r) {
			return refused(e.ID, ErrConflict, "it spends an output of %v, which it would replace", r.ID)
		}
		due += r.Fee.Jots()
	}
	if e.Fee.Jots() < due {
		return refused(e.ID, ErrConflict, "to replace it the fee must be at least %v JIO", types.Jots(due))
	}
	return nil
}

func spendsOutputOf(e, maker *Entry) bool {
	return slices.ContainsFunc(e.Tx.Inputs, func(in types.Input) bool { return in.Outpoint.TxID == maker.ID })
}

// shrink lets the worst go until the pool is within its memory. It fails when
// the newcomer is among them.
func (p *Pool) shrink(newcomer *Entry) error {
	for p.graph.memory > p.cfg.MaxBytes {
		p.graph.removeFamily(p.graph.ranking.last())
	}
	if p.graph.entries[newcomer.ID] == nil {
		return refused(newcomer.ID, ErrFull, "raise the fee")
	}
	return nil
}

// adopt offers the orphans that waited for a transaction.
func (p *Pool) adopt(parent types.Hash) error {
	if txs := p.orphans.take(parent); len(txs) > 0 {
		_, err := p.submit(txs)
		return err
	}
	return nil
}

// Entry returns the entry of a transaction, nil when it is not in the pool.
func (p *Pool) Entry(id types.Hash) *Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.graph.entries[id]
}
