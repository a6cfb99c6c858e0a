package p2p

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/store"
)

// inRoom marks a process of the test's program that a test among network
// namespaces started, and ends when it likes.
const inRoom = "JIO_TEST_ROOM"

func TestMain(m *testing.M) {
	if os.Getenv(inRoom) != "" {
		os.Exit(m.Run())
	}
	// Goroutines of the libraries that live as long as the process.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/libp2p/go-flow-metrics.(*sweeper).run"),
	)
}

// patience bounds what a test waits for; it is never the expected time.
const patience = 20 * time.Second

// A testNode is a running Host with an owner that keeps what it is told.
type testNode struct {
	*Host
	cfg    Config
	joined chan Peer
	left   chan PeerID
	panics chan string
	stop   context.CancelFunc
	ended  chan error
}

// quickLimits are the limits of a node whose timers are short enough for tests.
func quickLimits() Limits {
	l := DefaultLimits()
	l.DialPause, l.PingPause = 10*time.Millisecond, 20*time.Millisecond
	return l
}

// testConfig returns the configuration of a node on simnet that listens on a
// free port and echoes.
func testConfig(t *testing.T) Config {
	return Config{
		Params: params.SimNet(), Agent: "test/1", KeyFile: filepath.Join(t.TempDir(), "key"),
		Store: store.NewMemory(), Listen: "127.0.0.1:0", Now: time.Now, Limits: quickLimits(),
		Hello: Hello{
			Make:  func() []byte { return []byte("hello") },
			Judge: func(PeerID, []byte) error { return nil },
		},
		Protocols: []Protocol{{
			Name: "echo", MaxRequest: 1 << 10, MaxResponse: 1 << 10,
			Serve: func(_ context.Context, _ PeerID, request []byte) ([]byte, error) { return request, nil },
		}},
	}
}

// startNode opens and runs a node after change has had its way with the
// configuration; change may be nil. The node stops with the test.
func startNode(t *testing.T, change func(*Config)) *testNode {
	t.Helper()
	cfg := testConfig(t)
	if change != nil {
		change(&cfg)
	}
	return runNode(t, cfg)
}

func runNode(t *testing.T, cfg Config) *testNode {
	t.Helper()
	n := &testNode{
		joined: make(chan Peer, 1<<10), left: make(chan PeerID, 1<<10),
		panics: make(chan string, 1), ended: make(chan error, 1),
	}
	cfg.Joined = func(p Peer) { n.joined <- p }
	cfg.Left = func(id PeerID) { n.left <- id }
	cfg.Go = func(name string, f func(context.Context) error) {
		go func() {
			defer func() {
				if v := recover(); v != nil {
					n.panics <- fmt.Sprintf("%s: %v", name, v)
				}
			}()
			f(context.Background())
		}()
	}
	n.cfg = cfg
	var err error
	if n.Host, err = Open(cfg); err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, n.stop = context.WithCancel(context.Background())
	go func() { n.ended <- n.Run(ctx) }()
	t.Cleanup(func() { n.end(t) })
	eventually(t, "the node to run", n.gate.open.Load)
	return n
}

// end stops a node and waits for it.
func (n *testNode) end(t *testing.T) {
	t.Helper()
	n.stop()
	if n.ended == nil {
		return
	}
	if err := receive(t, n.ended); err != nil {
		t.Errorf("the node ended with %v", err)
	}
	n.ended = nil
	select {
	case p := <-n.panics:
		t.Errorf("a panic: %s", p)
	default:
	}
}

// tcp returns HOST:PORT of a node.
func (n *testNode) tcp(t *testing.T) string {
	t.Helper()
	for _, m := range n.net.Network().ListenAddresses() {
		if a, ok := addressOf(m); ok && !a.QUIC {
			return a.AddrPort.String()
		}
	}
	t.Fatal("the node does not listen")
	return ""
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("not reached")
	}
}

