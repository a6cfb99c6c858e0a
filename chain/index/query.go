package index

import (
	"errors"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Location says where an accepted transaction stands and when the selected
// chain accepted it.
type Location struct {
	Block      types.Hash // whose transaction was accepted
	AcceptedBy types.Hash // the chain block that merged it
	BlueScore  uint64     // of that chain block
	Time       uint64     // its timestamp, milliseconds since 1970
}

// An Event is one line of the history of an address.
type Event struct {
	Number         uint64 // from 0, the oldest
	ID             types.Hash
	Coinbase       bool
	Received, Sent types.Amount // by the transaction, to the address and from it
	Location
}

// An Account sums up an address.
type Account struct {
	Balance types.Amount // of its unspent coins, immature ones included
	Coins   uint64       // unspent
	Events  uint64       // lines of its history
}

// Account returns the sums of an address, zeros for one that never had a coin.
func (x *Index) Account(a types.Address) (Account, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.storedAccount(a)
	return Account{Balance: s.balance, Coins: s.coins, Events: s.events}, err
}

// Coins returns at most limit unspent coins of an address, ascending by
// outpoint, that come after an outpoint; nil begins with the first.
func (x *Index) Coins(a types.Address, after *types.Outpoint, limit int) (coins []utxo.Entry, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.storedAccount(a)
	if err != nil || s.events == 0 || limit <= 0 {
		return nil, err
	}
	prefix := coinPrefix(s.number)
	from := prefix
	if after != nil {
		from = append(coinKey(s.number, *after), 0)
	}
	err = x.store.ScanFrom(prefix, from, func(key, value []byte) error {
		n, err := readCoin(key, value, a)
		if err != nil {
			return err
		}
		if coins = append(coins, n); len(coins) == limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return coins, err
}

// readCoin reads the record of a coin.
func readCoin(key, value []byte, a types.Address) (n utxo.Entry, err error) {
	o, ok := outpointIn(key)
	if !ok {
		return n, damaged("key %x has a wrong length", key)
	}
	coin, err := decodeCoin(value, a)
	if err != nil {
		return n, damaged("coin %v:%d: %w", o.TxID, o.Index, err)
	}
	return utxo.Entry{Outpoint: o, Coin: coin}, nil
}

// History returns at most limit lines of the history of an address, the newest
// first, whose numbers are below a bound: math.MaxUint64 for the newest of all,
// the Number of the last line for the next page.
func (x *Index) History(a types.Address, below uint64, limit int) ([]Event, error) {
	stored, err := x.events(a, below, limit)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(stored))
	for i := range stored {
		if events[i], err = x.resolve(&stored[i]); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// A storedEvent is an event with its number and its chain block.
type storedEvent struct {
	number uint64
	chain  types.Hash
	event
}

func (x *Index) events(a types.Address, below uint64, limit int) (events []storedEvent, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.storedAccount(a)
	if err != nil {
		return nil, err
	}
	for n := min(below, s.events); n > 0 && len(events) < limit; n-- {
		raw, err := x.store.Get(eventKey(s.number, n-1))
		if err != nil {
			return nil, err
		}
		v, err := decodeEvent(raw)
		if err != nil {
			return nil, damaged("event %d of address %v: %w", n-1, a, err)
		}
		h, err := x.chainBlock(v.height)
		if err != nil {
			return nil, err
		}
		events = append(events, storedEvent{n - 1, h, v})
	}
	return events, nil
}

// resolve reads from the chain what an event only points at.
func (x *Index) resolve(v *storedEvent) (Event, error) {
	f, err := x.find(v.chain, v.place)
	if err != nil {
		return Event{}, err
	}
	location, err := x.location(v.chain, f.block)
	return Event{
		Number:   v.number,
		ID:       f.tx.ID(),
		Coinbase: f.tx.IsCoinbase(),
		Received: v.received,
		Sent:     v.sent,
		Location: location,
	}, err
}

// A found is a transaction at a place.
type found struct {
	acceptance *utxo.Acceptance
	block      types.Hash
	ids        []types.Hash // accepted from the block
	tx         *types.Transaction
}

// find reads the transaction at a place of a chain block from the chain, which
// keeps every block that ever was on it.
func (x *Index) find(chainBlock types.Hash, at place) (f found, err error) {
	if f.acceptance, err = x.chain.Acceptance(chainBlock); err != nil {
		return f, err
	}
	if int(at.block) >= len(f.acceptance.Blocks) {
		return f, damaged("chain block %v merges no block %d", chainBlock, at.block)
	}
	merged := &f.acceptance.Blocks[at.block]
	f.block, f.ids = merged.Hash, merged.TxIDs
	body, err := x.chain.Block(merged.Hash)
	if err != nil {
		return f, err
	}
	if int(at.tx) >= len(body.Transactions) {
		return f, damaged("block %v has no transaction %d", merged.Hash, at.tx)
	}
	f.tx = &body.Transactions[at.tx]
	return f, nil
}

func (x *Index) location(chainBlock, block types.Hash) (Location, error) {
	h, err := x.chain.Header(chainBlock)
	return Location{Block: block, AcceptedBy: chainBlock, BlueScore: h.BlueScore, Time: h.Timestamp}, err
}
