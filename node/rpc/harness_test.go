package rpc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

// A running server of a test.
type running struct {
	*Server
	dir  string
	addr string
}

// start runs a server until the test ends. Directory and address are filled in.
func start(t testing.TB, cfg Config) *running {
	t.Helper()
	if cfg.Registry == nil {
		cfg.Registry = echoes()
	}
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:0"
	}
	s, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return &running{Server: s, dir: cfg.Dir, addr: s.Addr().String()}
}

// client returns a client with the cookie.
func (r *running) client(t testing.TB) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{Addr: r.addr, Cookie: CookieFile(r.dir)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// token makes a token and returns its header.
func (r *running) token(t testing.TB, name string, scope api.Scope) string {
	t.Helper()
	secret, err := AddToken(TokenDir(r.dir), name, scope)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + secret
}

// basic is the header with the cookie.
func (r *running) basic(t testing.TB) string {
	t.Helper()
	cookie, err := os.ReadFile(CookieFile(r.dir))
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequest(http.MethodPost, "/", nil)
	user, password, _ := strings.Cut(string(cookie), ":")
	request.SetBasicAuth(user, password)
	return request.Header.Get("Authorization")
}

// An exchange is a request with everything about it open to change.
type exchange struct {
	verb, path, body string
	header           map[string]string // "" leaves a header out
	host             string
}

// do sends a request, a POST to /rpc with the cookie unless it says otherwise,
// and returns the status and the body of the answer.
func (r *running) do(t testing.TB, x exchange) (status int, answer string) {
	t.Helper()
	if x.verb == "" {
		x.verb = http.MethodPost
	}
	if x.path == "" {
		x.path = "/rpc"
	}
	request, err := http.NewRequestWithContext(t.Context(), x.verb, "http://"+r.addr+x.path, strings.NewReader(x.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Host = x.host
	request.Header.Set("Authorization", r.basic(t))
	request.Header.Set("Content-Type", "application/json")
	for key, value := range x.header {
		if request.Header.Set(key, value); value == "" {
			request.Header.Del(key)
		}
	}
	response, err := plainClient.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", x.verb, x.path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// plainClient keeps no connection, so that a test leaves none behind.
var plainClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}

// call posts a body and returns the answer.
func (r *running) call(t testing.TB, body string) (status int, answer string) {
	t.Helper()
	return r.do(t, exchange{body: body})
}

// raw opens a connection for bytes of the test's own making.
func (r *running) raw(t testing.TB) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil { // a test that hangs should say where
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// dial opens a WebSocket connection with a header for credentials.
func (r *running) dial(t testing.TB, authorization string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws://"+r.addr+"/ws", &websocket.DialOptions{
		HTTPClient: plainClient,
		HTTPHeader: http.Header{"Authorization": {authorization}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	conn.SetReadLimit(32 << 20)
	return conn
}

// say sends a message over a WebSocket connection.
func say(t testing.TB, conn *websocket.Conn, message string) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
		t.Fatal(err)
	}
}

// hear reads the next message, which must come.
func hear(t testing.TB, conn *websocket.Conn) string {
	t.Helper()
	_, data, err := conn.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// codeIn returns the code of the error in an answer, 0 when there is none.
func codeIn(t testing.TB, answer string) api.Code {
	t.Helper()
	var r struct{ Error *api.Error }
	if err := json.Unmarshal([]byte(answer), &r); err != nil {
		t.Fatalf("answer %q: %v", answer, err)
	}
	if r.Error == nil {
		return 0
	}
	return r.Error.Code
}

// echoes is a registry with a method of each scope that answers with what it
// was asked.
func echoes() *api.Registry {
	reg := api.NewRegistry()
	api.Handle(reg, api.GetBlock, func(_ context.Context, p api.BlockParams) (api.Block, error) {
		if p.Hash.IsZero() {
			return api.Block{}, api.Errorf(api.CodeNotFound, "no block %v", p.Hash)
		}
		return api.Block{Hash: p.Hash}, nil
	})
	api.Handle(reg, api.Search, func(_ context.Context, p api.SearchParams) (api.Found, error) {
		return api.Found{Kind: "block", Name: p.Text}, nil
	})
	api.Handle(reg, api.LockWallet, func(_ context.Context, p api.WalletParams) (api.WalletSummary, error) {
		return api.WalletSummary{Name: p.Wallet}, nil
	})
	api.Handle(reg, api.Stop, func(context.Context, api.None) (api.None, error) { return api.None{}, nil })
	return reg
}

// callMessage is a call in JSON.
func callMessage(method string, params any) ([]byte, error) {
	return json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

// search is a call that echoes a text.
func search(id, text string) string {
	var b bytes.Buffer
	_ = encode(&b, map[string]any{"jsonrpc": "2.0", "id": json.RawMessage(id), "method": "search", "params": map[string]string{"text": text}})
	return b.String()
}

// found is the answer to it.
func found(id, text string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":{"kind":"block","name":"` + text + `"}}`
}

func hashOf(n byte) types.Hash { return types.Hash{0: 1, 31: n} }
