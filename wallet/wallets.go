package wallet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/wake"
	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
)

// Wallets are the wallets of one network under one directory, each by a name of
// its own. Its methods may be called from any goroutine.
type Wallets struct {
	cfg Config

	mu         sync.Mutex // guards what follows, and who makes and opens wallets
	open       map[string]*Wallet
	complaints map[string]string // what was logged last, by wallet

	bell wake.Bell // rung when the Summary of a wallet changed
}

// NewWallets returns the wallets under cfg.Dir; none is open yet.
func NewWallets(cfg Config) *Wallets {
	return &Wallets{cfg: cfg.withDefaults(), open: make(map[string]*Wallet), complaints: make(map[string]string)}
}

// A Listing is a wallet that is there; Wallet is nil unless it is open.
type Listing struct {
	Name   string
	Wallet *Wallet
}

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

// List returns the wallets that are there, by name.
func (m *Wallets) List() ([]Listing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries, err := os.ReadDir(m.cfg.Dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var list []Listing
	for _, e := range entries {
		if e.IsDir() && validName.MatchString(e.Name()) && m.holds(e.Name()) {
			list = append(list, Listing{e.Name(), m.open[e.Name()]})
		}
	}
	return list, nil
}

// holds reports whether anything of a wallet is there. An empty directory is what
// a creation left that broke off.
func (m *Wallets) holds(name string) bool {
	files, err := os.ReadDir(filepath.Join(m.cfg.Dir, name))
	return err == nil && len(files) > 0
}

// A Creation says how a wallet is made. Its secrets are only read.
type Creation struct {
	Password   []byte
	Passphrase []byte    // BIP-39; any text in UTF-8, taken in its NFKD form
	Words      int       // of new words: 12, 15, 18, 21 or 24; 0 is 24
	Sentence   []byte    // words to restore from; empty makes new ones
	Birthday   time.Time // of the words restored: no coins came earlier; zero searches all
}

// Create makes a wallet from new words, or from those given, and opens it
// unlocked. The caller shows new words to their owner and wipes them; Words shows
// them again. Coins of words given are searched for by Run.
func (m *Wallets) Create(name string, c Creation) (*Wallet, *hd.Mnemonic, error) {
	words, err := m.words(&c)
	if err != nil {
		return nil, nil, err
	}
	fresh := meta{birthday: milliseconds(c.Birthday), discovery: len(c.Sentence) > 0}
	if !fresh.discovery {
		fresh.birthday = m.born()
	}
	secrets := new(keystore.Secrets)
	entropy := words.Entropy()
	defer clear(entropy)
	if _, err := secrets.AddMnemonic(keystore.About{Birthday: fresh.birthday}, entropy, c.Passphrase, m.cfg.Rand); err != nil {
		words.Wipe()
		return nil, nil, err
	}
	w, err := m.make(name, &fresh, func(file *keystore.File) (*keystore.Secrets, error) {
		return secrets, file.Create(c.Password, secrets)
	})
	if err != nil {
		secrets.Wipe()
		words.Wipe()
		return nil, nil, err
	}
	return w, words, nil
}

// born is the birthday of a wallet that is made now. Coins can only come in
// blocks after the sink, and their times follow the chain's clock: that of a
// chain of one's own may be far behind the machine's.
func (m *Wallets) born() uint64 {
	return min(milliseconds(m.cfg.Now()), m.cfg.Chain.Snapshot().SinkMedianTime)
}

// words returns those of a creation.
func (m *Wallets) words(c *Creation) (*hd.Mnemonic, error) {
	if len(c.Sentence) > 0 {
		return hd.ParseMnemonic(c.Sentence)
	}
	n := c.Words
	if n == 0 {
		n = 24
	}
	if n%3 != 0 {
		return nil, fmt.Errorf("a wallet has 12, 15, 18, 21 or 24 words, not %d", n)
	}
	entropy := make([]byte, max(n/3*4, 0))
	defer clear(entropy)
	if _, err := io.ReadFull(m.cfg.Rand, entropy); err != nil {
		return nil, fmt.Errorf("reading randomness: %w", err)
	}
	return hd.NewMnemonic(entropy)
}

// Watch makes a wallet without secrets. Keys and addresses are added to it by
// WatchKey, WatchAddress and WatchPolicy.
func (m *Wallets) Watch(name string) (*Wallet, error) {
	return m.make(name, &meta{watchOnly: true, birthday: m.born()}, nil)
}

// RestoreBackup makes a wallet from an encrypted backup file, under the backup's
// password, and opens it unlocked. It counts as backed up now, for the file was
// there to read. Its coins are searched for by Run.
func (m *Wallets) RestoreBackup(name, file string, password []byte) (*Wallet, error) {
	return m.make(name, &meta{discovery: true, backedUp: milliseconds(m.cfg.Now())}, func(f *keystore.File) (*keystore.Secrets, error) {
		if err := f.Restore(file, password); err != nil {
			return nil, err
		}
		return f.Unlock(password)
	})
}

// make makes a wallet of a new name, writes its file of secrets and opens it. A
// file that was written stays when something fails later: it opens.
func (m *Wallets) make(name string, fresh *meta, write func(*keystore.File) (*keystore.Secrets, error)) (*Wallet, error) {
	w, err := m.makeLocked(name, fresh, write)
	if err == nil {
		m.bell.Ring()
	}
	return w, err
}

func (m *Wallets) makeLocked(name string, fresh *meta, write func(*keystore.File) (*keystore.Secrets, error)) (*Wallet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !validName.MatchString(name) {
		return nil, fmt.Errorf("%q: %w", name, ErrName)
	}
	if m.holds(name) {
		return nil, fmt.Errorf("%s: %w", name, ErrWalletExists)
	}
	dir := filepath.Join(m.cfg.Dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var secrets *keystore.Secrets
	if write != nil {
		var err error
		if secrets, err = write(keystore.At(filepath.Join(dir, keysFile), m.cfg.Rand)); err != nil {
			os.Remove(dir) // only when it is empty
			return nil, err
		}
	}
	return m.opened(name, fresh, secrets)
}

// opened opens a wallet that is there, with its secrets or locked.
func (m *Wallets) opened(name string, fresh *meta, secrets *keystore.Secrets) (*Wallet, error) {
	w, err := open(&m.cfg, name, fresh, func() {})
	if err != nil {
		return nil, err
	}
	if secrets != nil {
		if err := w.start(secrets); err != nil {
			return nil, errors.Join(err, w.close())
		}
	}
	w.changed = func() { m.bell.Ring() } // not before: the lock is held, and nobody else has w yet
	m.open[name] = w
	return w, nil
}

// Open opens a wallet, locked. One that is open is returned as it is.
func (m *Wallets) Open(name string) (*Wallet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.open[name]; w != nil {
		return w, nil
	}
	if !validName.MatchString(name) || !m.holds(name) {
		return nil, fmt.Errorf("%q: %w", name, ErrNoWallet)
	}
	_, err := os.Lstat(filepath.Join(m.cfg.Dir, name, keysFile))
	return m.opened(name, &meta{watchOnly: errors.Is(err, os.ErrNotExist), discovery: true}, nil)
}

// Wallet returns an open wallet, or ErrNoWallet; the empty name stands for the
// only one that is open.
func (m *Wallets) Wallet(name string) (*Wallet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if name == "" && len(m.open) == 1 {
		for _, w := range m.open {
			return w, nil
		}
	}
	if w := m.open[name]; w != nil {
		return w, nil
	}
	return nil, fmt.Errorf("%q is not open: %w", name, ErrNoWallet)
}

// CloseWallet locks a wallet and closes it.
func (m *Wallets) CloseWallet(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.open[name]
	if w == nil {
		return fmt.Errorf("%q is not open: %w", name, ErrNoWallet)
	}
	delete(m.open, name)
	return w.close()
}

// Close locks and closes all wallets.
func (m *Wallets) Close() (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, w := range m.open {
		err = errors.Join(err, w.close())
		delete(m.open, name)
	}
	return err
}

// OnChange registers a function that is called, without locks held, when the
// Summary of a wallet changed; it must not block. Cancel removes it.
func (m *Wallets) OnChange(call func()) (cancel func()) { return m.bell.Listen(call) }

// Run follows the chain with every open wallet until ctx ends. It also locks
// wallets whose time has come and submits what waits. A wallet that fails is
// left alone and says so in its Summary.
func (m *Wallets) Run(ctx context.Context) error {
	var changed <-chan struct{}
	if m.cfg.OnChange != nil {
		calls, cancel := wake.Catch(m.cfg.OnChange)
		defer cancel()
		changed = calls
	}
	beat := time.NewTicker(time.Second)
	defer beat.Stop()
	for {
		m.Beat(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-beat.C:
		}
	}
}

// Beat brings every open wallet up to date once. Run does so on every change and
// every second; a host that drives the wallets itself calls it.
func (m *Wallets) Beat(ctx context.Context) {
	m.mu.Lock()
	wallets := slices.Collect(maps.Values(m.open))
	m.mu.Unlock()
	for _, w := range wallets {
		m.complain(w.Name(), m.beat(ctx, w))
	}
}

// complain logs an error of a wallet once.
func (m *Wallets) complain(name string, err error) {
	text := ""
	if err != nil && !errors.Is(err, ErrClosed) {
		text = err.Error()
	}
	m.mu.Lock()
	known := m.complaints[name] == text
	m.complaints[name] = text
	m.mu.Unlock()
	if !known && text != "" {
		m.cfg.Log.Error("a wallet does not follow the chain", "wallet", name, "err", err)
	}
}

// beat lets one wallet follow as far as there is to go.
func (m *Wallets) beat(ctx context.Context, w *Wallet) error {
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = w.advance(); err != nil {
			return err
		}
	}
	return errors.Join(w.glance(), w.Tick())
}
