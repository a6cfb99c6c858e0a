package chain

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/chain/wake"
)

// Config is what a Manager needs from its host. Params and Store are required.
type Config struct {
	Params      *params.Params
	Store       Store
	Workers     int                           // goroutines for signatures; 0 runs everything inline
	CacheBlocks int                           // blocks kept in memory; 0 means DefaultCacheBlocks
	Journal     int                           // commits between checkpoints; 0 means DefaultJournal
	Now         func() time.Time              // the local clock, for the future-time rule; nil means time.Now
	Recount     bool                          // recount the whole state on Open, as after an unclean stop
	Progress    func(done, total int64) error // of that recount, which an error ends; may be nil
	Log         *slog.Logger                  // may be nil
}

// DefaultCacheBlocks is the number of blocks kept in memory unless Config says
// otherwise: some two hours of a chain at 10 blocks a second.
const DefaultCacheBlocks = 65536

// A Manager is the single writer of the chain. Its methods may be called from
// any goroutine. Changes come one after the other; between their steps, and while
// they are written, queries have their turns under one lock. Snapshot takes none.
type Manager struct {
	// Set at creation, never changed.
	params *params.Params
	log    *slog.Logger
	now    func() time.Time
	done   chan struct{} // closed when the Manager failed

	snapshot atomic.Pointer[Snapshot]
	proofs   proofs

	turn sync.Mutex // of the writer, held from the first step of a change until it is written; taken before mu

	mu          sync.Mutex // guards everything below
	index       *index
	bodies      cache[*body]
	accepted    cache[*acceptance]
	invalid     cache[struct{}] // hashes of blocks found invalid
	offFinality cache[struct{}] // branches whose refusal was told
	reasons     cache[error]    // why blocks were disqualified
	verifier    *verifier
	journal     journal
	coins       *utxo.Layer // the stored coins and what waits to be written to them
	state       state
	virtual     *virtual
	roaming     cursor // and what follows are here so that their memory is used again
	after       totals // a block that is being qualified
	recent      recentPositions
	pending     batch // of the operation under way
	failure     error
	toldUpgrade bool // that blocks of an unknown version arrive

	bell wake.Bell // rung after every change of virtual
}

