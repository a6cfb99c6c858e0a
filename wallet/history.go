package wallet

import (
	"slices"
	"strings"

	"github.com/jio-dag/jio/chain/types"
)

// History returns a page of history, the newest first and what is pending before
// that, and how many entries match in all.
func (w *Wallet) History(q Query) (page []Entry, total int, err error) {
	foreign, err := w.foreignEntries()
	if err != nil {
		return nil, 0, err
	}
	take := func(id types.Hash, n *note) error {
		if q.narrow() || q.wants(total) {
			e, found, err := w.entry(id, n)
			if err != nil || !found || !q.matches(&e, w.cfg.Params.AddressPrefix) {
				return err
			}
			if q.wants(total) {
				page = append(page, e)
			}
		}
		total++
		return nil
	}
	for _, n := range foreign {
		if err := take(n.ID, n); err != nil {
			return nil, 0, err
		}
	}
	ids, err := w.order()
	if err != nil {
		return nil, 0, err
	}
	for _, id := range ids {
		if err := take(id, nil); err != nil {
			return nil, 0, err
		}
	}
	return page, total, nil
}

// narrow reports whether a query leaves entries out.
func (q *Query) narrow() bool { return q.Match != "" || q.Account != nil }

// wants reports whether an entry, so many matching ones into the history, is on
// the page.
func (q *Query) wants(at int) bool {
	return at >= q.Offset && (q.Limit == 0 || at < q.Offset+q.Limit)
}

func (q *Query) matches(e *Entry, prefix string) bool {
	parts := append(slices.Clone(e.Inputs), e.Outputs...)
	if q.Account != nil && !slices.ContainsFunc(parts, func(p Part) bool { return p.Ours && p.Account == *q.Account }) {
		return false
	}
	wanted := strings.ToLower(q.Match)
	return strings.Contains(strings.ToLower(e.Label), wanted) || strings.Contains(e.ID.String(), wanted) ||
		slices.ContainsFunc(parts, func(p Part) bool { return strings.Contains(p.Address.Text(prefix), wanted) })
}

// foreignEntries returns what the pool holds for the wallet, the newest first.
func (w *Wallet) foreignEntries() (list []*note, err error) {
	err = w.read(func(l *ledger) error {
		list = slices.Clone(l.foreign)
		return nil
	})
	slices.SortFunc(list, func(a, b *note) int { return -compareAge(a, b) })
	return list, err
}

// order returns the ids of all entries, the newest first.
func (w *Wallet) order() (ids []types.Hash, err error) {
	err = w.db.Scan([]byte{keyOrder}, func(key, _ []byte) error {
		id, err := idOfOrder(key)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// entry completes an entry; without a note it is read from the database, where
// it may have gone meanwhile.
func (w *Wallet) entry(id types.Hash, n *note) (e Entry, found bool, err error) {
	err = w.read(func(l *ledger) error {
		if n == nil {
			if n, err = l.find(id); n == nil || err != nil {
				return err
			}
		}
		e, found = n.Entry, true
		e.Label = l.labels[entryLabel(id)]
		if e.Label == "" {
			e.Label = l.labelOfParts(e.Outputs)
		}
		if at := l.meta.place.BlueScore; e.Status == StatusAccepted && at >= e.BlueScore {
			e.Confirmations = at - e.BlueScore + 1
		}
		if told := w.told[id]; told != "" && e.Status == StatusPending {
			e.Note = told
		}
		return nil
	})
	return e, found, err
}

// labelOfParts returns the label of the first output's address that has one and
// is the wallet's.
func (l *ledger) labelOfParts(parts []Part) string {
	for _, p := range parts {
		if label := l.labels[addressLabel(p.Address)]; p.Ours && label != "" {
			return label
		}
	}
	return ""
}

// find returns an entry, that of the pool too; nil when there is none.
func (l *ledger) find(id types.Hash) (*note, error) {
	for _, n := range l.foreign {
		if n.ID == id {
			return n, nil
		}
	}
	return l.note(newBatch(), id)
}

// Entry returns one entry of the history, or ErrUnknown.
func (w *Wallet) Entry(id types.Hash) (Entry, error) {
	e, found, err := w.entry(id, nil)
	if !found && err == nil {
		err = unknown("transaction %v", id)
	}
	return e, err
}

// Transaction returns a transaction that the wallet signed, whatever became of
// it, or ErrUnknown. It is shared and read-only.
func (w *Wallet) Transaction(id types.Hash) (tx types.Transaction, err error) {
	err = w.read(func(l *ledger) error {
		n, err := l.find(id)
		if err != nil {
			return err
		}
		if n == nil || n.tx == nil {
			return unknown("transaction %v", id)
		}
		tx = *n.tx
		return nil
	})
	return tx, err
}
