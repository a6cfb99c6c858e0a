package wallet

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/keystore"
)

// accountsAhead is how many accounts past the last used one discovery looks at.
const accountsAhead = 3

// adopt takes in what freshly unlocked secrets hold: the words' accounts, when
// the database does not know them yet, seeds that a backup brought back, and
// addresses that are missing.
func (w *Wallet) adopt(l *ledger, b *batch) error {
	news := false
	if l.meta.words == (keystore.ID{}) {
		news = l.meta.discovery
		if err := w.vault.use(true, l.adoptWords); err != nil {
			return err
		}
		l.putMeta(b)
	}
	if err := w.checkWords(l); err != nil {
		return err
	}
	known := len(l.addresses)
	if err := w.vault.use(true, func(secrets *keystore.Secrets) error { return l.adoptSeeds(b, secrets) }); err != nil {
		return err
	}
	news = news || len(l.addresses) > known || l.isShort() || l.meta.short
	if err := w.topUp(l, b); err != nil || !news {
		return err
	}
	return w.rescan(l, b)
}

// adoptWords notes which of the secrets are the wallet's words.
func (l *ledger) adoptWords(secrets *keystore.Secrets) error {
	for _, entry := range secrets.Entries() {
		if entry.Kind == keystore.Mnemonic {
			l.meta.words, l.meta.birthday = entry.ID, entry.Birthday
			return nil
		}
	}
	return errors.New("the file holds no words, and a wallet needs some for its change")
}

// adoptSeeds takes in the single seeds whose addresses are not known.
func (l *ledger) adoptSeeds(b *batch, secrets *keystore.Secrets) error {
	for _, entry := range secrets.Entries() {
		if entry.Kind != keystore.Seed {
			continue
		}
		seed, err := secrets.Seed(entry.ID)
		if err != nil {
			return err
		}
		o := seedAddress([32]byte(seed), entry.ID)
		clear(seed)
		if l.addresses[o.address] == nil {
			l.addAddress(b, o)
			l.setLabel(b, addressLabel(o.address), entry.Label)
			l.meta.birthday = min(l.meta.birthday, entry.Birthday)
		}
	}
	return nil
}

// seedAddress returns the address of a single seed, in the first account.
func seedAddress(seed [32]byte, id keystore.ID) *owned {
	defer clear(seed[:])
	policy := types.KeyPolicy(types.PublicKey(seed))
	return &owned{address: policy.Address(), role: RoleImported, secret: id, policy: &policy}
}

// checkWords holds the first derived address against the words: a database and a
// file that do not belong together must not go on.
func (w *Wallet) checkWords(l *ledger) error {
	for _, o := range l.addresses {
		if o.role > RoleChange || o.index > 0 || o.account > 0 {
			continue
		}
		return w.withKeys(l, func(ring *keyring) error {
			key, err := ring.key(o)
			if err != nil {
				return err
			}
			defer key.Wipe()
			if key.PublicKey() != o.policy.Key {
				return errors.New("the file of secrets is not that of this wallet")
			}
			return nil
		})
	}
	return nil
}

// withKeys lends a keyring. What the wallet does by itself uses it too, so it
// does not move the deadline.
func (w *Wallet) withKeys(l *ledger, fn func(ring *keyring) error) error {
	return w.vault.use(false, func(secrets *keystore.Secrets) error {
		ring := newKeyring(secrets, l.meta.words, w.cfg.Params.CoinType)
		defer ring.wipe()
		return fn(ring)
	})
}

// isShort reports whether a chain of addresses ends within the gap limit of the
// last used one, or no account is left to look at.
func (l *ledger) isShort() bool {
	var last uint32
	for _, a := range l.accounts {
		for role := range a.Used {
			if used := a.Used[role]; used > 0 {
				last = a.Number + 1
				if used+l.gap > a.Stock[role] {
					return true
				}
			}
		}
	}
	return l.meta.discovery && int(last) >= len(l.accounts)
}

// topUp derives addresses where the stock runs low, when the wallet is unlocked.
func (w *Wallet) topUp(l *ledger, b *batch) error {
	if l.meta.words == (keystore.ID{}) || !l.runsLow() {
		return nil
	}
	return w.withKeys(l, func(ring *keyring) error {
		for len(l.accounts) < l.accountsWanted() {
			l.accounts = append(l.accounts, &account{
				Account: Account{Number: uint32(len(l.accounts)), Next: [2]uint32{RoleReceive: 1}},
				hidden:  len(l.accounts) > 0,
			})
		}
		for _, a := range l.accounts {
			if err := l.stockUp(b, ring, a, l.stockWanted(a)); err != nil {
				return err
			}
		}
		return nil
	})
}

// accountsWanted returns how many accounts there shall be, hidden ones included.
func (l *ledger) accountsWanted() int {
	if !l.meta.discovery {
		return max(1, len(l.accounts))
	}
	last := 0
	for i, a := range l.accounts {
		if a.Used != [2]uint32{} {
			last = i
		}
	}
	return max(last+1+accountsAhead, len(l.accounts))
}

// stockWanted returns how many addresses shall be derived on each chain.
func (l *ledger) stockWanted(a *account) (wanted [2]uint32) {
	for role := range wanted {
		ahead := l.stock
		if l.meta.discovery && a.Used[role] == 0 {
			ahead = max(ahead, l.discovery)
		}
		wanted[role] = max(a.Next[role]+ahead, a.Stock[role])
	}
	return wanted
}

// runsLow reports whether deriving is worth while: half of a stock is gone.
func (l *ledger) runsLow() bool {
	if len(l.accounts) < l.accountsWanted() {
		return true
	}
	for _, a := range l.accounts {
		for role := range a.Stock {
			if a.Stock[role] < a.Next[role]+l.stock/2 {
				return true
			}
		}
	}
	return l.isShort()
}

// stockUp derives addresses up to a number on each chain of an account.
func (l *ledger) stockUp(b *batch, ring *keyring, a *account, wanted [2]uint32) error {
	for role := RoleReceive; role <= RoleChange; role++ {
		for index := a.Stock[role]; index < wanted[role]; index++ {
			o := &owned{account: a.Number, role: role, index: index}
			key, err := ring.key(o)
			if err != nil {
				return fmt.Errorf("deriving address %d: %w", index, err)
			}
			policy := types.KeyPolicy(key.PublicKey())
			key.Wipe()
			o.policy, o.address = &policy, policy.Address()
			l.addAddress(b, o)
		}
		a.Stock[role] = max(a.Stock[role], wanted[role])
	}
	if l.meta.place.BlueScore == l.meta.from {
		a.safe = a.Stock
	}
	l.putAccount(b, a)
	return nil
}
