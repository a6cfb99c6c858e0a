package sim

import (
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// Byzantine talkers: what they say, answer and ask.

// boast claims more work than there is.
func boast(n *node, h *wire.Hello) {
	h.BlueWork[3], h.DAAScore, h.Sink = 1, 1<<40, types.Hash{0xb0, byte(n.index)}
}

// forgeWork announces blocks without proof of work.
func forgeWork(n *node) {
	b, err := n.make(nil)
	if err != nil || !n.w.chance(0.1) {
		return
	}
	if n.w.chance(0.5) {
		b.Header.Bits = 0x1d00ffff
	}
	for pow.Meets(n.w.params, &b.Header) {
		b.Header.Nonce++
	}
	n.w.outlaw(&b, false)
	n.announce(&b)
}

// mutateBodies hands out bodies that do not match.
func mutateBodies(n *node, _ *link, request wire.Message) ([]byte, error) {
	answer, err := n.server.Answer(request)
	if err != nil {
		return nil, errRefused
	}
	switch m := answer.(type) {
	case *wire.Blocks:
		for i := range m.Blocks {
			txs := m.Blocks[i].Transactions
			m.Blocks[i].Transactions = append(txs[:len(txs):len(txs)], txs[0])
		}
	case *wire.CompactAnswer:
		m.Transactions = m.Transactions[:len(m.Transactions)/2]
	}
	return wire.Encode(answer), nil
}

// floodHeaders hands out a chain of its own without end.
func floodHeaders(n *node, _ *link, request wire.Message) ([]byte, error) {
	if _, ok := request.(*wire.HeadersRequest); !ok {
		return nil, nil
	}
	if n.flood == nil {
		n.flood = newFlood(n)
	}
	return wire.Encode(&wire.Headers{Headers: n.flood.next(16), More: true}), nil
}

// A flood is a chain above genesis that nobody else has.
type flood struct {
	n      *node
	oracle *chaintest.Oracle
	tip    types.Hash
	made   []types.Header
	given  int
}

func newFlood(n *node) *flood {
	return &flood{n: n, oracle: chaintest.NewOracle(n.w.params), tip: n.w.params.GenesisHash}
}

// next returns the following headers; at the hundredth it begins anew.
func (f *flood) next(count int) (headers []types.Header) {
	for range count {
		f.given++
		if len(f.made) < 100 {
			b := f.oracle.Make([]types.Hash{f.tip}, chaintest.Content{Extra: []byte{byte(f.n.index)}})
			f.oracle.Add(b)
			f.tip = b.Hash()
			f.made = append(f.made, b.Header)
		}
		headers = append(headers, f.made[(f.given-1)%len(f.made)])
	}
	return headers
}

// headersOnly has no bodies.
func headersOnly(n *node, _ *link, request wire.Message) ([]byte, error) {
	if _, ok := request.(*wire.HeadersRequest); ok {
		return n.answer(request)
	}
	return nil, nil
}

// beSilent answers every third request and lets the others wait for ever.
func beSilent(n *node, _ *link, request wire.Message) ([]byte, error) {
	if n.w.chance(2.0 / 3) {
		return nil, nil
	}
	return n.answer(request)
}

// answerUnasked sends answers to nothing, and answers of the wrong kind.
func answerUnasked(n *node) {
	l := n.anyLink()
	if l == nil {
		return
	}
	to := l.other(n)
	id := syncer.RequestID(n.w.rng.IntN(2000))
	answers := []wire.Message{&wire.Blocks{}, &wire.Headers{More: true}, &wire.Transactions{}}
	answer := answers[n.w.rng.IntN(len(answers))]
	l.carry(n, 100, true, func() { to.step(syncer.Response{Peer: l.name(n), ID: id, Message: answer}) })
}

func (n *node) anyLink() *link {
	if len(n.links) == 0 {
		return nil
	}
	if l := n.links[n.w.rng.IntN(len(n.links))]; l.up {
		return l
	}
	return nil
}

// noise returns bytes that mean nothing, some of them of a block in the wrong
// order.
func (n *node) noise() []byte {
	data := wire.Encode(wire.NewCompactBlock(&n.w.params.Genesis, nil))
	for range 1 + n.w.rng.IntN(8) {
		data[n.w.rng.IntN(len(data))] = byte(n.w.rng.Uint32())
	}
	return data[:1+n.w.rng.IntN(len(data))]
}

func gossipGarbage(n *node) {
	l, kind := n.anyLink(), wire.KindCompactBlock
	if n.w.chance(0.5) {
		kind = wire.KindTransaction
	}
	if l != nil && n.w.chance(0.2) {
		n.whisper(l, kind, n.noise())
	}
}

func answerGarbage(n *node, _ *link, _ wire.Message) ([]byte, error) { return n.noise(), nil }

// doubleSpend tells two peers of two payments with the same coin.
func doubleSpend(n *node) {
	if n.purse.follow(n) != nil {
		return
	}
	for _, to := range []string{"one", "other"} {
		tx, ok := n.purse.pay(n, chaintest.NewWallet(to).Address, 0)
		if l := n.anyLink(); ok && l != nil {
			n.whisper(l, wire.KindTransaction, wire.Encode(&wire.Transaction{Transaction: tx}))
		}
	}
}

// replay sends what it hears back, and to everybody, again and again.
func replay(n *node, _ *link, k wire.Kind, data []byte) bool {
	for range 3 {
		if l := n.anyLink(); l != nil {
			n.whisper(l, k, data)
		}
	}
	return false
}

// askTooMuch asks for all there is, many times a second.
func askTooMuch(n *node) {
	l := n.anyLink()
	if l == nil {
		return
	}
	to := l.other(n)
	ask := wire.Encode(&wire.HeadersRequest{})
	for range 10 {
		l.carry(n, len(ask), true, func() { _, _ = to.serve(l, wire.KindHeadersRequest, ask) })
	}
}
