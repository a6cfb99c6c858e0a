package types

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// twinPolicyAddress is addr(p) as it is written: hash the encoding of p with
// every child c of a thresh replaced by opaque(addr(c)).
func twinPolicyAddress(p Policy) twin {
	if p.Kind == PolicyOpaque {
		return append(twin{p.Hidden.Version}, p.Hidden.Hash[:]...)
	}
	w := twin{byte(p.Kind)}
	switch p.Kind {
	case PolicyKey, PolicyHash:
		w = w.raw(p.Key[:])
	case PolicyAfter:
		w = w.num(p.N, 8)
	case PolicyOlder:
		w = w.num(p.N, 4)
	case PolicyThreshold:
		w = w.num(p.N, 1).num(uint64(len(p.Children)), 4)
		for _, c := range p.Children {
			w = append(w, 6).raw(twinPolicyAddress(c))
		}
	}
	return append(twin{0}, twinHash("JioAddress", w)...)
}

// hideSome replaces branches at random depths by their addresses.
func hideSome(t *rapid.T, p Policy) Policy {
	if rapid.IntRange(0, 3).Draw(t, "hide") == 0 {
		return OpaquePolicy(p.Address())
	}
	children := p.Children
	p.Children = nil
	for _, c := range children {
		p.Children = append(p.Children, hideSome(t, c))
	}
	return p
}

func TestPolicyAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPolicy(t)
		a := p.Address()
		if !bytes.Equal(Encode(a), twinPolicyAddress(p)) {
			t.Fatalf("%v has address %v, twin %x", p, a, twinPolicyAddress(p))
		}
		if hidden := hideSome(t, p); hidden.Address() != a {
			t.Fatalf("%v and %v have different addresses", p, hidden)
		}
	})
}

func TestGoldenPolicyAddresses(t *testing.T) {
	key, image := filled(0x41), filled(0x42)
	for _, c := range []struct {
		policy         Policy
		text, encoding string
		address        string
	}{
		{
			KeyPolicy(key), "pk(K)", "01K",
			"00705d44850d096555bf8146a6a3b4eeab396890d9607c1080fba15da24c27d47e",
		},
		{
			HashPolicy(image), "hash(I)", "02I",
			"00c28123ebd1a4e677a922e0a47a0643075ac2d0a863b585602f666bc580dd22ab",
		},
		{
			AfterPolicy(1 << 40), "after(1099511627776)", "030000000000010000",
			"003f7b17da07ced85563a93f5df42e3e949dd382e8cc40386743cc10372d565ee8",
		},
		{
			OlderPolicy(1<<32 - 1), "older(4294967295)", "04ffffffff",
			"00419e6bdc92b9c23b356816d0a034a2c6c8d4ce07ed603f61d08255bb39cc9f26",
		},
		{
			ThresholdPolicy(1, KeyPolicy(key), OlderPolicy(10)), "thresh(1,[pk(K),older(10)])",
			"05010200000001K040a000000",
			"00e43a9edb63f4a92d0f95c85304a4950b244e52ad5c47c12acc33d81f16ae9e9e",
		},
		{
			ThresholdPolicy(255), "thresh(255,[])", "05ff00000000",
			"00df63c01790f0f351c1cbddaf75b49ca168b3c74c6f724b15a96d96e41b6792d6",
		},
		{OpaquePolicy(Address{7, image}), "opaque(07I)", "0607I", "07I"},
	} {
		expand := strings.NewReplacer("K", Hash(key).String(), "I", Hash(image).String()).Replace
		if got := c.policy.String(); got != expand(c.text) {
			t.Errorf("%s is written %s", expand(c.text), got)
		}
		sameText(t, "encoding of "+c.text, hex.EncodeToString(Encode(&c.policy)), expand(c.encoding))
		sameText(t, "address of "+c.text, c.policy.Address().String(), expand(c.address))
	}
	if got := (Policy{Kind: 9}).String(); got != "unknown(9)" {
		t.Errorf("a policy of unknown kind is written %s", got)
	}
}

func sameText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

// Fields of other kinds are not part of a policy.
func TestPolicyIgnoresOtherFields(t *testing.T) {
	dirt := Policy{Key: filled(9), N: 1 << 40, Children: []Policy{OlderPolicy(1)}, Hidden: Address{9, filled(9)}}
	for _, clean := range []Policy{KeyPolicy(filled(1)), HashPolicy(filled(1)), AfterPolicy(1), OlderPolicy(1), OpaquePolicy(Address{1, filled(1)})} {
		p := dirt
		switch p.Kind = clean.Kind; p.Kind {
		case PolicyKey, PolicyHash:
			p.Key = clean.Key
		case PolicyAfter, PolicyOlder:
			p.N = clean.N
		case PolicyOpaque:
			p.Hidden = clean.Hidden
		}
		if !bytes.Equal(Encode(&p), Encode(&clean)) || p.Address() != clean.Address() {
			t.Errorf("%v is encoded with fields of other kinds", clean)
		}
	}
}

func TestPolicyEncodingPanics(t *testing.T) {
	for _, p := range []Policy{{}, {Kind: 7}, {Kind: PolicyOlder, N: 1 << 32}, {Kind: PolicyThreshold, N: 256}} {
		for name, f := range map[string]func(){"EncodeTo": func() { Encode(&p) }, "Address": func() { p.Address() }} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s of %v did not panic", name, p)
					}
				}()
				f()
			}()
		}
	}
}

// nested returns depth levels, the last a lock.
func nested(depth int) Policy {
	p := OlderPolicy(1)
	for range depth - 1 {
		p = ThresholdPolicy(1, p)
	}
	return p
}

func TestPolicyDecoderBounds(t *testing.T) {
	wide := func(n int) Policy { return ThresholdPolicy(1, make([]Policy, n)...) }
	for _, c := range []struct {
		name   string
		policy Policy
		valid  bool
	}{
		{"deepest", nested(maxDecodedDepth), true},
		{"too deep", nested(maxDecodedDepth + 1), false},
		{"widest", wide(maxDecodedChildren), true},
		{"too wide", wide(maxDecodedChildren + 1), false},
	} {
		for i := range c.policy.Children {
			if c.policy.Children[i].Kind == 0 {
				c.policy.Children[i] = OlderPolicy(uint32(i))
			}
		}
		if err := Decode(Encode(&c.policy), new(Policy)); (err == nil) != c.valid {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for kind := range 256 {
		known := kind >= 1 && kind <= 6
		d := NewDecoder(append([]byte{byte(kind)}, make([]byte, 40)...))
		var p Policy
		if p.DecodeFrom(d); (d.Err() == nil) != known {
			t.Errorf("kind %d: %v", kind, d.Err())
		}
	}
}

func FuzzPolicy(f *testing.F) {
	fuzzCodec(f, KeyPolicy(filled(1)), HashPolicy(filled(1)), AfterPolicy(1), OlderPolicy(1),
		ThresholdPolicy(2, KeyPolicy(filled(1)), nested(3)), OpaquePolicy(Address{}), nested(maxDecodedDepth))
}
