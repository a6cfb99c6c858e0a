package wallet

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
)

// A vault is the file of secrets and the session in which it is unlocked. A nil
// vault is that of a wallet that only watches.
type vault struct {
	file    *keystore.File
	rand    io.Reader
	now     func() time.Time
	timeout time.Duration // usual

	mu      sync.Mutex // guards the file and the session
	session *keystore.Session
}

func newVault(path string, cfg *Config) *vault {
	return &vault{file: keystore.At(path, cfg.Rand), rand: cfg.Rand, now: cfg.Now, timeout: cfg.AutoLock}
}

// unlock begins a session in place of the one before.
func (v *vault) unlock(password []byte, timeout time.Duration) error {
	if v == nil {
		return ErrWatchOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	secrets, err := v.file.Unlock(password)
	if err != nil {
		return err
	}
	v.begin(secrets, timeout)
	return nil
}

// start begins a session with secrets that are unlocked already.
func (v *vault) start(secrets *keystore.Secrets) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.begin(secrets, 0)
}

// begin takes secrets over. The caller holds the lock.
func (v *vault) begin(secrets *keystore.Secrets, timeout time.Duration) {
	v.end()
	if timeout <= 0 {
		timeout = v.timeout
	}
	v.session = keystore.NewSession(secrets, timeout, v.now())
}

func (v *vault) end() {
	if v.session != nil {
		v.session.Lock()
	}
}

func (v *vault) lock() {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.end()
}

// deadline returns when the session ends; ok is false when it has.
func (v *vault) deadline() (at time.Time, ok bool) {
	if v == nil {
		return at, false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.session == nil || v.session.Locked(v.now()) {
		return at, false
	}
	return v.session.Deadline(), true
}

// use lends the secrets to fn, or returns keystore.ErrLocked. What its owner
// does moves the deadline; what the wallet does by itself must not.
func (v *vault) use(byOwner bool, fn func(secrets *keystore.Secrets) error) error {
	if v == nil {
		return ErrWatchOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.session == nil {
		return keystore.ErrLocked
	}
	now := v.now()
	secrets, err := v.session.Secrets(now)
	if err != nil {
		return err
	}
	if byOwner {
		v.session.Touch(now)
	}
	return fn(secrets)
}

// changePassword also ends the session: who knows the old password only is out.
func (v *vault) changePassword(old, password []byte) error {
	if v == nil {
		return ErrWatchOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.file.ChangePassword(old, password); err != nil {
		return err
	}
	v.end()
	return nil
}

func (v *vault) backup(to string) error {
	if v == nil {
		return ErrWatchOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.file.Backup(to)
}

// addSeed saves one more seed and returns its ID, also where it was there
// already. An open session goes on with the new set.
func (v *vault) addSeed(password, seed []byte, about keystore.About) (id keystore.ID, err error) {
	if v == nil {
		return id, ErrWatchOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	secrets, err := v.file.Unlock(password)
	if err != nil {
		return id, err
	}
	id, err = secrets.AddSeed(about, seed, v.rand)
	if err == nil {
		err = v.file.Save(password, secrets)
	}
	if errors.Is(err, keystore.ErrDuplicate) {
		id, err = findSeed(secrets, seed)
	}
	if err != nil || v.session == nil || v.session.Locked(v.now()) {
		secrets.Wipe()
		return id, err
	}
	v.begin(secrets, v.session.Deadline().Sub(v.now()))
	return id, nil
}

// findSeed returns the ID of a seed that is among the secrets.
func findSeed(secrets *keystore.Secrets, seed []byte) (keystore.ID, error) {
	for _, entry := range secrets.Entries() {
		held, err := secrets.Seed(entry.ID)
		same := err == nil && string(held) == string(seed)
		clear(held)
		if same {
			return entry.ID, nil
		}
	}
	return keystore.ID{}, keystore.ErrUnknown
}

// words returns the mnemonic of an ID, from the file and not from the session.
func (v *vault) words(password []byte, id keystore.ID) (words *hd.Mnemonic, passphrase bool, err error) {
	if v == nil {
		return nil, false, ErrWatchOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	secrets, err := v.file.Unlock(password)
	if err != nil {
		return nil, false, err
	}
	defer secrets.Wipe()
	entropy, phrase, err := secrets.Mnemonic(id)
	if err != nil {
		return nil, false, err
	}
	defer clear(entropy)
	defer clear(phrase)
	words, err = hd.NewMnemonic(entropy)
	return words, len(phrase) > 0, err
}
