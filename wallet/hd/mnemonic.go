package hd

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"slices"
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
// wrong checksum is ErrChecksum. The sentence is only read.
func ParseMnemonic(sentence []byte) (*Mnemonic, error) {
	lower := bytes.ToLower(sentence)
	defer clear(lower)
	typed := bytes.Fields(lower)
	n := len(typed)
	if n < 12 || n > 24 || n%3 != 0 {
		return nil, fmt.Errorf("a mnemonic has 12, 15, 18, 21 or 24 words, not %d", n)
	}
	code := make([]byte, n/3*4+1)
	defer clear(code)
	for i, word := range typed {
		number, ok := numberOf(word)
		if !ok {
			return nil, WordError{i + 1}
		}
		for bit := range wordBits {
			at := i*wordBits + bit
			code[at/8] |= byte(number>>(wordBits-1-bit)&1) << (7 - at%8)
		}
	}
	entropy := code[:len(code)-1]
	right := encoded(entropy)
	defer clear(right)
	if !bytes.Equal(code, right) {
		return nil, ErrChecksum
	}
	return NewMnemonic(entropy)
}

// wordBits is how much of the code one word stands for: the list has 2048.
const wordBits = 11

// encoded returns what the words spell, filled up with zero bits: the entropy,
// and of its SHA-256 one bit for each 4 bytes, the checksum (BIP-39).
func encoded(entropy []byte) []byte {
	sum := sha256.Sum256(entropy)
	checksum := sum[0] &^ (0xff >> (len(entropy) / 4))
	return append(append(make([]byte, 0, len(entropy)+1), entropy...), checksum)
}

// numberOf returns the place of a word in the list, which is sorted.
func numberOf(word []byte) (number int, ok bool) {
	return slices.BinarySearchFunc(bip39.GetWordList(), word, func(listed string, word []byte) int {
		return bytes.Compare([]byte(listed), word)
	})
}

// WordsWith returns the words a mnemonic may have that begin with a prefix, in
// lower case, in alphabetical order.
func WordsWith(prefix []byte) (words []string) {
	for _, word := range bip39.GetWordList() {
		if len(word) >= len(prefix) && word[:len(prefix)] == string(prefix) {
			words = append(words, word)
		}
	}
	return words
}

// Sentence returns the words in lower case with one space between them. The
// caller wipes it.
func (m *Mnemonic) Sentence() []byte {
	if len(m.entropy) == 0 {
		panic("hd: a mnemonic used after it was wiped")
	}
	code := encoded(m.entropy)
	defer clear(code)
	const longest = 8 + 1 // letters of a word, and the space
	sentence := make([]byte, 0, len(code)*longest)
	for at := 0; at+wordBits <= len(m.entropy)*33/4; at += wordBits {
		number := 0
		for bit := at; bit < at+wordBits; bit++ {
			number = number<<1 | int(code[bit/8]>>(7-bit%8)&1)
		}
		sentence = append(append(sentence, bip39.GetWordList()[number]...), ' ')
	}
	return sentence[:len(sentence)-1]
}

// Entropy returns a copy of the 16 to 32 bytes behind the words: all that has
// to be stored to restore them.
func (m *Mnemonic) Entropy() []byte { return append([]byte(nil), m.entropy...) }

// Seed returns the 64 bytes that Master wants, by PBKDF2 (BIP-39); the caller
// wipes them. The passphrase, which is only read, may be empty and every text is
// a valid one, each opening another wallet. BIP-39 hashes its NFKD form, so that
// it does not matter in which of the ways that look alike a keyboard encodes a
// letter.
func (m *Mnemonic) Seed(passphrase []byte) ([]byte, error) {
	if !utf8.Valid(passphrase) {
		return nil, errors.New("the passphrase is not text in UTF-8")
	}
	phrase := norm.NFKD.Append(make([]byte, 0, normalGrowth*len(passphrase)), passphrase...)
	defer clear(phrase)
	sentence := m.Sentence()
	defer clear(sentence)
	return stretched(sentence, phrase), nil
}

// normalGrowth is how many times as long as itself a character's NFKD form can be.
// A slice with that much room is not moved, and leaves no copy behind.
const normalGrowth = 11

// stretched is the first block of PBKDF2 with HMAC-SHA-512 in 2048 rounds
// (RFC 8018), under the salt that BIP-39 makes of a passphrase.
func stretched(sentence, passphrase []byte) []byte {
	mac := hmac.New(sha512.New, sentence)
	mac.Write([]byte("mnemonic"))
	mac.Write(passphrase)
	mac.Write([]byte{0, 0, 0, 1}) // the number of the block
	round := mac.Sum(nil)
	defer clear(round)
	seed := bytes.Clone(round)
	for range 2048 - 1 {
		mac.Reset()
		mac.Write(round)
		round = mac.Sum(round[:0])
		subtle.XORBytes(seed, seed, round)
	}
	return seed
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
