package keystore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// A derivation at cheapCost takes microseconds. Only tests reach it: a File
// made by At refuses it.
var (
	cheapCost   = cost{memory: 64, passes: 1, lanes: 1}
	cheapBounds = bounds{least: cost{8, 1, 1}, most: cost{1024, 4, 4}}
)

func sealCanaries(t testing.TB) []byte {
	t.Helper()
	s, _, _ := canaries(t)
	sealed, err := seal(canaryPassword, s, cheapCost, testRandom(2))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// TestSealedLayout reads a sealed file by the offsets of the package comment.
func TestSealedLayout(t *testing.T) {
	sealed := sealCanaries(t)
	random := make([]byte, 40)
	io.ReadFull(testRandom(2), random)
	if string(sealed[:8]) != "jio-keys" || sealed[8] != 1 || len(sealed) != 58+1024+16 {
		t.Fatalf("a file of %d bytes that begins with %q", len(sealed), sealed[:9])
	}
	if !bytes.Equal(sealed[18:58], random) {
		t.Error("salt and nonce are not those that were drawn")
	}
	memory, passes := binary.LittleEndian.Uint32(sealed[9:]), binary.LittleEndian.Uint32(sealed[13:])
	if memory != 64 || passes != 1 || sealed[17] != 1 {
		t.Errorf("cost %d %d %d", memory, passes, sealed[17])
	}
	key := argon2.IDKey(canaryPassword, sealed[18:34], passes, memory, sealed[17], 32)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, sealed[34:58], sealed[58:], sealed[:58])
	if err != nil {
		t.Fatal(err)
	}
	if s, _, _ := canaries(t); !bytes.Equal(plain, s.encode()) {
		t.Errorf("the file holds %x", plain)
	}
}

func TestSealHidesTheSecrets(t *testing.T) {
	assertNoCanary(t, "the file", sealCanaries(t))
}

func TestOpenGivesBack(t *testing.T) {
	want, _, _ := canaries(t)
	got, c, err := open(canaryPassword, sealCanaries(t), cheapBounds)
	if err != nil || c != cheapCost {
		t.Fatalf("cost %v, error %v", c, err)
	}
	if !bytes.Equal(got.encode(), want.encode()) {
		t.Error("other secrets came back")
	}
}

// Every bit of a file counts.
func TestOpenRefusesEveryFlip(t *testing.T) {
	sealed := sealCanaries(t)
	for i := range sealed {
		masks := []byte{1, 2, 4, 8, 16, 32, 64, 128, 255}
		if i >= headerSize {
			masks = []byte{1 << (i % 8), 255}
		}
		for _, mask := range masks {
			sealed[i] ^= mask
			_, _, err := open(canaryPassword, sealed, cheapBounds)
			if want := flipError(i, err); !errors.Is(err, want) {
				t.Fatalf("byte %d flipped by %#x: error %v, want %v", i, mask, err, want)
			}
			sealed[i] ^= mask
		}
	}
}

// flipError is the error due for a flip of byte i. Of a cost that was changed
// the range decides, and where it is kept, the cipher.
func flipError(i int, got error) error {
	switch {
	case i < 8:
		return ErrFormat
	case i == 8:
		return ErrVersion
	case i < 18 && errors.Is(got, ErrParameters):
		return ErrParameters
	}
	return ErrPassword
}

func TestOpenRefusesEveryTruncation(t *testing.T) {
	sealed := sealCanaries(t)
	for n := range sealed {
		_, _, err := open(canaryPassword, sealed[:n], cheapBounds)
		want := ErrPassword
		if n < headerSize {
			want = ErrFormat
		}
		if !errors.Is(err, want) {
			t.Fatalf("%d of %d bytes: error %v, want %v", n, len(sealed), err, want)
		}
	}
	if _, _, err := open(canaryPassword, append(sealed, 0), cheapBounds); !errors.Is(err, ErrPassword) {
		t.Errorf("a byte more: %v", err)
	}
}

// Whatever fails behind the header fails alike: nothing tells a wrong password
// from a damaged file.
func TestOneErrorForPasswordAndDamage(t *testing.T) {
	sealed := sealCanaries(t)
	for _, password := range []string{"canary passwore", "canary password ", "canary passwor", "c", "\x00", "CANARY PASSWORD"} {
		if _, _, err := open([]byte(password), sealed, cheapBounds); err != ErrPassword { //nolint:errorlint // the very same value
			t.Errorf("password %q: %v", password, err)
		}
	}
	sealed[len(sealed)-1] ^= 1
	if _, _, err := open(canaryPassword, sealed, cheapBounds); err != ErrPassword { //nolint:errorlint // the very same value
		t.Errorf("a damaged file: %v", err)
	}
	if _, _, err := open(nil, sealed, cheapBounds); !errors.Is(err, ErrNoPassword) {
		t.Errorf("no password: %v", err)
	}
}

