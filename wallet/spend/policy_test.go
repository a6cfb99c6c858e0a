package spend_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

var (
	secret = types.Preimage{1, 2, 3}
	image  = sha256.Sum256(secret[:])
)

func hex32(b [32]byte) string { return fmt.Sprintf("%x", b) }

// TestPolicyText reads the canonical text and the short forms of policies.
func TestPolicyText(t *testing.T) {
	a, b, c, h := hex32(alice.key), hex32(bob.key), hex32(carol.key), hex32(image)
	for _, d := range []struct{ text, canonical string }{
		{"pk(" + a + ")", ""},
		{"after(1)", ""},
		{"older(4294967295)", ""},
		{"hash(" + h + ")", ""},
		{"thresh(1,[pk(" + a + "),opaque(00" + h + ")])", ""},
		{"thresh(1,[thresh(1,[thresh(1,[pk(" + a + ")])])])", ""},
		{"multi(2," + a + "," + b + "," + c + ")", "thresh(2,[pk(" + a + "),pk(" + b + "),pk(" + c + ")])"},
		{"hashlock(" + a + "," + h + ")", "thresh(2,[hash(" + h + "),pk(" + a + ")])"},
		{"timelock(" + a + ",after(18446744073709551615))", "thresh(2,[after(18446744073709551615),pk(" + a + ")])"},
		{
			"htlc(" + h + "," + a + "," + b + ",older(144))",
			"thresh(1,[thresh(2,[hash(" + h + "),pk(" + a + ")]),thresh(2,[older(144),pk(" + b + ")])])",
		},
		{
			"thresh(1,[multi(1," + a + "," + b + "),timelock(" + c + ",older(9))])",
			"thresh(1,[thresh(1,[pk(" + a + "),pk(" + b + ")]),thresh(2,[older(9),pk(" + c + ")])])",
		},
	} {
		p, err := spend.ParsePolicy(d.text)
		if err != nil {
			t.Errorf("%s: %v", d.text, err)
			continue
		}
		if d.canonical == "" {
			d.canonical = d.text
		}
		if p.String() != d.canonical {
			t.Errorf("%s is read as %v", d.text, p)
		}
		written := spend.PolicyText(p)
		if short := !strings.Contains(d.text, "thresh"); short && written != d.text {
			t.Errorf("%s is written as %s", d.text, written)
		}
		if again, err := spend.ParsePolicy(written); err != nil || again.String() != p.String() {
			t.Errorf("%s is written as %s and read as %v (%v)", d.text, written, again, err)
		}
	}
}

