package hd

import (
	"slices"
	"strings"
	"testing"
)

func TestParsePath(t *testing.T) {
	for _, c := range []struct {
		path string
		want Path
	}{
		{"m", Path{}},
		{"m/0'", Path{0}},
		{"m/44'/4868431'/0'/0'/0'", Path{44, 4868431, 0, 0, 0}},
		{"m/2147483647'", Path{2147483647}},
		{"m" + strings.Repeat("/1'", MaxDepth), slices.Repeat(Path{1}, MaxDepth)},
	} {
		got, err := ParsePath(c.path)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, error %v, want %v", c.path, got, err, c.want)
		}
		if s := got.String(); s != c.path {
			t.Errorf("%s came back as %s", c.path, s)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"", "starts with m"},
		{"44'/0'", "starts with m"},
		{"M/44'", "starts with m"},
		{" m/44'", "starts with m"},
		{"m/", "step 1 has no number"},
		{"m/44'/", "step 2 has no number"},
		{"m//0'", "step 1 has no number"},
		{"m/'", "step 1 has no number"},
		{"m/44'/0", "step 2 lacks its apostrophe"},
		{"m/44h", "step 1 is not a number followed by an apostrophe"},
		{"m/44''", "step 1 is not a number"},
		{"m/-1'", "step 1 is not a number"},
		{"m/+1'", "step 1 is not a number"},
		{"m/1_0'", "step 1 is not a number"},
		{"m/0x1'", "step 1 is not a number"},
		{"m/44' /0'", "step 1 is not a number"},
		{"m/044'", "step 1 has leading zeros"},
		{"m/00'", "step 1 has leading zeros"},
		{"m/0'/2147483648'", "step 2 is too large"},
		{"m/99999999999999999999'", "step 1 is too large"},
		{"m" + strings.Repeat("/1'", MaxDepth+1), "at most 255"},
	} {
		_, err := ParsePath(c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.path, err, c.want)
		}
	}
}

// FuzzParsePath holds that a path either fails or comes back as it was written.
func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"m", "m/0'", "m/44'/4868431'/0'/0'/0'", "m/2147483647'", "m/0", "m//", "m/00'", "m/1'\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, err := ParsePath(s)
		if err != nil {
			return
		}
		if got := path.String(); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		for _, index := range path {
			if index >= hardened {
				t.Errorf("%q has the step %d", s, index)
			}
		}
	})
}

func BenchmarkDerive(b *testing.B) {
	master, err := Master(make([]byte, SeedSize))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := master.Derive("m/44'/4868431'/0'/0'/0'"); err != nil {
			b.Fatal(err)
		}
	}
}
