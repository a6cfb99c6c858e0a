package hd

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tyler-smith/go-bip39"
	"pgregory.net/rapid"
)

// trezorVectors are published BIP-39 vectors: entropy, sentence, and the seed
// under the passphrase "TREZOR".
var trezorVectors = []struct{ entropy, sentence, seed string }{
	{
		"00000000000000000000000000000000",
		"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
		"c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04",
	},
	{
		"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
		"legal winner thank year wave sausage worth useful legal winner thank yellow",
		"2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607",
	},
	{
		"ffffffffffffffffffffffffffffffff",
		"zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
		"ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069",
	},
	{
		"77c2b00716cec7213839159e404db50d",
		"jelly better achieve collect unaware mountain thought cargo oxygen act hood bridge",
		"b5b6d0127db1a9d2226af0c3346031d77af31e918dba64287a1b44b8ebf63cdd52676f672a290aae502472cf2d602c051f3e6f18055e84e4c43897fc4e51a6ff",
	},
	{
		"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
		"legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal will",
		"f2b94508732bcbacbcc020faefecfc89feafa6649a5491b8c952cede496c214a0c7b3c392d168748f2d4a612bada0753b52a1c7ac53c1e93abd5c6320b9e95dd",
	},
	{
		"b63a9c59a6e641f288ebc103017f1da9f8290b3da6bdef7b",
		"renew stay biology evidence goat welcome casual join adapt armor shuffle fault little machine walk stumble urge swap",
		"9248d83e06f4cd98debf5b6f010542760df925ce46cf38a1bdb4e4de7d21f5c39366941c69e1bdbf2966e0f6e6dbece898a0e2f0a4c2b3e640953dfe8b7bbdc5",
	},
	{
		"72f60ebac5dd8add8d2a25a797102c3ce21bc029c200076f",
		"indicate race push merry suffer human cruise dwarf pole review arch keep canvas theme poem divorce alter left",
		"3bbf9daa0dfad8229786ace5ddb4e00fa98a044ae4c4975ffd5e094dba9e0bb289349dbe2091761f30f382d4e35c4a670ee8ab50758d2c55881be69e327117ba",
	},
	{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art",
		"bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8",
	},
	{
		"8080808080808080808080808080808080808080808080808080808080808080",
		"letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
		"c0c519bd0e91a2ed54357d9d1ebef6f5af218a153624cf4f2da911a0ed8f7a09e2ef61af0aca007096df430022f7a2b6fb91661a9589097069720d015e4e982f",
	},
	{
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote",
		"dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3992c456cdf60f5d4564b8ba3f05a69890ad",
	},
	{
		"3e141609b97933b66a060dcddc71fad1d91677db872031e85f4c015c5e7e8982",
		"dignity pass list indicate nasty swamp pool script soccer toe leaf photo multiply desk host tomato cradle drill spread actor shine dismiss champion exotic",
		"ff7f3184df8696d8bef94b6c03114dbee0ef89ff938712301d27ed8336ca89ef9635da20af07d4175f2bf5f3de130f39c9d9e8dd0472489c19b1a020a940da67",
	},
	{
		"15da872c95a13dd738fbf50e427583ad61f18fd99f628c417a61cf8343c90419",
		"beyond stage sleep clip because twist token leaf atom beauty genius food business side grid unable middle armed observe pair crouch tonight away coconut",
		"b15509eaa2d09d3efd3e006ef42151b30367dc6e3aa5e44caba3fe4d3e352e65101fbdb86a96776b91946ff06f8eac594dc6ee1d3e82a42dfe1b40fef6bcc3fd",
	},
}

func TestMnemonicVectors(t *testing.T) {
	for _, v := range trezorVectors {
		m, err := ParseMnemonic([]byte(v.sentence))
		if err != nil {
			t.Fatalf("%q: %v", v.sentence, err)
		}
		if got := hex.EncodeToString(m.Entropy()); got != v.entropy {
			t.Errorf("entropy of %q is %s, want %s", v.sentence, got, v.entropy)
		}
		if got := string(m.Sentence()); got != v.sentence {
			t.Errorf("sentence %q came back as %q", v.sentence, got)
		}
		seed, err := m.Seed([]byte("TREZOR"))
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(seed); got != v.seed || len(seed) != SeedSize {
			t.Errorf("seed of %q is %s, want %s", v.sentence, got, v.seed)
		}
	}
}

func TestNewMnemonic(t *testing.T) {
	for size := range 66 {
		m, err := NewMnemonic(make([]byte, size))
		if size < 16 || size > 32 || size%4 != 0 {
			if err == nil {
				t.Errorf("%d bytes of entropy were accepted", size)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, want := len(bytes.Fields(m.Sentence())), size*3/4; got != want {
			t.Errorf("%d bytes of entropy gave %d words, want %d", size, got, want)
		}
	}
}

func TestMnemonicRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{16, 20, 24, 28, 32}).Draw(t, "size")
		entropy := rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "entropy")
		m, err := NewMnemonic(entropy)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseMnemonic(bytes.ToUpper([]byte("\n" + strings.ReplaceAll(string(m.Sentence()), " ", " \t ") + " ")))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Entropy(), entropy) {
			t.Fatalf("%x came back as %x", entropy, again.Entropy())
		}
	})
}

