package rpc

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// Config is what a server needs to know. Fields said to be required have no
// default.
type Config struct {
	Registry *api.Registry // required
	Dir      string        // of the network, where cookie and tokens stand; required
	Listen   string        // HOST:PORT, required; beyond this machine only with a certificate
	CertFile string        // PEM, with KeyFile
	KeyFile  string
	Hosts    []string // names this node may be called by, besides its own addresses and localhost
	Limits   Limits

	Log      *slog.Logger                                        // nil logs nothing
	Ready    func() error                                        // why the node cannot be relied on, in words shown to anyone who asks; nil means it always can
	Metrics  http.Handler                                        // nil serves none
	Observe  func(method string, code api.Code, d time.Duration) // after each call; code 0 is success, method "unknown" is none of ours
	Panicked func(where string, value any, stack []byte)         // a handler panicked; the server goes on
}

// Limits bound what clients can make the server hold or do. A field that is 0
// takes its default.
type Limits struct {
	Body          int64   // bytes of a request or WebSocket message; 1 MiB
	Response      int     // bytes of an answer; 16 MiB
	Batch         int     // calls in one request; 100
	Connections   int     // 2048
	Sockets       int     // WebSocket connections; 1024
	Subscriptions int     // of one WebSocket connection; 64
	Pending       int     // calls of one WebSocket connection under way; 64
	Parallel      int     // calls that run at once, of all clients; 64
	Rate          float64 // calls a second with one credential, and as many at once after a pause; 2000

	Header time.Duration // to send the header of a request; 10 s
	Read   time.Duration // to send a whole request; 30 s
	Call   time.Duration // to wait and run; 60 s
	Write  time.Duration // to take an answer or an event; 30 s
	Idle   time.Duration // a connection kept open between requests; 2 min
	Ping   time.Duration // between signs of life of a WebSocket connection; 30 s
	Grace  time.Duration // for what is under way when the server stops; 5 s
}

// withDefaults returns the limits with every 0 replaced.
func (l Limits) withDefaults() Limits {
	return Limits{
		Body:          cmp.Or(l.Body, 1<<20),
		Response:      cmp.Or(l.Response, 16<<20),
		Batch:         cmp.Or(l.Batch, 100),
		Connections:   cmp.Or(l.Connections, 2048),
		Sockets:       cmp.Or(l.Sockets, 1024),
		Subscriptions: cmp.Or(l.Subscriptions, 64),
		Pending:       cmp.Or(l.Pending, 64),
		Parallel:      cmp.Or(l.Parallel, 64),
		Rate:          cmp.Or(l.Rate, 2000),
		Header:        cmp.Or(l.Header, 10*time.Second),
		Read:          cmp.Or(l.Read, 30*time.Second),
		Call:          cmp.Or(l.Call, 60*time.Second),
		Write:         cmp.Or(l.Write, 30*time.Second),
		Idle:          cmp.Or(l.Idle, 2*time.Minute),
		Ping:          cmp.Or(l.Ping, 30*time.Second),
		Grace:         cmp.Or(l.Grace, 5*time.Second),
	}
}

func (c Config) withDefaults() Config {
	c.Limits = c.Limits.withDefaults()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Ready == nil {
		c.Ready = func() error { return nil }
	}
	if c.Observe == nil {
		c.Observe = func(string, api.Code, time.Duration) {}
	}
	if c.Panicked == nil {
		c.Panicked = func(string, any, []byte) {}
	}
	return c
}

func (c Config) validate() error {
	switch {
	case c.Registry == nil || c.Dir == "" || c.Listen == "":
		return errors.New("a registry, a directory and an address to listen on are required")
	case (c.CertFile == "") != (c.KeyFile == ""):
		return errors.New("a certificate and its key belong together: one of the two files is missing")
	}
	return nil
}

// CookieFile is where a node keeps the cookie, in the directory of a network.
func CookieFile(dir string) string { return filepath.Join(dir, ".cookie") }

// TokenDir is where a node keeps its tokens, in the directory of a network.
func TokenDir(dir string) string { return filepath.Join(dir, "tokens") }
