package index

import (
	"context"

	"github.com/jio-dag/jio/chain/types"
)

// Check brings the index up to the chain's sink and holds it against the chain:
// every coin and every balance, and every transaction and line of a history
// against the blocks. The chain must stand still meanwhile. What does not fit is
// ErrDamaged. Progress may be nil.
func (x *Index) Check(ctx context.Context, progress func(stage string, done, total int64)) error {
	if err := x.Follow(ctx); err != nil {
		return err
	}
	x.following.Lock()
	defer x.following.Unlock()
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	k := checker{Index: x, ctx: ctx, progress: progress}
	for _, part := range []func() error{k.checkChain, k.checkAccounts, k.checkBlocks, k.checkTotals} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// A checker counts what it has found right.
type checker struct {
	*Index
	ctx      context.Context
	progress func(stage string, done, total int64)

	accounts, coins, events, transactions uint64
	balance                               types.Amount
}

// step reports progress now and then and says when to stop.
func (k *checker) step(stage string, done, total uint64) error {
	if done%1024 == 0 || done == total {
		k.progress(stage, int64(done), int64(total))
	}
	return k.ctx.Err()
}

// checkChain walks the selected chain down to genesis.
func (k *checker) checkChain() error {
	want := k.state.cursor
	if sink := k.chain.Snapshot().Sink; want != sink {
		return damaged("it stands at %v, the sink is %v", want, sink)
	}
	for height := k.state.height; height > 0; height-- {
		h, err := k.chainBlock(height - 1)
		if err != nil {
			return err
		}
		if h != want {
			return damaged("chain block at height %d is %v, the chain has %v", height-1, h, want)
		}
		header, err := k.chain.Header(h)
		if err != nil {
			return err
		}
		want = header.SelectedParent()
	}
	if !want.IsZero() {
		return damaged("the first chain block is not genesis but on %v", want)
	}
	return nil
}

// checkAccounts holds every account against its coins and its history.
func (k *checker) checkAccounts() error {
	return k.store.ScanFrom([]byte{keyAccount}, nil, func(key, value []byte) error {
		var address types.Address
		if err := types.Decode(key[1:], &address); err != nil {
			return damaged("key %x: %w", key, err)
		}
		a, err := decodeAccount(value)
		if err != nil {
			return damaged("account of address %v: %w", address, err)
		}
		if err := k.checkCoins(address, &a); err != nil {
			return err
		}
		if err := k.checkHistory(address, &a); err != nil {
			return err
		}
		k.accounts++
		return k.step("addresses", k.accounts, k.state.accounts)
	})
}

// checkCoins compares an account's coins with the chain's and their sum with
// its balance.
func (k *checker) checkCoins(address types.Address, a *account) error {
	var count uint64
	var sum types.Amount
	err := k.store.ScanFrom(coinPrefix(a.number), nil, func(key, value []byte) error {
		n, err := readCoin(key, value, address)
		if err != nil {
			return err
		}
		coin, ok, err := k.chain.Coin(n.Outpoint)
		if err != nil {
			return err
		}
		if !ok || coin != n.Coin {
			return damaged("coin %v:%d is %v, the chain has %v (%v)", n.Outpoint.TxID, n.Outpoint.Index, n.Coin, coin, ok)
		}
		sum, ok = sum.Add(n.Coin.Value)
		if count++; !ok {
			return damaged("the coins of address %v do not add up", address)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if count != a.coins || sum != a.balance {
		return damaged("address %v has %d coins of %v JIO, its account says %d of %v", address, count, sum, a.coins, a.balance)
	}
	k.coins += count
	k.balance, _ = k.balance.Add(sum) // compared with the supply, which is counted with checks
	return nil
}

// checkHistory demands every line of a history, in order, and that what came
// less what went is the balance.
func (k *checker) checkHistory(address types.Address, a *account) error {
	var received, sent types.Amount
	ok := true
	var last place
	for n := range a.events {
		raw, err := k.store.Get(eventKey(a.number, n))
		if err != nil {
			return err
		}
		v, err := decodeEvent(raw)
		if err != nil {
			return damaged("event %d of address %v: %w", n, address, err)
		}
		if n > 0 && comparePlaces(last, v.place) >= 0 || v.height >= k.state.height {
			return damaged("event %d of address %v is out of order", n, address)
		}
		last = v.place
		received, ok = add(received, v.received, ok)
		sent, ok = add(sent, v.sent, ok)
	}
	if balance, fits := received.Sub(sent); !ok || !fits || balance != a.balance {
		return damaged("address %v got %v JIO and gave %v, its balance is %v", address, received, sent, a.balance)
	}
	return nil
}

// checkBlocks reads the merge set of every chain block again and looks for all
// that it says. Histories are known to be in order by now.
func (k *checker) checkBlocks() error {
	for height := range k.state.height {
		h, err := k.chainBlock(height)
		if err != nil {
			return err
		}
		accepted, err := k.chain.Acceptance(h)
		if err != nil {
			return err
		}
		r, err := k.read(accepted, height)
		if err != nil {
			return err
		}
		if err := k.checkReading(r); err != nil {
			return err
		}
		if err := k.step("indexed blocks", height+1, k.state.height); err != nil {
			return err
		}
	}
	return nil
}

func (k *checker) checkReading(r *reading) error {
	for _, t := range r.transactions {
		raw, err := k.store.Get(transactionKey(t.id, t.place))
		if err != nil {
			return err
		}
		if raw == nil || len(raw) > 0 {
			return damaged("transaction %v has no sound record", t.id)
		}
	}
	for i := range r.lines {
		if err := k.checkLine(&r.lines[i]); err != nil {
			return err
		}
	}
	k.transactions += uint64(len(r.transactions))
	k.events += uint64(len(r.lines))
	return nil
}

// checkLine looks for a line in the history of its address.
func (k *checker) checkLine(l *line) error {
	a, err := k.storedAccount(l.address)
	if err != nil {
		return err
	}
	low, high := uint64(0), a.events
	for low < high {
		middle := (low + high) / 2
		raw, err := k.store.Get(eventKey(a.number, middle))
		if err != nil {
			return err
		}
		v, err := decodeEvent(raw)
		switch {
		case err != nil:
			return damaged("event %d of address %v: %w", middle, l.address, err)
		case v == l.event:
			return nil
		case comparePlaces(v.place, l.place) < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return damaged("the history of address %v lacks a transaction at height %d", l.address, l.height)
}

// checkTotals holds what was counted against the state, the chain, and the
// number of records: none may be left over.
func (k *checker) checkTotals() error {
	s := k.chain.Snapshot()
	if k.coins != s.Coins || k.balance.Jots() != s.Supply {
		return damaged("%d coins of %v JIO, the chain has %d of %v", k.coins, k.balance, s.Coins, types.Jots(s.Supply))
	}
	if k.coins != k.state.coins || k.accounts != k.state.accounts {
		return damaged("%d accounts and %d coins, the state says %d and %d", k.accounts, k.coins, k.state.accounts, k.state.coins)
	}
	for kind, want := range map[byte]uint64{keyCoin: k.coins, keyEvent: k.events, keyTransaction: k.transactions, keyChain: k.state.height} {
		got := uint64(0)
		if err := k.store.ScanFrom([]byte{kind}, nil, func(_, _ []byte) error {
			got++
			return k.ctx.Err()
		}); err != nil {
			return err
		}
		if got != want {
			return damaged("%d records of kind %c, want %d", got, kind, want)
		}
	}
	return nil
}
