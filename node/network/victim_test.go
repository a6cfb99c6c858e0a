package network_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
)

// The victim is told by its environment where to answer and whom it knows.
const (
	victimSocket = "NETWORK_TEST_VICTIM"
	victimFriend = "NETWORK_TEST_FRIEND"
)

// TestVictim is no test but the node under attack, in a process of its own, so
// that what it spends can be told from what its enemies spend.
func TestVictim(t *testing.T) {
	if os.Getenv(victimSocket) == "" {
		t.Skip("it runs where other tests attack it")
	}
	log := new(countingWriter)
	v := &Victim{log: log, peer: run(t, setup{
		name: "victim", params: historyNet(), add: []string{os.Getenv(victimFriend)}, log: slog.New(slog.NewTextHandler(log, nil)),
		// Nobody looks for peers: a dial to an attacker that is gone would last on.
		limits: func(l *p2p.Limits) {
			l.Outbound, l.HelloTimeout, l.FrameTimeout, l.WriteTimeout = 0, time.Second, 300*time.Millisecond, time.Second
		},
	})}
	serveTest(t, v, os.Getenv(victimSocket))
}

// serveTest lets another process call the methods of a value until it closes our
// input.
func serveTest(t *testing.T, v any, socket string) {
	t.Helper()
	server := rpc.NewServer()
	if err := server.Register(v); err != nil {
		t.Fatal(err)
	}
	door, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	go server.Accept(door)
	io.Copy(io.Discard, os.Stdin)
}

// countingWriter counts what is logged.
type countingWriter struct{ lines, bytes atomic.Int64 }

func (w *countingWriter) Write(data []byte) (int, error) {
	w.lines.Add(int64(bytes.Count(data, []byte("\n"))))
	w.bytes.Add(int64(len(data)))
	return len(data), nil
}

// A Victim answers the tests that attack it.
type Victim struct {
	peer *peer
	log  *countingWriter
}

// None is no argument.
type None struct{}

// A Condition is how a victim stands.
type Condition struct {
	Address string
	Sink    types.Hash
	Headers uint64
	Orphans int
	Judged  uint64 // messages of peers that it found useless
	Bans    []string
	Peers   map[string]int // and their scores
}

// A Toll is what is in use, and what was spent.
type Toll struct {
	CPU               float64 // seconds
	Heap, RSS, Peak   uint64  // bytes; the peak since the last toll
	Goroutines, Files int
	BytesIn, BytesOut int64
	Lines, LogBytes   int64
}

// Describe says how the victim stands.
func (v *Victim) Describe(_ None, c *Condition) error {
	host, s := v.peer.network.Host(), v.peer.chain.Snapshot()
	stats := host.Stats()
	*c = Condition{
		Address: v.peer.address(), Sink: s.Sink, Headers: s.Headers, Orphans: v.peer.network.Status().Orphans,
		Judged: stats.Rejected + stats.Ignored, Peers: map[string]int{},
	}
	for _, b := range host.Bans() {
		c.Bans = append(c.Bans, b.Peer.String())
	}
	for _, p := range host.Peers() {
		c.Peers[p.ID.String()] = p.Score
	}
	return nil
}

// Has reports whether a block is there with its body.
func (v *Victim) Has(h types.Hash, has *bool) error {
	*has = v.peer.has(h)()
	return nil
}

// Await waits for a block with its body.
func (v *Victim) Await(h types.Hash, _ *None) error {
	if !v.peer.comesTo(v.peer.has(h)) {
		return fmt.Errorf("block %v did not come within a minute", h)
	}
	return nil
}

// Mine makes a block.
func (v *Victim) Mine(_ None, h *types.Hash) error {
	*h = v.peer.mine(1)
	return nil
}

// Toll tells what the victim has spent.
func (v *Victim) Toll(_ None, t *Toll) error {
	stats := v.peer.network.Host().Stats()
	*t = Toll{
		CPU: cpuSeconds(), RSS: memoryOf("VmRSS"), Peak: memoryOf("VmHWM"),
		Goroutines: runtime.NumGoroutine(), Files: openFiles(),
		BytesIn: stats.BytesIn, BytesOut: stats.BytesOut, Lines: v.log.lines.Load(), LogBytes: v.log.bytes.Load(),
	}
	return nil
}

// Settle gives back what memory it can, tells what is left, and begins to look
// for a new peak.
func (v *Victim) Settle(_ None, heap *uint64) error {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	*heap = m.HeapAlloc
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where there is one
	return nil
}

// openFiles returns how many descriptors the process holds, 0 where the system
// does not tell.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// memoryOf returns a figure of the process in bytes, 0 where the system does not
// tell.
func memoryOf(name string) uint64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), name+":")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseUint(fields[0], 10, 64)
	return kib << 10
}

// A prey is a victim as its enemies see it.
type prey struct {
	t   *testing.T
	rpc *rpc.Client
}

// startVictim starts a victim that knows a friend.
func startVictim(t *testing.T, friend *peer) *prey {
	t.Helper()
	return &prey{t: t, rpc: spawn(t, "TestVictim", victimSocket, victimFriend+"="+friend.address())}
}

// spawn runs a test in a process of its own that is told by its environment at which
// socket to serve. It must still run, and end without a panic, when the test is over.
func spawn(t *testing.T, test, at string, env ...string) (client *rpc.Client) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.timeout=0")
	cmd.Env = append(append(os.Environ(), at+"="+socket), env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	life, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		life.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", test, err, &said)
		}
	})
	eventually(t, test+" to answer", func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			client = rpc.NewClient(conn)
			t.Cleanup(func() { client.Close() })
		}
		return err == nil
	})
	return client
}

func call[A, R any](v *prey, method string, argument A) (result R) {
	v.t.Helper()
	if err := v.rpc.Call("Victim."+method, argument, &result); err != nil {
		v.t.Fatalf("the victim, asked to %s: %v", method, err)
	}
	return result
}

func (v *prey) describe() Condition { return call[None, Condition](v, "Describe", None{}) }

func (v *prey) toll() Toll { return call[None, Toll](v, "Toll", None{}) }

func (v *prey) settle() (heap uint64) { return call[None, uint64](v, "Settle", None{}) }

func (v *prey) mine() types.Hash { return call[None, types.Hash](v, "Mine", None{}) }

func (v *prey) await(h types.Hash) { call[types.Hash, None](v, "Await", h) }

func (v *prey) has(h types.Hash) func() bool {
	return func() bool { return call[types.Hash, bool](v, "Has", h) }
}

// knows reports whether a peer said hello to the victim.
func (v *prey) knows(id p2p.PeerID) bool {
	_, known := v.describe().Peers[id.String()]
	return known
}

// bans reports whether the victim has banned a peer.
func (v *prey) bans(id p2p.PeerID) bool {
	for _, b := range v.describe().Bans {
		if b == id.String() {
			return true
		}
	}
	return false
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if !within(time.Minute, holds) {
		t.Fatalf("waited in vain: %s", what)
	}
}

// within waits for a condition, for some time at most, and reports whether it
// holds.
func within(most time.Duration, holds func() bool) bool {
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(most)
	for !holds() {
		select {
		case <-ticker.C:
		case <-limit:
			return false
		}
	}
	return true
}
