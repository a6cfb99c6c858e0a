package keystore

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anySecrets draws secrets that may stand in a file.
func anySecrets(t *rapid.T) *Secrets {
	s := new(Secrets)
	for i := range rapid.IntRange(1, 5).Draw(t, "secrets") {
		k := &secret{material: new(material)}
		k.entry.ID[3] = byte(i)
		k.entry.Kind = rapid.SampledFrom([]Kind{Mnemonic, Seed}).Draw(t, "kind")
		k.entry.Label = rapid.StringN(0, -1, MaxLabel).Draw(t, "label")
		k.entry.Birthday = rapid.Uint64().Draw(t, "birthday")
		size := 32
		if k.entry.Kind == Mnemonic {
			size = rapid.SampledFrom([]int{16, 20, 24, 28, 32}).Draw(t, "size")
			k.passphrase = rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "passphrase")
		}
		if len(k.passphrase) == 0 {
			k.passphrase = nil
		}
		k.value = rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "value")
		s.list = append(s.list, k)
	}
	return s
}

func TestSecretsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anySecrets(t)
		plain := want.encode()
		got, err := decodeSecrets(plain)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("other secrets came back from %x", plain)
		}
		if cut := rapid.IntRange(0, len(plain)-1).Draw(t, "cut"); decodes(plain[:cut]) {
			t.Fatalf("%d of %d bytes were accepted", cut, len(plain))
		}
		if decodes(append(bytes.Clone(plain), 0)) || decodes(append(bytes.Clone(plain), make([]byte, paddingBlock)...)) {
			t.Fatal("longer padding was accepted")
		}
	})
}

func decodes(plain []byte) bool {
	_, err := decodeSecrets(plain)
	return err == nil
}

// TestSecretsGolden holds the encoding still.
func TestSecretsGolden(t *testing.T) {
	s, mnemonic, seed := canaries(t)
	want := "01" + "02000000" +
		hex.EncodeToString(mnemonic[:]) + "01" + "07000000" + hex.EncodeToString([]byte("savings")) + "00a8da769b010000" +
		"10000000" + hex.EncodeToString(canaryEntropy) + "11000000" + hex.EncodeToString(canaryPassphrase) +
		hex.EncodeToString(seed[:]) + "02" + "06000000" + hex.EncodeToString([]byte("mining")) + "0000000000000000" +
		"20000000" + hex.EncodeToString(canarySeed) + "00000000"
	want += strings.Repeat("00", 1024-len(want)/2)
	if got := hex.EncodeToString(s.encode()); got != want {
		t.Errorf("encoded\n%s, want\n%s", got, want)
	}
}

// The encoding never outgrows its first piece of memory, and its size tells
// blocks of 1 KiB only.
func TestEncodingStaysInPlace(t *testing.T) {
	full := fullSecrets(t)
	plain := full.encode()
	if want := padded(preludeSize + MaxSecrets*maxSecretSize); cap(plain) != want || len(plain) != want {
		t.Errorf("%d bytes in %d, want %d", len(plain), cap(plain), want)
	}
	if !decodes(plain) {
		t.Error("the greatest encoding is refused")
	}
	short, _, _ := canaries(t)
	if n := len(short.encode()); n != paddingBlock {
		t.Errorf("two secrets take %d bytes", n)
	}
}

// TestDecodeRefuses corrupts one thing at a time in the encoding of one secret:
// version, count, ID, kind, label, birthday, value, passphrase.
func TestDecodeRefuses(t *testing.T) {
	one := func() *Secrets {
		s, _, _ := canaries(t)
		s.list = s.list[:1]
		return s
	}
	const kindAt, labelAt = preludeSize + 16, preludeSize + 17
	const valueAt = labelAt + 4 + len("savings") + 8
	set := func(at int, value ...byte) func([]byte) []byte {
		return func(plain []byte) []byte { copy(plain[at:], value); return plain }
	}
	if !decodes(one().encode()) {
		t.Fatal("the sound one is refused")
	}
	for name, corrupt := range map[string]func([]byte) []byte{
		"empty":                 func([]byte) []byte { return nil },
		"version 0":             set(0, 0),
		"version 2":             set(0, 2),
		"no secrets":            func([]byte) []byte { return append([]byte{1}, make([]byte, paddingBlock-1)...) },
		"more secrets":          set(1, 2),
		"fewer secrets":         set(1, 0),
		"a count without end":   set(1, 255, 255, 255, 255),
		"kind 0":                set(kindAt, 0),
		"kind 3":                set(kindAt, 3),
		"a seed too short":      set(kindAt, 2),
		"a label without end":   set(labelAt, 255, 255, 255, 255),
		"a label longer":        set(labelAt, 8),
		"a label not UTF-8":     set(labelAt+4, 0xff),
		"a value without end":   set(valueAt, 255, 255, 255, 255),
		"a value too short":     set(valueAt, 15),
		"a value too long":      set(valueAt, 17),
		"a passphrase too long": set(valueAt+4+16, 255, 3),
		"padding not zero":      set(paddingBlock-1, 1),
		"padding too short":     func(plain []byte) []byte { return plain[:paddingBlock-1] },
		"padding too long":      func(plain []byte) []byte { return append(plain, make([]byte, paddingBlock)...) },
	} {
		if decodes(corrupt(one().encode())) {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestDecodeRefusesTwoOfOneID(t *testing.T) {
	s, _, _ := canaries(t)
	s.list[1].entry.ID = s.list[0].entry.ID
	if decodes(s.encode()) {
		t.Error("two secrets with one ID are accepted")
	}
}

func TestDecodeRefusesTooMany(t *testing.T) {
	s := fullSecrets(t)
	s.list = append(s.list, &secret{Entry{ID: ID{1}, Kind: Seed}, &material{value: canarySeed}})
	if decodes(s.encode()) {
		t.Errorf("%d secrets are accepted", len(s.list))
	}
}

// A count that lies costs no memory.
func TestDecodeAllocatesInProportion(t *testing.T) {
	labelAt := preludeSize + 17
	for name, lie := range map[string][]byte{
		"secrets": {1, 255, 255, 255, 255},
		"label":   append(append([]byte{1, 1, 0, 0, 0}, make([]byte, labelAt-preludeSize)...), 255, 255, 255, 255),
	} {
		var before, after runtime.MemStats
		plain := append(lie, make([]byte, paddingBlock-len(lie))...)
		runtime.ReadMemStats(&before)
		accepted := decodes(plain)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; accepted || n > 64<<10 {
			t.Errorf("%s: %d bytes were allocated for %d", name, n, len(plain))
		}
	}
}

func FuzzSecrets(f *testing.F) {
	s, _, _ := canaries(f)
	f.Add(s.encode())
	f.Add([]byte{1, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, plain []byte) {
		secrets, err := decodeSecrets(plain)
		if err != nil {
			return
		}
		if again := secrets.encode(); !bytes.Equal(again, plain) {
			t.Errorf("%x is not canonical: %x", plain, again)
		}
		for _, k := range secrets.list {
			if err := k.check(); err != nil {
				t.Error(err)
			}
		}
	})
}
