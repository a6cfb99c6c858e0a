package syncer

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// ErrNotServed is returned for a message that is no request for the chain or the
// pool.
var ErrNotServed = errors.New("not a request that is served here")

// A Server answers the requests of peers. It may be used from any goroutine.
type Server struct {
	Chain *chain.Manager
	Pool  *mempool.Pool
}

// Answer returns the answer to a request, within its limits. What is not here is
// left out; an error says that nothing can be answered.
func (s Server) Answer(request wire.Message) (wire.Message, error) {
	switch r := request.(type) {
	case *wire.HeadersRequest:
		headers, more, err := s.Chain.HeadersAfter(r.Locator, r.High, wire.MaxHeaders)
		return &wire.Headers{Headers: headers, More: more}, err
	case *wire.BlocksRequest:
		return s.blocks(r.Hashes)
	case *wire.CompactRequest:
		return s.missing(r)
	case *wire.TransactionsRequest:
		return s.transactions(r.IDs), nil
	}
	return nil, fmt.Errorf("%v: %w", request.Kind(), ErrNotServed)
}

func (s Server) blocks(hashes []types.Hash) (wire.Message, error) {
	answer, room := new(wire.Blocks), wire.MaxBlocksBytes-4
	for _, h := range hashes {
		b, err := s.Chain.Block(h)
		if errors.Is(err, chain.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if room -= types.EncodedLen(&b); room < 0 {
			break
		}
		answer.Blocks = append(answer.Blocks, b)
	}
	return answer, nil
}

func (s Server) missing(r *wire.CompactRequest) (wire.Message, error) {
	b, err := s.Chain.Block(r.Block)
	if err != nil {
		return nil, err
	}
	answer := new(wire.CompactAnswer)
	for _, p := range r.Positions {
		if int64(p) >= int64(len(b.Transactions)) {
			return nil, fmt.Errorf("block %v has no transaction %d", r.Block, p)
		}
		answer.Transactions = append(answer.Transactions, b.Transactions[p])
	}
	return answer, nil
}

func (s Server) transactions(ids []types.Hash) wire.Message {
	answer, room := new(wire.Transactions), wire.MaxTransactionsBytes-4
	for _, id := range ids {
		e := s.Pool.Entry(id)
		if e == nil {
			continue
		}
		if room -= e.Size; room < 0 {
			break
		}
		answer.Transactions = append(answer.Transactions, *e.Tx)
	}
	return answer
}
