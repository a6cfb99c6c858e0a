package p2p

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/chain/params"
)

// A stranger is a libp2p host without our manners: it says what a test makes it
// say.
type stranger struct {
	host.Host
	t *testing.T
}

func newStranger(t *testing.T, options ...libp2p.Option) *stranger {
	t.Helper()
	h, err := libp2p.New(append([]libp2p.Option{
		libp2p.NoListenAddrs, libp2p.Transport(tcp.NewTCPTransport), libp2p.Security(noise.ID, noise.New),
		libp2p.DisableMetrics(), libp2p.DisableRelay(), libp2p.ForceReachabilityPublic(),
		libp2p.ResourceManager(&network.NullResourceManager{}),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return &stranger{Host: h, t: t}
}

func (s *stranger) connect(n *testNode) error {
	a, err := ma.NewMultiaddr(n.Addrs()[0])
	if err != nil {
		return err
	}
	info, err := peer.AddrInfoFromP2pAddr(a)
	if err != nil {
		return err
	}
	return s.Connect(s.t.Context(), *info)
}

// meet connects and fails the test when that does.
func (s *stranger) meet(n *testNode) {
	s.t.Helper()
	if err := s.connect(n); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stranger) open(n *testNode, name string) network.Stream {
	s.t.Helper()
	stream, err := s.NewStream(s.t.Context(), n.ID(), n.protocolID(name))
	if err != nil {
		s.t.Fatal(err)
	}
	stream.SetReadDeadline(time.Now().Add(patience))
	return stream
}

// greet says a proper hello and fails the test when that does not help.
func (s *stranger) greet(n *testNode) {
	s.t.Helper()
	if err := s.tryGreet(n); err != nil {
		s.t.Fatal(err)
	}
	if p := receive(s.t, n.joined); p.ID != s.ID() {
		s.t.Fatalf("%s joined", p.ID)
	}
}

func (s *stranger) tryGreet(n *testNode) error {
	stream, err := s.NewStream(s.t.Context(), n.ID(), n.protocolID(helloName))
	if err != nil {
		return err
	}
	defer stream.Close()
	stream.SetDeadline(time.Now().Add(patience))
	if err := writeFrame(stream, kindHello, []byte("hello")); err != nil {
		return err
	}
	if kind, _, err := readFrame(stream, MaxHello); err != nil || kind != kindHello {
		return fmt.Errorf("the answer to a hello is a frame of kind %d: %w", kind, err)
	}
	return writeFrame(stream, kindWelcome, nil)
}

// answersHello makes the stranger take part in the network of a prefix.
func (s *stranger) answersHello(prefix protocol.ID) {
	s.SetStreamHandler(prefix+"/"+helloName+"/1", func(stream network.Stream) {
		defer stream.Close()
		if kind, _, err := readFrame(stream, MaxHello); kind == kindHello && err == nil {
			writeFrame(stream, kindHello, []byte("hello"))
			readFrame(stream, MaxHello)
		}
	})
}

func (s *stranger) gone(n *testNode) bool {
	return s.Network().Connectedness(n.ID()) != network.Connected
}

// isTimeout reports whether a test waited in vain rather than was told.
func isTimeout(err error) bool {
	var e interface{ Timeout() bool }
	return errors.As(err, &e) && e.Timeout()
}

func score(n *testNode, id PeerID) int { return n.archive.score(id) }

func TestNothingIsServedBeforeTheHello(t *testing.T) {
	a := startNode(t, func(c *Config) {
		c.Limits.HelloTimeout = 200 * time.Millisecond
		c.Protocols = append(c.Protocols, Protocol{
			Name: "free", MaxRequest: 100, MaxResponse: 100, Free: true,
			Serve: func(context.Context, PeerID, []byte) ([]byte, error) {
				t.Error("a stranger is served")
				return nil, nil
			},
		})
	})
	s := newStranger(t)
	s.meet(a)
	for _, name := range []string{"echo", "free", peersName} {
		stream := s.open(a, name)
		writeFrame(stream, kindRequest, []byte("let me in"))
		defer func() {
			if answer, err := io.ReadAll(stream); err == nil || isTimeout(err) {
				t.Errorf("%s: the answer is %q, %v", name, answer, err)
			}
		}()
	}
	eventually(t, "the silent peer to be turned away", func() bool { return s.gone(a) })
	eventually(t, "the requests to be refused", func() bool { return a.Stats().Refused == 3 })
	if a.Stats().TurnedAway != 1 {
		t.Errorf("the counts are %+v", a.Stats())
	}
}

func TestRequestRightAfterTheHello(t *testing.T) {
	a := startNode(t, nil)
	s := newStranger(t)
	s.meet(a)
	stream := s.open(a, "echo") // before the hello, answered after it
	writeFrame(stream, kindRequest, []byte("early"))
	s.greet(a)
	if kind, answer, err := readFrame(stream, 100); kind != kindResponse || string(answer) != "early" {
		t.Errorf("the answer is %q of kind %d, %v", answer, kind, err)
	}
}

// Every stage of a stream ends when the peer drips or stops.
func TestSlowPeers(t *testing.T) {
	frame := func(kind byte, size int, payload string) []byte {
		b := binary.LittleEndian.AppendUint32(nil, uint32(size))
		return append(append(b, kind), payload...)
	}
	for name, c := range map[string]struct {
		protocol string
		sent     []byte
		greeted  bool
		score    int
	}{
		"no byte of a hello":     {helloName, nil, false, 0},
		"half a header":          {helloName, frame(kindHello, 5, "")[:2], false, 0},
		"half a hello":           {helloName, frame(kindHello, 5, "he"), false, 0},
		"no welcome":             {helloName, frame(kindHello, 5, "hello"), false, 0},
		"no byte of a request":   {"echo", nil, true, -2},
		"half a request":         {"echo", frame(kindRequest, 1000, "and then"), true, -2},
		"too large a hello":      {helloName, frame(kindHello, MaxHello+1, ""), false, 0},
		"too large a request":    {"echo", frame(kindRequest, 1<<10+1, ""), true, -5},
		"endless request":        {"echo", frame(kindRequest, 1<<32-1, ""), true, -5},
		"hello for a request":    {"echo", frame(kindHello, 0, ""), true, -5},
		"request for a hello":    {helloName, frame(kindRequest, 0, ""), false, 0},
		"second hello":           {helloName, frame(kindHello, 5, "hello"), true, -5},
		"unknown kind of frames": {"echo", frame(200, 0, ""), true, -5},
	} {
		t.Run(name, func(t *testing.T) {
			a := startNode(t, func(cfg *Config) {
				cfg.Limits.FrameTimeout = 100 * time.Millisecond
				if !c.greeted {
					cfg.Limits.HelloTimeout = 100 * time.Millisecond
				}
			})
			s := newStranger(t)
			s.meet(a)
			if c.greeted {
				s.greet(a)
			}
			stream := s.open(a, c.protocol)
			stream.Write(c.sent)
			if _, err := io.ReadAll(stream); isTimeout(err) {
				t.Error("the stream was left open")
			}
			if c.greeted {
				eventually(t, "the score", func() bool { return score(a, s.ID()) == c.score })
			} else {
				eventually(t, "the peer to be turned away", func() bool { return s.gone(a) })
			}
		})
	}
}

func TestWrongHelloIsToldWhy(t *testing.T) {
	why := errors.New("your genesis is not mine\x1b[2J")
	picky := func(c *Config) { c.Hello.Judge = func(PeerID, []byte) error { return why } }
	for name, who := range map[string][2]func(*Config){
		"listener turns away": {picky, nil},
		"dialler turns away":  {nil, picky},
	} {
		t.Run(name, func(t *testing.T) {
			listener, dialler := startNode(t, who[0]), startNode(t, who[1])
			_, err := dialler.Dial(t.Context(), listener.tcp(t))
			var goodbye *GoodbyeError
			if who[0] != nil && (!errors.As(err, &goodbye) || goodbye.Reason != "your genesis is not mine[2J") {
				t.Errorf("the dialler was told %v", err)
			}
			if who[1] != nil && !errors.Is(err, why) {
				t.Errorf("the dialler said %v", err)
			}
			eventually(t, "both to part", func() bool {
				return len(listener.net.Network().Conns())+len(dialler.net.Network().Conns()) == 0
			})
			if len(listener.Peers())+len(dialler.Peers()) != 0 {
				t.Error("someone has a peer")
			}
		})
	}
}

func TestOtherNetworksCannotSpeak(t *testing.T) {
	a := startNode(t, nil)
	other := startNode(t, func(c *Config) {
		c.Params = params.SimNet()
		c.Params.GenesisHash[0]++
		c.Hello.Make = func() []byte { t.Error("a hello was said"); return nil }
	})
	if _, err := other.Dial(t.Context(), a.tcp(t)); err == nil {
		t.Error("met a node of another genesis")
	}
	for id := range a.protocolIDs() {
		if bytes.HasPrefix([]byte(id), []byte(other.prefix)) {
			t.Errorf("both speak %s", id)
		}
	}
}

// protocolIDs returns what a node speaks of our own.
func (n *testNode) protocolIDs() map[protocol.ID]bool {
	ids := map[protocol.ID]bool{}
	for _, id := range n.net.Mux().Protocols() {
		ids[id] = true
	}
	return ids
}

func TestOnlyEd25519IsLetIn(t *testing.T) {
	a := startNode(t, nil)
	key, _, err := crypto.GenerateECDSAKeyPair(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := newStranger(t, libp2p.Identity(key)).connect(a); err == nil {
		eventually(t, "the peer to be gone", func() bool { return len(a.net.Network().Conns()) == 0 })
	}
	if newStranger(t).connect(a) != nil {
		t.Error("an ed25519 key is not let in")
	}
}

func TestLimitsOfOneAddress(t *testing.T) {
	limited := func(c *Config) {
		c.Params = params.MainNet() // there loopback is an address as any other
		c.Limits.ConnsPerIP = 2
	}
	for name, c := range map[string]struct {
		change func(*Config)
		want   int
	}{
		"public network": {limited, 2},
		"per net":        {func(c *Config) { limited(c); c.Limits.ConnsPerIP, c.Limits.ConnsPerNet = 9, 3 }, 3},
		"own machine":    {func(c *Config) { c.Limits.ConnsPerIP = 2 }, 5},
		"inbound":        {func(c *Config) { c.Limits.Inbound = 4 }, 4},
	} {
		t.Run(name, func(t *testing.T) {
			a := startNode(t, c.change)
			met := 0
			for range 5 {
				// The refusal may come after the stranger's side is done connecting.
				if s := newStranger(t); s.connect(a) == nil && s.tryGreet(a) == nil {
					met++
				}
			}
			if met != c.want {
				t.Errorf("met %d of 5, want %d", met, c.want)
			}
		})
	}
}
