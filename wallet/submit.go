package wallet

import (
	"errors"
	"fmt"
	"time"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
)

// resubmitAfter is how long a transaction is left to the pool before it is
// offered again: a pool forgets, and peers come and go.
const resubmitAfter = 30 * time.Second

// Tick locks the wallet when its time has come and submits what waits.
// Wallets.Run calls it every second.
func (w *Wallet) Tick() error {
	if s := w.Summary(); s.Unlocked {
		if _, open := w.vault.deadline(); !open {
			w.Lock()
		}
	}
	return w.submit()
}

// submit offers the pending transactions whose time has come, a step before the
// one that spends its coins. What the pool says is noted.
func (w *Wallet) submit() error {
	txs, err := w.ready()
	if err != nil || len(txs) == 0 || w.cfg.Submit == nil {
		return err
	}
	reasons, err := w.cfg.Submit(txs)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, reason := range reasons {
		id := txs[i].ID()
		if delete(w.told, id); reason != nil && !errors.Is(reason, mempool.ErrKnown) && !errors.Is(reason, mempool.ErrAccepted) {
			w.told[id] = reason.Error()
		}
	}
	return nil
}

// ready returns what is to be submitted now, the oldest first.
func (w *Wallet) ready() (txs []types.Transaction, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		return nil, w.failed
	}
	l, now := w.ledger, w.cfg.Now()
	if l.meta.scanning {
		return nil, nil
	}
	for _, id := range l.oldestFirst() {
		n := l.pending[id]
		if now.Before(w.due[id]) {
			continue
		}
		w.due[id] = now.Add(resubmitAfter)
		txs = append(txs, *n.tx)
	}
	for id := range w.due {
		if l.pending[id] == nil {
			delete(w.due, id)
			delete(w.told, id)
		}
	}
	return txs, nil
}

// submitNow submits what waits and returns what the pool said of the first of
// these that it did not take.
func (w *Wallet) submitNow(ids ...types.Hash) error {
	err := w.submit()
	w.changed()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnsent, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		if told := w.told[id]; told != "" {
			return fmt.Errorf("%w: %s", ErrUnsent, told)
		}
	}
	return nil
}
