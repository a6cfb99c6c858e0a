package hd

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tyler-smith/go-bip39"
	"golang.org/x/text/unicode/norm"
)

// SeedSize is the length in bytes of the seed a mnemonic yields.
const SeedSize = 64

// A Mnemonic is the entropy behind a BIP-39 sentence of English words. It is
// made by NewMnemonic or ParseMnemonic and is not usable after Wipe.
type Mnemonic struct{ *words }

// words are behind a pointer of their own, for the reason that a node is.
type words struct{ entropy []byte }

// NewMnemonic returns the mnemonic of 16, 20, 24, 28 or 32 bytes of entropy: 12,
// 15, 18, 21 or 24 words. The entropy must come from a cryptographic source; it
// is copied, and wiping the original is the caller's part.
func NewMnemonic(entropy []byte) (*Mnemonic, error) {
	if n := len(entropy); n < 16 || n > 32 || n%4 != 0 {
		return nil, fmt.Errorf("a mnemonic needs 16 bytes of entropy for 12 words up to 32 for 24, in steps of 4, not %d", n)
	}
	return &Mnemonic{&words{append([]byte(nil), entropy...)}}, nil
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
	typed := strings.Fields(strings.ToLower(sentence))
	if n := len(typed); n < 12 || n > 24 || n%3 != 0 {
		return nil, fmt.Errorf("a mnemonic has 12, 15, 18, 21 or 24 words, not %d", n)
	}
	for i, word := range typed {
		if _, ok := bip39.GetWordIndex(word); !ok {
			return nil, WordError{i + 1}
		}
	}
	entropy, err := bip39.EntropyFromMnemonic(strings.Join(typed, " "))
	if err != nil {
		return nil, ErrChecksum // count and words are good, nothing else is left
	}
	return &Mnemonic{&words{entropy}}, nil
}

// WordsWith returns the words a mnemonic may have that begin with a prefix, in
// lower case, in alphabetical order.
func WordsWith(prefix string) (words []string) {
	for _, word := range bip39.GetWordList() {
		if strings.HasPrefix(word, prefix) {
			words = append(words, word)
		}
	}
	return words
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
// wipes them. The passphrase may be empty and every text is a valid one, each
// opening another wallet. BIP-39 hashes its NFKD form, so that it does not matter
// in which of the ways that look alike a keyboard encodes a letter.
func (m *Mnemonic) Seed(passphrase string) ([]byte, error) {
	if !utf8.ValidString(passphrase) {
		return nil, errors.New("the passphrase is not text in UTF-8")
	}
	return bip39.NewSeed(m.Sentence(), norm.NFKD.String(passphrase)), nil
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