// TestPolicyRefused refuses texts that are not policies and policies that nobody
// should be paid with.
func TestPolicyRefused(t *testing.T) {
	a, b, h := hex32(alice.key), hex32(bob.key), hex32(image)
	from := func(first int) func(n int) string {
		return func(n int) string {
			var keys []string
			for i := range n {
				keys = append(keys, hex32(newPerson(fmt.Sprint(first+i)).key))
			}
			return strings.Join(keys, ",")
		}
	}
	many, more := from(0), from(100)
	small := strings.Repeat("0", 64)
	for _, c := range []struct{ text, words string }{
		{"", "want a policy"},
		{"pk", "want a policy"},
		{"pk(" + a, `character 68: want ")"`},
		{"pk(" + a + "))", "character 69: something follows"},
		{"pk(" + a[1:] + ")", "character 4: want 64 digits"},
		{"pk(" + strings.ToUpper(a) + ")", "lower-case"},
		{"pk( " + a + ")", "64 digits"},
		{"pk(" + small + ")", "not a public key"},
		{"pkh(" + a + ")", `character 1: "pkh" is not a kind`},
		{"after(01)", "leading zeros"},
		{"after(0)", "never locks"},
		{"after(-1)", "want a number"},
		{"after(18446744073709551616)", "want a number"},
		{"older(4294967296)", "up to 4294967295"},
		{"thresh(1,[])", "want a policy"},
		{"thresh(0,[pk(" + a + ")])", "0 of 1"},
		{"thresh(2,[pk(" + a + ")])", "2 of 1"},
		{"thresh(256,[pk(" + a + ")])", "up to 255"},
		{"thresh(1,pk(" + a + "))", `want "["`},
		{"thresh(2,[pk(" + a + "),pk(" + a + ")])", "twice"},
		{"multi(2," + a + "," + a + ")", "twice"},
		{"multi(1)", "1 signatures of 0 keys"},
		{"multi(21," + many(22) + ")", "21 signatures at once"},
		{"thresh(2,[multi(15," + many(15) + "),multi(6," + more(6) + "),pk(" + a + ")])", "21 signatures at once"},
		{"multi(1," + many(64) + ")", "more than 64 parts"},
		{"thresh(1,[thresh(1,[thresh(1,[thresh(1,[pk(" + a + ")])])])])", "deeper than 4"},
		{"thresh(1,[thresh(1,[htlc(" + h + "," + a + "," + b + ",older(1))])])", "deeper than 4"},
		{"thresh(2,[after(5),after(1000000000000)])", "by date"},
		{"timelock(" + a + ",pk(" + b + "))", "a lock is"},
		{"htlc(" + h + "," + a + "," + a + ",older(1))", "twice"},
		{"opaque(00" + h + ")", "all of it is hidden"},
		{"thresh(1,[pk(" + a + "),opaque(01" + h + ")])", "version 1"},
	} {
		p, err := spend.ParsePolicy(c.text)
		if !errors.Is(err, spend.ErrPolicy) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, %v; want %q", c.text, p, err, c.words)
		}
	}
}

// A policy of twenty of twenty-two keys is at the bound, and can be spent.
func TestPolicyAtTheBound(t *testing.T) {
	var keys [][32]byte
	var seeds []*[32]byte
	for i := range 22 {
		p := newPerson(fmt.Sprint(i))
		keys, seeds = append(keys, p.key), append(seeds, &p.seed)
	}
	r := request(1e8, coin(must(spend.Multisig(20, keys...)), 0, 3e8))
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, spend.Seeds(seeds...))
}

func FuzzPolicyText(f *testing.F) {
	a, b, h := hex32(alice.key), hex32(bob.key), hex32(image)
	f.Add("pk(" + a + ")")
	f.Add("thresh(1,[multi(2," + a + "," + b + "),older(9),opaque(00" + h + ")])")
	f.Add("htlc(" + h + "," + a + "," + b + ",after(1800000000000))")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := spend.ParsePolicy(s)
		if err != nil {
			return
		}
		again, err := spend.ParsePolicy(p.String())
		if err != nil || again.String() != p.String() || again.Address() != p.Address() {
			t.Fatalf("%s: again %v, %v", p, again, err)
		}
		written := spend.PolicyText(p)
		if again, err = spend.ParsePolicy(written); err != nil || again.String() != p.String() || spend.PolicyText(again) != written {
			t.Fatalf("%s is written as %s: again %v, %v", p, written, again, err)
		}
		var decoded types.Policy
		if err := types.Decode(types.Encode(&p), &decoded); err != nil || decoded.String() != p.String() {
			t.Fatalf("%s: decoded %v, %v", p, decoded, err)
		}
		if spend.DescribePolicy(p, nil) == "" {
			t.Fatal("no words")
		}
	})
}

// TestPolicyWords describes policies.
func TestPolicyWords(t *testing.T) {
	named := func(key [32]byte) string {
		return map[[32]byte]string{alice.key: "Alice", bob.key: "Bob", carol.key: "Carol"}[key]
	}
	for _, c := range []struct {
		policy types.Policy
		want   string
	}{
		{alice.policy, "a signature by Alice"},
		{newPerson("x").policy, "a signature by key " + hex32(newPerson("x").key)[:8] + "…"},
		{must(spend.Multisig(2, alice.key, bob.key, carol.key)), "2 of these 3: a signature by Alice, a signature by Bob, a signature by Carol"},
		{
			must(spend.HTLC(image, alice.key, bob.key, types.AfterPolicy(1_800_000_000_000))),
			"either (the secret whose SHA-256 is " + hex32(image)[:8] + "… and a signature by Alice) or " +
				"(waiting until 2027-01-15 08:00:00 UTC and a signature by Bob)",
		},
		{must(spend.TimeLock(alice.key, types.OlderPolicy(9))), "waiting until the coin is 9 blocks old and a signature by Alice"},
		{types.AfterPolicy(12), "waiting until blue score 12"},
		{types.ThresholdPolicy(1, alice.policy), "a signature by Alice"},
	} {
		if got := spend.DescribePolicy(c.policy, named); got != c.want {
			t.Errorf("%v: %s\nwant %s", c.policy, got, c.want)
		}
	}
}

