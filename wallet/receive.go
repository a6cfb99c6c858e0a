package wallet

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
	"github.com/jio-dag/jio/wallet/spend"
)

// AddAccount adds an account. The wallet must be unlocked.
func (w *Wallet) AddAccount(label string) (added Account, err error) {
	err = w.change(func(l *ledger, b *batch) error {
		if err := checkText(label); err != nil {
			return err
		}
		a, err := w.nextAccount(l, b)
		if err != nil {
			return err
		}
		a.hidden, a.Label = false, label
		l.putAccount(b, a)
		added = a.Account
		return nil
	})
	return added, err
}

// nextAccount returns the first account that nobody sees yet, or derives one.
func (w *Wallet) nextAccount(l *ledger, b *batch) (*account, error) {
	for _, a := range l.accounts {
		if a.hidden {
			return a, nil
		}
	}
	a := &account{Account: Account{Number: uint32(len(l.accounts)), Next: [2]uint32{RoleReceive: 1}}}
	err := w.withKeys(l, func(ring *keyring) error {
		return l.stockUp(b, ring, a, [2]uint32{l.stock + 1, l.stock})
	})
	if err == nil {
		l.accounts = append(l.accounts, a)
	}
	return a, err
}

// RenameAccount labels an account.
func (w *Wallet) RenameAccount(number uint32, label string) error {
	return w.change(func(l *ledger, b *batch) error {
		a, err := l.account(number)
		if err := errors.Join(err, checkText(label)); err != nil {
			return err
		}
		a.Label = label
		l.putAccount(b, a)
		return nil
	})
}

// NewAddress hands out a fresh address of an account to receive at. That it is
// handed out is on the disk when NewAddress returns.
func (w *Wallet) NewAddress(account uint32, label string) (info AddressInfo, err error) {
	err = w.change(func(l *ledger, b *batch) error {
		a, err := l.account(account)
		if err := errors.Join(err, checkText(label)); err != nil {
			return err
		}
		if err := w.ensureStock(l, b, a, RoleReceive); err != nil {
			return err
		}
		o := l.derived[path{chainID{account, RoleReceive}, a.Next[RoleReceive]}]
		a.Next[RoleReceive]++
		l.putAccount(b, a)
		if label != "" {
			l.setLabel(b, addressLabel(o.address), label)
		}
		info = l.addressInfo(o)
		return nil
	})
	return info, err
}

// ensureStock sees to it that a chain has one address that was not handed out.
func (w *Wallet) ensureStock(l *ledger, b *batch, a *account, role Role) error {
	err := w.topUp(l, b)
	if err != nil && !isLocked(err) {
		return err
	}
	if a.Next[role] < a.Stock[role] {
		return nil
	}
	if l.meta.watchOnly {
		return ErrWatchOnly
	}
	return ErrStock
}

// Addresses lists the addresses that were handed out, used or added, by account,
// role and index.
func (w *Wallet) Addresses() (list []AddressInfo, err error) {
	err = w.read(func(l *ledger) error {
		worth := l.worth()
		for _, o := range l.addresses {
			info := l.addressInfo(o)
			if info.Balance = worth[o.address]; info.Issued || info.Used {
				list = append(list, info)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b AddressInfo) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Role, b.Role),
			cmp.Compare(a.Index, b.Index), a.Address.Hash.Compare(b.Address.Hash))
	})
	return list, err
}

// Address returns what the wallet knows of an address of its own, else
// ErrUnknown.
func (w *Wallet) Address(a types.Address) (info AddressInfo, err error) {
	err = w.read(func(l *ledger) error {
		o := l.addresses[a]
		if o == nil {
			return unknown("address %s", a.Text(w.cfg.Params.AddressPrefix))
		}
		info = l.addressInfo(o)
		info.Balance = l.worth()[a]
		return nil
	})
	return info, err
}

