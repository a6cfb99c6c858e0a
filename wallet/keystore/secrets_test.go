package keystore

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/jio-dag/jio/wallet/hd"
)

// The canaries are secrets easy to find wherever they turn up.
var (
	canaryEntropy    = []byte("canary.entropy.1")
	canaryPassphrase = []byte("canary passphrase")
	canarySeed       = []byte("canary seed of thirty-two bytes.")
	canaryPassword   = []byte("canary password")
)

// testRandom gives the same bytes in every run.
func testRandom(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// canaries returns a wallet of a mnemonic and a seed.
func canaries(t testing.TB) (s *Secrets, mnemonic, seed ID) {
	t.Helper()
	s = new(Secrets)
	random := testRandom(1)
	mnemonic, err := s.AddMnemonic(About{"savings", 1_767_225_600_000}, canaryEntropy, canaryPassphrase, random)
	if err != nil {
		t.Fatal(err)
	}
	seed, err = s.AddSeed(About{Label: "mining"}, canarySeed, random)
	if err != nil {
		t.Fatal(err)
	}
	return s, mnemonic, seed
}

// assertNoCanary looks for pieces of the secrets in the forms in which they
// might leak.
func assertNoCanary(t testing.TB, where string, text []byte) {
	t.Helper()
	lower := bytes.ToLower(text)
	for _, secret := range [][]byte{canaryEntropy, canaryPassphrase, canarySeed, canaryPassword} {
		piece := secret[:9]
		decimal := strings.Trim(strings.ReplaceAll(fmtBytes(piece), " ", ","), "[]")
		for _, form := range []string{
			string(piece), hex.EncodeToString(piece), strings.ToLower(base64.StdEncoding.EncodeToString(piece)),
			decimal, strings.ReplaceAll(decimal, ",", " "),
		} {
			if bytes.Contains(lower, []byte(form)) {
				t.Errorf("%q is found in %s", form, where)
			}
		}
	}
}

func TestSecretsGiveBackWhatWasAdded(t *testing.T) {
	s, mnemonic, seed := canaries(t)
	entropy, passphrase, err := s.Mnemonic(mnemonic)
	if err != nil || !bytes.Equal(entropy, canaryEntropy) || !bytes.Equal(passphrase, canaryPassphrase) {
		t.Errorf("mnemonic came back as %q, %q, %v", entropy, passphrase, err)
	}
	raw, err := s.Seed(seed)
	if err != nil || !bytes.Equal(raw, canarySeed) {
		t.Errorf("seed came back as %q, %v", raw, err)
	}
	entries := s.Entries()
	want := []Entry{
		{mnemonic, Mnemonic, About{"savings", 1_767_225_600_000}},
		{seed, Seed, About{Label: "mining"}},
	}
	if len(entries) != 2 || entries[0] != want[0] || entries[1] != want[1] {
		t.Errorf("entries %v, want %v", entries, want)
	}
	if mnemonic == seed || len(mnemonic.String()) != 32 {
		t.Errorf("ids %v and %v", mnemonic, seed)
	}
}

func TestSecretsOwnTheirBytes(t *testing.T) {
	entropy, passphrase, seed := bytes.Clone(canaryEntropy), bytes.Clone(canaryPassphrase), bytes.Clone(canarySeed)
	s, random := new(Secrets), testRandom(1)
	mnemonicID, err1 := s.AddMnemonic(About{}, entropy, passphrase, random)
	seedID, err2 := s.AddSeed(About{}, seed, random)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		clear(entropy)
		clear(passphrase)
		clear(seed)
		entropy, passphrase, err1 = s.Mnemonic(mnemonicID)
		seed, err2 = s.Seed(seedID)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(entropy, canaryEntropy) || !bytes.Equal(passphrase, canaryPassphrase) || !bytes.Equal(seed, canarySeed) {
			t.Fatalf("wiping another's copy changed a secret: %q %q %q", entropy, passphrase, seed)
		}
	}
}

