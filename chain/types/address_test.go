package types

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// bech32Charset and twinBech32 follow BIP-173 with the constant of BIP-350 (or,
// for a refusal, the older constant 1), with bits in a slice one by one.
const bech32Charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

const (
	bech32mConstant = 0x2bc830a3
	bech32Constant  = 1
)

func twinBech32(prefix string, groups []byte, constant uint32) string {
	values := make([]byte, 0, 100)
	for _, c := range []byte(prefix) {
		values = append(values, c>>5)
	}
	values = append(values, 0)
	for _, c := range []byte(prefix) {
		values = append(values, c&31)
	}
	values = append(append(values, groups...), make([]byte, 6)...)
	generators := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range generators {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	sum ^= constant
	text := prefix + "1"
	for i := 5; i >= 0; i-- {
		groups = append(groups[:len(groups):len(groups)], byte(sum>>(5*i)&31))
	}
	for _, g := range groups {
		text += bech32Charset[g : g+1]
	}
	return text
}

// twinGroups cuts bytes into groups of 5 bits, the last one padded with zeros.
func twinGroups(data []byte) (groups []byte) {
	var bits []byte
	for _, b := range data {
		for i := 7; i >= 0; i-- {
			bits = append(bits, b>>i&1)
		}
	}
	for len(bits)%5 != 0 {
		bits = append(bits, 0)
	}
	for i := 0; i < len(bits); i += 5 {
		groups = append(groups, bits[i]<<4|bits[i+1]<<3|bits[i+2]<<2|bits[i+3]<<1|bits[i+4])
	}
	return groups
}

func TestTwinBech32AgainstPublishedStrings(t *testing.T) {
	if got := twinBech32("a", nil, bech32mConstant); got != "a1lqfn3a" {
		t.Errorf("bech32m of nothing under a is %s", got)
	}
	if got := twinBech32("a", nil, bech32Constant); got != "a12uel5l" {
		t.Errorf("bech32 of nothing under a is %s", got)
	}
}

func goldenAddress() Address {
	var a Address
	for i := range a.Hash {
		a.Hash[i] = byte(8*i + 1)
	}
	return a
}

func TestGoldenAddresses(t *testing.T) {
	for _, c := range []struct{ prefix, network, frozen string }{
		{"jio", "mainnet", "jio1qqqsjygeyy5nzw2pf9g4jctfw9ucrzv3nxs6nvdec8yark0pa8cljf0pgs4"},
		{"jiotest", "testnet", "jiotest1qqqsjygeyy5nzw2pf9g4jctfw9ucrzv3nxs6nvdec8yark0pa8cljajtve3"},
		{"jiodev", "devnet", "jiodev1qqqsjygeyy5nzw2pf9g4jctfw9ucrzv3nxs6nvdec8yark0pa8clj260vp2"},
		{"jiosim", "simnet", "jiosim1qqqsjygeyy5nzw2pf9g4jctfw9ucrzv3nxs6nvdec8yark0pa8clj4zgzyc"},
	} {
		a := goldenAddress()
		got := a.Text(c.prefix)
		if want := twinBech32(c.prefix, twinGroups(Encode(a)), bech32mConstant); got != want || got != c.frozen {
			t.Errorf("%s: have %s\ntwin %s\nfrozen %s", c.network, got, want, c.frozen)
		}
		for _, s := range []string{got, strings.ToUpper(got)} {
			if back, err := ParseAddress(c.prefix, s); err != nil || back != a {
				t.Errorf("%s: %v, %v", s, back, err)
			}
		}
		if addressNetworks[c.prefix] != c.network {
			t.Errorf("%s is for %s", c.prefix, addressNetworks[c.prefix])
		}
	}
}

func TestAddressRefusals(t *testing.T) {
	a := goldenAddress()
	good := a.Text("jio")
	data := Encode(a)
	groups := twinGroups(data)
	padded := append(groups[:52:52], groups[52]|1)
	for _, c := range []struct{ name, text, want string }{
		{"testnet", a.Text("jiotest"), "it is for testnet, this is mainnet"},
		{"devnet", a.Text("jiodev"), "it is for devnet, this is mainnet"},
		{"simnet, upper case", strings.ToUpper(a.Text("jiosim")), "it is for simnet, this is mainnet"},
		{"another coin", a.Text("bc"), `it starts with "bc1", which is not a prefix of JIO: want "jio1"`},
		{"mistyped", good[:10] + "qq" + good[12:], "the checksum does not match"},
		{"mistyped prefix", "jia" + good[3:], "the checksum does not match"},
		{"cut", good[:len(good)-1], "the checksum does not match"},
		{"mixed case", good[:20] + strings.ToUpper(good[20:]), "it mixes upper and lower case"},
		{"mixed case of the prefix", "JIO" + good[3:], "it mixes upper and lower case"},
		{"bech32 checksum", twinBech32("jio", groups, bech32Constant), "older bech32 form"},
		{"a letter outside", good[:8] + "b" + good[9:], `the character 'b' cannot occur`},
		{"a space", good + " ", `the character ' ' cannot occur`},
		{"a byte above ASCII", good[:8] + "\xc3" + good[9:], "cannot occur in an address"},
		{"no separator", strings.ReplaceAll(good, "1", "q"), `it lacks the "1" after its prefix`},
		{"empty", "", "it is too short or too long"},
		{"long", strings.Repeat(good, 2), "it is too short or too long"},
		{"prefix alone", "jio1", "it is too short or too long"},
		{"nothing inside", twinBech32("jio", nil, bech32mConstant), "it holds 0 bytes, an address holds 33"},
		{"32 bytes", twinBech32("jio", twinGroups(data[:32]), bech32mConstant), "it holds 32 bytes, an address holds 33"},
		{"34 bytes", twinBech32("jio", twinGroups(append(data, 0)), bech32mConstant), "it holds 34 bytes, an address holds 33"},
		{"a group too many", twinBech32("jio", append(groups[:53:53], 0), bech32mConstant), "it does not end at a byte"},
		{"padding of one", twinBech32("jio", padded, bech32mConstant), "it does not end at a byte"},
	} {
		got, err := ParseAddress("jio", c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %q", c.name, got, err, c.want)
		}
		if err != nil && len(err.Error()) > 600 {
			t.Errorf("%s: an error of %d characters", c.name, len(err.Error()))
		}
	}
}

// An error must not hand out the checksum that would make a mistyped address
// pass.
func TestAddressErrorKeepsTheChecksum(t *testing.T) {
	good := goldenAddress().Text("jio")
	_, err := ParseAddress("jio", good[:len(good)-6]+"qqqqqq")
	if err == nil || strings.Contains(err.Error(), good[len(good)-6:]) {
		t.Errorf("error: %v", err)
	}
}

func TestAddressRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAddress(t)
		prefix := rapid.SampledFrom([]string{"jio", "jiotest", "jiodev", "jiosim"}).Draw(t, "prefix")
		text := a.Text(prefix)
		if back, err := ParseAddress(prefix, text); err != nil || back != a {
			t.Fatalf("%s: %v, %v", text, back, err)
		}
		// bech32m finds every error of one character.
		at := rapid.IntRange(len(prefix)+1, len(text)-1).Draw(t, "at")
		c := rapid.SampledFrom([]byte(bech32Charset)).Draw(t, "character")
		typo := text[:at] + string(c) + text[at+1:]
		if _, err := ParseAddress(prefix, typo); (err == nil) != (typo == text) {
			t.Fatalf("%s for %s: %v", typo, text, err)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for prefix := range addressNetworks {
		f.Add(prefix, goldenAddress().Text(prefix))
		f.Add("jio", goldenAddress().Text(prefix))
	}
	f.Add("jio", "jio1")
	f.Fuzz(func(t *testing.T, prefix, s string) {
		a, err := ParseAddress(prefix, s)
		if err == nil && a.Text(prefix) != strings.ToLower(s) {
			t.Errorf("%q reads as %v, which is written %q", s, a, a.Text(prefix))
		}
	})
}
