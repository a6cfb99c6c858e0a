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
	"time"
)

// calling starts a node of which only the answers exist, and returns the
// arguments that call it. answer makes the result of a method; without one the
// connection is cut.
func calling(t *testing.T, answer func(method string) (result string, ok bool)) []string {
	t.Helper()
	return callingWith(t, func(method string, _ json.RawMessage) (string, bool) {
		result, ok := answer(method)
		return `"result":` + result, ok
	})
}

// callingWith is calling for answers that hang on the parameters, and may be
// refusals: each is the member "result" or "error" of the response.
func callingWith(t *testing.T, answer func(method string, params json.RawMessage) (member string, ok bool)) []string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			ID, Params json.RawMessage
			Method     string
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		member, ok := answer(request.Method, request.Params)
		if !ok {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,%s}`, request.ID, member)
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

// Two commands that have a wallet unlocked for themselves: the one that is done
// first locks it under the other, which unlocks it again and goes on. It is
// locked in the end, and the session of a wallet that was open is not cut short.
func TestWalletLockedMeanwhileIsUnlockedAgain(t *testing.T) {
	const locked = `"error":{"code":-32003,"message":"locked","reason":"locked"}`
	secret := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(secret, []byte("pw"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, open := range []bool{false, true} {
		until, seconds := int64(0), int64(0)
		if open {
			until = time.Now().Add(time.Hour).UnixMilli()
		}
		var asked []string
		node := callingWith(t, func(method string, params json.RawMessage) (string, bool) {
			asked = append(asked, method)
			switch n := len(asked); {
			case method == "getWallet":
				return fmt.Sprintf(`"result":{"name":"w","unlocked":%t,"unlockedUntil":%d}`, open, until), true
			case method == "unlockWallet":
				var p struct{ Seconds int64 }
				err := json.Unmarshal(params, &p)
				seconds = p.Seconds
				return `"result":{}`, err == nil
			case method == "signMessage" && !open && n < 4:
				return locked, true
			}
			return `"result":{"signature":"s"}`, true
		})
		succeed(t, append([]string{"wallet", "sign", "a", "m", "--password-file", secret}, node...)...)
		want := "getWallet unlockWallet signMessage unlockWallet signMessage lockWallet"
		if open {
			want = "getWallet unlockWallet signMessage"
		}
		if got := strings.Join(asked, " "); got != want {
			t.Errorf("asked %s", got)
		}
		if open != (seconds > 3000) || seconds < 60 {
			t.Errorf("unlocked for %d s, open before: %t", seconds, open)
		}
	}
}

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{"0 coins": plural(0, "coin"), "1 coin": plural(1, "coin"), "1 address": plural(1, "address"), "2 addresses": plural(2, "address")} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
