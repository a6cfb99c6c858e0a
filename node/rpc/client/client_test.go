package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc"
	"github.com/jio-dag/jio/node/rpc/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is a registry whose search finds whatever is asked for.
func echo() *api.Registry {
	reg := api.NewRegistry()
	api.Handle(reg, api.Search, func(_ context.Context, p api.SearchParams) (api.Found, error) {
		if p.Text == "" {
			return api.Found{}, &api.Error{Code: api.CodeNotFound, Message: "nothing", Reason: "empty"}
		}
		return api.Found{Name: p.Text}, nil
	})
	return reg
}

// A node is a server that can be stopped and started at the same place.
type node struct {
	t      *testing.T
	cfg    rpc.Config
	cancel context.CancelFunc
	done   chan error
}

func newNode(t *testing.T, reg *api.Registry) *node {
	t.Helper()
	n := &node{t: t, cfg: rpc.Config{Registry: reg, Dir: t.TempDir(), Listen: "127.0.0.1:0"}}
	n.start()
	t.Cleanup(func() { n.stop() })
	return n
}

func (n *node) start() {
	n.t.Helper()
	s, err := rpc.Open(n.cfg)
	if err != nil {
		n.t.Fatal(err)
	}
	n.cfg.Listen = s.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel, n.done = cancel, make(chan error, 1)
	go func() { n.done <- s.Run(ctx) }()
}

func (n *node) stop() {
	n.t.Helper()
	if n.cancel == nil {
		return
	}
	n.cancel()
	if err := <-n.done; err != nil {
		n.t.Error(err)
	}
	n.cancel = nil
}

func (n *node) client() *client.Client {
	n.t.Helper()
	return open(n.t, client.Config{Addr: n.cfg.Listen, Cookie: rpc.CookieFile(n.cfg.Dir)})
}

