package wallet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jio-dag/jio/chain/types"
)

// MaxText is the greatest length of a label, a name or a note in bytes.
const MaxText = 128

// ErrText is returned for a label, name or note that is too long or has
// characters that are not shown.
var ErrText = errors.New("not a text for a label")

func checkText(s string) error {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case len(s) > MaxText:
		return fmt.Errorf("%w: it has %d bytes, at most %d are kept", ErrText, len(s), MaxText)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, hidden):
		return fmt.Errorf("%w: it has characters that are not shown", ErrText)
	}
	return nil
}

// What is labelled, as the rest of a record's key.
func addressLabel(a types.Address) string { return "a" + string(types.Encode(a)) }
func entryLabel(id types.Hash) string     { return "t" + string(id[:]) }
func coinLabel(o types.Outpoint) string   { return "c" + string(types.Encode(o)) }

// setLabel writes a label, or removes an empty one.
func (l *ledger) setLabel(b *batch, what, text string) {
	if text == "" {
		delete(l.labels, what)
		b.remove(labelKey([]byte(what)))
		return
	}
	l.labels[what] = text
	b.put(labelKey([]byte(what)), func(e *types.Encoder) { e.ByteString([]byte(text)) })
}

// SetAddressLabel labels an address of the wallet; an empty label removes it, as
// with the other two.
func (w *Wallet) SetAddressLabel(a types.Address, label string) error {
	return w.label(label, func(l *ledger) (string, error) {
		if l.addresses[a] == nil {
			return "", unknown("address %s", a.Text(w.cfg.Params.AddressPrefix))
		}
		return addressLabel(a), nil
	})
}

// SetEntryLabel labels a transaction, or a block that was not paid.
func (w *Wallet) SetEntryLabel(id types.Hash, label string) error {
	return w.label(label, func(l *ledger) (string, error) {
		n, err := l.find(id)
		if n == nil && err == nil {
			err = unknown("transaction %v", id)
		}
		return entryLabel(id), err
	})
}

// SetCoinLabel labels a coin.
func (w *Wallet) SetCoinLabel(o types.Outpoint, label string) error {
	return w.label(label, func(l *ledger) (string, error) {
		if _, ok := l.coins[o]; !ok {
			return "", unknown("coin %v:%d", o.TxID, o.Index)
		}
		return coinLabel(o), nil
	})
}

func (w *Wallet) label(text string, what func(l *ledger) (string, error)) error {
	return w.change(func(l *ledger, b *batch) error {
		key, err := what(l)
		if err := errors.Join(err, checkText(text)); err != nil {
			return err
		}
		l.setLabel(b, key, text)
		return nil
	})
}

// Contacts returns the address book, by name.
func (w *Wallet) Contacts() (book []Contact, err error) {
	err = w.db.Scan([]byte{keyContact}, func(key, value []byte) error {
		c := Contact{Name: string(key[1:])}
		book = append(book, c)
		return decodeRecord(key, value, book[len(book)-1].decodeFrom)
	})
	return book, err
}

func (c *Contact) encodeTo(e *types.Encoder) {
	c.Address.EncodeTo(e)
	e.ByteString([]byte(c.Note))
}

func (c *Contact) decodeFrom(d *types.Decoder) {
	c.Address.DecodeFrom(d)
	c.Note = string(d.ByteString())
}

// SetContact adds a contact or replaces the one of that name.
func (w *Wallet) SetContact(c Contact) error {
	return w.change(func(_ *ledger, b *batch) error {
		if c.Name == "" {
			return fmt.Errorf("%w: a contact needs a name", ErrText)
		}
		if err := errors.Join(checkText(c.Name), checkText(c.Note)); err != nil {
			return err
		}
		b.put(contactKey(c.Name), c.encodeTo)
		return nil
	})
}

// RemoveContact removes a contact.
func (w *Wallet) RemoveContact(name string) error {
	return w.change(func(_ *ledger, b *batch) error {
		have, err := w.db.Get(contactKey(name))
		if have == nil && err == nil {
			err = unknown("contact %q", name)
		}
		if err == nil {
			b.remove(contactKey(name))
		}
		return err
	})
}

// Coins lists the unspent coins, the oldest first and those of unconfirmed
// transactions last.
func (w *Wallet) Coins() (list []Coin, err error) {
	err = w.read(func(l *ledger) error {
		for o, coin := range l.coins {
			c := Coin{Outpoint: o, Coin: coin, Account: l.addresses[coin.Address].account}
			c.State, c.Until = l.state(o, &coin)
			list = append(list, c)
		}
		slices.SortFunc(list, compareCoins)
		pending := l.pendingCoins()
		slices.SortFunc(pending, compareCoins)
		list = append(list, pending...)
		for i := range list {
			list[i].Frozen = l.frozen[list[i].Outpoint]
			list[i].Label = l.labels[coinLabel(list[i].Outpoint)]
		}
		return nil
	})
	return list, err
}

func compareCoins(a, b Coin) int {
	if a.BlueScore != b.BlueScore {
		if a.BlueScore < b.BlueScore {
			return -1
		}
		return 1
	}
	if c := a.Outpoint.TxID.Compare(b.Outpoint.TxID); c != 0 {
		return c
	}
	return int(a.Outpoint.Index) - int(b.Outpoint.Index)
}

// Freeze keeps coins from being spent, or lets them.
func (w *Wallet) Freeze(frozen bool, coins ...types.Outpoint) error {
	return w.change(func(l *ledger, b *batch) error {
		for _, o := range coins {
			if _, ok := l.coins[o]; !ok && frozen {
				return unknown("coin %v:%d", o.TxID, o.Index)
			}
		}
		for _, o := range coins {
			if frozen {
				l.frozen[o] = true
				b.mark(frozenKey(o))
			} else {
				delete(l.frozen, o)
				b.remove(frozenKey(o))
			}
		}
		return nil
	})
}