// TestDates holds the calendar against days known to be difficult.
func TestDates(t *testing.T) {
	for seconds, want := range map[uint64]string{
		951_782_400:    "2000-02-29 00:00:00",
		951_868_800:    "2000-03-01 00:00:00",
		1_709_164_799:  "2024-02-28 23:59:59",
		1_735_689_599:  "2024-12-31 23:59:59",
		4_107_542_400:  "2100-03-01 00:00:00",
		1_767_225_600:  "2026-01-01 00:00:00",
		13_569_465_599: "2399-12-31 23:59:59",
		13_574_563_200: "2400-02-29 00:00:00",
	} {
		got := spend.DescribePolicy(types.AfterPolicy(seconds*1000), nil)
		if got != "waiting until "+want+" UTC" {
			t.Errorf("%d: %s, want %s", seconds, got, want)
		}
	}
}

// TestSortedKeys gives all owners the same address.
func TestSortedKeys(t *testing.T) {
	one, two := [][32]byte{alice.key, bob.key, carol.key}, [][32]byte{carol.key, alice.key, bob.key}
	spend.SortKeys(one)
	spend.SortKeys(two)
	if must(spend.Multisig(2, one...)).Address() != must(spend.Multisig(2, two...)).Address() {
		t.Error("the order of exchange changes the address")
	}
}

// TestChoose takes the lightest branch that the means allow.
func TestChoose(t *testing.T) {
	htlc := must(spend.HTLC(image, alice.key, bob.key, types.AfterPolicy(500)))
	multi := must(spend.Multisig(2, alice.key, bob.key, carol.key))
	deep := types.ThresholdPolicy(1, multi, must(spend.TimeLock(newPerson("heir").key, types.OlderPolicy(100))))
	either := types.ThresholdPolicy(2, types.AfterPolicy(5), types.AfterPolicy(1e12), alice.policy)
	one := func(keys ...[32]byte) func([32]byte) bool {
		return func(k [32]byte) bool { return slices.Contains(keys, k) }
	}
	know := func([32]byte) bool { return true }
	early, late := rules.Place{BlueScore: 500}, rules.Place{BlueScore: 501}
	for _, c := range []struct {
		name   string
		policy types.Policy
		means  spend.Means
		want   string // what stays in sight; "" where nothing satisfies
	}{
		{"claim", htlc, spend.Means{Key: one(alice.key), Preimage: know}, "hash pk"},
		{"claim without the secret", htlc, spend.Means{Key: one(alice.key), At: late}, ""},
		{"refund too early", htlc, spend.Means{Key: one(bob.key), Preimage: know, At: early}, ""},
		{"refund", htlc, spend.Means{Key: one(bob.key), Preimage: know, At: late}, "after pk"},
		{"both, the lighter", htlc, spend.Means{Key: know, Preimage: know, At: late}, "after pk"},
		{"nothing", htlc, spend.Means{}, ""},
		{"two of three", multi, spend.Means{Key: one(alice.key, carol.key)}, "pk pk"},
		{"any two of three", multi, spend.Means{Key: know}, "pk pk pk"},
		{"one of three", multi, spend.Means{Key: one(alice.key)}, ""},
		{"deep", deep, spend.Means{Key: one(alice.key, bob.key, carol.key)}, "pk pk pk"},
		{"heir too early", deep, spend.Means{Key: one(newPerson("heir").key), Coin: types.Coin{BlueScore: 401}, At: early}, ""},
		{"heir", deep, spend.Means{Key: one(newPerson("heir").key), Coin: types.Coin{BlueScore: 400}, At: early}, "older pk"},
		{"locks of one class", either, spend.Means{Key: know, At: end}, "after pk"},
		{"hidden", types.OpaquePolicy(htlc.Address()), spend.Means{Key: know}, ""},
	} {
		chosen, ok := spend.Choose(c.policy, c.means)
		if ok != (c.want != "") {
			t.Errorf("%s: ok %v", c.name, ok)
			continue
		}
		if ok && (shown(chosen) != c.want || chosen.Address() != c.policy.Address()) {
			t.Errorf("%s: %v, want %s", c.name, chosen, c.want)
		}
	}
}

