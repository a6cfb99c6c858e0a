package p2p

import (
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// A PeerID names a node by its ed25519 key; String is its usual text.
type PeerID = peer.ID

// A Peer is what is known about one connected peer at one moment.
type Peer struct {
	ID        PeerID
	Address   string // of its oldest connection, HOST:PORT or a relay's multiaddr
	Inbound   bool
	Agent     string        // printable
	Ping      time.Duration // round trip, 0 until measured
	BytesIn   int64
	BytesOut  int64
	Score     int // reputation, -100 to 100
	Connected time.Time
	Hello     []byte // as its Judge accepted it; read-only
}