func (l *ledger) addressInfo(o *owned) AddressInfo {
	derived := o.role <= RoleChange
	return AddressInfo{
		Address: o.address,
		Account: o.account,
		Role:    o.role,
		Index:   o.index,
		Policy:  o.policy,
		Used:    o.used,
		Issued:  !derived || o.index < l.accounts[o.account].Next[o.role],
		Far:     derived && o.index >= l.accounts[o.account].Used[o.role]+l.gap,
		Label:   l.labels[addressLabel(o.address)],
	}
}

// worth returns what lies unspent at each address.
func (l *ledger) worth() map[types.Address]types.Amount {
	sums := make(map[types.Address]types.Amount)
	for _, coin := range l.coins {
		sums[coin.Address] = plus(sums[coin.Address], coin.Value)
	}
	return sums
}

// WatchKey adds a public key without its secret. Its coins since a birthday are
// searched for; a zero birthday searches all, and one that is now or later
// nothing.
func (w *Wallet) WatchKey(key [32]byte, label string, birthday time.Time) (types.Address, error) {
	if !types.ValidKey(key) {
		return types.Address{}, errors.New("this is not a public key of Ed25519")
	}
	policy := types.KeyPolicy(key)
	o := &owned{address: policy.Address(), role: RoleWatched, policy: &policy}
	return o.address, w.addOwned(o, label, birthday)
}

// WatchAddress adds an address of which nothing else is known; birthday is as
// with WatchKey.
func (w *Wallet) WatchAddress(a types.Address, label string, birthday time.Time) error {
	return w.addOwned(&owned{address: a, role: RoleWatched}, label, birthday)
}

// WatchPolicy adds the address of a policy, such as one of several keys;
// birthday is as with WatchKey. Coins there are spent through a partially signed
// transaction, where this wallet holds keys of it.
func (w *Wallet) WatchPolicy(p types.Policy, label string, birthday time.Time) (types.Address, error) {
	if err := spend.CheckPolicy(p); err != nil {
		return types.Address{}, err
	}
	o := &owned{address: p.Address(), role: RolePolicy, policy: &p}
	return o.address, w.addOwned(o, label, birthday)
}

// addOwned adds an address to the first account, or what was not known of one
// that is only watched.
func (w *Wallet) addOwned(o *owned, label string, birthday time.Time) error {
	return w.change(func(l *ledger, b *batch) error {
		if err := checkText(label); err != nil {
			return err
		}
		if len(l.accounts) == 0 {
			return keystore.ErrLocked
		}
		if label != "" {
			l.setLabel(b, addressLabel(o.address), label)
		}
		if have := l.addresses[o.address]; have != nil {
			if have.role == RoleWatched && o.policy != nil {
				o.used = have.used
				l.addAddress(b, o)
			}
			return nil
		}
		l.addAddress(b, o)
		return w.searchFrom(l, b, birthday)
	})
}

// ImportSeed adds a single 32-byte Ed25519 seed to the file of secrets and its
// address to the wallet; birthday is as with WatchKey. Words do not bring it
// back: back up the file.
func (w *Wallet) ImportSeed(password, seed []byte, label string, birthday time.Time) (types.Address, error) {
	if err := checkText(label); err != nil {
		return types.Address{}, err
	}
	about := keystore.About{Label: label, Birthday: milliseconds(birthday)}
	id, err := w.vault.addSeed(password, seed, about)
	if err != nil {
		return types.Address{}, err
	}
	o := seedAddress([32]byte(seed), id)
	return o.address, w.addOwned(o, label, birthday)
}

// ImportWords adds the first key of other words without a passphrase, such as
// those of a node's throwaway mining key, as a single seed.
func (w *Wallet) ImportWords(password []byte, words *hd.Mnemonic, label string, birthday time.Time) (types.Address, error) {
	seed, err := firstSeed(words, w.cfg.Params.CoinType)
	if err != nil {
		return types.Address{}, err
	}
	defer clear(seed[:])
	return w.ImportSeed(password, seed[:], label, birthday)
}