// eventually waits for a condition that has no channel.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(patience)
	for !is() {
		select {
		case <-ticker.C:
		case <-limit:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// dial connects a to b by HOST:PORT.
func dial(t *testing.T, a, b *testNode) {
	t.Helper()
	id, err := a.Dial(t.Context(), b.tcp(t))
	if err != nil {
		t.Fatal(err)
	}
	if id != b.ID() {
		t.Fatalf("learnt the id %s, want %s", id, b.ID())
	}
	eventually(t, "the other side to accept", func() bool { return b.roster.isMember(a.ID()) })
}

func TestTwoNodesMeet(t *testing.T) {
	a := startNode(t, nil)
	b := startNode(t, func(c *Config) { c.Agent = "other/2" })
	dial(t, b, a)
	got := receive(t, a.joined)
	if got.ID != b.ID() || !got.Inbound || string(got.Hello) != "hello" {
		t.Errorf("a peer joined: %+v", got)
	}
	if p := receive(t, b.joined); p.ID != a.ID() || p.Inbound || p.Address != a.tcp(t) {
		t.Errorf("a peer joined: %+v", p)
	}
	answer, err := b.Request(t.Context(), a.ID(), "echo", []byte("ping"))
	if err != nil || string(answer) != "ping" {
		t.Errorf("the answer is %q, %v", answer, err)
	}
	if answer, err := a.Request(t.Context(), b.ID(), "echo", nil); err != nil || len(answer) != 0 {
		t.Errorf("the answer is %q, %v", answer, err)
	}
	eventually(t, "a ping and the agent", func() bool {
		p := a.Peers()
		return len(p) == 1 && p[0].Ping > 0 && p[0].Agent == "other/2" && p[0].BytesIn > 0 && p[0].BytesOut > 0
	})
	if s := a.Stats(); s.Peers != 1 || s.Inbound != 1 || s.Served == 0 || s.BytesIn == 0 {
		t.Errorf("the counts are %+v", s)
	}
	b.end(t)
	if id := receive(t, a.left); id != b.ID() {
		t.Errorf("%s left", id)
	}
	if _, err := a.Request(t.Context(), b.ID(), "echo", nil); !errors.Is(err, ErrNotConnected) {
		t.Errorf("a request to a peer that left: %v", err)
	}
	if _, err := b.Request(t.Context(), a.ID(), "echo", nil); err == nil {
		t.Error("a closed node asks")
	}
}

func TestDialWithAnID(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	for _, m := range a.Addrs() {
		if id, err := b.Dial(t.Context(), m); err != nil || id != a.ID() {
			t.Errorf("%s: %v, %v", m, id, err)
		}
		b.Hangup(a.ID())
		receive(t, b.left)
	}
	wrong, err := strangerID()
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ := strings.Cut(a.Addrs()[0], "/p2p/")
	if _, err := b.Dial(t.Context(), address+"/p2p/"+wrong.String()); err == nil {
		t.Error("a peer with another id than the one given is taken")
	}
}

func TestLearningAnIDByQUIC(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	for _, m := range a.Addrs() {
		if address, _, _ := strings.Cut(m, "/p2p/"); strings.Contains(m, "quic") {
			if id, err := b.Dial(t.Context(), address); err != nil || id != a.ID() {
				t.Errorf("%s: %v, %v", address, id, err)
			}
		}
	}
}

func TestDialOneself(t *testing.T) {
	a := startNode(t, nil)
	if _, err := a.Dial(t.Context(), a.tcp(t)); !errors.Is(err, errSelf) {
		t.Errorf("got %v", err)
	}
}

func TestCloseWithoutRun(t *testing.T) {
	cfg := testConfig(t)
	cfg.Go = func(string, func(context.Context) error) { t.Error("a goroutine was started") }
	h, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(h.Close(), h.Close()); err != nil {
		t.Error(err)
	}
}

const (
	relayID        = "12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8"
	relayedAddress = "/ip4/192.0.2.1/tcp/1/p2p/" + relayID + "/p2p-circuit"
)

// relaying is what a peer behind a relay needs.
var relaying = Discovery{Relay: true, HolePunch: true}

func TestOpenFails(t *testing.T) {
	a := startNode(t, nil)
	for name, change := range map[string]func(*Config){
		"no Go":             func(c *Config) { c.Go = nil },
		"no hello":          func(c *Config) { c.Hello.Judge = nil },
		"agent":             func(c *Config) { c.Agent = "a\x1b[2J" },
		"long agent":        func(c *Config) { c.Agent = strings.Repeat("a", MaxAgent+1) },
		"taken port":        func(c *Config) { c.Listen = a.tcp(t) },
		"listen":            func(c *Config) { c.Listen = "example.org:1" },
		"no port":           func(c *Config) { c.Listen = "127.0.0.1" },
		"allow":             func(c *Config) { c.Allow = []string{"nobody"} },
		"deny":              func(c *Config) { c.Deny = []string{"10.0.0.0/99"} },
		"connect":           func(c *Config) { c.Connect = []string{"nowhere"} },
		"name behind proxy": func(c *Config) { c.Proxy = "127.0.0.1:1"; c.Add = []string{"example.org:1"} },
		"protocol twice":    func(c *Config) { c.Protocols = append(c.Protocols, c.Protocols[0]) },
		"relay without id":  func(c *Config) { c.Discovery = relaying; c.Add = []string{relayedAddress} },
		"relay of no address": func(c *Config) {
			c.Discovery, c.Add = relaying, []string{strings.TrimPrefix(relayedAddress, "/ip4/192.0.2.1/tcp/1") + "/p2p/" + relayID}
		},
		"hole punching off": func(c *Config) { c.Add = []string{relayedAddress + "/p2p/" + relayID} },
		"hole punching":     func(c *Config) { c.Discovery.HolePunch = true },
		"key directory":     func(c *Config) { c.KeyFile = filepath.Join(c.KeyFile, "none", "key") },
	} {
		cfg := testConfig(t)
		cfg.Go = func(string, func(context.Context) error) {}
		change(&cfg)
		if h, err := Open(cfg); err == nil {
			h.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

// A store that fails ends the node with its error.
func TestBrokenStore(t *testing.T) {
	broken := errors.New("the disk is gone")
	a := startNode(t, func(c *Config) { c.Store = &brokenStore{Store: c.Store, err: broken} })
	if err := a.Ban("10.0.0.1", time.Hour, ""); err != nil {
		t.Fatal(err)
	}
	if err := receive(t, a.ended); !errors.Is(err, broken) {
		t.Errorf("the node ended with %v", err)
	}
	a.ended = nil
}

// A brokenStore reads and does not write.
type brokenStore struct {
	Store
	err error
}

func (s *brokenStore) Write(iter.Seq2[[]byte, []byte]) error { return s.err }

func TestDamagedRecordsAreDropped(t *testing.T) {
	cfg := testConfig(t)
	junk := map[string]string{"ban/nobody": "x", "score/": "", "addr/a/b": "\x01", "signed/x": "\x01\x02"}
	err := cfg.Store.Write(func(yield func(key, value []byte) bool) {
		for key, value := range junk {
			if !yield([]byte(key), []byte(value)) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	runNode(t, cfg)
	for key := range junk {
		if value, err := cfg.Store.Get([]byte(key)); value != nil || err != nil {
			t.Errorf("%s is still there, %v", key, err)
		}
	}
}