var sentences = flag.Int("sentences", 1, "sentences of 12 and of 24 words in which to replace every word; 14 make a million slips")

// TestMnemonicChecksum replaces each word of random sentences by every other
// word: of n checksum bits, 1 in 2ⁿ of such slips gets through.
func TestMnemonicChecksum(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ size, onePerPassing int }{{16, 16}, {32, 256}} {
		tried, passed := 0, 0
		for range *sentences {
			entropy := make([]byte, c.size)
			for i := range entropy {
				entropy[i] = byte(random.Uint32())
			}
			m, err := NewMnemonic(entropy)
			if err != nil {
				t.Fatal(err)
			}
			more, through := substituteWords(t, strings.Fields(string(m.Sentence())))
			tried, passed = tried+more, passed+through
		}
		t.Logf("%d slips, %d pass", tried, passed)
		want := tried / c.onePerPassing
		if passed < want*8/10 || passed > want*12/10 {
			t.Errorf("%d of %d wrong sentences passed, expected about %d", passed, tried, want)
		}
	}
}

func substituteWords(t *testing.T, words []string) (tried, passed int) {
	for i, original := range words {
		for _, other := range bip39.GetWordList() {
			if other == original {
				continue
			}
			words[i] = other
			_, err := ParseMnemonic([]byte(strings.Join(words, " ")))
			if err != nil && !errors.Is(err, ErrChecksum) {
				t.Fatalf("%q: %v", words, err)
			}
			tried++
			if err == nil {
				passed++
			}
		}
		words[i] = original
	}
	return tried, passed
}

func TestParseMnemonicRefuses(t *testing.T) {
	good := strings.Fields(trezorVectors[1].sentence)
	with := func(i int, word string) string {
		words := append([]string(nil), good...)
		words[i] = word
		return strings.Join(words, " ")
	}
	for _, c := range []struct{ sentence, want string }{
		{"", "not 0"},
		{"legal", "not 1"},
		{strings.Join(good[:11], " "), "not 11"},
		{strings.Join(append(good[:12:12], "legal"), " "), "not 13"},
		{strings.Repeat("zoo ", 27), "not 27"},
		{with(0, "sekret"), "word 1 is not"},
		{with(6, "useful,"), "word 7 is not"},
		{with(11, "yello"), "word 12 is not"},
		{with(11, "zoo"), "do not add up"},
		{with(0, "zoo"), "do not add up"},
	} {
		_, err := ParseMnemonic([]byte(c.sentence))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.sentence, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "sekret") {
			t.Errorf("the error repeats a word: %v", err)
		}
	}
	var wrong WordError
	if _, err := ParseMnemonic([]byte(with(3, "yeer"))); !errors.As(err, &wrong) || wrong.Position != 4 {
		t.Errorf("error %v, want a WordError at 4", err)
	}
}

func TestSeedPassphrase(t *testing.T) {
	m, err := ParseMnemonic([]byte(trezorVectors[0].sentence))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := m.Seed(nil)
	if err != nil {
		t.Fatal(err)
	}
	if spaced, err := m.Seed([]byte(" ")); err != nil || bytes.Equal(plain, spaced) {
		t.Errorf("a space is a passphrase of its own, got error %v", err)
	}
	for _, c := range []struct{ passphrase, seed string }{ // computed with the standard library of Python
		{"caf\u00e9", "af8bbd2566df7b69d926f2b09dfdbd75db6c994a3399b2cc65f928d63e3fd4e61218ee0d15f8c810be4d45e66d47b43c15a5cc753976b1666912377ff7ae9818"},
		{"cafe\u0301", "af8bbd2566df7b69d926f2b09dfdbd75db6c994a3399b2cc65f928d63e3fd4e61218ee0d15f8c810be4d45e66d47b43c15a5cc753976b1666912377ff7ae9818"},
		{"㍍ガバヴァぱばぐゞちぢ十人十色", "ba553eedefe76e67e2602dc20184c564010859faada929a090dd2c57aacb204ceefd15404ab50ef3e8dbeae5195aeae64b0def4d2eead1cdc728a33ced520ffd"},
	} {
		seed, err := m.Seed([]byte(c.passphrase))
		if err != nil || hex.EncodeToString(seed) != c.seed {
			t.Errorf("passphrase %q: %x, error %v, want %s", c.passphrase, seed, err, c.seed)
		}
	}
	if _, err := m.Seed([]byte("caf\xff")); err == nil || strings.Contains(err.Error(), "caf") {
		t.Errorf("bytes that are not text: error %v, want a refusal that does not repeat them", err)
	}
}

func TestMnemonicWipe(t *testing.T) {
	m, err := NewMnemonic(bytes.Repeat([]byte{7}, 16))
	if err != nil {
		t.Fatal(err)
	}
	held := m.entropy
	m.Wipe()
	if !bytes.Equal(held, make([]byte, 16)) || len(m.Entropy()) != 0 {
		t.Errorf("entropy after Wipe: %x", held)
	}
	defer func() {
		if recover() == nil {
			t.Error("a wiped mnemonic still has a sentence")
		}
	}()
	m.Sentence()
}
