package service

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// The kinds of what a search finds.
const (
	foundBlock       = "block"
	foundTransaction = "transaction"
	foundAddress     = "address"
)

// leastPrefix is the fewest digits that the beginning of a hash is looked for
// with: fewer are more likely a blue score.
const leastPrefix = 6

// search understands a blue score, an address, a hash, and the beginning of the
// hash of a recent block or a transaction in the pool.
func (s *Service) search(ctx context.Context, p api.SearchParams) (found api.Found, err error) {
	text := strings.TrimSpace(p.Text)
	if text == "" || len(text) > mostSearchBytes {
		return found, invalid("text", "want 1 to %d bytes", mostSearchBytes)
	}
	if a, err := types.ParseAddress(s.Params.AddressPrefix, text); err == nil {
		return api.Found{Kind: foundAddress, Name: s.text(a)}, nil
	}
	lower := strings.ToLower(text)
	if h, err := types.ParseHash(lower); err == nil {
		return s.searchHash(ctx, h)
	}
	if score, err := strconv.ParseUint(text, 10, 64); err == nil {
		if found, err = s.searchScore(score); err != nil || found.Kind != "" {
			return found, err
		}
	}
	if len(lower) >= leastPrefix && len(lower) < 2*types.HashSize && isHex(lower) {
		return s.searchPrefix(ctx, lower)
	}
	return api.Found{}, nil
}

func isHex(text string) bool {
	_, err := hex.DecodeString(text[:len(text)&^1] + strings.Repeat("0", len(text)&1) + text[len(text)&^1:])
	return err == nil
}

func (s *Service) searchHash(ctx context.Context, h types.Hash) (api.Found, error) {
	_, err := s.Chain.Header(h)
	if err == nil {
		return api.Found{Kind: foundBlock, Name: h.String()}, nil
	}
	if !errors.Is(err, chain.ErrNotFound) {
		return api.Found{}, err
	}
	_, err = s.transactionByID(ctx, h)
	if err == nil {
		return api.Found{Kind: foundTransaction, Name: h.String()}, nil
	}
	var refusal *api.Error
	if errors.As(err, &refusal) {
		return api.Found{}, nil
	}
	return api.Found{}, err
}

// searchScore finds the chain block of exactly a blue score, or nothing.
func (s *Service) searchScore(score uint64) (api.Found, error) {
	h, err := s.Chain.ChainBlock(score)
	if err != nil {
		return api.Found{}, err
	}
	head, err := s.Chain.Header(h)
	if err != nil || head.BlueScore != score {
		return api.Found{}, err
	}
	return api.Found{Kind: foundBlock, Name: h.String()}, nil
}

// searchPrefix looks through the pool, then down the latest blocks and what they
// accepted.
func (s *Service) searchPrefix(ctx context.Context, prefix string) (api.Found, error) {
	if name := s.searchPool(prefix); name != "" {
		return api.Found{Kind: foundTransaction, Name: name}, nil
	}
	snapshot := s.Chain.Snapshot()
	for _, h := range snapshot.Tips {
		if name := h.String(); strings.HasPrefix(name, prefix) {
			return api.Found{Kind: foundBlock, Name: name}, nil
		}
	}
	at := snapshot.Sink
	for range mostWindow * 4 {
		found, below, err := s.searchStep(at, prefix)
		if err != nil || found.Kind != "" || below.IsZero() || ctx.Err() != nil {
			return found, firstError(err, ctx.Err())
		}
		at = below
	}
	return api.Found{}, nil
}

// searchPool returns the first of the ids in the pool that begin so.
func (s *Service) searchPool(prefix string) (first string) {
	s.Pool.Each(func(e *mempool.Entry) {
		if name := e.ID.String(); strings.HasPrefix(name, prefix) && (first == "" || name < first) {
			first = name
		}
	})
	return first
}

// searchStep looks at what a chain block merged and accepted, and returns the
// one below it.
func (s *Service) searchStep(at types.Hash, prefix string) (found api.Found, below types.Hash, err error) {
	accepted, err := s.Chain.Acceptance(at)
	if err != nil {
		return found, below, err
	}
	for i := range accepted.Blocks {
		b := &accepted.Blocks[i]
		if name := b.Hash.String(); strings.HasPrefix(name, prefix) {
			return api.Found{Kind: foundBlock, Name: name}, below, nil
		}
		for _, id := range b.TxIDs {
			if name := id.String(); strings.HasPrefix(name, prefix) {
				return api.Found{Kind: foundTransaction, Name: name}, below, nil
			}
		}
	}
	if len(accepted.Blocks) > 0 {
		below = accepted.Blocks[0].Hash
	}
	return found, below, nil
}
