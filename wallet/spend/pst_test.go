package spend_test

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// shared pays bob from two coins that two of three own, and a third that asks for
// alice and a secret.
func shared(t testing.TB) (*spend.Draft, *params.Params) {
	t.Helper()
	multi := must(spend.Multisig(2, alice.key, bob.key, carol.key))
	lock := must(spend.HashLock(alice.key, image))
	r := request(9_0000_0000, coin(multi, 0, 4_0000_0000), coin(multi, 1, 4_0000_0000), coin(lock, 2, 4_0000_0000))
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Steps[0], r.Params
}

func newPST(t testing.TB) (*spend.PST, *spend.Draft, *params.Params) {
	t.Helper()
	d, p := shared(t)
	s, err := d.PST(p)
	if err != nil {
		t.Fatal(err)
	}
	return s, d, p
}

func encode(t testing.TB, s *spend.PST) []byte {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t testing.TB, p *params.Params, data []byte) *spend.PST {
	t.Helper()
	s, err := spend.ParsePST(p, data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func names(key [32]byte) string {
	return map[[32]byte]string{alice.key: "Alice", bob.key: "Bob", carol.key: "Carol"}[key]
}

// TestPST passes a transaction around as text until it is complete.
func TestPST(t *testing.T) {
	s, d, p := newPST(t)
	blank := encode(t, s)
	want := []string{
		"input 0: the secret whose SHA-256 is " + hex32(image)[:8] + "… and a signature by Alice",
		"inputs 1–2: 2 of these 3: a signature by Alice, a signature by Bob, a signature by Carol",
	}
	missing := s.Missing(names)
	if !slices.Equal(missing, want) {
		t.Errorf("missing %q", missing)
	}
	if _, err := s.Finalize(); !errors.As(err, new(*spend.MissingError)) {
		t.Errorf("finalized without a signature: %v", err)
	}
	one, other := parse(t, p, blank), parse(t, p, blank)
	if n, err := one.Sign(spend.Seeds(&alice.seed)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := one.Sign(spend.Seeds(&alice.seed)); n != 0 || err != nil {
		t.Errorf("signed twice: %d, %v", n, err)
	}
	if n, err := other.Sign(spend.Seeds(&carol.seed, &newPerson("stranger").seed)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	want = []string{
		"input 0: the secret whose SHA-256 is " + hex32(image)[:8] + "…",
		"inputs 1–2: either a signature by Bob or a signature by Carol",
	}
	if got := one.Missing(names); !slices.Equal(got, want) {
		t.Errorf("missing %q", got)
	}
	if err := other.Reveal(types.Preimage{9}); !errors.Is(err, spend.ErrPST) {
		t.Errorf("a secret that nobody asks for: %v", err)
	}
	if err := other.Reveal(secret); err != nil {
		t.Fatal(err)
	}
	one, other = parse(t, p, encode(t, one)), parse(t, p, indent(t, encode(t, other)))
	if err := one.Combine(other); err != nil {
		t.Fatal(err)
	}
	if len(one.Missing(nil)) != 0 {
		t.Errorf("missing %q", one.Missing(nil))
	}
	tx, err := one.Finalize()
	if err != nil {
		t.Fatal(err)
	}
	checkSigned(t, p, d, spend.MinFeeRate, &tx)
	if tx.ID() != s.ID() || one.Draft().Fee != d.Fee || one.Draft().Weight != d.Weight {
		t.Error("the text changed the transaction")
	}
	if signatures, preimages := one.Signatures(); signatures != 2 || preimages != 1 {
		t.Errorf("%d signatures, %d preimages", signatures, preimages)
	}
}

func indent(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestContract goes both ways of a hash-time-lock contract.
func TestContract(t *testing.T) {
	htlc := must(spend.HTLC(image, bob.key, alice.key, types.OlderPolicy(20)))
	yes := func([32]byte) bool { return true }
	for _, c := range []struct {
		name   string
		means  spend.Means
		signer spend.Signer
		reveal bool
	}{
		{"claim", spend.Means{Key: func(k [32]byte) bool { return k == bob.key }, Preimage: yes}, spend.Seeds(&bob.seed), true},
		{"refund", spend.Means{Key: func(k [32]byte) bool { return k == alice.key }, Coin: types.Coin{BlueScore: 10}, At: end}, spend.Seeds(&alice.seed), false},
	} {
		chosen, ok := spend.Choose(htlc, c.means)
		if !ok {
			t.Fatal(c.name)
		}
		r := request(0, coin(chosen, 0, 2e8))
		r.Max = true
		plan, err := spend.New(r)
		if err != nil {
			t.Fatal(err)
		}
		s, err := plan.Steps[0].PST(r.Params)
		if err != nil {
			t.Fatal(err)
		}
		s = parse(t, r.Params, encode(t, s))
		if _, err := s.Sign(c.signer); err != nil {
			t.Fatal(err)
		}
		if c.reveal {
			if err := s.Reveal(secret); err != nil {
				t.Fatal(err)
			}
		}
		tx, err := s.Finalize()
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		checkSigned(t, r.Params, &plan.Steps[0], r.FeeRate, &tx)
	}
}

// TestCombineConflicts refuses what does not belong together, and takes nothing.
func TestCombineConflicts(t *testing.T) {
	s, d, p := newPST(t)
	if _, err := s.Sign(spend.Seeds(&alice.seed)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		other func() (*spend.PST, error)
	}{
		{"another network", func() (*spend.PST, error) { return d.PST(params.TestNet()) }},
		{"another transaction", func() (*spend.PST, error) {
			e := *d
			e.Tx.Inputs = slices.Clone(d.Tx.Inputs)
			e.Tx.Inputs[0].Outpoint.Index++
			return e.PST(p)
		}},
		{"another policy in sight", func() (*spend.PST, error) {
			e := *d
			e.Coins = slices.Clone(d.Coins)
			chosen, _ := spend.Choose(d.Coins[1].Policy, spend.Means{Key: func(k [32]byte) bool { return k != carol.key }})
			e.Coins[1].Policy = chosen
			return e.PST(p)
		}},
		{"another value", func() (*spend.PST, error) {
			e := *d
			e.Coins = slices.Clone(d.Coins)
			e.Coins[0].Coin.Value, _ = e.Coins[0].Coin.Value.Add(types.Jots(1))
			e.Fee, _ = e.Fee.Add(types.Jots(1))
			return e.PST(p)
		}},
	} {
		other, err := c.other()
		if err != nil {
			t.Fatal(c.name, err)
		}
		if _, err := other.Sign(spend.Seeds(&bob.seed)); err != nil {
			t.Fatal(err)
		}
		if err := s.Combine(other); !errors.Is(err, spend.ErrPST) {
			t.Errorf("%s: %v", c.name, err)
		}
		if n, _ := s.Signatures(); n != 1 {
			t.Fatalf("%s: took over a signature", c.name)
		}
	}
}

// TestOtherSignature refuses a second signature by one key: nobody needs to make
// two, and one of them would be dropped unseen.
func TestOtherSignature(t *testing.T) {
	s, d, p := newPST(t)
	other, err := d.PST(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(spend.Seeds(&alice.seed)); err != nil {
		t.Fatal(err)
	}
	if n, err := other.Sign(alice.signOtherwise); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if err := s.Combine(other); !errors.Is(err, spend.ErrPST) {
		t.Error(err)
	}
}

// signOtherwise makes a valid signature with another nonce than RFC 8032 has.
func (p *person) signOtherwise(key [32]byte, message types.Hash) (signature types.Signature, ok bool) {
	if key != p.key {
		return signature, false
	}
	wide := sha512.Sum512(p.seed[:])
	wide[0] &= 248
	wide[31] = wide[31]&127 | 64
	secret, _ := scalar.New().SetBits(wide[:32])
	nonce := scalar.New().SetUint64(12345)
	point := curve.NewEdwardsPoint().MulBasepoint(curve.ED25519_BASEPOINT_TABLE, nonce)
	var r curve.CompressedEdwardsY
	r.SetEdwardsPoint(point)
	hash := sha512.Sum512(slices.Concat(r[:], key[:], message[:]))
	k, _ := scalar.New().SetBytesModOrderWide(hash[:])
	sum := scalar.New().Add(nonce, scalar.New().Mul(k, secret))
	copy(signature[:32], r[:])
	if err := sum.ToBytes(signature[32:]); err != nil {
		return signature, false
	}
	return signature, true
}

// TestBrokenSigner keeps signatures that do not verify to itself.
func TestBrokenSigner(t *testing.T) {
	s, d, p := newPST(t)
	broken := func(key [32]byte, message types.Hash) (types.Signature, bool) {
		message[0] ^= 1
		return types.Sign(alice.seed, message), key == alice.key
	}
	if _, err := s.Sign(broken); !errors.Is(err, spend.ErrSigner) {
		t.Errorf("a faulty signature: %v", err)
	}
	if n, _ := s.Signatures(); n != 0 {
		t.Error("a faulty signature was kept")
	}
	if _, err := d.Sign(p, broken); !errors.Is(err, spend.ErrSigner) {
		t.Error(err)
	}
	if _, err := d.Sign(p, spend.Seeds(&alice.seed)); !errors.As(err, new(*spend.MissingError)) {
		t.Error(err)
	}
	if _, err := spend.SignMessage(p, alice.key, nil, broken); !errors.Is(err, spend.ErrSigner) {
		t.Error(err)
	}
}

// complete is a PST with everything in it, as text and as an object to be
// corrupted.
func complete(t testing.TB) ([]byte, *params.Params) {
	t.Helper()
	s, _, p := newPST(t)
	if _, err := s.Sign(everybody); err != nil {
		t.Fatal(err)
	}
	if err := s.Reveal(secret); err != nil {
		t.Fatal(err)
	}
	return encode(t, s), p
}

// TestCorruptPST changes one thing at a time in a good text.
func TestCorruptPST(t *testing.T) {
	good, p := complete(t)
	parse(t, p, good)
	stranger := newPerson("stranger")
	edit := func(old, with string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("%q is not in the text", old)
			}
			return strings.Replace(s, old, with, 1)
		}
	}
	transaction := func(change func(tx *types.Transaction)) func(string) string {
		return func(s string) string {
			start := strings.Index(s, `"transaction":"`) + len(`"transaction":"`)
			length := strings.Index(s[start:], `"`)
			var tx types.Transaction
			raw, _ := hex.DecodeString(s[start : start+length])
			if err := types.Decode(raw, &tx); err != nil {
				t.Fatal(err)
			}
			change(&tx)
			return s[:start] + hex.EncodeToString(types.Encode(&tx)) + s[start+length:]
		}
	}
	for _, c := range []struct {
		name, words string
		change      func(string) string
	}{
		{"empty", "EOF", func(string) string { return "" }},
		{"no object", "cannot unmarshal", func(string) string { return "[]" }},
		{"cut", "unexpected EOF", func(s string) string { return s[:len(s)/2] }},
		{"something after", "after top-level value", func(s string) string { return s + "{}" }},
		{"format", "its format", edit("jio-pst", "jio-psbt")},
		{"version", "version 2", edit(`"version":1`, `"version":2`)},
		{"version as text", "cannot unmarshal", edit(`"version":1`, `"version":"1"`)},
		{"network", "it is for testnet, this is mainnet", edit("mainnet", "testnet")},
		{"unknown member", "unknown field", edit(`"version":1`, `"version":1,"fee":"0"`)},
		{"member twice", "canonical", edit(`"version":1`, `"version":1,"version":1`)},
		{"member in capitals", "canonical", edit(`"version"`, `"Version"`)},
		{"escaped letter", "canonical", edit("jio-pst", `ji\u006f-pst`)},
		{"capital hex", "canonical", edit(`"key":"`+hex32(alice.key), `"key":"`+strings.ToUpper(hex32(alice.key)))},
		{"transaction not hex", "transaction", edit(`"transaction":"01`, `"transaction":"0x`)},
		{"transaction cut", "transaction", edit(`"transaction":"0100`, `"transaction":"`)},
		{"coins missing", "0 coins for 3 inputs", func(s string) string {
			return s[:strings.Index(s, `"coins":[`)] + `"coins":[],` + s[strings.Index(s, `"signatures"`):]
		}},
		{"value higher", "is not valid", edit(`"value":"4.0`, `"value":"4.1`)},
		{"value lower than paid", "it pays", edit(`"value":"4.0`, `"value":"0.0`)},
		{"value written otherwise", "canonical", edit(`"4.00000000"`, `"4.0"`)},
		{"address of another network", "for testnet", func(s string) string {
			start := strings.Index(s, `"address":"`) + len(`"address":"`)
			end := start + strings.Index(s[start:], `"`)
			a, err := types.ParseAddress("jio", s[start:end])
			if err != nil {
				t.Fatal(err)
			}
			return s[:start] + a.Text("jiotest") + s[end:]
		}},
		{"policy of another address", "not paid to its policy", edit("thresh(2,[pk(", "thresh(1,[pk(")},
		{"policy hidden", "hidden", func(s string) string {
			start := strings.Index(s, `"policy":"`) + len(`"policy":"`)
			return s[:start] + types.OpaquePolicy(alice.policy.Address()).String() + s[start+strings.Index(s[start:], `"`):]
		}},
		{"foreign key", "no coin asks", edit(`{"key":"`, `{"key":"`+hex32(stranger.key)+`","signature":"`+strings.Repeat("0", 128)+`"},{"key":"`)},
		{"signature of zeros", "is not valid", func(s string) string {
			start := strings.Index(s, `"signature":"`) + len(`"signature":"`)
			return s[:start] + strings.Repeat("0", 128) + s[start+128:]
		}},
		{"signature too short", "digits of hex", func(s string) string {
			start := strings.Index(s, `"signature":"`) + len(`"signature":"`)
			return s[:start] + s[start+2:]
		}},
		{"foreign preimage", "no coin asks", edit(hex32(secret), strings.Repeat("0", 64))},
		{"preimage twice", "canonical", edit(`"`+hex32(secret)+`"`, `"`+hex32(secret)+`","`+hex32(secret)+`"`)},
		{"null list", "canonical", func(s string) string { return s[:strings.Index(s, `"preimages":`)] + `"preimages":null}` }},
		{"unlock revealed", "unlock", transaction(func(tx *types.Transaction) { tx.Inputs[0].Unlock.Policy = alice.policy })},
		{"unlock of another address", "unlock", transaction(func(tx *types.Transaction) {
			tx.Inputs[0].Unlock.Policy = types.OpaquePolicy(bob.policy.Address())
		})},
		{"unlock signed", "unlock", transaction(func(tx *types.Transaction) {
			tx.Inputs[0].Unlock.Signatures = make([]types.Signature, 1)
		})},
		{"coin of an input twice", "twice", transaction(func(tx *types.Transaction) { tx.Inputs[1].Outpoint = tx.Inputs[0].Outpoint })},
		{"other outputs", "is not valid", transaction(func(tx *types.Transaction) { tx.Outputs[0].Value, _ = tx.Outputs[0].Value.Sub(types.Jots(1)) })},
		{"mass too low", "storage weight", transaction(func(tx *types.Transaction) {
			tx.Outputs[1].Value = types.Jots(30_000)
		})},
		{"reserved sequence", "reserved", transaction(func(tx *types.Transaction) { tx.Inputs[0].Sequence = 1 << 40 })},
		{"version of the transaction", "version 2", transaction(func(tx *types.Transaction) { tx.Version = 2 })},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := spend.ParsePST(p, []byte(c.change(string(good))))
			if err == nil || !strings.Contains(err.Error(), c.words) || !errors.Is(err, spend.ErrPST) {
				t.Errorf("%v, want %q", err, c.words)
			}
		})
	}
}

// TestLockedPST refuses a transaction whose fields do not satisfy the locks of its
// coins.
func TestLockedPST(t *testing.T) {
	for _, lock := range []types.Policy{types.AfterPolicy(77), types.OlderPolicy(77)} {
		r := request(1e8, coin(must(spend.TimeLock(alice.key, lock)), 0, 5e8))
		plan, err := spend.New(r)
		if err != nil {
			t.Fatal(err)
		}
		d := &plan.Steps[0]
		checkPlan(t, &r, plan, everybody)
		if d.Tx.LockTime != 77 && d.Tx.Inputs[0].Sequence != 77 {
			t.Errorf("%v: lock time %d, sequence %d", lock, d.Tx.LockTime, d.Tx.Inputs[0].Sequence)
		}
		d.Tx.LockTime = min(d.Tx.LockTime, 76)
		d.Tx.Inputs[0].Sequence = min(d.Tx.Inputs[0].Sequence, 76)
		if _, err := d.PST(r.Params); !errors.Is(err, spend.ErrCoin) {
			t.Errorf("%v: %v", lock, err)
		}
	}
}

func FuzzPST(f *testing.F) {
	good, p := complete(f)
	f.Add(good)
	f.Add(bytes.Replace(good, []byte("4.0"), []byte("4.1"), 1))
	s, _, _ := newPST(f)
	f.Add(encode(f, s))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := spend.ParsePST(p, data)
		if err != nil {
			return
		}
		again := parse(t, p, encode(t, s))
		if again.ID() != s.ID() || !slices.Equal(again.Missing(nil), s.Missing(nil)) {
			t.Fatal("reading what was written gives something else")
		}
		if _, err := s.Finalize(); err != nil && !errors.As(err, new(*spend.MissingError)) {
			t.Fatalf("what was read cannot be finished: %v", err)
		}
	})
}
