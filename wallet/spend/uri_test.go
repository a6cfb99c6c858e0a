package spend_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// TestURI writes and reads links.
func TestURI(t *testing.T) {
	p := params.DevNet()
	a := alice.policy.Address()
	at := "jio:" + a.Text(p.AddressPrefix)
	for _, c := range []struct {
		uri  spend.URI
		want string
	}{
		{spend.URI{Address: a}, at},
		{spend.URI{Address: a, Amount: types.Jots(150_000_000)}, at + "?amount=1.5"},
		{spend.URI{Address: a, Amount: types.Jots(10_0000_0000)}, at + "?amount=10"},
		{spend.URI{Address: a, Amount: types.Jots(1)}, at + "?amount=0.00000001"},
		{spend.URI{Address: a, Label: "Café & Söhne"}, at + "?label=Caf%C3%A9%20%26%20S%C3%B6hne"},
		{spend.URI{Address: a, Amount: types.Jots(1e8), Label: "a", Message: "b=c?d"}, at + "?amount=1&label=a&message=b%3Dc%3Fd"},
	} {
		text, err := c.uri.Text(p)
		if err != nil || text != c.want {
			t.Errorf("%+v: %s, %v; want %s", c.uri, text, err, c.want)
		}
		if got, err := spend.ParseURI(p, text); err != nil || got != c.uri {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	if got, err := spend.ParseURI(p, strings.ToUpper(at)); err != nil || got.Address != a {
		t.Errorf("in capitals, as in a QR code: %v", err)
	}
}

// TestURIRefused refuses everything else.
func TestURIRefused(t *testing.T) {
	p := params.DevNet()
	a := alice.policy.Address().Text(p.AddressPrefix)
	for _, c := range []struct{ text, words string }{
		{"", "does not start"},
		{a, "does not start"},
		{"bitcoin:" + a, "does not start"},
		{"jio:", "address"},
		{"jio://" + a, "address"},
		{"jio:" + a[:len(a)-1], "checksum"},
		{"jio:" + alice.policy.Address().Text("jio"), "for mainnet, this is devnet"},
		{"jio:" + types.Address{Version: 1}.Text(p.AddressPrefix), "version 1"},
		{"jio:" + a + "?", "not known"},
		{"jio:" + a + "?amount", "want JIO"},
		{"jio:" + a + "?amount=0", "zero"},
		{"jio:" + a + "?amount=-1", "want JIO"},
		{"jio:" + a + "?amount=1e3", "want JIO"},
		{"jio:" + a + "?amount=1,5", "percent-encoded"},
		{"jio:" + a + "?amount=21000001", "more than"},
		{"jio:" + a + "?amount=1&amount=2", "twice"},
		{"jio:" + a + "?amount=1&", "not known"},
		{"jio:" + a + "?Amount=1", "not known"},
		{"jio:" + a + "?req-memo=1", "not known"},
		{"jio:" + a + "?label=", "empty"},
		{"jio:" + a + "?label=a b", "percent-encoded"},
		{"jio:" + a + "?label=a+b", "percent-encoded"},
		{"jio:" + a + "?label=%2", "percent-encoded"},
		{"jio:" + a + "?label=%zz", "percent-encoded"},
		{"jio:" + a + "?label=%ff", "UTF-8"},
		{"jio:" + a + "?label=%1b[31m", "percent-encoded"},
		{"jio:" + a + "?label=%1b", "U+001B"},
		{"jio:" + a + "?label=%e2%80%ae", "U+202E"},
		{"jio:" + a + "?label=%0a", "U+000A"},
		{"jio:" + a + "?message=" + strings.Repeat("a", 257), "longer"},
		{"jio:" + a + "?label=a#b", "percent-encoded"},
	} {
		u, err := spend.ParseURI(p, c.text)
		if !errors.Is(err, spend.ErrURI) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%q: %+v, %v; want %q", c.text, u, err, c.words)
		}
	}
	for _, bad := range []spend.URI{{Label: "\x1b"}, {Message: strings.Repeat("a", 257)}, {Label: "\xff"}} {
		if text, err := bad.Text(p); err == nil {
			t.Errorf("%+v is written as %s", bad, text)
		}
	}
}

// TestURIAgreesWithTheStandard holds the percent-encoding against net/url.
func TestURIAgreesWithTheStandard(t *testing.T) {
	p := params.MainNet()
	rapid.Check(t, func(t *rapid.T) {
		u := spend.URI{Address: bob.policy.Address(), Label: rapid.StringN(0, 20, 250).Draw(t, "label")}
		text, err := u.Text(p)
		if err != nil {
			return
		}
		parsed, err := url.Parse(text)
		if err != nil || parsed.Query().Get("label") != u.Label {
			t.Fatalf("%s: %v", text, err)
		}
		if got, err := spend.ParseURI(p, text); err != nil || got != u {
			t.Fatalf("%s: %+v, %v", text, got, err)
		}
	})
}

func FuzzURI(f *testing.F) {
	p := params.DevNet()
	f.Add("jio:" + alice.policy.Address().Text(p.AddressPrefix) + "?amount=1.5&label=Caf%C3%A9&message=b%3Dc")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := spend.ParseURI(p, s)
		if err != nil {
			return
		}
		text, err := u.Text(p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := spend.ParseURI(p, text); err != nil || again != u {
			t.Fatalf("%q: %+v, again %+v, %v", s, u, again, err)
		}
	})
}
