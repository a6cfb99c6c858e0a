package wallet

import (
	"errors"
	"maps"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
)

// stride is how many steps of the chain go into one batch: a write to the disk
// costs as much as many of them.
const stride = 256

// Follow brings the wallet up to date with the chain and the pool. Wallets.Run
// does so on every change; a host that drives the wallet itself calls it.
func (w *Wallet) Follow() error {
	for {
		more, err := w.advance()
		if err != nil {
			return err
		}
		if !more {
			return w.glance()
		}
	}
}

// advance takes one stride along the chain; more says that the sink is not
// reached.
func (w *Wallet) advance() (more bool, err error) {
	w.mu.Lock()
	before := w.Summary()
	more, err = w.advanceLocked()
	news := w.Summary() != before
	w.mu.Unlock()
	if news {
		w.changed()
	}
	return more, err
}

func (w *Wallet) advanceLocked() (more bool, err error) {
	if w.failed != nil {
		return false, w.failed
	}
	if w.ledger.meta.clearing {
		if err := w.restart(); err != nil {
			return false, err
		}
	}
	updates, err := w.cfg.Chain.UpdatesSince(w.ledger.meta.place.Block, stride)
	if errors.Is(err, chain.ErrUnknownCursor) {
		return true, w.changeLocked(w.rescan)
	}
	if err != nil {
		return false, err
	}
	arrived := w.ledger.meta.scanning && len(updates) < stride
	if len(updates) == 0 && !arrived {
		return false, nil
	}
	if err := w.take(updates, arrived); err != nil {
		return false, err
	}
	w.publish()
	return len(updates) == stride || w.ledger.meta.clearing, nil
}

// glance looks at the pool.
func (w *Wallet) glance() error {
	if w.cfg.Unconfirmed == nil {
		return nil
	}
	pool := w.cfg.Unconfirmed() // which may take a lock of its own
	w.mu.Lock()
	news := w.failed == nil && w.ledger.look(pool)
	if news {
		w.publish()
	}
	w.mu.Unlock()
	if news {
		w.changed()
	}
	return nil
}

// take brings updates into the ledger with the cursor, in one batch.
func (w *Wallet) take(updates []chain.Update, arrived bool) error {
	b, now := newBatch(), milliseconds(w.cfg.Now())
	for i := range updates {
		if err := w.ledger.follow(w.cfg.Chain, b, now, &updates[i]); err != nil {
			return w.reload(err)
		}
	}
	if err := w.arrive(b, arrived); err != nil {
		return w.reload(err)
	}
	return w.commit(b)
}

// arrive notes where the ledger stands now, and derives what has run low.
func (w *Wallet) arrive(b *batch, arrived bool) error {
	l := w.ledger
	if !l.meta.place.Block.IsZero() {
		place, err := w.placeOf(l.meta.place.Block)
		if err != nil {
			return err
		}
		l.meta.place = place
	}
	if arrived {
		l.meta.scanning = false
	}
	if l.isShort() {
		l.meta.short = true
	}
	l.putMeta(b)
	err := w.topUp(l, b)
	switch {
	case isLocked(err):
		return nil // until the owner comes
	case err == nil && l.meta.short && !l.isShort():
		return w.rescan(l, b) // what came to the addresses that are known only now
	}
	return err
}

// look takes in what the pool holds of the wallet's; news says that something
// came or went.
func (l *ledger) look(pool []*mempool.Entry) (news bool) {
	foreign, taken := l.foreign, l.taken
	l.foreign, l.taken = nil, make(map[types.Outpoint]bool)
	for _, e := range pool {
		if l.pending[e.ID] != nil || !l.concerns(e) {
			continue
		}
		for i := range e.Tx.Inputs {
			l.taken[e.Tx.Inputs[i].Outpoint] = true
		}
		if n, err := l.note(newBatch(), e.ID); err != nil || n != nil {
			continue // given up here and not there, or accepted and the pool is a little behind
		}
		l.foreign = append(l.foreign, l.unconfirmed(e))
	}
	slices.SortFunc(l.foreign, compareAge)
	return !maps.Equal(taken, l.taken) ||
		!slices.EqualFunc(foreign, l.foreign, func(a, b *note) bool { return a.ID == b.ID })
}

func (l *ledger) concerns(e *mempool.Entry) bool {
	for i := range e.Tx.Outputs {
		if l.addresses[e.Tx.Outputs[i].Address] != nil {
			return true
		}
	}
	for i := range e.Coins {
		if l.addresses[e.Coins[i].Address] != nil {
			return true
		}
	}
	return false
}

// unconfirmed returns the entry of a transaction in the pool.
func (l *ledger) unconfirmed(e *mempool.Entry) *note {
	behind := make(map[types.Outpoint]types.Output, len(e.Coins))
	for i := range e.Coins {
		behind[e.Tx.Inputs[i].Outpoint] = e.Coins[i].Output
	}
	n := l.describe(e.Tx, e.ID, func(o types.Outpoint) (types.Output, bool) {
		out, ok := behind[o]
		return out, ok
	})
	n.Status, n.Seen = StatusPending, milliseconds(e.Added)
	n.Time, n.tx = n.Seen, e.Tx
	return n
}
