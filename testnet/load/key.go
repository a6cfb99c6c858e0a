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

// A Key is the key of a purse, and the lock on its file: two who spend the same
// coins would be in each other's way. Close releases it.
type Key struct {
	seed [32]byte
	file *os.File
}

// ErrBusy is returned by OpenKey for a key that another process spends from.
var ErrBusy = errors.New("another process pays from this purse")

// OpenKey reads the key in a file, which holds 32 bytes in hex and is made,
// readable by its owner alone, where it is missing.
func OpenKey(name string) (*Key, error) {
	if err := makeKey(name); err != nil {
		return nil, err
	}
	k, err := ReadKey(name)
	if err != nil {
		return nil, err
	}
	if k.file, err = os.Open(name); err != nil {
		return nil, err
	}
	err = syscall.Flock(int(k.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return k, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%s: %w", name, ErrBusy)
	}
	return nil, errors.Join(err, k.Close())
}

// ReadKey is OpenKey for who only wants the address: it takes no lock, and the
// file must be there.
func ReadKey(name string) (*Key, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	k := new(Key)
	line := strings.TrimSpace(string(text))
	if n, err := hex.Decode(k.seed[:], []byte(line)[:min(len(line), 64)]); err != nil || n != 32 || len(line) != 64 {
		return nil, fmt.Errorf("%s holds no key: want 64 hexadecimal digits", name)
	}
	return k, nil
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
	if k.file == nil {
		return nil
	}
	return k.file.Close()
}

// Address is what pays into the purse.
func (k *Key) Address() types.Address {
	policy := k.policy()
	return policy.Address()
}

func (k *Key) policy() types.Policy { return types.KeyPolicy(types.PublicKey(k.seed)) }
