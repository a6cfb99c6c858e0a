package p2p

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"time"

	"github.com/libp2p/go-libp2p"

	"github.com/jio-dag/jio/chain/params"
)

// Config is what a Host needs of its owner. The functions must be safe for
// concurrent use; a panic in one is passed to Go.
type Config struct {
	Params  *params.Params
	Agent   string // of this node, at most MaxAgent printable bytes
	KeyFile string // 32-byte ed25519 seed, made with mode 0600 when missing
	Store   Store  // address book, reputation, bans; the Host's alone
	Listen  string // HOST:PORT for TCP and QUIC; "" listens nowhere

	// Go starts a goroutine under a name and turns its panic into an orderly end
	// of the process. It must not wait for f.
	Go  func(name string, f func(context.Context) error)
	Now func() time.Time
	Log *slog.Logger // nil for none

	Hello     Hello
	Protocols []Protocol
	Topics    []Topic

	// Joined tells of a peer whose hello was accepted, Left that its last
	// connection is gone, save when the Host closes. For one peer they alternate;
	// both come from one goroutine, in order, and must not block. Either may be nil.
	Joined func(Peer)
	Left   func(PeerID)

	Discovery Discovery
	Bootstrap []string // peers to ask when the book is empty
	Connect   []string // when not empty, these and Add are the only peers dialled or let in, and nothing is announced
	Add       []string // peers kept connected beside those of the book
	Allow     []string // CIDR or peer id: when not empty, the only ones let in or dialled
	Deny      []string // CIDR or peer id, stronger than Allow
	Proxy     string   // SOCKS5 HOST:PORT for every dial; no QUIC then

	Limits Limits

	// network stands for that of the machine in tests.
	network []libp2p.Option
}

// Hello is the first exchange on a connection, opaque to this package.
type Hello struct {
	// Make returns what this node says of itself, at most MaxHello bytes.
	Make func() []byte
	// Judge decides about what a peer said. An error is the reason the peer is
	// told before it is disconnected; every connection of a peer is judged.
	Judge func(p PeerID, hello []byte) error
}

// Store keeps records for a Host: store.DB and store.Memory are two of them.
type Store interface {
	Get(key []byte) ([]byte, error)
	Scan(prefix []byte, fn func(key, value []byte) error) error
	Write(batch iter.Seq2[[]byte, []byte]) error
}

// Discovery switches what announces this node or asks strangers. The zero value
// is off throughout, as it should be on devnet and simnet.
type Discovery struct {
	MDNS      bool // on the LAN
	DHT       bool // Kademlia under our own prefix
	PortMap   bool // UPnP and NAT-PMP
	AutoNAT   bool // ask peers whether they can reach us, and answer them
	HolePunch bool // needs Relay
	Relay     bool // be reached through relays when nothing else works
}

// DiscoveryOf returns all switches on for the public networks and off for
// devnet and simnet.
func DiscoveryOf(p *params.Params) Discovery {
	on := !isLocal(p)
	return Discovery{MDNS: on, DHT: on, PortMap: on, AutoNAT: on, HolePunch: on, Relay: on}
}

// isLocal reports whether a network is for one's own machines: several nodes
// then share an address, and none looks for strangers.
func isLocal(p *params.Params) bool { return p.Name == "devnet" || p.Name == "simnet" }

// ofNamed returns what serves a node that speaks with named peers alone: to reach
// one behind NAT.
func (d Discovery) ofNamed() Discovery { return Discovery{HolePunch: d.HolePunch, Relay: d.Relay} }

// Limits bounds what peers may take. DefaultLimits says what a node uses; tests
// shorten it.
type Limits struct {
	Outbound int // peers this node chose, each in another network
	Anchors  int // of them, dialled first after a restart
	Inbound  int // peers that chose this node

	ConnsPerIP  int
	ConnsPerNet int // per IPv4 /24 and IPv6 /56

	RequestsPerMinute int // per peer, over all metered protocols; each by wire.Price
	RequestBurst      int
	MessagesPerSecond int // streams per IP, the burst is as large
	ServedAtOnce      int // streams of one peer
	GossipRate        int // bytes per second per peer
	GossipBurst       int // bytes
	ControlRate       int // bytes per second per peer of gossip that is no message but about some
	ControlBurst      int // bytes

	DialPause    time.Duration // between two dials of this node's choosing
	FeelerPause  time.Duration // between two dials that only try an address
	PingPause    time.Duration // between two pings of a peer
	DialTimeout  time.Duration // a connection and its hello
	HelloTimeout time.Duration // the hello
	FrameTimeout time.Duration // a request frame, once its stream is open
	ServeTimeout time.Duration // Serve
	WriteTimeout time.Duration // a response to be taken away
}

// DefaultLimits returns the limits of a node.
func DefaultLimits() Limits {
	return Limits{
		Outbound: 8, Anchors: 2, Inbound: 64,
		ConnsPerIP: 10, ConnsPerNet: 16,
		RequestsPerMinute: 100, RequestBurst: 100,
		MessagesPerSecond: 100, ServedAtOnce: 16,
		GossipRate: 2 << 20, GossipBurst: 16 << 20,
		// Of a full topic the library tells 200 KiB a second; they may have waited for
		// ten.
		ControlRate: 512 << 10, ControlBurst: 2 << 20,
		DialPause: time.Second, FeelerPause: 2 * time.Minute, PingPause: 30 * time.Second,
		DialTimeout: 20 * time.Second, HelloTimeout: 10 * time.Second,
		FrameTimeout: 10 * time.Second, ServeTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
	}
}

// MaxAgent bounds an agent, MaxHello a hello, in bytes.
const (
	MaxAgent = 64
	MaxHello = 1 << 10
)

// validate reports what a Host cannot run with.
func (c *Config) validate() error {
	switch {
	case c.Params == nil || c.KeyFile == "" || c.Store == nil || c.Go == nil || c.Now == nil:
		return errors.New("p2p: a required field of the Config is missing")
	case c.Hello.Make == nil || c.Hello.Judge == nil:
		return errors.New("p2p: the Config has no Hello")
	case c.Agent != Printable(c.Agent, MaxAgent):
		return fmt.Errorf("p2p: the agent %q is too long or not printable", c.Agent)
	case c.Discovery.HolePunch && !c.Discovery.Relay:
		return errors.New("p2p: hole punching needs the relay")
	}
	if c.Listen != "" {
		if _, _, err := net.SplitHostPort(c.Listen); err != nil {
			return fmt.Errorf("p2p: listen on %q: %w", c.Listen, err)
		}
	}
	return nil
}
