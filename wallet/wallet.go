package wallet

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
)

// A Wallet is one set of keys and what they own. Its methods may be called from
// any goroutine.
type Wallet struct {
	cfg     *Config
	name    string
	db      Database
	vault   *vault // nil in a wallet that only watches
	changed func() // tells that there is a new summary; called without locks held

	summary atomic.Pointer[Summary]

	mu     sync.Mutex // guards all below; the chain and the vault are asked while it is held
	ledger *ledger
	failed error
	due    map[types.Hash]time.Time // when a pending transaction is submitted again; now, when missing
	told   map[types.Hash]string    // what the pool said of one
}

// The files of a wallet in its directory.
const (
	keysFile    = "keys"
	databaseDir = "db"
)

// open reads the wallet in a directory, or makes one of meta where there is none.
func open(cfg *Config, name string, fresh *meta, changed func()) (*Wallet, error) {
	dir := filepath.Join(cfg.Dir, name)
	db, err := cfg.Open(filepath.Join(dir, databaseDir))
	if err != nil {
		return nil, err
	}
	w := &Wallet{
		cfg: cfg, name: name, db: db, changed: changed,
		due:  make(map[types.Hash]time.Time),
		told: make(map[types.Hash]string),
	}
	if err := w.load(dir, fresh); err != nil {
		db.Close()
		return nil, fmt.Errorf("wallet %s: %w", name, err)
	}
	return w, nil
}

func (w *Wallet) load(dir string, fresh *meta) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ledger = newLedger(w.cfg, w.db)
	found, err := w.ledger.load()
	if err != nil {
		return err
	}
	if !found {
		if err := w.found(fresh); err != nil {
			return err
		}
	}
	if w.ledger.meta.network != w.cfg.Params.GenesisHash {
		return fmt.Errorf("it belongs to another network than %s", w.cfg.Params.Name)
	}
	if !w.ledger.meta.watchOnly {
		w.vault = newVault(filepath.Join(dir, keysFile), w.cfg)
	}
	w.publish()
	return nil
}

// reload reads the ledger anew after a change that broke off: what is on the
// disk is right.
func (w *Wallet) reload(cause error) error {
	w.ledger = newLedger(w.cfg, w.db)
	if _, err := w.ledger.load(); err != nil {
		return w.fail(err)
	}
	return cause
}

// found writes the first record of a database. The wallet stands at the sink: it
// searches the past when there is something to search for. One of words has no
// accounts until its secrets are seen.
func (w *Wallet) found(fresh *meta) error {
	m := &w.ledger.meta
	*m = *fresh
	m.network, m.created = w.cfg.Params.GenesisHash, milliseconds(w.cfg.Now())
	b := newBatch()
	if m.watchOnly {
		first := &account{}
		w.ledger.accounts = append(w.ledger.accounts, first)
		w.ledger.putAccount(b, first)
	}
	place, err := w.placeOf(w.cfg.Chain.Snapshot().Sink)
	if err != nil {
		return err
	}
	m.place, m.from, m.scanning = place, place.BlueScore, true
	w.ledger.putMeta(b)
	return w.commit(b)
}

func milliseconds(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(max(t.UnixMilli(), 0))
}

func timeOf(ms uint64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms))
}

// commit writes a batch. When that fails, what is in memory may not be what is
// on the disk: the wallet stops and must be opened again.
func (w *Wallet) commit(b *batch) error {
	if len(b.keys) == 0 {
		return nil
	}
	if err := w.db.Write(b.all()); err != nil {
		return w.fail(err)
	}
	return nil
}

func (w *Wallet) fail(err error) error {
	w.failed = fmt.Errorf("wallet %s has stopped: %w", w.name, err)
	w.publish()
	return w.failed
}

// change runs fn on the ledger, writes what it put into the batch and publishes.
// Fn must not change the ledger and fail without putting anything.
func (w *Wallet) change(fn func(l *ledger, b *batch) error) error {
	w.mu.Lock()
	err := w.changeLocked(fn)
	w.mu.Unlock()
	w.changed()
	return err
}

func (w *Wallet) changeLocked(fn func(l *ledger, b *batch) error) error {
	if w.failed != nil {
		return w.failed
	}
	b := newBatch()
	if err := fn(w.ledger, b); err != nil {
		if len(b.keys) > 0 {
			return w.reload(err)
		}
		return err
	}
	if err := w.commit(b); err != nil {
		return err
	}
	w.publish()
	return nil
}

// read runs fn on the ledger, which fn must not change.
func (w *Wallet) read(fn func(l *ledger) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		return w.failed
	}
	return fn(w.ledger)
}

// close ends the use of the wallet.
func (w *Wallet) close() error {
	w.vault.lock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed == nil {
		w.failed = ErrClosed
	}
	w.publish()
	return w.db.Close()
}

// Name returns the wallet's name.
func (w *Wallet) Name() string { return w.name }

// Summary returns the wallet as of the last change. It never blocks.
func (w *Wallet) Summary() *Summary { return w.summary.Load() }

// Unlock opens the secrets for timeout of not being used; 0 is the usual time. It
// derives what addresses are missing. A wrong password is keystore.ErrPassword.
func (w *Wallet) Unlock(password []byte, timeout time.Duration) error {
	if err := w.vault.unlock(password, timeout); err != nil {
		return err
	}
	err := w.change(w.adopt)
	if err != nil {
		w.Lock()
	}
	return err
}

// start begins with secrets that are unlocked already.
func (w *Wallet) start(secrets *keystore.Secrets) error {
	w.vault.start(secrets)
	return w.change(w.adopt)
}

// Lock wipes the secrets from memory.
func (w *Wallet) Lock() {
	w.vault.lock()
	w.mu.Lock()
	w.publish()
	w.mu.Unlock()
	w.changed()
}

// ChangePassword puts the file of secrets under another password, and locks.
// Older copies of the file still open with the old one.
func (w *Wallet) ChangePassword(old, password []byte) error {
	err := w.vault.changePassword(old, password)
	w.Lock()
	return err
}

// Backup copies the encrypted file of secrets to a path where nothing is, and
// notes the time.
func (w *Wallet) Backup(to string) error {
	if err := w.vault.backup(to); err != nil {
		return err
	}
	return w.MarkBackedUp()
}

// MarkBackedUp notes that the owner has proven to have the words.
func (w *Wallet) MarkBackedUp() error {
	return w.change(func(l *ledger, b *batch) error {
		l.meta.backedUp = milliseconds(w.cfg.Now())
		l.putMeta(b)
		return nil
	})
}

// Words returns the words and whether a passphrase goes with them; the password
// is asked for again. The caller wipes them.
func (w *Wallet) Words(password []byte) (words *hd.Mnemonic, passphrase bool, err error) {
	var id keystore.ID
	if err := w.read(func(l *ledger) error { id = l.meta.words; return nil }); err != nil {
		return nil, false, err
	}
	return w.vault.words(password, id)
}
