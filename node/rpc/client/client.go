package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// Config says which node to call and with what credential: the token if there is
// one, else the cookie.
type Config struct {
	Addr   string      // HOST:PORT
	Cookie string      // its file
	Token  string      // a token's secret
	TLS    *tls.Config // nil speaks plainly, which only a node on this machine does
}

// maxAnswer is larger than any answer of a node, in bytes.
const maxAnswer = 32 << 20

// A Client calls one node. It may be used by several goroutines. Make one with
// New.
type Client struct {
	cfg  Config
	keys keys
	http *http.Client
}

// New returns a client. It contacts nobody yet. It refuses to send a credential
// to another machine without TLS.
func New(cfg Config) (*Client, error) {
	host, _, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("node address %q: want HOST:PORT", cfg.Addr)
	}
	if cfg.TLS == nil && !onThisMachine(host) {
		return nil, fmt.Errorf("node address %s is on another machine, which takes a certificate to trust", cfg.Addr)
	}
	c := &Client{cfg: cfg, keys: keys{file: cfg.Cookie, token: cfg.Token}}
	c.http = &http.Client{
		Transport: &http.Transport{ // no proxy: a credential goes to the node alone
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSClientConfig:     cfg.TLS,
			DisableCompression:  true,
			MaxIdleConnsPerHost: 8,
			IdleConnTimeout:     time.Minute, // less than the node's
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// Close closes the connections that are open without a call.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func (c *Client) url(path string) string {
	if c.cfg.TLS != nil {
		return "https://" + c.cfg.Addr + path
	}
	return "http://" + c.cfg.Addr + path
}

// call is a request of JSON-RPC 2.0.
type call struct {
	Version string `json:"jsonrpc"`
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Params  any    `json:"params"`
}

// reply is its response. Result holds a pointer to decode into.
type reply struct {
	Result any        `json:"result"`
	Error  *api.Error `json:"error"`
}

// Call implements api.Caller. An error is an *api.Error where the node refused,
// else it wraps ErrNoNode, ErrCookie, ErrCredential or ErrCut where it can be told.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(call{"2.0", 1, method, params})
	if err != nil {
		return err
	}
	defer clear(body) // it may hold a password
	response, err := c.send(ctx, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	defer clear(answer)
	if err != nil {
		return c.cut(err)
	}
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind != "application/json" {
		return turnedAway(response.StatusCode, answer)
	}
	r := reply{Result: result}
	if err := json.Unmarshal(answer, &r); err != nil {
		return fmt.Errorf("the answer of the node at %s makes no sense: %w", c.cfg.Addr, err)
	}
	if r.Error != nil {
		return r.Error
	}
	return nil
}

// send posts a request, once more with a fresh cookie when the node does not
// accept the one that was read earlier: it may have been started anew.
func (c *Client) send(ctx context.Context, body []byte) (*http.Response, error) {
	header, err := c.keys.header()
	if err != nil {
		return nil, err
	}
	response, err := c.post(ctx, body, header)
	if err != nil || response.StatusCode != http.StatusUnauthorized || !c.keys.renew(header) {
		return response, err
	}
	_ = response.Body.Close()
	if header, err = c.keys.header(); err != nil {
		return nil, err
	}
	return c.post(ctx, body, header)
}

func (c *Client) post(ctx context.Context, body []byte, authorization string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url("/rpc"), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", authorization)
	response, err := c.http.Do(request)
	return response, c.unreachable(ctx, err)
}

// unreachable puts the error of a connection into words.
func (c *Client) unreachable(ctx context.Context, err error) error {
	dial := new(net.OpError)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("%w at %s: %w", ErrNoNode, c.cfg.Addr, dial.Err)
	}
	return c.cut(err)
}

// cut is the error for a call whose answer did not come, or not whole.
func (c *Client) cut(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err // without the address that stands before it
	}
	return fmt.Errorf("%w: the node at %s ended the connection before it had answered (%w), so what was asked may have been done or not; "+
		"`jio status` tells whether the node runs, and its log why it stopped", ErrCut, c.cfg.Addr, err)
}