// The words of a wallet survive as entropy.
func TestSecretsCarryWords(t *testing.T) {
	for size := 16; size <= 32; size += 4 {
		entropy := make([]byte, size)
		testRandom(byte(size)).Read(entropy)
		words, err := hd.NewMnemonic(entropy)
		if err != nil {
			t.Fatal(err)
		}
		s := new(Secrets)
		id, err := s.AddMnemonic(About{}, words.Entropy(), nil, testRandom(1))
		if err != nil {
			t.Fatal(err)
		}
		stored, passphrase, err := s.Mnemonic(id)
		if err != nil || len(passphrase) != 0 {
			t.Fatalf("passphrase %q, error %v", passphrase, err)
		}
		if again, err := hd.NewMnemonic(stored); err != nil || !bytes.Equal(again.Sentence(), words.Sentence()) {
			t.Errorf("%d bytes: other words came back: %v", size, err)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	ok := func(n int) bool { return n >= 16 && n <= 32 && n%4 == 0 }
	for n := range 70 {
		s := new(Secrets)
		if _, err := s.AddMnemonic(About{}, make([]byte, n), nil, testRandom(1)); (err == nil) != ok(n) {
			t.Errorf("entropy of %d bytes: %v", n, err)
		}
		if _, err := s.AddSeed(About{}, make([]byte, n), testRandom(2)); (err == nil) != (n == 32) {
			t.Errorf("seed of %d bytes: %v", n, err)
		}
	}
	for _, c := range []struct {
		label      string
		passphrase int
		ok         bool
	}{
		{strings.Repeat("x", MaxLabel), MaxPassphrase, true},
		{strings.Repeat("x", MaxLabel+1), 0, false},
		{"caf\xe9", 0, false},
		{"", MaxPassphrase + 1, false},
	} {
		s := new(Secrets)
		id, err := s.AddMnemonic(About{Label: c.label}, canaryEntropy, bytes.Repeat([]byte{'x'}, c.passphrase), testRandom(1))
		if (err == nil) != c.ok || (err != nil && (id != ID{} || len(s.list) != 0)) {
			t.Errorf("label of %d bytes, passphrase of %d: %v, %d secrets", len(c.label), c.passphrase, err, len(s.list))
		}
	}
}

func TestAddRefusesDuplicates(t *testing.T) {
	s, _, _ := canaries(t)
	random := testRandom(2)
	if _, err := s.AddMnemonic(About{Label: "again"}, canaryEntropy, canaryPassphrase, random); !errors.Is(err, ErrDuplicate) {
		t.Errorf("the same mnemonic: %v", err)
	}
	if _, err := s.AddSeed(About{}, canarySeed, random); !errors.Is(err, ErrDuplicate) {
		t.Errorf("the same seed: %v", err)
	}
	if _, err := s.AddMnemonic(About{}, canaryEntropy, nil, random); err != nil {
		t.Errorf("another passphrase opens another wallet: %v", err)
	}
	if _, err := s.AddMnemonic(About{}, canarySeed, nil, random); err != nil {
		t.Errorf("entropy of the bytes of a seed is another secret: %v", err)
	}
}

func TestAddNeedsRandomness(t *testing.T) {
	s, _, _ := canaries(t)
	for name, random := range map[string]io.Reader{
		"none": iotest.ErrReader(io.ErrUnexpectedEOF), "short": bytes.NewReader(make([]byte, 15)), "repeating": testRandom(1),
	} {
		if id, err := s.AddSeed(About{}, make([]byte, 32), random); err == nil || id != (ID{}) || len(s.list) != 2 {
			t.Errorf("%s: id %v, error %v, %d secrets", name, id, err, len(s.list))
		}
	}
}

func TestAddStopsAtMaxSecrets(t *testing.T) {
	s := fullSecrets(t)
	if _, err := s.AddSeed(About{}, canarySeed, testRandom(2)); err == nil || len(s.list) != MaxSecrets {
		t.Errorf("one more than %d: %v", MaxSecrets, err)
	}
}

// fullSecrets returns as many secrets as there may be, each as long as can be.
func fullSecrets(t testing.TB) *Secrets {
	t.Helper()
	s, random := new(Secrets), testRandom(1)
	about := About{Label: strings.Repeat("x", MaxLabel)}
	for i := range MaxSecrets {
		entropy := bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 16)
		if _, err := s.AddMnemonic(about, entropy, make([]byte, MaxPassphrase), random); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestUnknownID(t *testing.T) {
	s, mnemonic, seed := canaries(t)
	for _, id := range []ID{{}, seed} {
		if _, _, err := s.Mnemonic(id); !errors.Is(err, ErrUnknown) {
			t.Errorf("mnemonic %v: %v", id, err)
		}
	}
	for _, id := range []ID{{}, mnemonic} {
		if _, err := s.Seed(id); !errors.Is(err, ErrUnknown) {
			t.Errorf("seed %v: %v", id, err)
		}
	}
	if err := s.Describe(ID{}, About{}); !errors.Is(err, ErrUnknown) {
		t.Errorf("describe: %v", err)
	}
}

func TestDescribe(t *testing.T) {
	s, mnemonic, _ := canaries(t)
	if err := s.Describe(mnemonic, About{"holidays", 7}); err != nil {
		t.Fatal(err)
	}
	want := About{"holidays", 7}
	if err := s.Describe(mnemonic, About{Label: strings.Repeat("x", MaxLabel+1)}); err == nil {
		t.Error("a label too long was taken")
	}
	if got := s.Entries()[0].About; got != want {
		t.Errorf("described as %v, want %v", got, want)
	}
}

func TestKeeps(t *testing.T) {
	s, mnemonic, seed := canaries(t)
	empty, renamed, fewer, other := new(Secrets), new(Secrets), new(Secrets), new(Secrets)
	renamed.list = []*secret{{Entry{mnemonic, Mnemonic, About{Label: "x"}}, &material{canaryEntropy, canaryPassphrase}}, s.list[1]}
	fewer.list = s.list[:1]
	other.list = []*secret{s.list[0], {Entry{ID: seed, Kind: Seed}, &material{value: make([]byte, 32)}}}
	for name, c := range map[string]struct {
		s, old *Secrets
		want   bool
	}{
		"itself": {s, s, true}, "renamed": {renamed, s, true}, "more": {s, fewer, true}, "nothing": {s, empty, true},
		"fewer": {fewer, s, false}, "none": {empty, s, false}, "another under its ID": {other, s, false},
	} {
		if got := c.s.keeps(c.old); got != c.want {
			t.Errorf("%s: keeps is %t", name, got)
		}
	}
}

func TestWipe(t *testing.T) {
	s, mnemonic, seed := canaries(t)
	var held [][]byte
	for _, k := range s.list {
		held = append(held, k.value, k.passphrase)
	}
	s.Wipe()
	for _, memory := range held {
		if !bytes.Equal(memory, make([]byte, len(memory))) {
			t.Errorf("%q is left after Wipe", memory)
		}
	}
	if _, err := s.Seed(seed); !errors.Is(err, ErrUnknown) || len(s.Entries()) != 0 {
		t.Errorf("a wiped seed: %v", err)
	}
	if _, _, err := s.Mnemonic(mnemonic); !errors.Is(err, ErrUnknown) {
		t.Errorf("a wiped mnemonic: %v", err)
	}
}

// A secret that is refused is not left in memory either.
func TestAddWipesWhatItRefuses(t *testing.T) {
	s, _, _ := canaries(t)
	k := &secret{Entry{Kind: Mnemonic}, &material{bytes.Clone(canaryEntropy), bytes.Clone(canaryPassphrase)}}
	value, passphrase := k.value, k.passphrase
	if _, err := s.add(k, testRandom(2)); err == nil {
		t.Fatal("a duplicate was taken")
	}
	if !bytes.Equal(value, make([]byte, len(value))) || !bytes.Equal(passphrase, make([]byte, len(passphrase))) {
		t.Errorf("%q and %q are left", value, passphrase)
	}
}
