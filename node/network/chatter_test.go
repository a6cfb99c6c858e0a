package network_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
	"google.golang.org/protobuf/proto"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// A chatter is a stranger that makes its gossip by hand.
type chatter struct {
	*stranger
	arena *arena
}

func (a *arena) chatter() *chatter {
	a.t.Helper()
	c := &chatter{a.enemy(), a}
	var topics []*pubsub.RPC_SubOpts
	for _, t := range c.topics() {
		topics = append(topics, &pubsub.RPC_SubOpts{Subscribe: proto.Bool(true), Topicid: t})
	}
	c.say(&pubsub.RPC{Subscriptions: topics})
	return c
}

func (c *chatter) say(m *pubsub.RPC) {
	c.arena.acts, c.arena.sent = c.arena.acts+1, c.arena.sent+c.stranger.say(m)
}

// chat lets a chatter speak and waits until the victim has read what it said, or
// hung up.
func (a *arena) chat(n int, speech func(c *chatter, i int)) {
	a.t.Helper()
	c := a.chatter()
	defer c.Close()
	before, sent := a.victim.toll().BytesIn, a.sent
	for i := range n {
		speech(c, i)
	}
	eventually(a.t, "what was said to be read", func() bool {
		return a.victim.toll().BytesIn-before >= int64(a.sent-sent) || c.Network().Connectedness(c.victim.ID) != network.Connected
	})
}

// claims are names of messages that nobody has.
func claims(count int) (ids []string) {
	name := make([]byte, 32)
	for range count {
		for i := range name {
			name[i] = byte(rand.Uint32())
		}
		ids = append(ids, "blocks/"+string(name))
	}
	return ids
}

func (a *arena) liesOfHaving(n int) {
	a.chat(n, func(c *chatter, _ int) {
		c.say(&pubsub.RPC{Control: &pubsub.ControlMessage{Ihave: []*pubsub.ControlIHave{{TopicID: c.topics()[0], MessageIDs: claims(5000)}}}})
	})
}

func (a *arena) wantsNothing(n int) {
	a.chat(n, func(c *chatter, _ int) {
		c.say(&pubsub.RPC{Control: &pubsub.ControlMessage{
			Idontwant: []*pubsub.ControlIDontWant{{MessageIDs: claims(5000)}},
			Iwant:     []*pubsub.ControlIWant{{MessageIDs: claims(5000)}},
		}})
	})
}

// backoffs grafts itself to the victim's mesh and prunes it for times that
// overflow whatever they are multiplied by.
func (a *arena) backoffs(n int) {
	a.chat(n, func(c *chatter, _ int) {
		for _, backoff := range []uint64{0, 1, 1<<31 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1, (1<<63 - 1) / 1_000_000_000, 1<<63/1_000_000_000 + 1} {
			for _, topic := range c.topics() {
				c.say(&pubsub.RPC{Control: &pubsub.ControlMessage{Graft: []*pubsub.ControlGraft{{TopicID: topic}}}})
				c.say(&pubsub.RPC{Control: &pubsub.ControlMessage{Prune: []*pubsub.ControlPrune{{TopicID: topic, Backoff: &backoff}}}})
			}
		}
	})
}

// huge are numbers that limits are tried with.
var huge = []uint32{1<<16 - 1, 1 << 31, 1<<32 - 1, wire.MaxLocator + 1, wire.MaxBlocks + 1}

// spoiled returns a message with a huge number in place of four of its bytes, other
// ones each time.
func spoiled(message []byte, i int) []byte {
	data := bytes.Clone(message)
	at := i * 4 % (len(data) - 3)
	binary.LittleEndian.PutUint32(data[at:], huge[i%len(huge)])
	return data
}

