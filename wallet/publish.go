package wallet

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/keystore"
)

// publish makes a new summary of the ledger. The caller holds the lock.
func (w *Wallet) publish() {
	l := w.ledger
	m := &l.meta
	s := &Summary{
		Name:        w.name,
		WatchOnly:   m.watchOnly,
		Created:     timeOf(m.created),
		Birthday:    m.birthday,
		BackedUp:    timeOf(m.backedUp),
		Accounts:    l.summaries(),
		AsOf:        m.place,
		Pending:     l.oldestFirst(),
		NeedsUnlock: !m.watchOnly && (m.short || len(l.accounts) == 0),
		Err:         w.failed,
	}
	s.LocksAt, s.Unlocked = w.vault.deadline()
	sink := w.cfg.Chain.Snapshot()
	s.Synced = !m.scanning && m.place.Block == sink.Sink
	for i := range s.Accounts {
		s.Balance = s.Balance.plus(s.Accounts[i].Balance)
	}
	if m.scanning {
		s.Scan = l.progress(sink.SinkBlueScore, s.Balance.Total())
	}
	s.Accounts = slices.DeleteFunc(s.Accounts, func(a AccountSummary) bool { return l.accounts[a.Number].hidden })
	w.summary.Store(s)
}

func (l *ledger) progress(sink uint64, found types.Amount) *Scan {
	scan := &Scan{From: l.meta.from, At: l.meta.place.BlueScore, To: max(sink, l.meta.from), Derived: len(l.addresses), Found: found}
	if l.meta.clearing {
		scan.At = scan.From
	}
	for _, o := range l.addresses {
		if o.used {
			scan.Used++
		}
	}
	return scan
}

// summaries returns all accounts with their balances.
func (l *ledger) summaries() []AccountSummary {
	all := make([]AccountSummary, len(l.accounts))
	for i, a := range l.accounts {
		all[i].Account = a.Account
	}
	for o, coin := range l.coins {
		state, _ := l.state(o, &coin)
		all[l.addresses[coin.Address].account].Balance.add(state, coin.Value)
	}
	for _, c := range l.pendingCoins() {
		all[c.Account].Balance.add(CoinPending, c.Value)
	}
	for i := range all {
		all[i].Address = l.current(&all[i].Account)
	}
	return all
}

// current returns the last address handed out to receive at, which is unused;
// in a wallet that derives none, the first.
func (l *ledger) current(a *Account) (address types.Address) {
	if a.Next[RoleReceive] > 0 {
		return l.derived[path{chainID{a.Number, RoleReceive}, a.Next[RoleReceive] - 1}].address
	}
	for first, o := range l.addresses {
		if o.account == a.Number && (address == types.Address{} || first.Hash.Compare(address.Hash) < 0) {
			address = first
		}
	}
	return address
}

// pendingCoins returns the coins that unconfirmed transactions make for the
// wallet and no other one spends.
func (l *ledger) pendingCoins() []Coin {
	var coins []Coin
	for _, n := range append(slices.Collect(maps.Values(l.pending)), l.foreign...) {
		for i, part := range n.Outputs {
			o := types.Outpoint{TxID: n.ID, Index: uint32(i)}
			if !part.Ours || l.isSpent(o) {
				continue
			}
			c := Coin{Outpoint: o, Account: part.Account, State: CoinPending}
			c.Address, c.Value = part.Address, part.Value
			coins = append(coins, c)
		}
	}
	return coins
}

// oldestFirst returns the transactions of the wallet that wait.
func (l *ledger) oldestFirst() []types.Hash {
	waiting := slices.SortedFunc(maps.Values(l.pending), compareAge)
	ids := make([]types.Hash, len(waiting))
	for i, n := range waiting {
		ids[i] = n.ID
	}
	return ids
}

func compareAge(a, b *note) int {
	return cmp.Or(cmp.Compare(a.Seen, b.Seen), cmp.Compare(a.Step, b.Step), a.ID.Compare(b.ID))
}

func (b Balance) plus(o Balance) Balance {
	return Balance{
		Available: plus(b.Available, o.Available),
		Maturing:  plus(b.Maturing, o.Maturing),
		Pending:   plus(b.Pending, o.Pending),
		Locked:    plus(b.Locked, o.Locked),
	}
}

func isLocked(err error) bool {
	return errors.Is(err, keystore.ErrLocked) || errors.Is(err, ErrWatchOnly)
}
