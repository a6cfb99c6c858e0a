package sim

import (
	"errors"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// errRefused is what a peer's refusal to answer looks like.
var errRefused = errors.New("the peer does not answer this")

// Peers answer as many requests as this at once, and then so many a minute.
const (
	requestBurst     = 100
	requestPerMinute = 100
)

// gossipDomain names messages.
var gossipDomain = types.NewDomain("JioSimGossip")

// spread sends gossip to every peer but the one it came from. What the node has
// seen before is not spread again.
func (n *node) spread(k wire.Kind, data []byte, from *link) {
	n.seen.add(gossipDomain.Sum(data))
	for _, l := range n.links {
		if l.up && l != from {
			n.whisper(l, k, data)
		}
	}
}

// whisper sends gossip to one peer.
func (n *node) whisper(l *link, k wire.Kind, data []byte) {
	to := l.other(n)
	l.carry(n, len(data), false, func() { to.hear(l, k, data) })
}

// hear judges gossip as far as it can be judged by itself and hands it on.
func (n *node) hear(l *link, k wire.Kind, data []byte) {
	if !n.seen.add(gossipDomain.Sum(data)) {
		return
	}
	if n.actor != nil && n.actor.hear != nil && n.actor.hear(n, l, k, data) {
		return
	}
	from := l.name(l.other(n))
	n.token++
	event, err := n.screen(from, k, data)
	if err != nil {
		n.w.record("%s screens %v from %s: %v", n.id, k, from, err)
		n.rate(from, syncer.Points(err), err)
		return
	}
	n.waiting[n.token] = &letter{k, data, l}
	n.step(event)
}

func (n *node) screen(from syncer.PeerID, k wire.Kind, data []byte) (syncer.Event, error) {
	if k == wire.KindTransaction {
		tx, err := syncer.ScreenTransaction(data)
		return syncer.TransactionGossip{Peer: from, Token: n.token, Transaction: tx}, err
	}
	b, err := syncer.ScreenBlock(n.chain, data)
	return syncer.BlockGossip{Peer: from, Token: n.token, Block: b}, err
}

// ask carries a request to a peer and its answer back.
func (n *node) ask(q syncer.Request) {
	l := n.linkTo(q.Peer)
	if l == nil {
		n.step(syncer.Response{Peer: q.Peer, ID: q.ID, Err: errRefused})
		return
	}
	kind, data := q.Message.Kind(), wire.Encode(q.Message)
	to := l.other(n)
	l.carry(n, len(data), true, func() {
		answer, err := to.serve(l, kind, data)
		if answer == nil && err == nil {
			return
		}
		l.carry(to, len(answer), true, func() { n.receive(l, q, answer, err) })
	})
}

func (n *node) receive(l *link, q syncer.Request, answer []byte, err error) {
	e := syncer.Response{Peer: q.Peer, ID: q.ID, Err: err}
	if err == nil {
		kind, _ := q.Message.Kind().Answer()
		e.Message, e.Err = wire.Decode(kind, answer)
		e.Size = len(answer)
	}
	n.step(e)
}

// serve answers a request; no answer and no error is silence.
func (n *node) serve(l *link, k wire.Kind, data []byte) (answer []byte, err error) {
	from := l.name(l.other(n))
	if n.honest() && isMetered(k) {
		if n.budget[l] >= requestBurst {
			n.rate(from, syncer.PointsUnrequested, errRefused)
			return nil, errRefused
		}
		defer func() { n.spend(l, wire.Price(len(answer), err == nil)) }()
	}
	request, err := wire.Decode(k, data)
	if err != nil {
		n.rate(from, syncer.Points(err), err)
		return nil, errRefused
	}
	if n.actor != nil && n.actor.serve != nil {
		return n.actor.serve(n, l, request)
	}
	return n.answer(request)
}

// answer is what an honest node answers.
func (n *node) answer(request wire.Message) ([]byte, error) {
	answer, err := n.server.Answer(request)
	if err != nil {
		return nil, errRefused
	}
	return wire.Encode(answer), nil
}

// isMetered reports whether a request counts against what a peer may ask.
func isMetered(k wire.Kind) bool {
	return k == wire.KindHeadersRequest || k == wire.KindBlocksRequest
}

// spend takes a request from a peer's budget, of which answers count in parts.
func (n *node) spend(l *link, parts int) {
	cost := float64(parts) / wire.RequestParts
	n.budget[l] += cost
	n.w.after(time.Duration(cost*float64(minute/requestPerMinute)), func() { n.budget[l] = max(0, n.budget[l]-cost) })
}