// everyFieldOfGossip gossips blocks and transactions with huge numbers, by one peer
// after the other.
func (a *arena) everyFieldOfGossip(n int) {
	a.t.Helper()
	b := a.draft(0)
	chaintest.Solve(a.friend.params, &b)
	messages := [][]byte{announce(&b), wire.Encode(&wire.Transaction{Transaction: b.Transactions[0]})}
	for i := 0; i < n; {
		c := a.chatter()
		eventually(a.t, "the chatter to be banned", func() bool { // not every one of them is rejected
			data := spoiled(messages[i%2], i/2)
			c.say(&pubsub.RPC{Publish: []*pubsub.Message{{Topic: c.topics()[i%2], Data: data}}})
			i++
			return a.victim.bans(c.ID())
		})
		c.Close()
	}
}

// everyField sends requests with huge numbers in place of every four bytes, by one
// peer after the other that was not banned yet.
func (a *arena) everyField(n int) {
	hashes := []types.Hash{{1}, {2}}
	requests := map[string][]byte{
		"headers": wire.Encode(&wire.HeadersRequest{Locator: hashes}),
		"blocks":  wire.Encode(&wire.BlocksRequest{Hashes: hashes}),
		"compact": wire.Encode(&wire.CompactRequest{Block: hashes[0], Positions: []uint32{1, 2}}),
		"txs":     wire.Encode(&wire.TransactionsRequest{IDs: hashes}),
	}
	var s *stranger
	for i := 0; i < n; {
		for name, request := range requests {
			if s == nil || s.Network().Connectedness(s.victim.ID) != network.Connected {
				s = a.enemy()
				defer s.Close()
			}
			data := spoiled(request, i)
			outwait(a.send(s, name, frame(frameRequest, uint32(len(data)), string(data))))
			i++
		}
	}
	for s.Network().Connectedness(s.victim.ID) == network.Connected {
		outwait(a.send(s, "headers", frame(frameRequest, 4, "junk"))) // for the ban of the last one
	}
}

// newLiars sends malformed requests as ever new peers.
func (a *arena) newLiars(n int) {
	for range n {
		s := a.enemy()
		for s.Network().Connectedness(s.victim.ID) == network.Connected {
			outwait(a.send(s, "blocks", frame(frameRequest, 4, "junk")))
		}
		s.Close()
	}
}

// silence connects and then says less and less of a handshake: nothing, half of
// the first proposal, the proposal, half a key exchange, and all of it with no word
// after that.
func (a *arena) silence(n int) {
	address, _ := ma.SplitLast(ma.StringCast(a.address))
	network, where, err := manet.DialArgs(address)
	if err != nil {
		a.t.Fatal(err)
	}
	proposal := "\x13/multistream/1.0.0\n\x07/noise\n"
	texts := []string{"", proposal[:10], proposal, proposal + "\x00\x20half a key"}
	var conns []net.Conn
	for i := range n {
		conn, err := net.Dial(network, where)
		if err != nil {
			break // there is no room for more
		}
		defer conn.Close()
		a.acts++
		if stage := i % (len(texts) + 1); stage == len(texts) {
			a.exchangeKeys(conn, proposal)
		} else {
			io.WriteString(conn, texts[stage])
			a.sent += len(texts[stage])
		}
		conns = append(conns, conn)
	}
	for _, conn := range conns {
		conn.SetReadDeadline(time.Now().Add(80 * time.Second))
		if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
			a.t.Error("who says nothing was waited for")
		}
	}
}

// exchangeKeys secures a connection and says nothing more.
func (a *arena) exchangeKeys(conn net.Conn, proposal string) {
	a.t.Helper()
	key, _, err := crypto.GenerateEd25519Key(nil)
	if err != nil {
		a.t.Fatal(err)
	}
	secure, err := noise.New(noise.ID, key, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	io.WriteString(conn, proposal)
	if _, err := io.ReadFull(conn, make([]byte, len(proposal))); err != nil {
		return
	}
	_, _ = secure.SecureOutbound(a.t.Context(), conn, "") // who it is does not matter
}
