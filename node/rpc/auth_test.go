package rpc

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// forgive forgets the wrong credentials so far.
func (r *running) forgive() {
	r.throttle.mu.Lock()
	defer r.throttle.mu.Unlock()
	clear(r.throttle.sources)
	r.throttle.all = newBucket(triesAltogether, time.Now())
}

// wrongCredentials are headers that must open nothing, made from those that do.
func wrongCredentials(basic, bearer string) map[string]string {
	plain, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(basic, "Basic "))
	cookie := string(plain)
	user, password, _ := strings.Cut(cookie, ":")
	encoded := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	return map[string]string{
		"none":                   "",
		"scheme alone":           "Basic ",
		"empty pair":             encoded(""),
		"empty user":             encoded(":" + password),
		"empty password":         encoded(user + ":"),
		"wrong user":             encoded("admin:" + password),
		"wrong password":         encoded(user + ":" + strings.Repeat("0", len(password))),
		"password in capitals":   encoded(user + ":" + strings.ToUpper(password)),
		"longer password":        encoded(cookie + "0"),
		"truncated password":     encoded(cookie[:len(cookie)-1]),
		"zero byte":              encoded(cookie + "\x00"),
		"not base64":             "Basic !",
		"other scheme":           "Digest " + strings.TrimPrefix(basic, "Basic "),
		"no scheme":              cookie,
		"cookie as token":        "Bearer " + cookie,
		"token as cookie":        encoded(strings.TrimPrefix(bearer, "Bearer ")),
		"truncated token":        bearer[:len(bearer)-1],
		"token without its name": "Bearer " + strings.TrimPrefix(bearer, "Bearer jio-"),
		"empty token":            "Bearer ",
		"two spaces":             strings.Replace(bearer, " ", "  ", 1),
	}
}

// Every way in, with every wrong credential, answers the same.
func TestAuthMatrix(t *testing.T) {
	r := start(t, Config{Metrics: http.NotFoundHandler()})
	basic, bearer := r.basic(t), r.token(t, "probe", api.Read)
	for name, header := range wrongCredentials(basic, bearer) {
		for _, x := range []exchange{
			{path: "/rpc", body: search("1", "x")},
			{path: "/rpc", body: "{"},
			{path: "/rpc", verb: http.MethodGet},
			{path: "/ws", verb: http.MethodGet},
			{path: "/metrics", verb: http.MethodGet},
		} {
			r.forgive()
			x.header = map[string]string{"Authorization": header}
			if status, answer := r.do(t, x); status != http.StatusUnauthorized || answer != "credentials are required\n" {
				t.Errorf("%s: %s %s answers %d %q", name, x.verb, x.path, status, answer)
			}
		}
	}
	for _, right := range []string{basic, bearer, strings.Replace(bearer, "Bearer", "bEARER", 1)} {
		if status, _ := r.do(t, exchange{body: search("1", "x"), header: map[string]string{"Authorization": right}}); status != http.StatusOK {
			t.Errorf("%.10s… answers %d", right, status)
		}
	}
}

func TestTwoCredentialsAreNone(t *testing.T) {
	r := start(t, Config{})
	conn, in := r.raw(t)
	fmt.Fprintf(conn, "POST /rpc HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nAuthorization: Basic Og==\r\nContent-Length: 0\r\n\r\n", r.basic(t))
	if line, _ := in.ReadString('\n'); !strings.Contains(line, "401") {
		t.Errorf("answer %q", line)
	}
}

// Secrets are compared nowhere but in match, and there in constant time.
func TestConstantTimeAuth(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "credential.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	constant := 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			switch n.Sel.Name {
			case "ConstantTimeCompare":
				constant++
			case "Equal", "Compare", "HasPrefix", "Contains":
				t.Errorf("credential.go compares with %s", n.Sel.Name)
			}
		case *ast.BranchStmt:
			t.Errorf("credential.go leaves a loop early: %s", n.Tok)
		}
		return true
	})
	if constant != 1 {
		t.Errorf("%d comparisons in constant time, want 1", constant)
	}
	a, b := newCredential("a", api.Read, [32]byte{1}, 1), newCredential("b", api.Read, [32]byte{2}, 1)
	if match(nil, a, b) != nil || match([]byte("x")) != nil {
		t.Error("nothing matches something")
	}
}

