package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// calling starts a node of which only the answers exist, and returns the
// arguments that call it. answer makes the result of a method; without one the
// connection is cut.
func calling(t *testing.T, answer func(method string) (result string, ok bool)) []string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			ID     json.RawMessage
			Method string
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		result, ok := answer(request.Method)
		if !ok {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, request.ID, result)
	}))
	t.Cleanup(s.Close)
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("jio-0"), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"--rpc", strings.TrimPrefix(s.URL, "http://"), "--rpc-token", token, "--network", "simnet", "--datadir", t.TempDir()}
}

// A node that is killed may still take a call, and cut it off. Who waits for one
// that answers goes on waiting.
func TestWaitOutlivesANodeThatGoesAway(t *testing.T) {
	var asked []string
	node := calling(t, func(method string) (string, bool) {
		asked = append(asked, method)
		return `{"tips":[]}`, len(asked) > 2
	})
	succeed(t, append([]string{"tips", "--json", "--wait"}, node...)...)
	if got := strings.Join(asked, " "); got != "getInfo getInfo getInfo getTips" {
		t.Errorf("asked %s", got)
	}
	asked = nil
	if out := run(t, append([]string{"tips"}, node...)...); out.code == 0 {
		t.Error("a call that was cut off, and nobody waits, is no failure")
	}
}

// Who stops waiting for confirmations, or whose node goes away meanwhile, has
// been told what was sent.
func TestSentIsToldBeforeItIsConfirmed(t *testing.T) {
	id := strings.Repeat("5e", 32)
	node := calling(t, func(method string) (string, bool) {
		result, ok := map[string]string{
			"planSend":  `{"steps":[{}]}`,
			"getWallet": `{"unlocked":true}`,
			"send":      fmt.Sprintf(`{"ids":[%q]}`, id),
		}[method]
		return result, ok
	})
	out := run(t, append([]string{"wallet", "send", "somebody", "1", "--yes", "--confirmations", "3"}, node...)...)
	if out.code == 0 || !strings.Contains(out.stdout, id) {
		t.Errorf("exit %d, %q", out.code, out.stdout)
	}
}

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{"0 coins": plural(0, "coin"), "1 coin": plural(1, "coin"), "1 address": plural(1, "address"), "2 addresses": plural(2, "address")} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
