package load

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/jio-dag/jio/chain/types"
)

// A Key is the entropy behind the words of all wallets that pay each other.
type Key struct {
	entropy [32]byte
	name    string
	held    *os.File // nil while it is not locked
	wallets []wallet
}

// MaxWallets bounds the wallets of one key. All of them are watched, so that
// what more wallets of an earlier run were paid is spent.
const MaxWallets = 64

// ErrBusy is returned by Lock for a key that another process spends from.
var ErrBusy = errors.New("another process pays from this purse")

// OpenKey reads the key in a file, which holds 32 bytes in hex and is made,
// readable by its owner alone, where it is missing.
func OpenKey(name string) (*Key, error) {
	if err := makeKey(name); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	k := &Key{name: name}
	line := strings.TrimSpace(string(text))
	if len(line) != 2*len(k.entropy) {
		return nil, fmt.Errorf("%s holds no key: want 64 hexadecimal digits", name)
	}
	if _, err := hex.Decode(k.entropy[:], []byte(line)); err != nil {
		return nil, fmt.Errorf("%s holds no key: %w", name, err)
	}
	if k.wallets, err = openWallets(k.entropy[:]); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return k, nil
}

// Lock makes sure that nobody else spends from the purse: two who spend the same
// coins would be in each other's way. Close releases it.
func (k *Key) Lock() (err error) {
	if k.held, err = os.Open(k.name); err != nil {
		return err
	}
	err = syscall.Flock(int(k.held.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("%s: %w", k.name, ErrBusy)
	}
	return err
}

func makeKey(name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var seed [32]byte
	rand.Read(seed[:]) // never fails
	_, err = fmt.Fprintf(f, "%x\n", seed)
	return errors.Join(err, f.Close())
}

// Close releases the lock.
func (k *Key) Close() error {
	if k.held == nil {
		return nil
	}
	return k.held.Close()
}

// Name returns the key's file.
func (k *Key) Name() string { return k.name }

// Address is what pays into the first wallet.
func (k *Key) Address() types.Address { return k.wallets[0].receive.address }
