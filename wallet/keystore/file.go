package keystore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A File is the encrypted file of a wallet. Its methods derive a key from the
// password once to three times, each some tenths of a second and 64 MiB.
// Passwords are only read, and wiping them is the caller's part. A File must
// have one user at a time.
type File struct {
	path   string
	rand   io.Reader
	disk   disk
	cost   cost
	bounds bounds
}

// At returns the File at a path, which need not exist yet. The reader gives
// salts and nonces, so it must be a cryptographic one, as that of crypto/rand.
func At(path string, rand io.Reader) *File {
	return &File{path, rand, osDisk{}, standardCost, standardBounds}
}

// Create writes a new file, and the directory around it where there is none.
// It returns ErrExists rather than replacing anything.
func (f *File) Create(password []byte, secrets *Secrets) error {
	sealed, err := f.proven(password, secrets, f.cost)
	if err != nil {
		return err
	}
	return f.settle(sealed)
}

// Unlock returns the secrets in the file; the caller wipes them. A wrong
// password and a damaged file are ErrPassword; a missing file is
// fs.ErrNotExist.
func (f *File) Unlock(password []byte) (*Secrets, error) {
	secrets, _, err := f.open(password)
	return secrets, err
}

// Save replaces the secrets in the file by those given, under the same
// password. All that are in the file must be among them, else it returns
// ErrForgets.
func (f *File) Save(password []byte, secrets *Secrets) error {
	current, strength, err := f.open(password)
	if err != nil {
		return err
	}
	defer current.Wipe()
	if !secrets.keeps(current) {
		return ErrForgets
	}
	return f.rewrite(password, secrets, strength)
}

// ChangePassword puts the file under another password. Older copies of the
// file, backups among them, still open with the old one.
func (f *File) ChangePassword(old, password []byte) error {
	if len(password) == 0 {
		return ErrNoPassword
	}
	secrets, strength, err := f.open(old)
	if err != nil {
		return err
	}
	defer secrets.Wipe()
	return f.rewrite(password, secrets, strength)
}

// Backup copies the file as it is, encrypted, to a path in a directory that
// exists. It returns ErrExists rather than replacing anything.
func (f *File) Backup(to string) error {
	sealed, err := f.read()
	if err != nil {
		return err
	}
	if _, err := parseHeader(sealed, f.bounds); err != nil {
		return err
	}
	return f.writeNew(to, sealed)
}

// Restore puts a backup in the place of the file, which must be vacant, else it
// returns ErrExists. The password is that of the backup, which may lie on a
// disk without permissions.
func (f *File) Restore(from string, password []byte) error {
	sealed, _, err := readRegular(from)
	if err != nil {
		return err
	}
	secrets, _, err := open(password, sealed, f.bounds)
	if err != nil {
		return err
	}
	secrets.Wipe()
	return f.settle(sealed)
}

func (f *File) open(password []byte) (*Secrets, cost, error) {
	sealed, err := f.read()
	if err != nil {
		return nil, cost{}, err
	}
	return open(password, sealed, f.bounds)
}

// read returns the file as it is, provided that it is its owner's alone.
func (f *File) read() ([]byte, error) {
	sealed, mode, err := readRegular(f.path)
	if err != nil {
		return nil, err
	}
	if err := checkFileMode(f.path, mode); err != nil {
		return nil, err
	}
	return sealed, checkDir(filepath.Dir(f.path))
}

// proven seals the secrets and opens them again from the password: a bit that
// flips in the 64 MiB on the way to the key would else lock them up for good.
func (f *File) proven(password []byte, secrets *Secrets, c cost) ([]byte, error) {
	sealed, err := seal(password, secrets, c, f.rand)
	if err != nil {
		return nil, err
	}
	again, _, err := open(password, sealed, f.bounds)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrUnproven, err)
	}
	defer again.Wipe()
	if !again.keeps(secrets) {
		return nil, ErrUnproven
	}
	return sealed, nil
}

func (f *File) rewrite(password []byte, secrets *Secrets, strength cost) error {
	sealed, err := f.proven(password, secrets, f.cost.stronger(strength))
	if err != nil {
		return err
	}
	return replace(f.disk, f.path, sealed)
}

// settle writes a file where there was none, in a directory of its own.
func (f *File) settle(sealed []byte) error {
	dir := filepath.Dir(f.path)
	if err := makeDir(f.disk, dir); err != nil {
		return err
	}
	if err := checkDir(dir); err != nil {
		return err
	}
	return f.writeNew(f.path, sealed)
}

func (f *File) writeNew(path string, sealed []byte) error {
	switch _, err := os.Lstat(path); {
	case err == nil:
		return fmt.Errorf("%s: %w", path, ErrExists)
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	return replace(f.disk, path, sealed)
}
