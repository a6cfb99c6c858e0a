package network

import (
	"context"
	"errors"

	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
	"github.com/jio-dag/jio/node/api"
)

// The names of the requests and topics that carry the messages of a kind.
var (
	protocolNames = map[wire.Kind]string{
		wire.KindHeadersRequest:      "headers",
		wire.KindBlocksRequest:       "blocks",
		wire.KindCompactRequest:      "compact",
		wire.KindTransactionsRequest: "txs",
	}
	topicNames = map[wire.Kind]string{
		wire.KindCompactBlock: "blocks",
		wire.KindTransaction:  "txs",
	}
)

// The workers of a topic: how many messages wait for the core's verdict at once.
const (
	blockWorkers       = 32
	transactionWorkers = 64
)

// peerOf returns the host's name of a peer.
func peerOf(id syncer.PeerID) (p2p.PeerID, error) { return peer.Decode(string(id)) }

// coreName returns the core's name of a peer.
func coreName(id p2p.PeerID) syncer.PeerID { return syncer.PeerID(id.String()) }

func (n *Network) greeting() []byte {
	h := syncer.Greeting(n.cfg.Params, n.cfg.Chain, n.cfg.P2P.Agent, wire.ServiceFull|wire.ServiceArchive, n.cfg.P2P.Now())
	return wire.Encode(&h)
}

func (n *Network) judgeHello(_ p2p.PeerID, data []byte) error {
	h, err := helloOf(data)
	if err != nil {
		return err
	}
	return syncer.JudgeHello(n.cfg.Params, h)
}

func helloOf(data []byte) (*wire.Hello, error) {
	m, err := wire.Decode(wire.KindHello, data)
	if err != nil {
		return nil, err
	}
	return m.(*wire.Hello), nil
}

func (n *Network) joined(p p2p.Peer) {
	h, err := helloOf(p.Hello)
	if err != nil {
		return // it was judged, so it decodes
	}
	n.tell("a peer joined", "peer", p.ID, "address", p.Address, "inbound", p.Inbound, "agent", p2p.Printable(h.Agent, wire.MaxAgent))
	_ = n.bring(context.Background(), syncer.PeerJoined{Peer: coreName(p.ID), Hello: *h})
}

func (n *Network) left(id p2p.PeerID) {
	n.tell("a peer left", "peer", id)
	_ = n.bring(context.Background(), syncer.PeerLeft{Peer: coreName(id)})
}

// tell logs what peers can bring about, as often as they like, and so not every
// time: the next line says how many are missing.
func (n *Network) tell(message string, attributes ...any) {
	if !n.lines.AllowN(n.cfg.P2P.Now(), 1) {
		n.untold.Add(1)
		return
	}
	n.cfg.Log.Info(message, append(attributes, "unmentioned", n.untold.Swap(0))...)
}

// protocols are what peers may ask for.
func (n *Network) protocols() (out []p2p.Protocol) {
	for _, kind := range []wire.Kind{wire.KindHeadersRequest, wire.KindBlocksRequest, wire.KindCompactRequest, wire.KindTransactionsRequest} {
		answer, _ := kind.Answer()
		out = append(out, p2p.Protocol{
			Name:        protocolNames[kind],
			MaxRequest:  kind.MaxSize(),
			MaxResponse: answer.MaxSize(),
			Free:        kind == wire.KindCompactRequest || kind == wire.KindTransactionsRequest,
			Serve: func(_ context.Context, id p2p.PeerID, request []byte) ([]byte, error) {
				return n.serve(id, kind, request)
			},
		})
	}
	return out
}

// serve answers a request that is one and that the peer may make.
func (n *Network) serve(id p2p.PeerID, kind wire.Kind, data []byte) ([]byte, error) {
	request, err := wire.Decode(kind, data)
	if err != nil || !n.said.entitles(id, request) {
		return nil, p2p.ErrRefused
	}
	answer, err := n.server.Answer(request)
	if err != nil {
		return nil, p2p.ErrUnavailable
	}
	return wire.Encode(answer), nil
}