// shown lists the kinds in sight but for thresholds.
func shown(p types.Policy) string {
	switch p.Kind {
	case types.PolicyOpaque:
		return ""
	case types.PolicyThreshold:
		var words []string
		for _, child := range p.Children {
			if s := shown(child); s != "" {
				words = append(words, s)
			}
		}
		return strings.Join(words, " ")
	}
	word, _, _ := strings.Cut(p.String(), "(")
	return word
}

// TestPolicyCheckAgreesWithRules draws policies; those that pass the check can be
// spent by the rules once somebody has all keys and secrets and waits.
func TestPolicyCheckAgreesWithRules(t *testing.T) {
	spent := 0
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t, 1)
		if spend.CheckPolicy(p) != nil {
			return
		}
		yes := func([32]byte) bool { return true }
		for _, at := range []rules.Place{end, {BlueScore: 1 << 50}, {MedianTime: 1 << 50}} {
			chosen, ok := spend.Choose(p, spend.Means{Key: yes, Preimage: yes, At: at})
			if !ok {
				continue
			}
			r := request(1e8, coin(chosen, 0, 5e8))
			plan, err := spend.New(r)
			if err != nil {
				t.Fatal(err)
			}
			finish(t, &r, plan)
			spent++
			return
		}
	})
	if spent == 0 {
		t.Error("nothing was spent")
	}
}

func finish(t rapid.TB, r *spend.Request, plan *spend.Plan) {
	t.Helper()
	s, err := plan.Steps[0].PST(r.Params)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(family); err != nil {
		t.Fatal(err)
	}
	for i := range secrets {
		if err := s.Reveal(secrets[i]); err != nil && !errors.Is(err, spend.ErrPST) {
			t.Fatal(err)
		}
	}
	tx, err := s.Finalize()
	if err != nil {
		t.Fatal(err)
	}
	checkSigned(t, r.Params, &plan.Steps[0], r.FeeRate, &tx)
}

// A family of keys and secrets for drawn policies.
var (
	members []*person
	secrets []types.Preimage
	family  spend.Signer
)

func init() {
	var seeds []*[32]byte
	for i := range 30 {
		members = append(members, newPerson(fmt.Sprint("member ", i)))
		seeds = append(seeds, &members[i].seed)
		secrets = append(secrets, types.Preimage{byte(i), 7})
	}
	family = spend.Seeds(seeds...)
}

func drawPolicy(t *rapid.T, depth int) types.Policy {
	kinds := 6
	if depth >= rules.MaxPolicyDepth {
		kinds = 4
	}
	n := rapid.IntRange(0, 29).Draw(t, "n")
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return members[n].policy
	case 1:
		return types.HashPolicy(sha256.Sum256(secrets[n][:]))
	case 2:
		return types.AfterPolicy(rapid.SampledFrom([]uint64{0, 1000, 1e12}).Draw(t, "after"))
	case 3:
		return types.OlderPolicy(uint32(n))
	}
	var children []types.Policy
	for range rapid.IntRange(1, 4).Draw(t, "children") {
		children = append(children, drawPolicy(t, depth+1))
	}
	return types.ThresholdPolicy(uint8(rapid.IntRange(1, len(children)).Draw(t, "threshold")), children...)
}
