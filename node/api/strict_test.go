package api_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/api"
)

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"unknown field", `{"wallet":"a","amount":"1"}`, `unknown field "amount"`},
		{"other case", `{"Wallet":"a"}`, `unknown field "Wallet"`},
		{"unknown field of an element", `{"payments":[{"address":"a","amout":"1"}]}`, `unknown field "amout"`},
		{"duplicate", `{"wallet":"a","wallet":"b"}`, "stands twice"},
		{"duplicate by escape", `{"wallet":"a","w\u0061llet":"b"}`, "stands twice"},
		{"duplicate in an element", `{"payments":[{"label":"a","label":"b"}]}`, "stands twice"},
		{"trailing value", `{"wallet":"a"}{}`, "not JSON"},
		{"trailing bracket", `{"wallet":"a"}]`, "not JSON"},
		{"trailing word", `{"wallet":"a"} x`, "not JSON"},
		{"type", `{"wallet":8877}`, `field "wallet" cannot be a number`},
		{"fraction", `{"account":1.5}`, `field "account" cannot be a number`},
		{"negative", `{"account":-1}`, `field "account" cannot be a number`},
		{"range", `{"account":4294967296}`, `field "account" cannot be a number`},
		{"cut short", `{"wallet":"a"`, "not JSON"},
		{"comma", `{"wallet":"a",}`, "not JSON"},
		{"no value", ``, "not JSON"},
		{"not UTF-8", "{\"wallet\":\"\xff\"}", "not UTF-8"},
		{"depth", strings.Repeat("[", 65) + strings.Repeat("]", 65), "deeper than 64"},
		{"endless depth", strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20), "not JSON"},
		{"depth in a field", `{"wallet":` + strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 65), "deeper than 64"},
	} {
		var into api.SendRequest
		if err := api.Decode([]byte(c.data), &into); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestDecodeTakes(t *testing.T) {
	var request api.PartialRequest
	err := api.Decode([]byte(` {"from":"x","wallet":"w","payments":[{"address":"a","amount":"1.5"}],"coins":null} `), &request)
	if err != nil || request.From != "x" || request.Wallet != "w" || request.Payments[0].Amount.String() != "1.50000000" {
		t.Errorf("%+v, %v", request, err)
	}
}

// Numbers above 2⁵³ keep every digit.
func TestNumbersAbove2To53(t *testing.T) {
	var h api.Header
	if err := api.Decode([]byte(`{"daaScore":18446744073709551615,"timestamp":-9223372036854775808,"nonce":"18446744073709551615"}`), &h); err != nil {
		t.Fatal(err)
	}
	if h.DAAScore != 1<<64-1 || h.Timestamp != -1<<63 || h.Nonce != 1<<64-1 {
		t.Errorf("got %d %d %d", h.DAAScore, h.Timestamp, h.Nonce)
	}
	for _, number := range []string{"18446744073709551616", "9007199254740993.0", "1e3", `"1"`} {
		if err := api.Decode([]byte(`{"daaScore":`+number+`}`), &h); err == nil {
			t.Errorf("%s was taken as a score", number)
		}
	}
}

// What Decode takes, encoding/json takes with the same value, and nothing that
// Decode refuses names what a secret held. The secret is read into a string
// there, by another reader of escapes.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"wallet":"a","password":"b"}`, `{"Password":1}`, `[1,{"a":[]}]`, `{"password":"\ud800"}`, `{`, `{"seconds":1e400}`, `{"password":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ude00\ud83dx"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var strict api.UnlockParams
		var lax struct {
			Wallet, Password string
			Seconds          int64
		}
		if err := api.Decode(data, &strict); err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&lax); err != nil {
			t.Fatalf("%q was taken, but %v", data, err)
		}
		if strict.Wallet != lax.Wallet || string(strict.Password) != lax.Password || strict.Seconds != lax.Seconds {
			t.Fatalf("%q means two things", data)
		}
	})
}