func TestBruteForceThrottle(t *testing.T) {
	var log bytes.Buffer
	now := time.Unix(1e9, 0)
	th := newThrottle(slog.New(slog.NewTextHandler(&log, nil)), now)
	guesser, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	told := 0
	for range 60 * 100 { // a minute, 100 tries a second
		if now = now.Add(10 * time.Millisecond); th.admit(guesser, false, now) {
			told++
		}
		if th.admit(guesser, true, now) && th.sources[sourceOf(guesser)].left < 1 {
			t.Fatal("the guesser would have learned that it was right")
		}
		if !th.admit(other, true, now) {
			t.Fatal("a source that made no mistake was turned away")
		}
	}
	if told < 4*60 || told > 4*60+triesPerSource {
		t.Errorf("%d wrong tries in a minute were told apart, want 4 a second", told)
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 {
		t.Errorf("%d lines in the log within a minute", lines)
	}
	if now = now.Add(time.Second); !th.admit(guesser, true, now) || len(th.sources) != 0 {
		t.Error("a second later the source is not forgiven")
	}
}

func TestBruteForceFromManySources(t *testing.T) {
	now := time.Unix(1e9, 0)
	th := newThrottle(slog.New(slog.DiscardHandler), now)
	told := 0
	for i := range 10_000 { // within a second
		a := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
		if now = now.Add(100 * time.Microsecond); th.admit(a, false, now) {
			told++
		}
	}
	if told > 2*triesAltogether {
		t.Errorf("%d wrong tries in a second were told apart", told)
	}
	if len(th.sources) > maxSources+1 {
		t.Errorf("%d sources are remembered", len(th.sources))
	}
	if !th.admit(netip.MustParseAddr("2001:db8::1"), true, now) {
		t.Error("a source that made no mistake was turned away")
	}
	if sourceOf(netip.MustParseAddr("2001:db8::1")) != sourceOf(netip.MustParseAddr("2001:db8::ffff:1")) ||
		sourceOf(netip.MustParseAddr("::ffff:10.0.0.1")) != sourceOf(netip.MustParseAddr("10.0.0.1")) {
		t.Error("one subscriber counts as two sources")
	}
}

func TestThrottledOverHTTP(t *testing.T) {
	r := start(t, Config{})
	wrong := map[string]string{"Authorization": "Bearer x"}
	for try := range 40 {
		status, _ := r.do(t, exchange{header: wrong})
		if status == http.StatusTooManyRequests {
			break
		}
		if status != http.StatusUnauthorized || try == 39 {
			t.Fatalf("try %d answers %d", try, status)
		}
	}
	elsewhere := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext,
	}}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.addr+"/rpc", strings.NewReader(search("1", "x")))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", r.basic(t))
	response, err := elsewhere.Do(request)
	if err != nil {
		t.Skipf("this machine has no second loopback address: %v", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("another source is answered %d", response.StatusCode)
	}
}

func TestCookiePerms(t *testing.T) {
	dir := t.TempDir()
	open := func() (*Server, string) {
		s, err := Open(Config{Registry: echoes(), Dir: dir, Listen: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(CookieFile(dir))
		if err != nil {
			t.Fatal(err)
		}
		return s, string(text)
	}
	first, cookie := open()
	info, err := os.Lstat(CookieFile(dir))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if user, secret, _ := strings.Cut(cookie, ":"); user != "__cookie__" || len(secret) != 64 || strings.Trim(secret, "0123456789abcdef") != "" {
		t.Errorf("cookie %q", cookie)
	}
	second, fresh := open()
	if cookie == fresh {
		t.Error("the cookie is the same at two starts")
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if text, _ := os.ReadFile(CookieFile(dir)); string(text) != fresh {
		t.Error("a server that ends removed the cookie of another")
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("a clean stop leaves %v", files)
	}
}

func TestCookieGoesWithTheRun(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(Config{Registry: echoes(), Dir: dir, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(CookieFile(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cookie is still there: %v", err)
	}
}

func TestCookieThatCannotBeWrittenRefusesStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	s, err := Open(Config{Registry: echoes(), Dir: dir, Listen: "127.0.0.1:0"})
	if err == nil {
		t.Errorf("a server without a cookie listens on %v", s.Addr())
	}
}

func TestScopes(t *testing.T) {
	reg := echoes()
	api.Stream(reg, api.TopicWalletChanged, func(context.Context, api.Subscription, func(api.WalletChanged) error) error { return nil })
	r := start(t, Config{Registry: reg})
	methods := []struct {
		name  string
		scope api.Scope
	}{{"search", api.Read}, {"rpc.discover", api.Read}, {"lockWallet", api.Wallet}, {"stop", api.Admin}}
	for _, scope := range []api.Scope{api.Read, api.Wallet, api.Admin} {
		bearer := r.token(t, scope.String(), scope)
		for _, m := range methods {
			status, answer := r.do(t, exchange{
				body:   `{"jsonrpc":"2.0","id":1,"method":"` + m.name + `"}`,
				header: map[string]string{"Authorization": bearer},
			})
			if forbidden := codeIn(t, answer) == api.CodeForbidden; forbidden != (scope < m.scope) || forbidden != (status == http.StatusForbidden) {
				t.Errorf("%s with scope %v: %d %.120s", m.name, scope, status, answer)
			}
		}
		conn := r.dial(t, bearer)
		say(t, conn, `{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"walletChanged"}}`)
		if answer := hear(t, conn); (codeIn(t, answer) == api.CodeForbidden) != (scope < api.Wallet) {
			t.Errorf("walletChanged with scope %v: %s", scope, answer)
		}
	}
}
