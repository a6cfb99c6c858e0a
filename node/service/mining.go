package service

import (
	"context"
	"encoding/hex"

	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func (s *Service) getBlockTemplate(_ context.Context, p api.TemplateParams) (api.BlockTemplate, error) {
	payTo, err := s.payee("payTo", p.PayTo)
	if err != nil {
		return api.BlockTemplate{}, err
	}
	extra, err := unhex("extra", p.Extra)
	if err != nil {
		return api.BlockTemplate{}, err
	}
	if len(extra) > rules.MaxCoinbaseExtra {
		return api.BlockTemplate{}, tooLarge("extra", "%d bytes are more than %d", len(extra), rules.MaxCoinbaseExtra)
	}
	t, err := s.Pool.Template(payTo, extra)
	if err != nil {
		return api.BlockTemplate{}, err
	}
	h := &t.Block.Header
	target, _ := pow.DecodeCompact(h.Bits) // a template's bits decode
	bytes := target.BigEndian()
	return api.BlockTemplate{
		Block:     hex.EncodeToString(types.Encode(&t.Block)),
		Bits:      h.Bits,
		Target:    hex.EncodeToString(bytes[:]),
		PrePoW:    h.PrePoWHash(),
		Timestamp: int64(h.Timestamp),
	}, nil
}

func (s *Service) submitBlock(_ context.Context, p api.RawBlock) (api.Submitted, error) {
	var b types.Block
	if err := decodeHex("block", p.Block, &b); err != nil {
		return api.Submitted{}, err
	}
	h := b.Hash()
	return api.Submitted{Hash: h}, s.Host.AddBlock(b)
}

func (s *Service) getMiner(context.Context, api.None) (api.Miner, error) {
	return s.Host.Miner(), nil
}

func (s *Service) setMiner(_ context.Context, p api.MinerParams) (api.Miner, error) {
	change := MinerChange{Mining: p.Mining, Threads: p.Threads}
	if p.PayTo != nil {
		payTo, err := s.payee("payTo", *p.PayTo)
		if err != nil {
			return api.Miner{}, err
		}
		change.PayTo = &payTo
	}
	if most := s.Host.Miner().MaxThreads; p.Threads != nil && (*p.Threads < 1 || *p.Threads > most) {
		return api.Miner{}, invalid("threads", "%d is not 1 to %d", *p.Threads, most)
	}
	if err := s.Host.SetMiner(change); err != nil {
		return api.Miner{}, err
	}
	return s.Refresh().Miner, nil
}

func (s *Service) generate(ctx context.Context, p api.GenerateParams) (api.Generated, error) {
	if p.Blocks == 0 || p.Blocks > mostGenerated {
		return api.Generated{}, invalid("blocks", "%d is not 1 to %d", p.Blocks, mostGenerated)
	}
	var payTo *types.Address
	if p.PayTo != "" {
		a, err := s.payee("payTo", p.PayTo)
		if err != nil {
			return api.Generated{}, err
		}
		payTo = &a
	}
	made, err := s.Host.Generate(ctx, p.Blocks, payTo)
	return api.Generated{Blocks: made, Sink: s.Chain.Snapshot().Sink}, err
}

func (s *Service) getLogs(_ context.Context, p api.LogParams) (api.Logs, error) {
	limit, err := within("limit", p.Limit, mostLogLines)
	if err != nil {
		return api.Logs{}, err
	}
	return api.Logs{Lines: list(s.Host.Logs(p.After, limit))}, nil
}

func (s *Service) stop(context.Context, api.None) (api.None, error) {
	s.Host.Stop()
	return api.None{}, nil
}
