package service

import (
	"context"
	"errors"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// below returns the cursor from which the selected chain goes on at the lowest
// block of at least a blue score.
func (s *Service) below(blueScore uint64) (types.Hash, error) {
	if blueScore == 0 {
		return types.Hash{}, nil
	}
	return s.Chain.ChainBlock(blueScore - 1)
}

// steps calls fn with the steps of the selected chain after a cursor, until fn
// wants no more or the sink is reached.
func (s *Service) steps(ctx context.Context, cursor types.Hash, fn func(u *chain.Update) (more bool, err error)) error {
	const pull = 64
	for {
		updates, err := s.Chain.UpdatesSince(cursor, pull)
		if err != nil {
			return err
		}
		for i := range updates {
			u := &updates[i]
			if more, err := fn(u); err != nil || !more {
				return err
			}
			cursor = u.Hash
			if u.Reverted {
				cursor = u.Parent
			}
		}
		if len(updates) < pull || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// getBlocks never splits a merge set, so that the next question can begin at a
// blue score.
func (s *Service) getBlocks(ctx context.Context, p api.RangeParams) (api.Blocks, error) {
	most := mostBlocks
	if p.Transactions {
		most = mostWithBodies
	}
	limit, err := within("limit", p.Limit, most)
	if err != nil {
		return api.Blocks{}, err
	}
	cursor, err := s.below(p.From)
	if err != nil {
		return api.Blocks{}, err
	}
	found := api.Blocks{Blocks: []api.Block{}}
	transactions := 0
	err = s.steps(ctx, cursor, func(u *chain.Update) (bool, error) {
		if u.Reverted || u.BlueScore < p.From {
			return true, nil // the chain moved meanwhile
		}
		group := mergedWith(u)
		if len(found.Blocks) > 0 && (len(found.Blocks)+len(group) > limit || transactions > mostTransactions) {
			found.Next = u.BlueScore
			return false, nil
		}
		for _, h := range group {
			b, err := s.block(h, p.Transactions)
			if err != nil {
				return false, err
			}
			transactions += len(b.Transactions)
			found.Blocks = append(found.Blocks, b)
		}
		return true, nil
	})
	return found, err
}

// mergedWith returns a chain block and what it merged, but for its selected
// parent, in consensus order.
func mergedWith(u *chain.Update) []types.Hash {
	var group []types.Hash
	for i := range u.Acceptance.Blocks {
		if h := u.Acceptance.Blocks[i].Hash; h != u.Parent {
			group = append(group, h)
		}
	}
	return append(group, u.Hash)
}

func (s *Service) getHeaders(ctx context.Context, p api.HeadersParams) (api.Headers, error) {
	limit, err := within("limit", p.Limit, mostHeaders)
	if err != nil {
		return api.Headers{}, err
	}
	cursor, err := s.below(p.From)
	if err != nil {
		return api.Headers{}, err
	}
	found := api.Headers{Headers: []api.HashedHeader{}}
	err = s.steps(ctx, cursor, func(u *chain.Update) (bool, error) {
		if u.Reverted || u.BlueScore < p.From {
			return true, nil // the chain moved meanwhile
		}
		if len(found.Headers) == limit {
			found.Next = u.BlueScore
			return false, nil
		}
		h, err := s.Chain.Header(u.Hash)
		found.Headers = append(found.Headers, api.HashedHeader{Hash: u.Hash, Header: header(&h)})
		return true, err
	})
	return found, err
}

func (s *Service) getVirtualChain(_ context.Context, p api.VirtualChainParams) (api.VirtualChanged, error) {
	limit, err := within("limit", p.Limit, mostChainSteps)
	if err != nil {
		return api.VirtualChanged{}, err
	}
	return s.chainAfter(p.Cursor, limit)
}

// chainAfter returns at most limit steps of the selected chain after a cursor.
func (s *Service) chainAfter(cursor types.Hash, limit int) (api.VirtualChanged, error) {
	changed := api.VirtualChanged{Removed: []types.Hash{}, Added: []api.AcceptingBlock{}, Cursor: cursor}
	updates, err := s.Chain.UpdatesSince(cursor, limit)
	if err != nil {
		return changed, err
	}
	for i := range updates {
		u := &updates[i]
		if u.Reverted {
			changed.Removed = append(changed.Removed, u.Hash)
			changed.Cursor = u.Parent
			continue
		}
		accepted := list(u.Acceptance.TxIDs())
		changed.Added = append(changed.Added, api.AcceptingBlock{Hash: u.Hash, BlueScore: u.BlueScore, Accepted: accepted})
		changed.Cursor = u.Hash
	}
	return changed, nil
}

// getDag walks down from the upper end, then turns the list around.
func (s *Service) getDag(ctx context.Context, p api.DagParams) (api.DagWindow, error) {
	limit, err := within("blocks", p.Blocks, mostWindow)
	if err != nil {
		return api.DagWindow{}, err
	}
	snapshot := s.Chain.Snapshot()
	window := api.DagWindow{Blocks: []api.DagBlock{}, Sink: snapshot.Sink}
	at := snapshot.Sink
	if p.Until > 0 {
		if at, err = s.Chain.ChainBlock(p.Until); err != nil {
			return window, err
		}
	}
	groups, err := s.groupsDown(ctx, at, limit)
	if err != nil {
		return window, err
	}
	slices.Reverse(groups)
	order := slices.Concat(groups...)
	if at == snapshot.Sink {
		unmerged, cut, err := s.unmerged(snapshot, mostUnmerged)
		if err != nil {
			return window, err
		}
		order, window.Cut = append(order, unmerged...), cut
	}
	for _, h := range order {
		b, err := s.dagBlock(h, snapshot)
		if err != nil {
			return window, err
		}
		window.Blocks = append(window.Blocks, b)
	}
	return window, nil
}

// unmerged returns what is above the sink. Where that is more than so many blocks,
// it takes the tips one by one, and leaves out those with which it would be.
func (s *Service) unmerged(snapshot *chain.Snapshot, most int) (blocks []types.Hash, cut bool, err error) {
	sink := []types.Hash{snapshot.Sink}
	blocks, err = s.Chain.Beyond(sink, snapshot.Tips, most)
	var tooMany *chain.TooManyError
	if !errors.As(err, &tooMany) {
		return blocks, false, err
	}
	var fitting []types.Hash
	for _, tip := range snapshot.Tips {
		more, err := s.Chain.Beyond(sink, append(fitting, tip), most)
		if errors.As(err, &tooMany) {
			continue
		}
		if err != nil {
			return nil, true, err
		}
		blocks, fitting = more, append(fitting, tip)
	}
	return blocks, true, nil
}

// groupsDown returns, for each of a number of chain blocks from the highest
// down, what it merged and then itself.
func (s *Service) groupsDown(ctx context.Context, at types.Hash, count int) (groups [][]types.Hash, err error) {
	for range count {
		info, err := s.Chain.Info(at)
		if err != nil || ctx.Err() != nil {
			return nil, firstError(err, ctx.Err())
		}
		if len(info.MergeSet) == 0 { // genesis
			return append(groups, []types.Hash{at}), nil
		}
		groups = append(groups, append(info.MergeSet[1:], at))
		at = info.MergeSet[0]
	}
	return groups, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) dagBlock(h types.Hash, snapshot *chain.Snapshot) (api.DagBlock, error) {
	info, err := s.Chain.Info(h)
	if err != nil {
		return api.DagBlock{}, err
	}
	merging, err := s.Chain.Merging(h)
	if err != nil {
		return api.DagBlock{}, err
	}
	body, err := s.Chain.Block(h)
	if err != nil {
		return api.DagBlock{}, err
	}
	payload, err := rules.PayloadOf(&body.Transactions[0])
	return api.DagBlock{
		Hash:      h,
		Parents:   list(info.Header.Parents),
		Fate:      merging.Fate.String(),
		MergedBy:  merging.Merger,
		Height:    info.Height,
		BlueScore: info.Header.BlueScore,
		DAAScore:  info.Header.DAAScore,
		Timestamp: int64(info.Header.Timestamp),
		TxCount:   len(body.Transactions),
		Miner:     s.text(payload.Miner),
		Tip:       slices.Contains(snapshot.Tips, h),
	}, err
}