// topics are what is gossiped. A message is screened by itself at once; the rest
// is the core's.
func (n *Network) topics() []p2p.Topic {
	return []p2p.Topic{
		topic(wire.KindCompactBlock, blockWorkers, n.checkBlock),
		topic(wire.KindTransaction, transactionWorkers, n.checkTransaction),
	}
}

func topic(kind wire.Kind, workers int, check func(p2p.PeerID, []byte) (p2p.Verdict, p2p.Look)) p2p.Topic {
	return p2p.Topic{Name: topicNames[kind], MaxSize: kind.MaxSize(), ID: messageID, Check: check, Workers: workers}
}

// messageDomain names gossiped messages by their bytes.
var messageDomain = types.NewDomain("JioGossipMessage")

func messageID(data []byte) string {
	h := messageDomain.Sum(data)
	return string(h[:])
}

func (n *Network) checkBlock(id p2p.PeerID, data []byte) (p2p.Verdict, p2p.Look) {
	b, err := syncer.ScreenBlock(n.cfg.Chain, data)
	if err != nil {
		return n.condemn(id, err), nil
	}
	gossip := func(t syncer.Token) syncer.Event { return syncer.BlockGossip{Peer: coreName(id), Token: t, Block: b} }
	return p2p.Accept, n.look(gossip, func() { n.said.noteBlock(b.Hash()) })
}

func (n *Network) checkTransaction(id p2p.PeerID, data []byte) (p2p.Verdict, p2p.Look) {
	tx, err := syncer.ScreenTransaction(data)
	if err != nil {
		return n.condemn(id, err), nil
	}
	gossip := func(t syncer.Token) syncer.Event {
		return syncer.TransactionGossip{Peer: coreName(id), Token: t, Transaction: tx}
	}
	return p2p.Accept, n.look(gossip, func() { n.said.noteTransaction(tx.Transaction()) })
}

// look asks the core what it thinks of a gossiped message, and notes one that it
// accepts.
func (n *Network) look(gossip func(syncer.Token) syncer.Event, note func()) p2p.Look {
	return func(ctx context.Context) p2p.Verdict {
		token := syncer.Token(n.tokens.Add(1))
		verdict := n.verdict(ctx, token, gossip(token))
		if verdict == p2p.Accept {
			note()
		}
		return verdict
	}
}

// condemn turns what a screening found wrong into a verdict, and notes the deed.
func (n *Network) condemn(id p2p.PeerID, err error) p2p.Verdict {
	verdict := verdictOf(syncer.Judge(err))
	if verdict == p2p.Reject {
		if deed, ok := deeds[syncer.Points(err)]; ok {
			n.host.Report(id, deed)
		}
	}
	return verdict
}

func verdictOf(v syncer.Verdict) p2p.Verdict {
	switch v {
	case syncer.Accept:
		return p2p.Accept
	case syncer.Reject:
		return p2p.Reject
	}
	return p2p.Ignore
}

// verdict brings gossip to the core and waits for what becomes of it.
func (n *Network) verdict(ctx context.Context, token syncer.Token, e syncer.Event) p2p.Verdict {
	told := make(chan syncer.Verdict, 1)
	n.mu.Lock()
	n.gossip[token] = told
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		delete(n.gossip, token)
		n.mu.Unlock()
	}()
	if n.bring(ctx, e) != nil {
		return p2p.Ignore
	}
	select {
	case v := <-told:
		return verdictOf(v)
	case <-ctx.Done():
	case <-n.done:
	}
	return p2p.Ignore
}

func (n *Network) settle(v syncer.Validated) {
	n.mu.Lock()
	told := n.gossip[v.Token]
	n.mu.Unlock()
	if told != nil {
		told <- v.Verdict
	}
}

// errNoSuchBan says that there was nothing to lift.
var errNoSuchBan = errors.New("nothing of that name is banned")

// Unban lifts the ban of a target.
func (n *Network) Unban(target string) error {
	lifted, err := n.host.Unban(target)
	if err == nil && !lifted {
		err = api.Errorf(api.CodeNotFound, "%v", errNoSuchBan)
	}
	return err
}
