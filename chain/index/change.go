package index

import (
	"fmt"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A change is a batch in the making: some steps of the selected chain. An
// account without events does not exist.
type change struct {
	index *Index
	state state
	batch batch
	dirty []types.Address // of accounts to write, in order
}

// step takes a chain block in or out. Taking out undoes taking in, the last
// thing first.
func (c *change) step(u *chain.Update) error {
	if u.Reverted {
		return c.revert(u)
	}
	r, err := c.index.read(u.Acceptance, c.state.height)
	if err != nil {
		return err
	}
	c.batch.put(chainKey(c.state.height), u.Hash[:])
	for _, at := range r.transactions {
		c.batch.put(transactionKey(at.id, at.place), []byte{})
	}
	for i := range r.lines {
		if err := c.append(&r.lines[i]); err != nil {
			return err
		}
	}
	c.state.cursor = u.Hash
	c.state.height++
	return c.move(u.Acceptance.Diff)
}

func (c *change) revert(u *chain.Update) error {
	if u.Hash != c.state.cursor || c.state.height == 0 {
		return damaged("it stands at %v, block %v is to be reverted", c.state.cursor, u.Hash)
	}
	c.state.cursor = u.Parent
	c.state.height--
	if err := c.move(u.Acceptance.Diff.Reverse()); err != nil {
		return err
	}
	r, err := c.index.read(u.Acceptance, c.state.height)
	if err != nil {
		return err
	}
	for i := len(r.lines) - 1; i >= 0; i-- {
		if err := c.remove(&r.lines[i]); err != nil {
			return err
		}
	}
	for _, at := range r.transactions {
		c.batch.remove(transactionKey(at.id, at.place))
	}
	c.batch.remove(chainKey(c.state.height))
	return nil
}

// append adds a line to the history of its address, whose account begins with
// its first.
func (c *change) append(l *line) error {
	a, err := c.account(l.address)
	if err != nil {
		return err
	}
	if a.events == 0 {
		*a = account{number: c.state.accounts, dirty: true}
		c.state.accounts++
	}
	c.batch.put(eventKey(a.number, a.events), l.event.encode())
	a.events++
	return nil
}

// remove takes the last line from the history of its address. Accounts end in
// the opposite order of their beginning.
func (c *change) remove(l *line) error {
	a, err := c.account(l.address)
	if err != nil {
		return err
	}
	if a.events == 0 {
		return damaged("address %v has no history", l.address)
	}
	a.events--
	c.batch.remove(eventKey(a.number, a.events))
	if a.events > 0 {
		return nil
	}
	c.state.accounts--
	if a.number != c.state.accounts || a.coins != 0 || !a.balance.IsZero() {
		return damaged("account %d of %d ends with %d coins of %v JIO", a.number, c.state.accounts, a.coins, a.balance)
	}
	return nil
}

// move makes the changes of a diff to coins and balances.
func (c *change) move(d utxo.Diff) error {
	for i := range d.Spent {
		if err := c.spend(&d.Spent[i]); err != nil {
			return err
		}
	}
	for i := range d.Created {
		if err := c.create(&d.Created[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) spend(n *utxo.Entry) error {
	a, err := c.account(n.Coin.Address)
	if err != nil {
		return err
	}
	rest, ok := a.balance.Sub(n.Coin.Value)
	if !ok || a.coins == 0 || a.events == 0 {
		return damaged("address %v spends %v JIO and has %v", n.Coin.Address, n.Coin.Value, a.balance)
	}
	a.balance = rest
	a.coins--
	c.state.coins--
	c.batch.remove(coinKey(a.number, n.Outpoint))
	return nil
}

func (c *change) create(n *utxo.Entry) error {
	a, err := c.account(n.Coin.Address)
	if err != nil {
		return err
	}
	sum, ok := a.balance.Add(n.Coin.Value)
	if !ok || a.events == 0 {
		return damaged("address %v gets %v JIO without a history", n.Coin.Address, n.Coin.Value)
	}
	a.balance = sum
	a.coins++
	c.state.coins++
	c.batch.put(coinKey(a.number, n.Outpoint), encodeCoin(&n.Coin))
	return nil
}

// account returns the account of an address, to be changed.
func (c *change) account(address types.Address) (*account, error) {
	a := c.index.accounts[address]
	if a == nil {
		stored, err := c.index.storedAccount(address)
		if err != nil {
			return nil, err
		}
		a = &stored
		c.index.accounts[address] = a
	}
	if !a.dirty {
		a.dirty = true
		c.dirty = append(c.dirty, address)
	}
	return a, nil
}

// flushAccounts moves the changed accounts into the batch.
func (c *change) flushAccounts() {
	for _, address := range c.dirty {
		a := c.index.accounts[address]
		if a.dirty = false; a.events > 0 {
			c.batch.put(accountKey(address), a.encode())
			continue
		}
		c.batch.remove(accountKey(address))
		delete(c.index.accounts, address)
	}
}

// storedAccount returns the account of an address as it is stored, without
// events when there is none.
func (x *Index) storedAccount(address types.Address) (account, error) {
	raw, err := x.store.Get(accountKey(address))
	if err != nil || raw == nil {
		return account{}, err
	}
	a, err := decodeAccount(raw)
	if err != nil {
		return a, damaged("account of address %v: %w", address, err)
	}
	return a, nil
}

// chainBlock returns the indexed chain block of a height.
func (x *Index) chainBlock(height uint64) (h types.Hash, err error) {
	raw, err := x.store.Get(chainKey(height))
	if err != nil {
		return h, err
	}
	if len(raw) != types.HashSize {
		return h, damaged("chain block at height %d: %w", height, fmt.Errorf("%d bytes", len(raw)))
	}
	return types.Hash(raw), nil
}
