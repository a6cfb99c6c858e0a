package hd

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/tyler-smith/go-bip39"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// The library takes and returns strings; here it says what is right.
func TestMnemonicAgreesWithLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{16, 20, 24, 28, 32}).Draw(t, "size")
		entropy := rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "entropy")
		passphrase := rapid.String().Draw(t, "passphrase")
		m, err := NewMnemonic(entropy)
		if err != nil {
			t.Fatal(err)
		}
		want, err := bip39.NewMnemonic(entropy)
		if err != nil || string(m.Sentence()) != want {
			t.Fatalf("%x spells %q, the library says %q, %v", entropy, m.Sentence(), want, err)
		}
		seed, err := m.Seed([]byte(passphrase))
		if err != nil || !bytes.Equal(seed, bip39.NewSeed(want, norm.NFKD.String(passphrase))) {
			t.Fatalf("another seed than the library's under %q, %v", passphrase, err)
		}
	})
}

// Sentences of good words that add up or do not: the library decides the same.
func TestParseMnemonicAgreesWithLibrary(t *testing.T) {
	list := bip39.GetWordList()
	accepted, rejected := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{12, 15, 18, 21, 24}).Draw(t, "words")
		sentence := strings.Join(rapid.SliceOfN(rapid.SampledFrom(list), n, n).Draw(t, "sentence"), " ")
		if rapid.Bool().Draw(t, "good") {
			sentence, _ = bip39.NewMnemonic(rapid.SliceOfN(rapid.Byte(), n/3*4, n/3*4).Draw(t, "entropy"))
		}
		want, refused := bip39.EntropyFromMnemonic(sentence)
		m, err := ParseMnemonic([]byte(sentence))
		switch {
		case refused != nil && !errors.Is(err, ErrChecksum):
			t.Fatalf("%q was read with %v, which the library refuses: %v", sentence, err, refused)
		case refused == nil && (err != nil || !bytes.Equal(m.Entropy(), want)):
			t.Fatalf("%q: %v, the library reads it", sentence, err)
		case refused == nil:
			accepted++
		default:
			rejected++
		}
	})
	if accepted == 0 || rejected == 0 {
		t.Errorf("%d sentences add up and %d do not", accepted, rejected)
	}
}

// What the search for a word and the room for a passphrase rest on.
func TestListIsSortedAndNormalFormsAreShort(t *testing.T) {
	list := bip39.GetWordList()
	if len(list) != 1<<wordBits || !slices.IsSorted(list) {
		t.Errorf("%d words, sorted: %t", len(list), slices.IsSorted(list))
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if text := string(r); len(norm.NFKD.String(text)) > normalGrowth*len(text) {
			t.Errorf("the normal form of %q has %d bytes", r, len(norm.NFKD.String(text)))
		}
	}
}

// The caller's sentence and passphrase are only read, whatever their case and
// form.
func TestSecretsAreOnlyRead(t *testing.T) {
	sentence := bytes.ToUpper([]byte(trezorVectors[1].sentence))
	passphrase := []byte("caf\u00e9")
	before := [][]byte{bytes.Clone(sentence), bytes.Clone(passphrase)}
	m, err := ParseMnemonic(sentence)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Seed(passphrase); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sentence, before[0]) || !bytes.Equal(passphrase, before[1]) {
		t.Errorf("they became %q and %q", sentence, passphrase)
	}
}