func open(t *testing.T, cfg client.Config) *client.Client {
	t.Helper()
	c, err := client.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func search(t *testing.T, c *client.Client, text string) error {
	got, err := api.Search.Call(t.Context(), c, api.SearchParams{Text: text})
	if err == nil && got.Name != text {
		t.Errorf("found %q, want %q", got.Name, text)
	}
	return err
}

func TestCall(t *testing.T) {
	n := newNode(t, echo())
	c := n.client()
	if err := search(t, c, "x"); err != nil {
		t.Error(err)
	}
	refusal := new(api.Error)
	if err := search(t, c, ""); !errors.As(err, &refusal) || *refusal != (api.Error{Code: api.CodeNotFound, Message: "nothing", Reason: "empty"}) {
		t.Errorf("a refusal arrives as %#v", err)
	}
	if _, err := api.GetPeers.Call(t.Context(), c, api.None{}); !errors.As(err, &refusal) || refusal.Code != api.CodeUnavailable {
		t.Errorf("a method that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := api.Search.Call(ctx, c, api.SearchParams{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that was given up: %v", err)
	}
}

// A client that outlives its node finds the cookie of the next one.
func TestCookieOfANewStart(t *testing.T) {
	n := newNode(t, echo())
	c := n.client()
	for range 3 {
		if err := search(t, c, "x"); err != nil {
			t.Fatal(err)
		}
		n.stop()
		if err := search(t, c, "x"); !errors.Is(err, client.ErrNoNode) && !errors.Is(err, client.ErrCut) || !strings.Contains(err.Error(), n.cfg.Listen) {
			t.Fatalf("while no node runs: %v", err)
		}
		n.start()
	}
}

func TestNoNode(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	dir := t.TempDir()
	c := open(t, client.Config{Addr: nobody, Cookie: rpc.CookieFile(dir)})
	if err := search(t, c, "x"); !errors.Is(err, client.ErrNoNode) || !errors.Is(err, client.ErrCookie) || !strings.Contains(err.Error(), rpc.CookieFile(dir)) {
		t.Errorf("no cookie: %v", err)
	}
	c = open(t, client.Config{Addr: nobody, Token: "jio-0"})
	if err := search(t, c, "x"); !errors.Is(err, client.ErrNoNode) || errors.Is(err, client.ErrCookie) {
		t.Errorf("nobody listens: %v", err)
	}
	err = api.TopicBlockAdded.Subscribe(t.Context(), c, api.Subscription{}, func(api.BlockAdded) error { return nil })
	if !errors.Is(err, client.ErrNoNode) {
		t.Errorf("nobody listens to a subscription: %v", err)
	}
}

// A node that goes away during a call leaves its caller in doubt, and the error
// says so and what to look at.
func TestCallCutOff(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"before the answer": func(http.ResponseWriter) {},
		"within the answer": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"jsonrpc":`))
			_ = http.NewResponseController(w).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				answer(w)
				panic(http.ErrAbortHandler)
			}))
			defer s.Close()
			addr := strings.TrimPrefix(s.URL, "http://")
			err := search(t, open(t, client.Config{Addr: addr, Token: "jio-0"}), "x")
			if !errors.Is(err, client.ErrCut) || !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "`jio status`") {
				t.Errorf("%v", err)
			}
			if strings.Contains(err.Error(), "http://") {
				t.Errorf("%v repeats the request", err)
			}
		})
	}
}

func TestUnreadableCookie(t *testing.T) {
	dir := filepath.Join(t.TempDir(), ".cookie")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := open(t, client.Config{Addr: "127.0.0.1:1", Cookie: dir})
	if err := search(t, c, "x"); !errors.Is(err, client.ErrCookie) || errors.Is(err, client.ErrNoNode) || !strings.Contains(err.Error(), dir) {
		t.Errorf("a cookie that cannot be read: %v", err)
	}
}

func TestCredentials(t *testing.T) {
	n := newNode(t, echo())
	secret, err := rpc.AddToken(rpc.TokenDir(n.cfg.Dir), "reader", api.Read)
	if err != nil {
		t.Fatal(err)
	}
	if err := search(t, open(t, client.Config{Addr: n.cfg.Listen, Token: secret}), "x"); err != nil {
		t.Error(err)
	}
	wrong := open(t, client.Config{Addr: n.cfg.Listen, Token: "jio-0"})
	if err := search(t, wrong, "x"); !errors.Is(err, client.ErrCredential) {
		t.Errorf("a wrong token: %v", err)
	}
	err = api.TopicBlockAdded.Subscribe(t.Context(), wrong, api.Subscription{}, func(api.BlockAdded) error { return nil })
	if !errors.Is(err, client.ErrCredential) {
		t.Errorf("a subscription with a wrong token: %v", err)
	}
}

func TestNoPlainWayToOtherMachines(t *testing.T) {
	for _, addr := range []string{"192.0.2.1:1", "node.example:1", "[2001:db8::1]:1", "localhost.example:1", "127.0.0.1", ""} {
		if _, err := client.New(client.Config{Addr: addr, Token: "jio-0"}); err == nil {
			t.Errorf("%q: a credential would go there in the clear", addr)
		}
	}
	for _, addr := range []string{"127.0.0.1:1", "[::1]:1", "localhost:1"} {
		if _, err := client.New(client.Config{Addr: addr}); err != nil {
			t.Errorf("%q: %v", addr, err)
		}
	}
	if _, err := client.New(client.Config{Addr: "node.example:1", TLS: new(tls.Config)}); err != nil {
		t.Error(err)
	}
}

// Whatever stands at the address, the client ends with an error in words, and
// takes its credential nowhere else.
func TestStrangersAtTheAddress(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed with %v", r.Header)
	}))
	defer elsewhere.Close()
	for name, answer := range map[string]http.HandlerFunc{
		"page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"not JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("{"))
		},
		"list": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("[]"))
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"cut off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"teapot":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
	} {
		s := httptest.NewServer(answer)
		c := open(t, client.Config{Addr: s.Listener.Addr().String(), Token: "jio-secret"})
		if err := search(t, c, "x"); err == nil || strings.Contains(err.Error(), "jio-secret") {
			t.Errorf("%s: %v", name, err)
		}
		if err := api.TopicSyncProgress.Subscribe(t.Context(), c, api.Subscription{}, func(api.Sync) error { return nil }); err == nil {
			t.Errorf("%s: a subscription ended well", name)
		}
		c.Close()
		s.Close()
	}
}

func hashOf(n int) types.Hash { return types.Hash{0: 1, 30: byte(n >> 8), 31: byte(n)} }
