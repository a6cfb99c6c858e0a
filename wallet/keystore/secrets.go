package keystore

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

const (
	// MaxSecrets is the greatest number of secrets in a file.
	MaxSecrets = 1024
	// MaxLabel is the greatest length of a label in bytes.
	MaxLabel = 128
	// MaxPassphrase is the greatest length of a passphrase in bytes.
	MaxPassphrase = 1024
)

// An ID names a secret for good: it is random, says nothing of the secret, and
// stays with it through changes, backups and restores.
type ID [16]byte

// String returns the ID in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// A Kind says what a secret is.
type Kind uint8

const (
	// Mnemonic is the entropy of BIP-39 words, 16 to 32 bytes in steps of 4, and a
	// passphrase.
	Mnemonic Kind = 1
	// Seed is a single 32-byte Ed25519 private key of RFC 8032. The 64-byte form
	// is never kept: a signature made under an altered public half gives the
	// private half away.
	Seed Kind = 2
)

// String returns "mnemonic" or "seed".
func (k Kind) String() string {
	switch k {
	case Mnemonic:
		return "mnemonic"
	case Seed:
		return "seed"
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// About is what its owner notes on a secret.
type About struct {
	Label    string // at most MaxLabel bytes of UTF-8
	Birthday uint64 // no coins came earlier, in milliseconds since 1970 as in a header; 0 is unknown
}

// An Entry describes a secret and holds nothing of it.
type Entry struct {
	ID   ID
	Kind Kind
	About
}

// A secret is held by a pointer, and its material by another: given a verb
// that does not suit it, as %s, fmt follows one pointer and prints what is there.
type secret struct {
	entry Entry
	*material
}

type material struct {
	value      []byte // entropy or seed
	passphrase []byte // of a Mnemonic
}

// Secrets are what a File keeps, in the order in which they were added. The
// zero value is empty and ready for use. It must have one user at a time.
type Secrets struct {
	redaction
	list []*secret
}

// AddMnemonic adds the entropy of 12, 15, 18, 21 or 24 words, 16 to 32 bytes, with
// a passphrase that may be empty. Both are copied; rand gives the ID.
func (s *Secrets) AddMnemonic(about About, entropy, passphrase []byte, rand io.Reader) (ID, error) {
	entry := Entry{Kind: Mnemonic, About: about}
	return s.add(&secret{entry, &material{bytes.Clone(entropy), bytes.Clone(passphrase)}}, rand)
}

// AddSeed adds a 32-byte Ed25519 seed, which is copied; rand gives the ID.
func (s *Secrets) AddSeed(about About, seed []byte, rand io.Reader) (ID, error) {
	entry := Entry{Kind: Seed, About: about}
	return s.add(&secret{entry, &material{value: bytes.Clone(seed)}}, rand)
}

// add takes k over, or wipes it.
func (s *Secrets) add(k *secret, rand io.Reader) (ID, error) {
	if err := s.admit(k, rand); err != nil {
		k.wipe()
		return ID{}, err
	}
	s.list = append(s.list, k)
	return k.entry.ID, nil
}

func (s *Secrets) admit(k *secret, rand io.Reader) error {
	if err := k.check(); err != nil {
		return err
	}
	if len(s.list) >= MaxSecrets {
		return fmt.Errorf("a wallet file holds at most %d secrets", MaxSecrets)
	}
	if slices.ContainsFunc(s.list, k.equal) {
		return ErrDuplicate
	}
	if _, err := io.ReadFull(rand, k.entry.ID[:]); err != nil {
		return fmt.Errorf("reading randomness: %w", err)
	}
	if s.find(k.entry.ID) != nil {
		return errors.New("the source of randomness repeats itself")
	}
	return nil
}

// check says what is wrong with a secret and repeats nothing of it.
func (k *secret) check() error {
	n := len(k.value)
	switch {
	case k.entry.Kind != Mnemonic && k.entry.Kind != Seed:
		return errors.New("a secret of unknown kind")
	case k.entry.Kind == Mnemonic && (n < 16 || n > 32 || n%4 != 0):
		return fmt.Errorf("a wallet keeps 16 bytes of entropy for 12 words up to 32 for 24, in steps of 4, not %d", n)
	case k.entry.Kind == Seed && n != ed25519.SeedSize:
		return fmt.Errorf("a seed has %d bytes, not %d", ed25519.SeedSize, n)
	case k.entry.Kind == Seed && len(k.passphrase) > 0:
		return errors.New("a seed has no passphrase")
	case len(k.passphrase) > MaxPassphrase:
		return fmt.Errorf("a passphrase has at most %d bytes", MaxPassphrase)
	}
	return checkLabel(k.entry.Label)
}

func checkLabel(label string) error {
	if len(label) > MaxLabel || !utf8.ValidString(label) {
		return fmt.Errorf("a label has at most %d bytes of UTF-8", MaxLabel)
	}
	return nil
}

// equal reports whether two secrets are the same, whatever their entries note.
func (k *secret) equal(other *secret) bool {
	return k.entry.Kind == other.entry.Kind &&
		bytes.Equal(k.value, other.value) && bytes.Equal(k.passphrase, other.passphrase)
}

func (k *secret) wipe() {
	clear(k.value)
	clear(k.passphrase)
	*k.material = material{}
}

func (s *Secrets) find(id ID) *secret {
	for _, k := range s.list {
		if k.entry.ID == id {
			return k
		}
	}
	return nil
}

// keeps reports whether every secret of old is here, under its ID.
func (s *Secrets) keeps(old *Secrets) bool {
	for _, k := range old.list {
		if kept := s.find(k.entry.ID); kept == nil || !kept.equal(k) {
			return false
		}
	}
	return true
}

// Entries describes the secrets in the order in which they were added.
func (s *Secrets) Entries() []Entry {
	entries := make([]Entry, len(s.list))
	for i, k := range s.list {
		entries[i] = k.entry
	}
	return entries
}

// Mnemonic returns copies of the entropy and the passphrase of a Mnemonic; the
// caller wipes them. An ID of no Mnemonic is ErrUnknown.
func (s *Secrets) Mnemonic(id ID) (entropy, passphrase []byte, err error) {
	k := s.find(id)
	if k == nil || k.entry.Kind != Mnemonic {
		return nil, nil, ErrUnknown
	}
	return bytes.Clone(k.value), bytes.Clone(k.passphrase), nil
}

// Seed returns a copy of a 32-byte Seed; the caller wipes it. An ID of no Seed
// is ErrUnknown.
func (s *Secrets) Seed(id ID) ([]byte, error) {
	k := s.find(id)
	if k == nil || k.entry.Kind != Seed {
		return nil, ErrUnknown
	}
	return bytes.Clone(k.value), nil
}

// Describe replaces what is noted on a secret. An ID of no secret is
// ErrUnknown.
func (s *Secrets) Describe(id ID, about About) error {
	k := s.find(id)
	if k == nil {
		return ErrUnknown
	}
	if err := checkLabel(about.Label); err != nil {
		return err
	}
	k.entry.About = about
	return nil
}

// Wipe overwrites all secrets with zeros and leaves none. Wiped secrets never
// replace a file: Save sees that they are missing.
func (s *Secrets) Wipe() {
	for _, k := range s.list {
		k.wipe()
	}
	s.list = nil
}
