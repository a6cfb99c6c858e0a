package wallet

import (
	"sort"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// birthdayMargin, in milliseconds, is how much earlier than a birthday a search
// begins: clocks differ, and a median time lags behind them.
const birthdayMargin = 2 * 60 * 60 * 1000

// placeAt returns the place from which a wallet of a birthday must follow: the
// highest chain block whose median time is safely before it. Birthday 0 is a
// place before genesis.
func (w *Wallet) placeAt(birthday uint64) (Place, error) {
	if birthday <= birthdayMargin {
		return Place{}, nil
	}
	var err error
	at := func(score int) (p Place) {
		if err == nil {
			p, err = w.placeOfScore(uint64(score))
		}
		return p
	}
	sink := int(w.cfg.Chain.Snapshot().SinkBlueScore)
	above := sort.Search(sink+1, func(score int) bool { return at(score).MedianTime > birthday-birthdayMargin })
	if above == 0 || err != nil {
		return Place{}, err
	}
	return at(above - 1), err
}

// placeOfScore returns the highest chain block up to a blue score.
func (w *Wallet) placeOfScore(score uint64) (Place, error) {
	h, err := w.cfg.Chain.ChainBlock(score)
	if err != nil {
		return Place{}, err
	}
	return w.placeOf(h)
}

func (w *Wallet) placeOf(h types.Hash) (Place, error) {
	info, err := w.cfg.Chain.Info(h)
	if err != nil {
		return Place{}, err
	}
	return Place{
		Block:      h,
		BlueScore:  info.Header.BlueScore,
		DAAScore:   info.Header.DAAScore,
		Timestamp:  info.Header.Timestamp,
		MedianTime: info.MedianTime,
	}, nil
}

// ScanFurther derives n more addresses on each chain of every account, hidden
// ones included, and searches the chain anew, from a birthday on; a zero one
// searches all. The wallet must be unlocked unless n is 0.
func (w *Wallet) ScanFurther(n uint32, birthday time.Time) error {
	return w.change(func(l *ledger, b *batch) error {
		if err := w.deriveMore(l, b, n); err != nil {
			return err
		}
		l.meta.birthday = milliseconds(birthday)
		return w.rescan(l, b)
	})
}

func (w *Wallet) deriveMore(l *ledger, b *batch, n uint32) error {
	if n == 0 {
		return nil
	}
	return w.withKeys(l, func(ring *keyring) error {
		for _, a := range l.accounts {
			if err := l.stockUp(b, ring, a, [2]uint32{a.Stock[0] + n, a.Stock[1] + n}); err != nil {
				return err
			}
		}
		return nil
	})
}

// searchFrom begins a search for coins that new addresses may have, since a
// birthday. One that is not over yet finds them by itself.
func (w *Wallet) searchFrom(l *ledger, b *batch, birthday time.Time) error {
	if !birthday.Before(w.cfg.Now()) {
		return nil
	}
	l.meta.birthday = min(l.meta.birthday, milliseconds(birthday))
	return w.rescan(l, b)
}

// rescan makes the next Follow begin anew from the birthday.
func (w *Wallet) rescan(l *ledger, b *batch) error {
	l.meta.clearing, l.meta.scanning, l.meta.short = true, true, false
	l.putMeta(b)
	return nil
}

// clearChunk is how many records go in one batch.
const clearChunk = 4096

// restart removes all that was found on the chain, in several batches, and puts
// the wallet back to where its birthday says. What it signed, its labels and
// addresses stay. A crash on the way leaves meta.clearing, and the rest is
// removed then.
func (w *Wallet) restart() error {
	if err := w.clear(); err != nil {
		return err
	}
	l := newLedger(w.cfg, w.db)
	if _, err := l.load(); err != nil {
		return err
	}
	place, err := w.placeAt(l.meta.birthday)
	if err != nil {
		return err
	}
	l.meta.place, l.meta.from, l.meta.clearing = place, place.BlueScore, false
	b := newBatch()
	l.putMeta(b)
	for _, a := range l.accounts {
		a.safe = a.Stock
		l.putAccount(b, a)
	}
	if err := w.commit(b); err != nil {
		return err
	}
	w.ledger = l
	return nil
}

func (w *Wallet) clear() error {
	b := newBatch()
	for _, kind := range []byte{keyCoin, keyStep, keyEntry} {
		err := w.db.Scan([]byte{kind}, func(key, value []byte) error {
			if kind == keyEntry {
				return b.clearNote(key, value)
			}
			b.remove(append([]byte(nil), key...))
			return nil
		})
		if err != nil {
			return err
		}
	}
	for chunk := range b.chunks(clearChunk) {
		if err := w.commit(chunk); err != nil {
			return err
		}
	}
	return nil
}

// clearNote removes an entry, or makes it what it was before the chain decided.
func (b *batch) clearNote(key, value []byte) error {
	n, err := decodeNote(key, value)
	if err != nil {
		return err
	}
	switch {
	case n.tx == nil:
		b.removeNote(n)
	case n.Status == StatusAccepted || n.Status == StatusConflicted:
		b.removeNote(n)
		n.reopen()
		b.putNote(n)
	}
	return nil
}

// reopen makes an entry what it was before the chain decided.
func (n *note) reopen() {
	n.Status, n.Note = n.before, ""
	n.Block, n.AcceptedBy = types.Hash{}, types.Hash{}
	n.BlueScore, n.position, n.Time = 0, 0, n.Seen
}
