package network_test

import (
	"context"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// A hostile peer has a host like any other and says what a test wants.
type hostile struct {
	*p2p.Host
	hello  func(*wire.Hello)                                                       // changes what it says of itself
	answer func(context.Context, wire.Message, wire.Message) (wire.Message, error) // what it sends in place of an honest answer
}

// runHostile runs a hostile peer that has the chain of an honest one.
func runHostile(t testing.TB, s setup, honest *peer, h hostile) *hostile {
	t.Helper()
	s.complete(t)
	begin, _ := starter(t)
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
	for name, kind := range map[string]wire.Kind{"headers": wire.KindHeadersRequest, "blocks": wire.KindBlocksRequest} {
		cfg.Protocols = append(cfg.Protocols, h.protocol(name, kind, server))
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
		Name: name, MaxRequest: kind.MaxSize(), MaxResponse: answer.MaxSize(), Metered: true,
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
