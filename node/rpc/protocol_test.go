package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// noHash is the hash that nothing has.
var noHash = strings.Repeat("0", 64)

// The examples of the JSON-RPC 2.0 specification, section 7, with a method of
// ours, and what they leave open.
func TestJSONRPC(t *testing.T) {
	r := start(t, Config{})
	refusal := func(id string, code api.Code) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,`, id, code)
	}
	for _, c := range []struct {
		name, body string
		status     int
		want       string // the beginning of the answer
	}{
		{"call", search("1", "x"), 200, found("1", "x")},
		{"string id", search(`"a\"b"`, "x"), 200, found(`"a\"b"`, "x")},
		{"null id", search("null", "x"), 200, found("null", "x")},
		{"large id", search("18446744073709551617", "x"), 200, found("18446744073709551617", "x")},
		{"white space", " \n" + search("1", "x") + "\t", 200, found("1", "x")},
		{"notification", `{"jsonrpc":"2.0","method":"search","params":{"text":"x"}}`, 204, ""},
		{"notification of nothing", `{"jsonrpc":"2.0","method":"nothing"}`, 204, ""},
		{"no parameters", `{"jsonrpc":"2.0","id":1,"method":"stop"}`, 200, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{"empty list", `{"jsonrpc":"2.0","id":1,"method":"stop","params":[]}`, 200, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{"positions", `{"jsonrpc":"2.0","id":1,"method":"search","params":["x"]}`, 200, refusal("1", api.CodeInvalidParams)},
		{"unknown method", `{"jsonrpc":"2.0","id":1,"method":"nothing"}`, 200, refusal("1", api.CodeMethodNotFound)},
		{"absent part", `{"jsonrpc":"2.0","id":1,"method":"getPeers"}`, 200, refusal("1", api.CodeUnavailable)},
		{"refusal", `{"jsonrpc":"2.0","id":1,"method":"getBlock","params":{"hash":"` + noHash + `"}}`, 200, refusal("1", api.CodeNotFound)},
		{"nothing required", `{"jsonrpc":"2.0","id":1,"method":"getBlock"}`, 200, refusal("1", api.CodeInvalidParams)},
		{"not JSON", `{"jsonrpc":"2.0","method":"search, "params`, 400, refusal("null", api.CodeParse)},
		{"empty", ``, 400, refusal("null", api.CodeParse)},
		{"number", `1`, 400, refusal("null", api.CodeInvalidRequest)},
		{"method of another type", `{"jsonrpc":"2.0","id":1,"method":1}`, 400, refusal("null", api.CodeInvalidRequest)},
		{"no method", `{"jsonrpc":"2.0","id":1}`, 400, refusal("1", api.CodeInvalidRequest)},
		{"long method", `{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("a", 65) + `"}`, 400, refusal("1", api.CodeInvalidRequest)},
		{"version", `{"jsonrpc":"1.0","id":1,"method":"search"}`, 400, refusal("1", api.CodeInvalidRequest)},
		{"no version", `{"method":"search"}`, 400, refusal("null", api.CodeInvalidRequest)},
		{"id of another type", `{"jsonrpc":"2.0","id":{},"method":"search"}`, 400, refusal("null", api.CodeInvalidRequest)},
		{"true as id", `{"jsonrpc":"2.0","id":true,"method":"search"}`, 400, refusal("null", api.CodeInvalidRequest)},
		{"long id", `{"jsonrpc":"2.0","id":"` + strings.Repeat("a", 127) + `","method":"search"}`, 400, refusal("null", api.CodeInvalidRequest)},
		{"another member", `{"jsonrpc":"2.0","id":1,"method":"search","extra":1}`, 400, refusal("null", api.CodeInvalidRequest)},
		{"batch", "[" + search("1", "x") + "," + search("2", "y") + "]", 200, "[" + found("1", "x") + "," + found("2", "y") + "]"},
		{"empty batch", "[]", 400, refusal("null", api.CodeInvalidRequest)},
		{"broken batch", `[{"jsonrpc":"2.0","method"]`, 400, refusal("null", api.CodeParse)},
		{"batch of a number", "[1]", 200, "[" + refusal("null", api.CodeInvalidRequest)},
		{"batch in a batch", "[[" + search("1", "x") + "]]", 200, "[" + refusal("null", api.CodeInvalidRequest)},
		{"batch of notifications", `[{"jsonrpc":"2.0","method":"stop"},{"jsonrpc":"2.0","method":"nothing"}]`, 204, ""},
		{"subscribe over HTTP", `{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"blockAdded"}}`, 400, refusal("1", api.CodeInvalidRequest)},
	} {
		status, answer := r.call(t, c.body)
		if status != c.status || !strings.HasPrefix(answer, c.want) || c.want == "" && answer != "" {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, answer, c.status, c.want)
		}
		if answer != "" && !json.Valid([]byte(answer)) {
			t.Errorf("%s: %s is not JSON", c.name, answer)
		}
	}
}