// TestStandardBounds asks for costs at either side of each limit. A header is
// refused before anything is derived from it, so the refusals take no time.
func TestStandardBounds(t *testing.T) {
	for _, c := range []struct {
		cost cost
		ok   bool
	}{
		{standardCost, true},
		{cost{19 << 10, 1, 1}, true},
		{cost{19<<10 - 1, 3, 4}, false},
		{cost{64, 1, 1}, false},
		{cost{0, 3, 4}, false},
		{cost{1 << 20, 3, 4}, true},
		{cost{1<<20 + 1, 3, 4}, false},
		{cost{1<<32 - 1, 3, 4}, false},
		{cost{64 << 10, 0, 4}, false},
		{cost{64 << 10, 16, 16}, true},
		{cost{64 << 10, 17, 4}, false},
		{cost{64 << 10, 1<<32 - 1, 4}, false},
		{cost{64 << 10, 3, 0}, false},
		{cost{64 << 10, 3, 17}, false},
		{cost{64 << 10, 3, 255}, false},
	} {
		h := header{cost: c.cost}
		got, err := parseHeader(h.encode(), standardBounds)
		if (err == nil) != c.ok || (!c.ok && !errors.Is(err, ErrParameters)) || (c.ok && got != h) {
			t.Errorf("%v: %v", c.cost, err)
		}
		if c.ok {
			continue
		}
		if _, _, err := open(canaryPassword, h.encode(), standardBounds); !errors.Is(err, ErrParameters) {
			t.Errorf("open at %v: %v", c.cost, err)
		}
	}
	if standardCost != (cost{65536, 3, 4}) {
		t.Errorf("new files cost %v", standardCost)
	}
}

func TestStronger(t *testing.T) {
	if got, want := (cost{5, 1, 4}).stronger(cost{4, 2, 4}), (cost{5, 2, 4}); got != want {
		t.Errorf("the stronger is %v, want %v", got, want)
	}
}

func TestSealRefuses(t *testing.T) {
	s, _, _ := canaries(t)
	if _, err := seal(nil, s, cheapCost, testRandom(1)); !errors.Is(err, ErrNoPassword) {
		t.Errorf("no password: %v", err)
	}
	if _, err := seal(canaryPassword, new(Secrets), cheapCost, testRandom(1)); !errors.Is(err, ErrEmpty) {
		t.Errorf("no secrets: %v", err)
	}
	for n := range saltSize + chacha20poly1305.NonceSizeX {
		random := io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(io.ErrClosedPipe))
		if sealed, err := seal(canaryPassword, s, cheapCost, random); !errors.Is(err, io.ErrClosedPipe) || sealed != nil {
			t.Errorf("%d bytes of randomness: %v", n, err)
		}
	}
}

// The same secrets under the same password never look the same.
func TestSaltAndNonceAreNew(t *testing.T) {
	s, _, _ := canaries(t)
	random := testRandom(1)
	var parts [][]byte
	for range 8 {
		sealed, err := seal(canaryPassword, s, cheapCost, random)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range [][]byte{sealed[18:34], sealed[34:50], sealed[58:74]} {
			if slices.ContainsFunc(parts, func(p []byte) bool { return bytes.Equal(p, part) }) {
				t.Fatalf("%x came twice", part)
			}
			parts = append(parts, part)
		}
	}
}

// Secrets that are authentic and unreadable are not a matter of the password.
func TestOpenRefusesUnreadableSecrets(t *testing.T) {
	h := header{cost: cheapCost}
	head := h.encode()
	for _, plain := range [][]byte{nil, {2}, canarySeed, make([]byte, paddingBlock)} {
		sealed := h.cipher(canaryPassword).Seal(slices.Clone(head), h.nonce[:], plain, head)
		_, _, err := open(canaryPassword, sealed, cheapBounds)
		if err != ErrFormat { //nolint:errorlint // nothing may be wrapped that tells of the plain text
			t.Errorf("%d bytes of plain text: %v", len(plain), err)
		}
	}
}

func TestHeaderErrorsTellNoSecrets(t *testing.T) {
	for _, sealed := range [][]byte{canarySeed, append([]byte(magic), canarySeed...), slices.Concat([]byte(magic), canarySeed, canarySeed)} {
		_, _, err := open(canaryPassword, sealed, standardBounds)
		if err == nil {
			t.Fatal("garbage was accepted")
		}
		assertNoCanary(t, "an error", []byte(err.Error()))
	}
}

func FuzzSealed(f *testing.F) {
	sealed := sealCanaries(f)
	f.Add(sealed)
	f.Add(sealed[:headerSize])
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := parseHeader(data, cheapBounds)
		if err != nil {
			return
		}
		if !bytes.HasPrefix(data, h.encode()) {
			t.Errorf("%x is not canonical", data)
		}
		_, _, err = open(canaryPassword, data, cheapBounds)
		if bytes.Equal(data, sealed) != (err == nil) {
			t.Errorf("a file of %d bytes: %v", len(data), err)
		}
	})
}
