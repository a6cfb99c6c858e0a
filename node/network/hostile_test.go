package network_test

import (
	"context"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// protocolNames are the names of requests on the wire.
var protocolNames = map[wire.Kind]string{
	wire.KindHeadersRequest: "headers", wire.KindBlocksRequest: "blocks",
	wire.KindCompactRequest: "compact", wire.KindTransactionsRequest: "txs",
}

// A hostile peer has a host like any other and says what a test wants.
type hostile struct {
	*p2p.Host
	stop   func()
	hello  func(*wire.Hello)                                                       // changes what it says of itself
	answer func(context.Context, wire.Message, wire.Message) (wire.Message, error) // what it sends in place of an honest answer
}

// runHostile runs a hostile peer that has the chain of an honest one.
func runHostile(t testing.TB, s setup, honest *peer, h hostile) *hostile {
	t.Helper()
	s.complete(t)
	begin, stop := starter(t)
	h.stop = stop
	cfg := s.hostConfig(begin)
	cfg.Hello = p2p.Hello{
		Make: func() []byte {
			hello := syncer.Greeting(s.params, honest.chain, s.name, wire.ServiceFull, s.now())
			if h.hello != nil {
				h.hello(&hello)
			}
			return wire.Encode(&hello)
		},
		Judge: func(p2p.PeerID, []byte) error { return nil },
	}
	server := syncer.Server{Chain: honest.chain, Pool: honest.pool}
	for _, kind := range []wire.Kind{wire.KindHeadersRequest, wire.KindBlocksRequest} {
		cfg.Protocols = append(cfg.Protocols, h.protocol(protocolNames[kind], kind, server))
	}
	for _, kind := range []wire.Kind{wire.KindCompactRequest, wire.KindTransactionsRequest} {
		cfg.Protocols = append(cfg.Protocols, p2p.Protocol{
			Name: protocolNames[kind], MaxRequest: 1 << 20, MaxResponse: 1 << 20,
			Serve: func(context.Context, p2p.PeerID, []byte) ([]byte, error) { return nil, p2p.ErrUnavailable },
		})
	}
	for _, name := range []string{"blocks", "txs"} {
		cfg.Topics = append(cfg.Topics, p2p.Topic{
			Name: name, MaxSize: 1 << 20, ID: func(data []byte) string { return types.NewDomain("HostileMessage").Sum(data).String() },
			Check: func(p2p.PeerID, []byte) (p2p.Verdict, p2p.Look) { return p2p.Ignore, nil },
		})
	}
	var err error
	if h.Host, err = p2p.Open(cfg); err != nil {
		t.Fatal(err)
	}
	begin(s.name, h.Run)
	return &h
}

// protocol answers as a server does, but for what the hostile peer changes.
func (h *hostile) protocol(name string, kind wire.Kind, server syncer.Server) p2p.Protocol {
	answer, _ := kind.Answer()
	spoil := h.answer
	return p2p.Protocol{
		Name: name, MaxRequest: 1 << 20, MaxResponse: answer.MaxSize(),
		Serve: func(ctx context.Context, _ p2p.PeerID, data []byte) ([]byte, error) {
			request, err := wire.Decode(kind, data)
			if err != nil {
				return nil, err
			}
			m, err := server.Answer(request)
			if err == nil && spoil != nil {
				m, err = spoil(ctx, request, m)
			}
			if err != nil {
				return nil, err
			}
			return wire.Encode(m), nil
		},
	}
}

// stalls never answers.
func stalls(ctx context.Context, _, _ wire.Message) (wire.Message, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// corrupts sends bodies with a transaction twice.
func corrupts(_ context.Context, _, answer wire.Message) (wire.Message, error) {
	if m, ok := answer.(*wire.Blocks); ok {
		for i := range m.Blocks {
			txs := m.Blocks[i].Transactions
			m.Blocks[i].Transactions = append(txs[:len(txs):len(txs)], txs[0])
		}
	}
	return answer, nil
}

// answersHeaders hands out the same headers to everybody who asks, and tells.
func answersHeaders(headers []types.Header, asked chan<- struct{}) func(context.Context, wire.Message, wire.Message) (wire.Message, error) {
	return func(_ context.Context, _, answer wire.Message) (wire.Message, error) {
		if _, ok := answer.(*wire.Headers); !ok {
			return answer, nil
		}
		select {
		case asked <- struct{}{}:
		default:
		}
		return &wire.Headers{Headers: headers}, nil
	}
}

// boasts says that it has more work than anybody.
func boasts(h *wire.Hello) {
	h.Sink[0]++
	h.BlueWork = types.Uint256{}.Not()
}

// bans reports whether a peer has banned another.
func (p *peer) bans(id p2p.PeerID) bool {
	for _, b := range p.network.Host().Bans() {
		if b.Peer == id {
			return true
		}
	}
	return false
}