func TestMixedBatch(t *testing.T) {
	r := start(t, Config{})
	status, answer := r.call(t, `[`+search("1", "x")+`,{"jsonrpc":"2.0","method":"stop"},7,`+search(`"b"`, "y")+`,{"jsonrpc":"2.0","id":5,"method":"nothing"}]`)
	var got []struct {
		ID     any
		Result *api.Found
		Error  *api.Error
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil || status != http.StatusOK || len(got) != 4 {
		t.Fatalf("%d %s: %v", status, answer, err)
	}
	if got[0].Result.Name != "x" || got[1].Error.Code != api.CodeInvalidRequest || got[1].ID != nil || got[2].ID != "b" || got[3].Error.Code != api.CodeMethodNotFound {
		t.Errorf("answers %s", answer)
	}
}

func TestDuplicateJSONKeys(t *testing.T) {
	r := start(t, Config{})
	for _, body := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"stop","method":"search"}`,
		`{"jsonrpc":"2.0","id":1,"method":"search","params":{"text":"a","text":"b"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"search","params":{"text":"a"},"params":{"text":"b"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"search","params":{"text":"a","Text":"b"}}`,
	} {
		if _, answer := r.call(t, body); codeIn(t, answer) == 0 {
			t.Errorf("%s: %s", body, answer)
		}
	}
}

func TestUnknownFieldsRejectedOnSpend(t *testing.T) {
	reg := api.NewRegistry()
	sent := 0
	api.Handle(reg, api.Send, func(context.Context, api.SendRequest) (api.Sent, error) {
		sent++
		return api.Sent{}, nil
	})
	r := start(t, Config{Registry: reg})
	for _, params := range []string{
		`{"payments":[{"address":"a","amount":"1"}],"feerate":1}`,
		`{"payments":[{"address":"a","amount":"1","amout":"2"}]}`,
		`{"payments":[{"address":"a","amount":"1"}],"coins":[{"transactionId":"` + hashOf(1).String() + `","indx":1}]}`,
		`{"payments":[{"address":"a","amount":1}]}`,
		`{"payments":[{"address":"a","amount":"-1"}]}`,
		`{"payments":[{"address":"a","amount":"1e3"}]}`,
	} {
		if _, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"send","params":`+params+`}`); codeIn(t, answer) != api.CodeInvalidParams {
			t.Errorf("%s: %s", params, answer)
		}
	}
	if sent > 0 {
		t.Error("coins were sent")
	}
}

func TestDiscover(t *testing.T) {
	r := start(t, Config{})
	var got struct{ OpenRPC string }
	if err := r.client(t).Call(t.Context(), discover, &api.None{}, &got); err != nil || got.OpenRPC != "1.3.2" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestErrorsOfHandlers(t *testing.T) {
	reg := api.NewRegistry()
	api.Handle(reg, api.GetInfo, func(context.Context, api.None) (api.Info, error) {
		return api.Info{}, fmt.Errorf("looking: %w", &api.Error{Code: api.CodeRejected, Message: "a rule", Reason: "bad-rule"})
	})
	api.Handle(reg, api.GetTips, func(context.Context, api.None) (api.Tips, error) {
		return api.Tips{}, errors.New("open /home/someone/chain/000012.ldb: input/output error")
	})
	r := start(t, Config{Registry: reg})
	_, err := api.GetInfo.Call(t.Context(), r.client(t), api.None{})
	if refusal := new(api.Error); !errors.As(err, &refusal) || *refusal != (api.Error{Code: api.CodeRejected, Message: "a rule", Reason: "bad-rule"}) {
		t.Errorf("a refusal arrived as %#v", err)
	}
	status, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"getTips"}`)
	if status != http.StatusInternalServerError || answer != `{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"internal error"}}` {
		t.Errorf("a fault arrived as %d %s", status, answer)
	}
}

// What is observed has names from a closed set, whatever clients call.
func TestObserve(t *testing.T) {
	type seen struct {
		method string
		code   api.Code
	}
	var got []seen
	s, err := Open(Config{Registry: echoes(), Dir: t.TempDir(), Listen: "127.0.0.1:0", Observe: func(method string, code api.Code, d time.Duration) {
		got = append(got, seen{method, code})
		if d < 0 {
			t.Errorf("%s took %v", method, d)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, message := range []string{
		search("1", "x"), `{"jsonrpc":"2.0","method":"getBlock","params":{"hash":"` + noHash + `"}}`, `{"jsonrpc":"2.0","id":1,"method":"invented"}`, "{",
		`{"jsonrpc":"2.0","id":1,"method":"getPeers"}`, `{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}`,
	} {
		s.answer(t.Context(), &caller{credential: s.keys.cookie}, []byte(message))
	}
	want := []seen{{"search", 0}, {"getBlock", api.CodeNotFound}, {"unknown", api.CodeMethodNotFound}, {"unknown", api.CodeParse}, {"getPeers", api.CodeUnavailable}, {"rpc.discover", 0}}
	if !slices.Equal(got, want) {
		t.Errorf("observed %v, want %v", got, want)
	}
}
