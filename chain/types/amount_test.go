package types

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAmountText(t *testing.T) {
	for _, c := range []struct {
		jots uint64
		want string
	}{
		{0, "0.00000000"},
		{1, "0.00000001"},
		{150_000_000, "1.50000000"},
		{maxJots, "21000000.00000000"},
		{1<<64 - 1, "184467440737.09551615"},
	} {
		if got := Jots(c.jots).String(); got != c.want {
			t.Errorf("%d jots are written %s", c.jots, got)
		}
	}
}

func TestParseAmount(t *testing.T) {
	for s, want := range map[string]uint64{
		"0": 0, "0.0": 0, "00.1": 10_000_000, "1": 100_000_000, "12.5": 1_250_000_000, "0.00000001": 1,
		"21000000": maxJots, "21000000.00000000": maxJots, "20999999.99999999": maxJots - 1,
		"000000000000000000000000000001": 100_000_000,
	} {
		if got, err := ParseAmount(s); err != nil || got != Jots(want) {
			t.Errorf("%q reads as %v: %v", s, got, err)
		}
	}
	for s, want := range map[string]string{
		"": "want JIO as digits", ".": "want JIO as digits", "1.": "want JIO as digits", ".5": "want JIO as digits",
		"-1": "want JIO as digits", "+1": "want JIO as digits", "1e3": "want JIO as digits", " 1": "want JIO as digits",
		"1,5": "want JIO as digits", "1.2.3": "want JIO as digits", "0x1": "want JIO as digits", "1_0": "want JIO as digits",
		"１": "want JIO as digits", "0.000000001": "the smallest unit", "0.000000000": "the smallest unit",
		"21000000.00000001": "more than 21000000 JIO", "184467440737.09551616": "more than 21000000 JIO",
		strings.Repeat("9", 1000): "more than 21000000 JIO",
	} {
		got, err := ParseAmount(s)
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 200 {
			t.Errorf("%.50q reads as %v: %v; want %q", s, got, err, want)
		}
	}
}

func TestAmountArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := anyUint64(t), anyUint64(t)
		a, b := Jots(x), Jots(y)
		total := new(big.Int).Add(new(big.Int).SetUint64(x), new(big.Int).SetUint64(y))
		sum, ok := a.Add(b)
		if ok != total.IsUint64() || ok && sum.Jots() != total.Uint64() {
			t.Fatalf("%d + %d = %d, %v", x, y, sum.Jots(), ok)
		}
		if all, allOK := Sum(b, a, Jots(0)); allOK != ok || ok && all != sum {
			t.Fatalf("Sum of %d and %d = %d, %v", x, y, all.Jots(), allOK)
		}
		if diff, ok := a.Sub(b); ok != (x >= y) || ok && diff.Jots() != x-y {
			t.Fatalf("%d - %d = %d, %v", x, y, diff.Jots(), ok)
		}
		if a.Cmp(b) != new(big.Int).SetUint64(x).Cmp(new(big.Int).SetUint64(y)) {
			t.Fatalf("%d against %d: %d", x, y, a.Cmp(b))
		}
		if a.IsZero() != (x == 0) || a.Valid() != (x <= 2_100_000_000_000_000) {
			t.Fatalf("%d: zero %v, valid %v", x, a.IsZero(), a.Valid())
		}
	})
	if sum, ok := Sum(); !ok || !sum.IsZero() {
		t.Error("the sum of nothing is nothing")
	}
	if !MaxAmount.Valid() || Jots(maxJots+1).Valid() {
		t.Error("MaxAmount is not the bound")
	}
}

// Whatever amount is written is read back, a total above MaxAmount too.
func TestAmountMarshalling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, back := Jots(anyUint64(t)), Jots(7)
		text, _ := a.MarshalText()
		if err := back.UnmarshalText(text); err != nil || back != a {
			t.Fatalf("%s reads as %v: %v", text, back, err)
		}
		_, err := ParseAmount(string(text))
		if (err == nil) != a.Valid() {
			t.Fatalf("a user typing %s: %v", text, err)
		}
	})
}

func FuzzAmount(f *testing.F) {
	for _, s := range []string{"0", "1.5", "21000000", "21000000.00000001", "-1", "1e3", "0.000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAmount(s)
		if err != nil {
			return
		}
		exact, ok := new(big.Rat).SetString(s)
		jots := new(big.Rat).SetFrac(new(big.Int).SetUint64(a.Jots()), big.NewInt(JotsPerJIO))
		if !ok || exact.Cmp(jots) != 0 || !a.Valid() {
			t.Errorf("%q reads as %v", s, a)
		}
		if back, err := ParseAmount(a.String()); err != nil || back != a {
			t.Errorf("%v reads as %v: %v", a, back, err)
		}
	})
}

func ExampleAmount() {
	a, err := ParseAmount("12.5")
	fmt.Println(a, a.Jots(), err)
	// Output: 12.50000000 1250000000 <nil>
}
