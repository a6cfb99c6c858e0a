package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/wake"
)

// ErrDamaged is returned where the index holds what cannot be right. Open and
// Follow rebuild it then.
var ErrDamaged = errors.New("the index is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrDamaged, fmt.Errorf(format, args...))
}

// Config is what an Index needs from its host. Chain and Store are required.
type Config struct {
	Chain *chain.Manager
	Store Store
	Log   *slog.Logger // may be nil
}

// An Index answers for the selected chain up to its cursor. Its methods may be
// called from any goroutine.
type Index struct {
	chain *chain.Manager
	store Store
	log   *slog.Logger

	position atomic.Pointer[Position]

	following sync.Mutex // held by whoever changes the index; guards the next
	accounts  map[types.Address]*account

	mu    sync.RWMutex // held while a query reads the store, and to write to it; guards the next
	state state
}

// A Position says how far an index came and what is in it.
type Position struct {
	Cursor   types.Hash // the chain block at which it stands, zero before genesis
	Blocks   uint64     // of the selected chain, indexed
	Accounts uint64     // addresses
	Coins    uint64     // unspent
}

// Open returns the index in a store, emptied when it is of another version or
// damaged. It does not follow the chain yet.
func Open(cfg Config) (*Index, error) {
	x := &Index{chain: cfg.Chain, store: cfg.Store, log: cfg.Log, accounts: make(map[types.Address]*account)}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	raw, err := x.store.Get([]byte{keyState})
	if err != nil {
		return nil, err
	}
	state, current, err := decodeState(raw)
	if err == nil && current {
		x.stand(state)
		return x, nil
	}
	return x, x.wipe()
}

// Position returns where the index stands. It never blocks.
func (x *Index) Position() Position { return *x.position.Load() }

func (x *Index) stand(s state) {
	x.state = s
	x.position.Store(&Position{Cursor: s.cursor, Blocks: s.height, Accounts: s.accounts, Coins: s.coins})
}

// Run follows the chain until ctx ends, and returns the error of that, or what
// failed, the chain or the store.
func (x *Index) Run(ctx context.Context) error {
	return wake.Follow(ctx, x.chain.OnChange, func() error { return x.Follow(ctx) })
}

// Follow brings the index up to the chain's sink, and rebuilds it when the chain
// does not know its cursor or it is damaged. Run does so on every change; a host
// that drives the index itself calls it.
func (x *Index) Follow(ctx context.Context) error {
	x.following.Lock()
	defer x.following.Unlock()
	err := x.follow(ctx)
	if !errors.Is(err, chain.ErrUnknownCursor) && !errors.Is(err, ErrDamaged) {
		return err
	}
	x.log.Warn("the index is made anew", "reason", err)
	if err := x.wipe(); err != nil {
		return err
	}
	return x.follow(ctx)
}

func (x *Index) follow(ctx context.Context) error {
	for ctx.Err() == nil {
		if more, err := x.advance(); err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// maxUpdates bounds the steps of the chain that one batch holds.
const maxUpdates = 128

// maxAccounts bounds the accounts kept in memory between batches.
const maxAccounts = 1 << 15

// advance follows some steps of the chain with one batch.
func (x *Index) advance() (more bool, err error) {
	updates, err := x.chain.UpdatesSince(x.state.cursor, maxUpdates)
	if err != nil || len(updates) == 0 {
		return false, err
	}
	c := change{index: x, state: x.state}
	for i := 0; i < len(updates) && len(c.batch.keys) < maxWrites; i++ {
		if err = c.step(&updates[i]); err != nil {
			break
		}
	}
	if err == nil {
		err = x.write(&c)
	}
	if err != nil || len(x.accounts) > maxAccounts {
		x.accounts = make(map[types.Address]*account)
	}
	return true, err
}

// write commits a change with its cursor.
func (x *Index) write(c *change) error {
	c.flushAccounts()
	c.batch.put([]byte{keyState}, c.state.encode())
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.store.Write(c.batch.all()); err != nil {
		return err
	}
	x.stand(c.state)
	return nil
}

// maxWrites bounds the records of one batch, give or take a chain block.
const maxWrites = 1 << 16

// wipe empties the store, the state first: what has no state is wiped again.
func (x *Index) wipe() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stand(state{})
	x.accounts = make(map[types.Address]*account)
	var b batch
	b.remove([]byte{keyState})
	for len(b.keys) > 0 {
		if err := x.store.Write(b.all()); err != nil {
			return err
		}
		b = batch{}
		err := x.store.ScanFrom(nil, nil, func(key, _ []byte) error {
			if b.remove(append([]byte(nil), key...)); len(b.keys) == maxWrites {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
	}
	return nil
}

// errEnough ends a scan.
var errEnough = errors.New("enough")
