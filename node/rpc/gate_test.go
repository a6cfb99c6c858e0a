package rpc

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

const (
	ok        = http.StatusOK
	forbidden = http.StatusForbidden
	badType   = http.StatusUnsupportedMediaType
	badVerb   = http.StatusMethodNotAllowed
)

// Host, Origin, content type and verb, each wrong in turn: TestHostHeader,
// TestOriginRefused, TestContentType and TestMethodVerb are the rows.
func TestGate(t *testing.T) {
	r := start(t, Config{Hosts: []string{"node.example"}, Metrics: http.NotFoundHandler()})
	port := r.addr[strings.LastIndex(r.addr, ":"):]
	body := search("1", "x")
	for name, rows := range map[string][]struct {
		x    exchange
		want int
	}{
		"TestHostHeader": {
			{exchange{host: "127.0.0.1" + port}, ok},
			{exchange{host: "127.0.0.1"}, ok},
			{exchange{host: "127.9.9.9:1"}, ok},
			{exchange{host: "localhost" + port}, ok},
			{exchange{host: "LOCALHOST"}, ok},
			{exchange{host: "[::1]" + port}, ok},
			{exchange{host: "node.example" + port}, ok},
			{exchange{host: "Node.Example"}, ok},
			{exchange{host: "evil.example" + port}, forbidden},
			{exchange{host: "localhost.evil.example"}, forbidden},
			{exchange{host: "127.0.0.1.evil.example"}, forbidden},
			{exchange{host: "node.example.evil.example"}, forbidden},
			{exchange{host: "192.0.2.1" + port}, forbidden},
			{exchange{host: "0.0.0.0" + port}, forbidden},
			{exchange{host: "2130706433"}, forbidden},
			{exchange{host: "evil.example", path: "/healthz", verb: "GET"}, forbidden},
			{exchange{host: "evil.example", path: "/ws", verb: "GET"}, forbidden},
		},
		"TestOriginRefused": {
			{exchange{header: map[string]string{"Origin": "http://evil.example"}}, forbidden},
			{exchange{header: map[string]string{"Origin": "http://localhost" + port}}, forbidden},
			{exchange{header: map[string]string{"Origin": "http://" + r.addr}}, forbidden},
			{exchange{header: map[string]string{"Origin": "null"}}, forbidden},
			{exchange{header: map[string]string{"Origin": "file://"}}, forbidden},
			{exchange{verb: "OPTIONS", header: map[string]string{"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}}, forbidden},
			{exchange{path: "/ws", verb: "GET", header: map[string]string{"Origin": "http://evil.example"}}, forbidden},
			{exchange{path: "/healthz", verb: "GET", header: map[string]string{"Origin": "http://evil.example"}}, forbidden},
		},
		"TestContentType": {
			{exchange{header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}, ok},
			{exchange{header: map[string]string{"Content-Type": "APPLICATION/JSON"}}, ok},
			{exchange{header: map[string]string{"Content-Type": ""}}, badType},
			{exchange{header: map[string]string{"Content-Type": "text/plain"}}, badType},
			{exchange{header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, badType},
			{exchange{header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}}, badType},
			{exchange{header: map[string]string{"Content-Type": "text/plain, application/json"}}, badType},
			{exchange{header: map[string]string{"Content-Encoding": "gzip"}}, badType},
			{exchange{header: map[string]string{"Content-Encoding": "identity"}}, badType},
		},
		"TestMethodVerb": {
			{exchange{verb: "GET"}, badVerb},
			{exchange{verb: "HEAD"}, badVerb},
			{exchange{verb: "PUT"}, badVerb},
			{exchange{verb: "DELETE"}, badVerb},
			{exchange{verb: "OPTIONS"}, badVerb},
			{exchange{verb: "POST", path: "/ws"}, badVerb},
			{exchange{verb: "POST", path: "/healthz"}, badVerb},
			{exchange{verb: "POST", path: "/metrics"}, badVerb},
			{exchange{verb: "GET", path: "/readyz"}, ok},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, row := range rows {
				row.x.body = body
				status, answer := r.do(t, row.x)
				if status != row.want || status != ok && strings.Contains(answer, "block") {
					t.Errorf("%+v: %d %s, want %d", row.x, status, answer, row.want)
				}
			}
		})
	}
}

// Nothing but the ways in is answered, the profiler least of all.
func TestPprofNotPublic(t *testing.T) {
	r := start(t, Config{})
	for _, path := range []string{"/", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/rpc/", "/metrics", "/.cookie", "/..%2f.cookie"} {
		if status, answer := r.do(t, exchange{verb: "GET", path: path}); status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
}

func TestHealthAndReadiness(t *testing.T) {
	notReady := errors.New("the chain is read")
	r := start(t, Config{Ready: func() error { return notReady }})
	get := func(path string) (int, string) {
		return r.do(t, exchange{verb: "GET", path: path, header: map[string]string{"Authorization": ""}})
	}
	if status, answer := get("/healthz"); status != ok || answer != "ok\n" {
		t.Errorf("healthz: %d %q", status, answer)
	}
	if status, answer := get("/readyz"); status != http.StatusServiceUnavailable || answer != "the chain is read\n" {
		t.Errorf("readyz: %d %q", status, answer)
	}
	notReady = nil
	if status, answer := get("/readyz"); status != ok || answer != "ready\n" {
		t.Errorf("readyz: %d %q", status, answer)
	}
}

func TestMetricsNeedACredential(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "figures") })
	r := start(t, Config{Metrics: page})
	bearer := r.token(t, "prometheus", api.Read)
	for header, want := range map[string]int{"": http.StatusUnauthorized, bearer: ok} {
		status, answer := r.do(t, exchange{verb: "GET", path: "/metrics", header: map[string]string{"Authorization": header}})
		if status != want || (answer == "figures") != (want == ok) {
			t.Errorf("%d %q, want %d", status, answer, want)
		}
	}
}

