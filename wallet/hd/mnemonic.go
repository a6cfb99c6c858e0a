package hd

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tyler-smith/go-bip39"
)

// SeedSize is the length in bytes of the seed a mnemonic yields.
const SeedSize = 64

// A Mnemonic is the entropy behind a BIP-39 sentence of English words. It is
// made by NewMnemonic or ParseMnemonic and is not usable after Wipe.
type Mnemonic struct{ entropy []byte }

// NewMnemonic returns the mnemonic of 16 bytes of entropy (12 words) or 32
// bytes (24 words). The entropy must come from a cryptographic source; it is
// copied, and wiping the original is the caller's part.
func NewMnemonic(entropy []byte) (*Mnemonic, error) {
	if n := len(entropy); n != 16 && n != 32 {
		return nil, fmt.Errorf("a new mnemonic needs 16 bytes of entropy for 12 words or 32 for 24, not %d", n)
	}
	return &Mnemonic{append([]byte(nil), entropy...)}, nil
}

// A WordError says which word of a sentence is not in the English word list.
type WordError struct {
	Position int // counted from 1
}

// Error implements error. It does not repeat the word, which may be a slip of
// the pen away from a secret one.
func (e WordError) Error() string {
	return fmt.Sprintf("word %d is not one of the 2048 words a mnemonic is made of; please check its spelling", e.Position)
}

// ErrChecksum is returned for a sentence of good words whose checksum is wrong.
var ErrChecksum = errors.New("each word is a good one but together they do not add up; " +
	"most likely one is wrong or two have changed places")

// ParseMnemonic reads a sentence of 12, 15, 18, 21 or 24 words, separated by
// any white space, in upper or lower case. A foreign word is a WordError, a
// wrong checksum is ErrChecksum.
func ParseMnemonic(sentence string) (*Mnemonic, error) {
	words := strings.Fields(strings.ToLower(sentence))
	if n := len(words); n < 12 || n > 24 || n%3 != 0 {
		return nil, fmt.Errorf("a mnemonic has 12, 15, 18, 21 or 24 words, not %d", n)
	}
	for i, word := range words {
		if _, ok := bip39.GetWordIndex(word); !ok {
			return nil, WordError{i + 1}
		}
	}
	entropy, err := bip39.EntropyFromMnemonic(strings.Join(words, " "))
	if err != nil {
		return nil, ErrChecksum // count and words are good, nothing else is left
	}
	return &Mnemonic{entropy}, nil
}

// Sentence returns the words in lower case with one space between them.
func (m *Mnemonic) Sentence() string {
	sentence, err := bip39.NewMnemonic(m.entropy)
	if err != nil {
		panic("hd: a mnemonic used after it was wiped")
	}
	return sentence
}

// Words returns the words of the sentence in their order.
func (m *Mnemonic) Words() []string { return strings.Fields(m.Sentence()) }

// Entropy returns a copy of the 16 to 32 bytes behind the words: all that has
// to be stored to restore them.
func (m *Mnemonic) Entropy() []byte { return append([]byte(nil), m.entropy...) }

// Seed returns the 64 bytes that Master wants, by PBKDF2 (BIP-39); the caller
// wipes them. The passphrase may be empty and every passphrase is valid, each
// opening another wallet.
//
// BIP-39 hashes the NFKD form of a passphrase. ASCII is its own NFKD form; any
// other text can be typed in ways that look alike and differ in bytes, so it is
// refused rather than made the key to a wallet nobody can open again.
func (m *Mnemonic) Seed(passphrase string) ([]byte, error) {
	for i := range len(passphrase) {
		if passphrase[i] >= 0x80 {
			return nil, errors.New("the passphrase has a character outside ASCII; " +
				"keyboards encode such characters differently, so only plain letters, digits, signs and spaces are taken")
		}
	}
	return bip39.NewSeed(m.Sentence(), passphrase), nil
}

// Wipe overwrites the entropy.
func (m *Mnemonic) Wipe() {
	clear(m.entropy)
	m.entropy = nil
}

// String returns "[redacted]".
func (m *Mnemonic) String() string { return redacted }

// Format implements fmt.Formatter, since String alone would leave %d and %#v to
// print the fields.
func (m *Mnemonic) Format(s fmt.State, _ rune) { io.WriteString(s, redacted) }
