package wallet

import (
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// A ledger is what the wallet owns at its place on the chain. What it needs at
// every block is in memory; the history is in the database only. A change goes
// into memory and into a batch alike: when the batch cannot be written, the
// ledger is of no use any more.
type ledger struct {
	params *params.Params
	db     Database

	gap, stock, discovery uint32 // of Config

	meta      meta
	accounts  []*account // by number
	addresses map[types.Address]*owned
	keys      map[[32]byte]*owned // by the public key that alone spends
	derived   map[path]*owned
	coins     map[types.Outpoint]types.Coin
	frozen    map[types.Outpoint]bool
	labels    map[string]string // by the key of the record without its kind

	pending map[types.Hash]*note            // what the wallet signed and nobody has accepted
	spends  map[types.Outpoint][]types.Hash // by whom of pending a coin is spent: by several after a reorganisation

	foreign []*note                 // of the pool, which the wallet did not make; not written down
	taken   map[types.Outpoint]bool // the coins that they spend
}

func newLedger(cfg *Config, db Database) *ledger {
	return &ledger{
		params:    cfg.Params,
		db:        db,
		gap:       uint32(cfg.Gap),
		stock:     uint32(cfg.Stock),
		discovery: uint32(cfg.Discovery),
		addresses: make(map[types.Address]*owned),
		keys:      make(map[[32]byte]*owned),
		derived:   make(map[path]*owned),
		coins:     make(map[types.Outpoint]types.Coin),
		frozen:    make(map[types.Outpoint]bool),
		labels:    make(map[string]string),
		pending:   make(map[types.Hash]*note),
		spends:    make(map[types.Outpoint][]types.Hash),
	}
}

// load reads a ledger; found is false for a new database.
func (l *ledger) load() (found bool, err error) {
	for _, part := range []struct {
		kind byte
		read func(key, value []byte) error
	}{
		{keyMeta, func(key, value []byte) error {
			found = true
			return decodeRecord(key, value, l.meta.decodeFrom)
		}},
		{keyAccount, l.loadAccount},
		{keyOwned, l.loadOwned},
		{keyCoin, l.loadCoin},
		{keyFrozen, l.loadFrozen},
		{keyLabel, l.loadLabel},
		{keyEntry, l.loadPending},
	} {
		if err := l.db.Scan([]byte{part.kind}, part.read); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (l *ledger) loadAccount(key, value []byte) error {
	a := &account{Account: Account{Number: uint32(len(l.accounts))}} // scanned in order, without gaps
	l.accounts = append(l.accounts, a)
	return decodeRecord(key, value, a.decodeFrom)
}

func (l *ledger) loadOwned(key, value []byte) error {
	o := new(owned)
	if err := types.Decode(key[1:], &o.address); err != nil {
		return err
	}
	if err := decodeRecord(key, value, o.decodeFrom); err != nil {
		return err
	}
	l.remember(o)
	return nil
}

func (l *ledger) loadCoin(key, value []byte) error {
	var outpoint types.Outpoint
	var coin types.Coin
	if err := types.Decode(key[1:], &outpoint); err != nil {
		return err
	}
	err := decodeRecord(key, value, coin.DecodeFrom)
	l.coins[outpoint] = coin
	return err
}

func (l *ledger) loadFrozen(key, value []byte) error {
	var outpoint types.Outpoint
	err := types.Decode(key[1:], &outpoint)
	l.frozen[outpoint] = true
	return err
}

func (l *ledger) loadLabel(key, value []byte) error {
	return decodeRecord(key, value, func(d *types.Decoder) {
		l.labels[string(key[1:])] = string(d.ByteString())
	})
}

func (l *ledger) loadPending(key, value []byte) error {
	n, err := decodeNote(key, value)
	if err == nil && n.Status == StatusPending {
		l.addPending(n)
	}
	return err
}

func decodeNote(key, value []byte) (*note, error) {
	n := new(note)
	if err := types.Decode(key[1:], &n.ID); err != nil {
		return nil, err
	}
	return n, decodeRecord(key, value, n.decodeFrom)
}

// note returns the entry of an id as a batch leaves it, nil when there is none.
func (l *ledger) note(b *batch, id types.Hash) (*note, error) {
	if n := l.pending[id]; n != nil {
		return n, nil
	}
	if n, ok := b.notes[id]; ok {
		return n, nil
	}
	key := entryKey(id)
	value, err := l.db.Get(key)
	if value == nil || err != nil {
		return nil, err
	}
	return decodeNote(key, value)
}

// remember takes an address in.
func (l *ledger) remember(o *owned) {
	l.addresses[o.address] = o
	if key, ok := o.key(); ok {
		l.keys[key] = o
	}
	if o.role <= RoleChange {
		l.derived[path{chainID{o.account, o.role}, o.index}] = o
	}
}

// A path is the place of a derived address.
type path struct {
	chainID
	index uint32
}

// addAddress takes an address in and writes it down.
func (l *ledger) addAddress(b *batch, o *owned) {
	l.remember(o)
	b.put(ownedKey(o.address), o.encodeTo)
}

func (l *ledger) putAccount(b *batch, a *account) {
	b.put(accountKey(a.Number), a.encodeTo)
}

func (l *ledger) putMeta(b *batch) { b.put([]byte{keyMeta}, l.meta.encodeTo) }

// account returns a visible account.
func (l *ledger) account(number uint32) (*account, error) {
	if int64(number) >= int64(len(l.accounts)) || l.accounts[number].hidden {
		return nil, unknown("account %d", number)
	}
	return l.accounts[number], nil
}

// addPending lets a signed transaction take its coins.
func (l *ledger) addPending(n *note) {
	l.pending[n.ID] = n
	for i := range n.tx.Inputs {
		o := n.tx.Inputs[i].Outpoint
		l.spends[o] = append(l.spends[o], n.ID)
	}
}

func (l *ledger) dropPending(n *note) {
	delete(l.pending, n.ID)
	for i := range n.tx.Inputs {
		o := n.tx.Inputs[i].Outpoint
		others := slices.DeleteFunc(l.spends[o], func(by types.Hash) bool { return by == n.ID })
		if l.spends[o] = others; len(others) == 0 {
			delete(l.spends, o)
		}
	}
}

// rivals returns the pending transactions that spend a coin which a transaction
// spends, each followed by those that build on it.
func (l *ledger) rivals(tx *types.Transaction) []*note {
	var found []*note
	for i := range tx.Inputs {
		for _, id := range l.spends[tx.Inputs[i].Outpoint] {
			for _, n := range append([]*note{l.pending[id]}, l.followers(id)...) {
				if !slices.Contains(found, n) {
					found = append(found, n)
				}
			}
		}
	}
	return found
}

// followers returns the pending transactions that spend what a transaction
// makes, and theirs, nearest first.
func (l *ledger) followers(id types.Hash) []*note {
	var found []*note
	for queue := []types.Hash{id}; len(queue) > 0; queue = queue[1:] {
		for _, n := range l.pending {
			if spendsFrom(n.tx, queue[0]) && !slices.Contains(found, n) {
				found = append(found, n)
				queue = append(queue, n.ID)
			}
		}
	}
	return found
}

func spendsFrom(tx *types.Transaction, id types.Hash) bool {
	return slices.ContainsFunc(tx.Inputs, func(in types.Input) bool { return in.Outpoint.TxID == id })
}

// next is where a transaction sent now is judged: the chain block after the
// wallet's place, at the earliest.
func (l *ledger) next() rules.Place {
	return rules.Place{BlueScore: l.meta.place.BlueScore + 1, MedianTime: l.meta.place.MedianTime}
}

// state returns what a coin on the chain is good for, and from which blue score
// on it can be spent where that is known.
func (l *ledger) state(o types.Outpoint, coin *types.Coin) (CoinState, uint64) {
	at := l.next()
	mature := coin.BlueScore + l.params.CoinbaseMaturity
	switch {
	case l.isSpent(o):
		return CoinSpending, 0
	case coin.Coinbase && mature > at.BlueScore:
		return CoinMaturing, mature
	case l.frozen[o]:
		return CoinFrozen, 0
	case l.timeLocked(coin, at):
		return CoinLocked, l.lockedUntil(coin)
	case l.shared(coin):
		return CoinShared, 0
	}
	return CoinAvailable, 0
}

// shared reports whether the wallet alone can never spend a coin. One that only
// watches speaks for the owner of the keys.
func (l *ledger) shared(coin *types.Coin) bool {
	o := l.addresses[coin.Address]
	switch {
	case l.meta.watchOnly || o.role <= RoleImported:
		return false
	case o.policy == nil:
		return true
	}
	return !l.spendableAlone(o.policy, coin)
}

// spendableAlone reports whether the keys of the wallet are enough to spend a
// coin, now or some day.
func (l *ledger) spendableAlone(policy *types.Policy, coin *types.Coin) bool {
	someDay := rules.Place{BlueScore: 1 << 62, MedianTime: 1 << 62}
	_, ok := spend.Choose(*policy, spend.Means{Key: l.holds, At: someDay, Coin: *coin})
	return ok
}

// isSpent reports whether an unconfirmed transaction spends a coin.
func (l *ledger) isSpent(o types.Outpoint) bool {
	return len(l.spends[o]) > 0 || l.taken[o]
}

// timeLocked reports whether no way to spend a coin is open yet to anybody.
func (l *ledger) timeLocked(coin *types.Coin, at rules.Place) bool {
	policy := l.policyOf(coin.Address)
	if policy == nil || policy.Kind == types.PolicyKey {
		return false
	}
	c := spend.Coin{Policy: *policy}
	c.Coin = *coin
	return c.StateAt(l.params, at) == spend.Locked
}

// lockedUntil returns the blue score at which a coin can be spent, 0 where only
// time will tell.
func (l *ledger) lockedUntil(coin *types.Coin) uint64 {
	anybody := func([32]byte) bool { return true }
	at, _ := spend.Opens(*l.policyOf(coin.Address), spend.Means{Key: anybody, Preimage: anybody, At: l.next(), Coin: *coin})
	if at >= rules.LockTimeThreshold {
		return 0
	}
	return at
}

func (l *ledger) policyOf(a types.Address) *types.Policy {
	if o := l.addresses[a]; o != nil {
		return o.policy
	}
	return nil
}

// part returns an output as the history shows it.
func (l *ledger) part(out types.Output) Part {
	p := Part{Address: out.Address, Value: out.Value}
	if o := l.addresses[out.Address]; o != nil {
		p.Ours, p.Account = true, o.account
	}
	return p
}
