package load

import (
	"context"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// watchPause is the time between two attempts at the watched node.
const watchPause = time.Second

// keepWatch follows the coins of the wallets, also when the watched node was away.
func (l *Load) keepWatch(ctx context.Context) {
	for {
		l.note(l.watch(ctx))
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchPause):
		}
	}
}

// watch follows the coins of the wallets for as long as the node answers. The
// subscription begins before the list is asked for, so that nothing falls
// between the two.
func (l *Load) watch(ctx context.Context) error {
	addresses := l.purse.addresses()
	if l.keepers != nil {
		addresses = append(addresses, l.keepers.addresses()...)
	}
	first := true
	return api.TopicUTXOsChanged.Subscribe(ctx, l.cfg.Nodes[0], api.Subscription{Addresses: addresses}, func(e api.UTXOsChanged) error {
		if first {
			first = false
			if err := l.list(ctx, addresses); err != nil {
				return err
			}
		}
		l.taken(l.purse.remove(e.Removed))
		l.purse.add(e.Added)
		l.accepted(e.Added)
		return nil
	})
}

// list asks what the wallets hold, and which of it somebody is about to spend.
func (l *Load) list(ctx context.Context, addresses []string) error {
	all, err := api.GetUTXOsByAddresses.Call(ctx, l.cfg.Nodes[0], api.AddressesParams{Addresses: addresses})
	if err != nil {
		return err
	}
	l.purse.reset(all.UTXOs)
	l.accepted(all.UTXOs)
	if err := l.findPending(ctx); err != nil {
		return err
	}
	l.listing.Do(func() {
		l.mu.Lock()
		l.report.Found = len(all.UTXOs)
		if l.keepers != nil {
			l.report.Found, _ = l.keepers.count()
		}
		l.mu.Unlock()
		close(l.listed)
	})
	return nil
}

// findPending holds the coins that transactions in the pool spend, lest the
// payments of an earlier run, or of this one, are made again.
func (l *Load) findPending(ctx context.Context) error {
	pool, err := api.GetMempool.Call(ctx, l.cfg.Nodes[0], api.MempoolParams{})
	if err != nil {
		return err
	}
	for i := range pool.Listed {
		e, err := api.GetMempoolEntry.Call(ctx, l.cfg.Nodes[0], api.PooledParams{ID: pool.Listed[i].ID})
		if err != nil || e.Transaction == nil {
			continue // it has left the pool
		}
		for j := range e.Transaction.Inputs {
			l.purse.hold([]api.Outpoint{e.Transaction.Inputs[j].Outpoint}, time.Now())
		}
	}
	return nil
}

// accepted notes payments whose coins have come.
func (l *Load) accepted(coins []api.UTXO) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range coins {
		id, score := coins[i].Outpoint.TransactionID, coins[i].BlueScore
		if _, ours := l.waiting[id]; ours {
			l.arrived(id, score, now)
		} else if l.keepers != nil {
			l.early[id] = arrival{now, score}
		}
	}
}

// arrived notes that the chain has accepted what was sent.
func (l *Load) arrived(id types.Hash, blueScore uint64, at time.Time) {
	s := l.waiting[id]
	delete(l.waiting, id)
	if s.pieces > 0 {
		if l.keepers != nil {
			l.keepers.arrive(max(1, s.pieces-1))
		}
		return
	}
	l.latency.Add(at.Sub(s.at))
	l.report.Accepted++
	l.young[id] = acceptance{s, blueScore}
}

// taken notes payments whose acceptance the chain has taken back: they wait again.
func (l *Load) taken(ids []types.Hash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		if a, ours := l.young[id]; ours {
			delete(l.young, id)
			l.waiting[id] = a.sending
			l.report.Accepted--
			l.report.Undone++
		}
	}
}

// look asks the watched node how far the chain is: which payments are confirmed,
// and whether anybody mines.
func (l *Load) look(ctx context.Context) (blueScore uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	status, err := api.GetStatus.Call(ctx, l.cfg.Nodes[0], api.None{})
	if err != nil {
		return 0, err
	}
	depth := confirming * l.cfg.Params.BlocksPerSecond
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, a := range l.young {
		if a.blueScore+depth <= status.BlueScore {
			delete(l.young, id)
			l.report.Confirmed++
		}
	}
	if status.BlueScore != l.score || l.moved.IsZero() {
		l.score, l.moved = status.BlueScore, now
	}
	l.report.Stalled = 0
	if still := now.Sub(l.moved); still >= stalling {
		l.report.Stalled = still.Seconds()
	}
	return status.BlueScore, nil
}