// A bomb is refused by its label, and harmless without it: nothing unpacks it.
func TestGzipBomb(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := io.CopyN(z, zeros{}, 8<<20); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	r := start(t, Config{})
	if status, _ := r.do(t, exchange{body: bomb.String(), header: map[string]string{"Content-Encoding": "gzip"}}); status != badType {
		t.Errorf("a gzip body answers %d", status)
	}
	if status, answer := r.do(t, exchange{body: bomb.String()}); status != http.StatusBadRequest || codeIn(t, answer) != api.CodeParse {
		t.Errorf("a gzip body without its label answers %d %s", status, answer)
	}
	if status, answer := r.do(t, exchange{body: search("1", "x"), header: map[string]string{"Accept-Encoding": "gzip"}}); status != ok || answer != found("1", "x") {
		t.Errorf("an answer is packed: %d %q", status, answer)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestBindRefusesPublicWithoutTLS(t *testing.T) {
	for _, listen := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[2001:db8::1]:0", "[::ffff:0.0.0.0]:0"} {
		dir := t.TempDir()
		s, err := Open(Config{Registry: echoes(), Dir: dir, Listen: listen})
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: %v", listen, err)
		}
		if _, err := os.Stat(CookieFile(dir)); err == nil {
			t.Errorf("%s: a cookie was written", listen)
		}
	}
	for _, cfg := range []Config{
		{Listen: "127.0.0.1"},
		{Listen: "127.0.0.1:99999"},
		{Listen: "127.0.0.1:0", CertFile: "cert.pem"},
		{Listen: "127.0.0.1:0", CertFile: "absent.pem", KeyFile: "absent.pem"},
		{},
	} {
		cfg.Registry, cfg.Dir = echoes(), t.TempDir()
		if s, err := Open(cfg); err == nil {
			_ = s.Close()
			t.Errorf("%+v: the server starts", cfg)
		}
	}
}

// A taken address leaves the cookie of the node that has it alone.
func TestTakenAddress(t *testing.T) {
	r := start(t, Config{})
	before := r.basic(t)
	if s, err := Open(Config{Registry: echoes(), Dir: r.dir, Listen: r.addr}); err == nil {
		_ = s.Close()
		t.Fatal("two servers listen on one address")
	}
	if r.basic(t) != before {
		t.Error("the cookie changed")
	}
}

// certificate writes a certificate for an address of this machine, and its key.
func certificate(t *testing.T) (certFile, keyFile string, trust *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	trust = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	trust.AddCert(parsed)
	return write("cert.pem", "CERTIFICATE", cert), write("key.pem", "PRIVATE KEY", private), trust
}

// With a certificate the server may be reached from anywhere, over TLS alone.
func TestPublicWithTLS(t *testing.T) {
	certFile, keyFile, trust := certificate(t)
	r := start(t, Config{Listen: "0.0.0.0:0", CertFile: certFile, KeyFile: keyFile})
	_, port, _ := net.SplitHostPort(r.addr)
	r.addr = "127.0.0.1:" + port
	c, err := client.New(client.Config{Addr: r.addr, Cookie: CookieFile(r.dir), TLS: &tls.Config{RootCAs: trust}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got, err := api.Search.Call(t.Context(), c, api.SearchParams{Text: "x"}); err != nil || got.Name != "x" {
		t.Errorf("%+v, %v", got, err)
	}
	if status, answer := r.do(t, exchange{body: search("1", "x")}); status == ok {
		t.Errorf("without TLS: %s", answer)
	}
}

// HTTP/2, by which one connection can open and reset streams without end, is
// spoken neither in the clear nor over TLS.
func TestHTTP2RapidReset(t *testing.T) {
	certFile, keyFile, trust := certificate(t)
	r := start(t, Config{CertFile: certFile, KeyFile: keyFile})
	conn, err := tls.Dial("tcp", r.addr, &tls.Config{RootCAs: trust, NextProtos: []string{"h2", "http/1.1"}})
	if err == nil {
		defer conn.Close()
		if got := conn.ConnectionState().NegotiatedProtocol; got == "h2" {
			t.Error("HTTP/2 was agreed on")
		}
	}
	clear := start(t, Config{})
	plain, in := clear.raw(t)
	fmt.Fprint(plain, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	if line, _ := in.ReadString('\n'); !strings.HasPrefix(line, "HTTP/1.1 ") || strings.Contains(line, "200") {
		t.Errorf("the preface of HTTP/2 is answered %q", line)
	}
}
