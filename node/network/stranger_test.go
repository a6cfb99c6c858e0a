package network_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	pubsub "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	library "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	"google.golang.org/protobuf/proto"

	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// Kinds of frames; a frame is its length (4 bytes), its kind and the payload.
const (
	frameHello   = 1
	frameWelcome = 3
	frameRequest = 4
)

// frame returns a frame that claims a length and has a payload.
func frame(kind byte, length uint32, payload string) []byte {
	return append(append(binary.LittleEndian.AppendUint32(nil, length), kind), payload...)
}

// A stranger is a libp2p host without our manners.
type stranger struct {
	host.Host
	t      testing.TB
	victim library.AddrInfo
	friend *peer // whose history it pretends to have
	gossip network.Stream
}

// meet makes a stranger that is connected to a node at an address but said nothing
// yet; nil when it is not let in.
func meet(t testing.TB, address string, friend *peer) *stranger {
	t.Helper()
	h, err := libp2p.New(
		libp2p.NoListenAddrs, libp2p.Transport(tcp.NewTCPTransport), libp2p.Security(noise.ID, noise.New),
		libp2p.DisableMetrics(), libp2p.DisableRelay(), libp2p.ForceReachabilityPublic(),
		libp2p.ResourceManager(&network.NullResourceManager{}),
	)
	if err != nil {
		t.Fatal(err)
	}
	info, err := library.AddrInfoFromP2pAddr(ma.StringCast(address))
	if err != nil {
		t.Fatal(err)
	}
	s := &stranger{Host: h, t: t, victim: *info, friend: friend}
	h.SetStreamHandler(s.protocol("gossip"), func(in network.Stream) {
		io.Copy(io.Discard, in) // until it ends, however it does
	})
	if err := h.Connect(t.Context(), *info); err != nil {
		h.Close()
		return nil
	}
	return s
}

func (s *stranger) id() p2p.PeerID { return s.ID() }

// protocol returns the id of one of our protocols or topics.
func (s *stranger) protocol(name string) protocol.ID {
	p := s.friend.params
	return protocol.ID(fmt.Sprintf("/jio/%s/%x/%s/1", p.Name, p.GenesisHash[:4], name))
}

// open opens a stream of one of our protocols; nil when the victim does not let.
func (s *stranger) open(name string) network.Stream {
	stream, err := s.NewStream(s.t.Context(), s.victim.ID, s.protocol(name))
	if err != nil {
		return nil
	}
	stream.SetDeadline(time.Now().Add(20 * time.Second))
	return stream
}

// send opens a stream, sends bytes and returns it.
func (s *stranger) send(name string, data []byte) network.Stream {
	stream := s.open(name)
	if stream != nil {
		stream.Write(data)
	}
	return stream
}

// say gossips a message and returns how many bytes that took. What the victim makes
// of it shows in what it does.
func (s *stranger) say(m *pubsub.RPC) int {
	if s.gossip == nil {
		s.gossip = s.open("gossip")
	}
	data, err := proto.Marshal(m)
	if err != nil || s.gossip == nil {
		return 0
	}
	data = append(binary.AppendUvarint(nil, uint64(len(data))), data...)
	s.gossip.Write(data) // an error says that it is not heard any more
	return len(data)
}

// topics are those that the victim takes part in.
func (s *stranger) topics() []*string {
	return []*string{proto.String(string(s.protocol("blocks"))), proto.String(string(s.protocol("txs")))}
}

// greet says a proper hello and reports whether the victim took it.
func (s *stranger) greet() bool {
	hello := syncer.Greeting(s.friend.params, s.friend.chain, "stranger", wire.ServiceFull, time.Now())
	data := string(wire.Encode(&hello))
	stream := s.send("hello", frame(frameHello, uint32(len(data)), data))
	if stream == nil {
		return false
	}
	defer stream.Close()
	answer := make([]byte, 5)
	if _, err := io.ReadFull(stream, answer); err != nil || answer[4] != frameHello {
		return false
	}
	if _, err := io.CopyN(io.Discard, stream, int64(binary.LittleEndian.Uint32(answer))); err != nil {
		return false
	}
	stream.Write(frame(frameWelcome, 0, ""))
	return true
}

// outwait reads until the victim ends a stream, and reports whether it does.
func outwait(stream network.Stream) bool {
	if stream == nil {
		return true
	}
	_, err := io.Copy(io.Discard, stream)
	e, ok := err.(interface{ Timeout() bool })
	return !ok || !e.Timeout()
}
