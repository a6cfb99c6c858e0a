package mempool

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// Config is what a Pool needs from its host. Zero limits mean the defaults.
type Config struct {
	Params *params.Params
	Chain  *chain.Manager
	Now    func() time.Time
	Rand   *rand.Rand // for sampling and for who leaves a full set of orphans
	Log    *slog.Logger

	MaxBytes    int           // encoded bytes of all entries; default 256 MiB
	MaxOrphans  int           // default 500
	OrphanAge   time.Duration // default 1 minute
	Expiry      time.Duration // of entries; default 24 hours
	MinFeeRate  uint64        // jots per unit of weight; default 1
	AcceptedAge time.Duration // how long accepted transactions are remembered; default 2 minutes
}

func (c Config) withDefaults() Config {
	setDefault(&c.MaxBytes, 256<<20)
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

// maxOrphanBytes bounds the encoded bytes of all orphans.
const maxOrphanBytes = 8 << 20

// A Pool holds the unconfirmed transactions. Its methods may be called from any
// goroutine.
type Pool struct {
	cfg Config

	mu       sync.Mutex // guards everything below; the chain is asked while it is held
	graph    *graph
	orphans  *orphans
	accepted map[types.Hash]time.Time // by chain blocks, not long ago
	merged   map[types.Hash]bool      // accepted by virtual, not by the chain yet
	returned []types.Transaction      // given back by the chain, and in merged
	cursor   types.Hash
}

// New returns a pool that stands at the chain's sink.
func New(cfg Config) *Pool {
	cfg = cfg.withDefaults()
	return &Pool{
		cfg:      cfg,
		graph:    newGraph(),
		orphans:  newOrphans(cfg.MaxOrphans, maxOrphanBytes),
		accepted: make(map[types.Hash]time.Time),
		merged:   make(map[types.Hash]bool),
		cursor:   cfg.Chain.Snapshot().Sink,
	}
}

// Submit offers transactions, parents before children. Each has an error of its
// own: nil when it is in the pool now, else a reason of this package or a
// rules.RuleError. The pool keeps the transactions: the caller must not change
// them afterwards. The last error is the chain's, when that has stopped.
func (p *Pool) Submit(txs []types.Transaction) ([]error, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.submit(txs)
}

func (p *Pool) submit(txs []types.Transaction) ([]error, error) {
	verdicts, err := p.cfg.Chain.CheckTransactions(txs, batchView{p.graph, txs, make(map[types.Hash]int)}.index())
	if err != nil {
		return nil, err
	}
	reasons := make([]error, len(txs))
	for i := range txs {
		reasons[i] = p.admit(&txs[i], &verdicts[i])
	}
	return reasons, nil
}

// A batchView is the pool's coins and those that the transactions of a batch
// make for each other. Whether the maker of a coin was admitted is asked again
// when its spender is.
type batchView struct {
	graph *graph
	txs   []types.Transaction
	at    map[types.Hash]int
}

func (v batchView) index() batchView {
	if len(v.txs) > 1 {
		for i := range v.txs {
			v.at[v.txs[i].ID()] = i
		}
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

// admit takes a transaction in, or says why not.
func (p *Pool) admit(tx *types.Transaction, verdict *chain.Verdict) error {
	id := tx.ID()
	if tx.IsCoinbase() {
		return refused(id, ErrCoinbase, "it is made by a miner")
	}
	if p.graph.entries[id] != nil {
		return refused(id, ErrKnown, "it waits for a block")
	}
	if _, ok := p.accepted[id]; ok {
		return refused(id, ErrAccepted, "a block of the selected chain accepted it")
	}
	if errors.Is(verdict.Err, rules.ErrMissingCoin) {
		p.orphans.add(*tx, id, p.cfg.Now(), p.cfg.Rand)
		return refused(id, ErrOrphan, "%v", verdict.Err)
	}
	if verdict.Err != nil {
		return fmt.Errorf("transaction %v: %w", id, verdict.Err)
	}
	e := newEntry(&verdict.Candidate, p.cfg.Now())
	if err := p.place(e); err != nil {
		return err
	}
	return p.adopt(id)
}

// place judges an entry as the pool's own rules demand and puts it in.
func (p *Pool) place(e *Entry) error {
	if err := p.checkFee(e); err != nil {
		return err
	}
	if missing, ok := p.missingParent(e); ok {
		return refused(e.ID, ErrOrphan, "%v was not admitted", missing)
	}
	rivals := p.graph.conflicts(e.Tx)
	if err := p.outbids(e, rivals); err != nil {
		return err
	}
	p.graph.removeFamily(rivals...)
	p.graph.add(e)
	return p.shrink(e)
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
	if e.Weight > p.cfg.Params.BlockWeight {
		return refused(e.ID, ErrTooHeavy, "%d units, a block holds %d", e.Weight, p.cfg.Params.BlockWeight)
	}
	if least := e.Weight * p.cfg.MinFeeRate; e.Fee.Jots() < least {
		return refused(e.ID, ErrFee, "%v JIO for %d units, at least %v JIO are needed", e.Fee, e.Weight, types.Jots(least))
	}
	return nil
}

// outbids reports whether an entry may replace its rivals: it pays a higher rate
// than each, more than all that would go, and for its own relay on top.
func (p *Pool) outbids(e *Entry, rivals []*Entry) error {
	if len(rivals) == 0 {
		return nil
	}
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

// shrink lets the worst go until the pool is within its bytes. It fails when the
// newcomer is among them.
func (p *Pool) shrink(newcomer *Entry) error {
	for p.graph.bytes > p.cfg.MaxBytes {
		p.graph.removeFamily(p.graph.worst[0])
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

// Each calls fn for every entry, in no order. It must not call the pool.
func (p *Pool) Each(fn func(e *Entry)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.graph.entries {
		fn(e)
	}
}

// Size returns the number of entries and their encoded bytes.
func (p *Pool) Size() (entries, bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.graph.entries), p.graph.bytes
}
