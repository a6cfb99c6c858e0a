package p2p

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
)

// loadIdentity reads the node's key, or makes one when the file is missing. Only
// the seed is kept, as RFC 8032 derives the rest from it.
func loadIdentity(file string) (crypto.PrivKey, error) {
	seed, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		seed = make([]byte, ed25519.SeedSize)
		rand.Read(seed) // never fails
		err = writeSeed(file, seed)
	}
	if err != nil {
		return nil, fmt.Errorf("the node's key: %w", err)
	}
	defer clear(seed)
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("the node's key %s: %d bytes, want %d; move it away to have a new one made", file, len(seed), ed25519.SeedSize)
	}
	return crypto.UnmarshalEd25519PrivateKey(ed25519.NewKeyFromSeed(seed))
}

// writeSeed writes the key beside its place and moves it there, so that a crash
// leaves a whole key or none.
func writeSeed(file string, seed []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it was moved
	_, err = f.Write(seed)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

// syncDir makes a rename durable. Where directories cannot be synced, as on
// Windows, the file system does it by itself.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

// isEd25519 reports whether an id holds an ed25519 key, the only kind let in.
func isEd25519(id PeerID) bool {
	key, err := id.ExtractPublicKey()
	return err == nil && key.Type() == crypto.Ed25519
}

// strangerID returns an id that nobody has, to be told the real one by whoever
// is dialled with it.
func strangerID() (PeerID, error) {
	_, key, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return "", err
	}
	return peer.IDFromPublicKey(key)
}
