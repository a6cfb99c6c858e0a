package service

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/chain/wake"
	"github.com/jio-dag/jio/node/api"
)

// mostNewBlocks is how many blocks can be added between two looks of a
// subscriber before it is told of none of them and goes on with the next.
const mostNewBlocks = 10000

// blockAdded tells of what the tips have beyond those of the look before.
func (s *Service) blockAdded(ctx context.Context, _ api.Subscription, send func(api.BlockAdded) error) error {
	known := s.Chain.Snapshot().Tips
	return wake.Follow(ctx, s.Chain.OnChange, func() error {
		tips := s.Chain.Snapshot().Tips
		added, err := s.Chain.Beyond(known, tips, mostNewBlocks)
		if errors.As(err, new(*chain.TooManyError)) {
			return api.Errorf(api.CodeSlow, "more than %d blocks were added at once", mostNewBlocks)
		}
		if err != nil {
			return err
		}
		for _, h := range added {
			event, err := s.added(h)
			if err != nil {
				return err
			}
			if err := send(event); err != nil {
				return err
			}
		}
		known = tips
		return nil
	})
}

func (s *Service) added(h types.Hash) (api.BlockAdded, error) {
	b, err := s.Chain.Block(h)
	return api.BlockAdded{Hash: h, Header: header(&b.Header), TxCount: len(b.Transactions)}, err
}

// start returns where a subscription with a cursor begins: after the cursor, or
// after the sink of now.
func (s *Service) start(sub api.Subscription) (types.Hash, error) {
	if sub.Cursor == nil {
		return s.Chain.Snapshot().Sink, nil
	}
	_, err := s.Chain.UpdatesSince(*sub.Cursor, 1) // refuses an unknown one at once
	return *sub.Cursor, err
}

// mostSteps bounds the steps of the chain in one event.
const mostSteps = 200

func (s *Service) virtualChanged(ctx context.Context, sub api.Subscription, send func(api.VirtualChanged) error) error {
	cursor, err := s.start(sub)
	if err == nil && sub.Cursor == nil {
		err = send(api.VirtualChanged{Removed: []types.Hash{}, Added: []api.AcceptingBlock{}, Cursor: cursor})
	}
	if err != nil {
		return err
	}
	return wake.Follow(ctx, s.Chain.OnChange, func() error {
		for {
			changed, err := s.chainAfter(cursor, mostSteps)
			if err != nil || len(changed.Removed)+len(changed.Added) == 0 {
				return err
			}
			if err := send(changed); err != nil {
				return err
			}
			cursor = changed.Cursor
		}
	})
}

// utxosChanged follows the diffs of the selected chain.
func (s *Service) utxosChanged(ctx context.Context, sub api.Subscription, send func(api.UTXOsChanged) error) error {
	addresses, err := s.addresses(sub.Addresses)
	if err != nil {
		return err
	}
	cursor, err := s.start(sub)
	if err == nil && sub.Cursor == nil {
		err = send(api.UTXOsChanged{Added: []api.UTXO{}, Removed: []api.Outpoint{}, Cursor: cursor})
	}
	if err != nil {
		return err
	}
	watched := make(map[types.Address]bool, len(addresses))
	for _, a := range addresses {
		watched[a] = true
	}
	return wake.Follow(ctx, s.Chain.OnChange, func() error {
		for {
			updates, err := s.Chain.UpdatesSince(cursor, mostSteps)
			if err != nil || len(updates) == 0 {
				return err
			}
			event := s.coinChanges(updates, watched)
			cursor = event.Cursor
			if len(event.Added)+len(event.Removed) == 0 {
				continue
			}
			if err := send(event); err != nil {
				return err
			}
		}
	})
}

// coinChanges sums up steps of the chain for some addresses. A coin that came
// and went again within them is left out.
func (s *Service) coinChanges(updates []chain.Update, watched map[types.Address]bool) api.UTXOsChanged {
	snapshot := s.Chain.Snapshot()
	event := api.UTXOsChanged{Added: []api.UTXO{}, Removed: []api.Outpoint{}}
	sum := utxo.NewLayer(utxo.Coins(nil))
	for i := range updates {
		u := &updates[i]
		diff := u.Acceptance.Diff
		event.Cursor = u.Hash
		if u.Reverted {
			diff = diff.Reverse()
			event.Cursor = u.Parent
		}
		sum.Apply(only(diff, watched))
	}
	total := sum.Diff()
	for i := range total.Created {
		event.Added = append(event.Added, s.utxo(&total.Created[i], snapshot))
	}
	for _, n := range total.Spent {
		event.Removed = append(event.Removed, outpoint(n.Outpoint))
	}
	return event
}

// only returns the part of a diff that touches some addresses.
func only(d utxo.Diff, watched map[types.Address]bool) utxo.Diff {
	elsewhere := func(n utxo.Entry) bool { return !watched[n.Coin.Address] }
	return utxo.Diff{
		Spent:   slices.DeleteFunc(slices.Clone(d.Spent), elsewhere),
		Created: slices.DeleteFunc(slices.Clone(d.Created), elsewhere),
	}
}

// newTemplate tells when virtual has other parents; the first event is the
// present.
func (s *Service) newTemplate(ctx context.Context, _ api.Subscription, send func(api.NewTemplate) error) error {
	return changes(ctx, s.Chain.OnChange, func() api.NewTemplate {
		snapshot := s.Chain.Snapshot()
		return api.NewTemplate{VirtualParents: list(snapshot.VirtualParents), Bits: snapshot.Bits}
	}, send)
}

func (s *Service) syncChanged(ctx context.Context, _ api.Subscription, send func(api.Sync) error) error {
	return changes(ctx, s.refreshed.Listen, func() api.Sync { return s.Status().Sync }, send)
}

func (s *Service) mempoolChanged(ctx context.Context, _ api.Subscription, send func(api.Pool) error) error {
	return changes(ctx, s.refreshed.Listen, func() api.Pool { return s.Status().Mempool }, send)
}

// changes sends a value at the start and whenever it differs from the one sent
// last.
func changes[E any](ctx context.Context, listen wake.Listen, look func() E, send func(E) error) error {
	var last *E
	return wake.Follow(ctx, listen, func() error {
		now := look()
		if last != nil && reflect.DeepEqual(now, *last) {
			return nil
		}
		last = &now
		return send(now)
	})
}