// Open reads the chain from the store, or plants the genesis block in an empty
// one. It refuses the store of another network (ErrWrongGenesis) and a damaged
// one (CorruptError).
func Open(cfg Config) (*Manager, error) {
	if err := cfg.Params.Validate(); err != nil {
		return nil, fmt.Errorf("the parameters of %s: %w", cfg.Params.Name, err)
	}
	for _, e := range cfg.Params.Engines {
		if _, ok := pow.ByID(e.ID); !ok {
			return nil, fmt.Errorf("the parameters of %s name the proof-of-work engine %q, which this program does not have", cfg.Params.Name, e.ID)
		}
	}
	m := newManager(cfg)
	err := m.guarded(func() error {
		if err := m.load(); err != nil {
			return err
		}
		if cfg.Recount {
			return m.recount(cfg.Progress)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func newManager(cfg Config) *Manager {
	limit := cfg.CacheBlocks
	if limit == 0 {
		limit = DefaultCacheBlocks
	}
	m := &Manager{
		params:      cfg.Params,
		log:         cfg.Log,
		now:         cfg.Now,
		done:        make(chan struct{}),
		index:       newIndex(cfg.Params, cfg.Store, limit),
		bodies:      newCache[*body](max(limit/64, 64)),
		accepted:    newCache[*acceptance](max(limit/64, 64)),
		invalid:     newCache[struct{}](limit),
		offFinality: newCache[struct{}](1024),
		reasons:     newCache[error](1024),
		proofs:      proofs{params: cfg.Params, limit: limit / 2},
		verifier:    &verifier{genesis: cfg.Params.GenesisHash, workers: cfg.Workers, verdicts: newCache[error](limit), good: newVerified(2 * limit)},
		journal:     journal{limit: cfg.Journal, heights: make(map[uint64]types.Hash)},
	}
	m.bodies.share, m.accepted.share = (*body).share, (*acceptance).share
	m.coins = utxo.NewLayer(storedCoins{m.index})
	if m.journal.limit == 0 {
		m.journal.limit = DefaultJournal
	}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if m.now == nil {
		m.now = time.Now
	}
	return m
}

// Done is closed when the Manager failed: its store did, or the supply does not
// add up. The process must exit; Err says why.
func (m *Manager) Done() <-chan struct{} { return m.done }

// Err returns why the Manager failed, nil while it works.
func (m *Manager) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.failure
}

// OnChange registers a function to be called after every change of virtual. It
// is called without locks held and must not block; cancel removes it.
func (m *Manager) OnChange(call func()) (cancel func()) { return m.bell.Listen(call) }

// change runs an operation of the single writer under the lock.
func (m *Manager) change(operation func() error) error {
	return m.operate(func() error { return m.guarded(operation) })
}

// operate runs an operation of the single writer, which takes the lock as often as
// it needs, and wakes the followers when it made a new virtual.
func (m *Manager) operate(operation func() error) error {
	moved, err := m.takeTurn(operation)
	if moved {
		m.bell.Ring()
	}
	return err
}

func (m *Manager) takeTurn(operation func() error) (moved bool, err error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	before := m.virtual
	err = operation()
	return m.virtual != before, err
}

// settled runs fn under the lock while no operation is under way: everything there
// is is written.
func (m *Manager) settled(fn func() error) error {
	m.turn.Lock()
	defer m.turn.Unlock()
	return m.guarded(fn)
}

// guarded runs fn under the lock. A failure of the store ends the Manager for
// good: what is in memory may be ahead of what is on disk.
func (m *Manager) guarded(fn func() error) (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failure != nil {
		return fmt.Errorf("%w: %w", ErrFailed, m.failure)
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
			m.forget()
		case storeFailure:
			m.fail(r.err)
			err = fmt.Errorf("%w: %w", ErrFailed, r.err)
		default:
			m.fail(fmt.Errorf("panic: %v", r)) // a mistake of ours: nothing here can be trusted any more
			panic(r)
		}
	}()
	return fn()
}

// fail ends the Manager, once.
func (m *Manager) fail(err error) {
	if m.failure != nil {
		return
	}
	m.failure = err
	m.log.Error("the chain stops", "error", err)
	close(m.done)
}

// forget lets the caches age, but for what is in memory alone.
func (m *Manager) forget() {
	if !m.pending.isEmpty() || len(m.index.joined) > 0 {
		return
	}
	m.index.age()
	m.bodies.age()
	m.accepted.age()
	m.invalid.age()
	m.offFinality.age()
	m.reasons.age()
	m.verifier.verdicts.age()
}

// commit writes what the operation changed in one batch and publishes the new
// snapshot.
func (m *Manager) commit() {
	if invariants {
		m.checkInvariants()
	}
	whole := m.record()
	m.pending.put(keyState, func(e *types.Encoder) { m.state.encode(e, m.journal.entries) })
	if err := m.write(); err != nil {
		panic(storeFailure{err})
	}
	if whole {
		m.coins = utxo.NewLayer(storedCoins{m.index})
		clear(m.journal.heights)
		clear(m.index.removed)
	}
	m.pending.empty()
	m.publish()
}

// write writes the batch. Readers need not wait for the disk: until all is there,
// all is in memory too, and what will be gone is named there.
func (m *Manager) write() error {
	m.mu.Unlock()
	defer m.mu.Lock()
	return m.index.store.Write(m.pending.all())
}

// join makes a valid new header part of the DAG.
func (m *Manager) join(b *block) {
	m.index.add(b)
	m.state.headers++
	if best := m.index.block(m.state.bestHeader); compareBlocks(b, best) > 0 {
		m.state.bestHeader = b.hash
		m.index.reach.Hint(b.hash)
	}
}

// addBody validates the body of a block whose header is known or just proved
// valid and brings virtual up to date. The caller commits.
func (m *Manager) addBody(b *block, content *types.Block, digests []types.Digest) error {
	if b.status.HasBody() {
		return fmt.Errorf("block %v: %w", b.hash, ErrKnown)
	}
	if digests == nil {
		digests = types.Digests(content.Transactions)
	}
	if err := m.checkBody(b, content, digests); err != nil {
		return m.refuse(b.hash, err)
	}
	if b.status == 0 {
		m.join(b)
	}
	m.setStatus(b, StatusBodyValid)
	m.storeBody(b, &body{content.Transactions, digests})
	m.state.addTip(b)
	m.resolve()
	return nil
}

// refuse remembers a block that broke a rule for good, and takes its header
// out when that was stored, together with the headers above it.
func (m *Manager) refuse(hash types.Hash, err error) error {
	if !permanent(err) {
		return err
	}
	m.invalid.put(hash, struct{}{})
	if b := m.index.find(hash); b != nil {
		m.removeHeaders(b)
		m.commit()
	}
	return err
}

// removeHeaders takes a header without a body out of the DAG, its descendants
// first: none of them can have a body either.
func (m *Manager) removeHeaders(b *block) {
	doomed := []*block{b}
	seen := map[types.Hash]bool{b.hash: true}
	for i := 0; i < len(doomed); i++ {
		for _, child := range doomed[i].children {
			if !seen[child] {
				seen[child] = true
				doomed = append(doomed, m.index.block(child))
			}
		}
	}
	slices.SortFunc(doomed, func(a, b *block) int { return compareBlocks(b, a) })
	for _, d := range doomed {
		m.invalid.put(d.hash, struct{}{})
		m.index.remove(d)
		m.journal.hole = true
		m.state.headers--
		if m.state.bestHeader == d.hash {
			m.state.bestHeader = m.state.sink
		}
	}
}
