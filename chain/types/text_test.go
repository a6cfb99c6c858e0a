package types

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// texts is everything that has a text form, as it stands in JSON.
type texts struct {
	Amount Amount
	Hash   Hash
	Work   Uint256
	ByHash map[Hash]Amount
}

func TestJSON(t *testing.T) {
	v := texts{Jots(150_000_000), filled(0xab), Uint256{0xff, 1}, map[Hash]Amount{filled(1): Jots(1)}}
	ab, zeroOne := strings.Repeat("ab", 32), strings.Repeat("01", 32)
	want := `{"Amount":"1.50000000","Hash":"` + ab + `","Work":"100000000000000ff","ByHash":{"` + zeroOne + `":"0.00000001"}}`
	got, err := json.Marshal(v)
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := texts{Amount: Jots(anyUint64(t)), Hash: anyHash(t), Work: anyUint256(t)}
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got := texts{Hash: filled(1)}
		if err := json.Unmarshal(data, &got); err != nil || got.Amount != want.Amount || got.Hash != want.Hash || got.Work != want.Work {
			t.Fatalf("%s reads as %+v: %v", data, got, err)
		}
	})
}

func TestJSONRefusals(t *testing.T) {
	for _, s := range []string{
		`{"Amount":1.5}`, `{"Amount":1}`, `{"Amount":""}`, `{"Amount":"184467440737.09551616"}`, `{"Amount":"-1"}`,
		`{"Hash":"ab"}`, `{"Hash":""}`, `{"Work":""}`, `{"Work":"0x1"}`, `{"Work":1}`,
	} {
		if err := json.Unmarshal([]byte(s), new(texts)); err == nil {
			t.Errorf("%s was accepted", s)
		}
	}
}

func TestParseHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHash(t)
		for _, s := range []string{h.String(), strings.ToUpper(h.String())} {
			if got, err := ParseHash(s); err != nil || got != h {
				t.Fatalf("%s reads as %v: %v", s, got, err)
			}
		}
	})
	digits := strings.Repeat("0", 64)
	for _, s := range []string{"", digits[:63], digits + "0", digits[:63] + "g", "0x" + digits[:62], digits[:62] + "é"} {
		if got, err := ParseHash(s); err == nil || !got.IsZero() {
			t.Errorf("%q reads as %v: %v", s, got, err)
		}
	}
}

// Hashes are ordered from byte 0, as their hex is.
func TestHashOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyHash(t), anyHash(t)
		copy(b[:], a[:rapid.IntRange(0, 32).Draw(t, "shared")])
		if a.Compare(b) != strings.Compare(a.String(), b.String()) {
			t.Fatalf("%v against %v: %d", a, b, a.Compare(b))
		}
	})
	hashes := []Hash{{31: 1}, {1}, {}, {0, 2}}
	slices.SortFunc(hashes, Hash.Compare)
	if !slices.Equal(hashes, []Hash{{}, {31: 1}, {0, 2}, {1}}) || !hashes[0].IsZero() || hashes[1].IsZero() {
		t.Errorf("sorted: %v", hashes)
	}
}
