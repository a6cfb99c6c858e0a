package rpc

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/jio-dag/jio/node/api"
)

func TestTokensAreKeptAsHashes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tokens")
	if tokens, err := Tokens(dir); err != nil || tokens != nil {
		t.Errorf("no directory: %v, %v", tokens, err)
	}
	secret, err := AddToken(dir, "explorer", api.Wallet)
	if err != nil || !strings.HasPrefix(secret, "jio-") || len(secret) != 4+64 {
		t.Fatalf("secret %q, %v", secret, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "explorer"))
	if err != nil || strings.Contains(string(text), secret[4:]) {
		t.Errorf("the file holds %s, %v", text, err)
	}
	info, _ := os.Stat(filepath.Join(dir, "explorer"))
	parent, _ := os.Stat(dir)
	if info.Mode().Perm() != 0o600 || parent.Mode().Perm() != 0o700 {
		t.Errorf("modes %v in %v", info.Mode(), parent.Mode())
	}
	if _, err := AddToken(dir, "explorer", api.Admin); err == nil {
		t.Error("a second token took the name of the first")
	}
	tokens, err := Tokens(dir)
	if err != nil || len(tokens) != 1 || tokens[0].Name != "explorer" || tokens[0].Scope != api.Wallet || tokens[0].Created.IsZero() {
		t.Errorf("tokens %+v, %v", tokens, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("files left behind: %v", files)
	}
}

func TestTokenNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"", ".", "..", "../x", "a/b", "A", "a b", ".x", "-x", "a\x00", strings.Repeat("a", 33)} {
		if _, err := AddToken(dir, name, api.Read); err == nil {
			t.Errorf("%q was taken as a name", name)
		}
		if err := RevokeToken(dir, name); err == nil {
			t.Errorf("%q was revoked", name)
		}
	}
	if err := RevokeToken(dir, "absent"); err == nil {
		t.Error("a token that is not there was revoked")
	}
}

func TestBrokenTokenFilesRefuseStart(t *testing.T) {
	hash := strings.Repeat("0", 64)
	for name, text := range map[string]string{
		"empty":         ``,
		"scope":         `{"scope":"root","sha256":"` + hash + `","created":1}`,
		"no scope":      `{"sha256":"` + hash + `","created":1}`,
		"short hash":    `{"scope":"read","sha256":"00","created":1}`,
		"long hash":     `{"scope":"read","sha256":"` + hash + `00","created":1}`,
		"unknown field": `{"scope":"read","sha256":"` + hash + `","created":1,"expires":2}`,
		"two scopes":    `{"scope":"read","scope":"admin","sha256":"` + hash + `","created":1}`,
	} {
		dir := t.TempDir()
		if err := os.Mkdir(TokenDir(dir), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(TokenDir(dir), "x"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(Config{Registry: echoes(), Dir: dir, Listen: "127.0.0.1:0"}); err == nil {
			_ = s.Close()
			t.Errorf("%s: the server starts", name)
		} else if _, err := os.Stat(CookieFile(dir)); err == nil {
			t.Errorf("%s: the cookie stays behind", name)
		}
	}
}

// Tokens come and go while the server runs, one after the other faster than the
// clock of a file system ticks: its time stays as it was.
func TestTokensComeAndGo(t *testing.T) {
	r := start(t, Config{})
	try := func(bearer string) int {
		r.forgive()
		status, _ := r.do(t, exchange{body: search("1", "x"), header: map[string]string{"Authorization": bearer}})
		return status
	}
	for range 20 {
		bearer := r.token(t, "short-lived", api.Read)
		if status := try(bearer); status != http.StatusOK {
			t.Fatalf("a new token answers %d", status)
		}
		tick, err := os.Stat(TokenDir(r.dir))
		if err != nil {
			t.Fatal(err)
		}
		err = RevokeToken(TokenDir(r.dir), "short-lived")
		if err := errors.Join(err, os.Chtimes(TokenDir(r.dir), time.Time{}, tick.ModTime())); err != nil {
			t.Fatal(err)
		}
		if status := try(bearer); status != http.StatusUnauthorized {
			t.Fatalf("a revoked token answers %d", status)
		}
	}
}

// While a token file cannot be read, no token opens anything, the sound ones
// neither; the cookie still does.
func TestUnreadableTokenWhileRunning(t *testing.T) {
	r := start(t, Config{})
	bearer := r.token(t, "sound", api.Read)
	broken := filepath.Join(TokenDir(r.dir), "broken")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _ := r.do(t, exchange{header: map[string]string{"Authorization": bearer}}); status != http.StatusUnauthorized {
		t.Errorf("beside a broken file a token answers %d", status)
	}
	r.forgive()
	if status, _ := r.call(t, search("1", "x")); status != http.StatusOK {
		t.Errorf("the cookie answers %d", status)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	if status, _ := r.do(t, exchange{body: search("1", "x"), header: map[string]string{"Authorization": bearer}}); status != http.StatusOK {
		t.Errorf("after it was removed the token answers %d", status)
	}
}

func TestRevokedTokenOnOpenSocket(t *testing.T) {
	r := start(t, Config{})
	conn := r.dial(t, r.token(t, "socket", api.Read))
	say(t, conn, search("1", "x"))
	if answer := hear(t, conn); answer != found("1", "x") {
		t.Fatal(answer)
	}
	if err := RevokeToken(TokenDir(r.dir), "socket"); err != nil {
		t.Fatal(err)
	}
	say(t, conn, search("2", "x"))
	if answer := hear(t, conn); codeIn(t, answer) != api.CodeForbidden {
		t.Errorf("a revoked token is answered %s", answer)
	}
}

// A subscriber that only listens is found out as well.
func TestRevokedTokenOnSilentSocket(t *testing.T) {
	r := start(t, Config{Limits: Limits{Ping: 1}})
	conn := r.dial(t, r.token(t, "silent", api.Read))
	if err := RevokeToken(TokenDir(r.dir), "silent"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation || !strings.Contains(err.Error(), "revoked") {
		t.Errorf("the connection ended with %v", err)
	}
}
