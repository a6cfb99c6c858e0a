package load

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/node/api"
)

const (
	// pieceJots is what a coin is worth that one is spread into; it outlives
	// thousands of fees.
	pieceJots = types.JotsPerJIO / 2
	// largeJots is worth spreading.
	largeJots = 4 * pieceJots
	// patience is how long a payment may take before its coins are used again.
	patience = 2 * time.Minute
	// spreading is how long other nodes may take to learn of a coin that the
	// watched one has told of.
	spreading = time.Second
)

// A purse is the coins of all wallets, as the chain and our own payments leave
// them.
type purse struct {
	params *params.Params
	owners map[string]owner // of the addresses in text
	dice   func(n uint64) uint64

	mu      sync.Mutex
	coins   map[api.Outpoint]*coin
	shelves [][]*coin // by wallet: not under way, in the order they came; may hold coins that are gone
	large   []*coin   // worth spreading, immature ones too
}

// An owner is a wallet by its number, and which of its addresses is meant.
type owner struct {
	wallet int
	lock   *lock
}

// A coin is unspent in the chain.
type coin struct {
	entry utxo.Entry
	owner
	gone  bool
	since time.Time // here, or back here
	until time.Time // under way, until then
}

func newPurse(p *params.Params, wallets []wallet, dice func(n uint64) uint64) *purse {
	u := &purse{
		params: p, owners: make(map[string]owner), dice: dice,
		coins: make(map[api.Outpoint]*coin), shelves: make([][]*coin, len(wallets)),
	}
	for i := range wallets {
		for _, l := range []*lock{&wallets[i].receive, &wallets[i].change} {
			u.owners[l.address.Text(p.AddressPrefix)] = owner{i, l}
		}
	}
	return u
}

// addresses returns those of all wallets, in text.
func (p *purse) addresses() (texts []string) {
	for text := range p.owners {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return texts
}

// reset makes the purse hold what the chain has; what is under way stays so.
func (p *purse) reset(list []api.UTXO) {
	there := make(map[api.Outpoint]bool, len(list))
	for _, u := range list {
		there[u.Outpoint] = true
	}
	var gone []api.Outpoint
	p.mu.Lock()
	for o := range p.coins {
		if !there[o] {
			gone = append(gone, o)
		}
	}
	p.mu.Unlock()
	p.remove(gone)
	p.add(list)
}

// add takes in coins that the chain has.
func (p *purse) add(list []api.UTXO) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range list {
		by, ours := p.owners[u.Address]
		if _, known := p.coins[u.Outpoint]; known || !ours {
			continue
		}
		c := &coin{owner: by, entry: utxo.Entry{
			Outpoint: types.Outpoint{TxID: u.Outpoint.TransactionID, Index: u.Outpoint.Index},
			Coin: types.Coin{
				Output:    types.Output{Value: u.Amount, Address: by.lock.address},
				BlueScore: u.BlueScore, Coinbase: u.Coinbase,
			},
		}}
		p.coins[u.Outpoint] = c
		p.shelve(c)
	}
}

func (p *purse) shelve(c *coin) {
	c.since = time.Now()
	if c.isSmall() {
		p.shelves[c.wallet] = append(p.shelves[c.wallet], c)
	} else {
		p.large = append(p.large, c)
	}
}

func (c *coin) isSmall() bool {
	return !c.entry.Coin.Coinbase && c.entry.Coin.Value.Jots() < largeJots
}

// remove drops coins that the chain has no more, and returns the transactions
// that made those which we had not spent: the chain has taken them back.
func (p *purse) remove(list []api.Outpoint) (undone []types.Hash) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range list {
		c := p.coins[o]
		if c == nil {
			continue
		}
		c.gone = true
		delete(p.coins, o)
		if c.until.IsZero() {
			undone = append(undone, o.TransactionID)
		}
	}
	return undone
}

// hold takes coins that somebody else's payment, or one of an earlier run, is
// about to spend for under way.
func (p *purse) hold(list []api.Outpoint, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range list {
		if c := p.coins[o]; c != nil && c.until.IsZero() {
			p.unshelve(c)
			c.until = now.Add(patience)
		}
	}
}

func (p *purse) unshelve(c *coin) {
	other := func(x *coin) bool { return x == c }
	p.large = slices.DeleteFunc(p.large, other)
	p.shelves[c.wallet] = slices.DeleteFunc(p.shelves[c.wallet], other)
}

// take returns up to two coins of one wallet to pay from, none when none is ready.
func (p *purse) take(now time.Time) (coins []*coin) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := int(p.dice(uint64(len(p.shelves))))
	for i := range p.shelves {
		w := (first + i) % len(p.shelves)
		for len(coins) < 2 {
			c := p.next(w, now)
			if c == nil {
				break
			}
			c.until = now.Add(patience)
			coins = append(coins, c)
		}
		if len(coins) > 0 {
			break
		}
	}
	return coins
}

// next takes the coin that has waited longest off a wallet's shelf, when others
// know of it by now.
func (p *purse) next(wallet int, now time.Time) *coin {
	shelf := &p.shelves[wallet]
	for len(*shelf) > 0 {
		c := (*shelf)[0]
		if !c.gone && now.Sub(c.since) < spreading {
			return nil
		}
		*shelf = (*shelf)[1:]
		if !c.gone {
			return c
		}
	}
	return nil
}

// takeLarge returns a coin to be spread, nil when none is mature.
func (p *purse) takeLarge(now time.Time, blueScore uint64) *coin {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.large = slices.DeleteFunc(p.large, func(c *coin) bool { return c.gone })
	for i, c := range p.large {
		if p.mature(c, blueScore) {
			p.large = slices.Delete(p.large, i, i+1)
			c.until = now.Add(patience)
			return c
		}
	}
	return nil
}

func (p *purse) mature(c *coin, blueScore uint64) bool {
	return !c.entry.Coin.Coinbase || blueScore >= c.entry.Coin.BlueScore+p.params.CoinbaseMaturity
}

// giveBack makes coins ready again whose payment came to nothing.
func (p *purse) giveBack(coins ...*coin) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range coins {
		c.until = time.Time{}
		if !c.gone {
			p.shelve(c)
		}
	}
}

// rest keeps coins under way until some time.
func (p *purse) rest(coins []*coin, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range coins {
		c.until = until
	}
}

// reclaim makes the coins ready again whose payments nobody has heard of since.
func (p *purse) reclaim(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.coins {
		if !c.until.IsZero() && now.After(c.until) {
			c.until = time.Time{}
			p.shelve(c)
		}
	}
}

// small counts the coins that payments are made from, and all that are under way.
func (p *purse) small() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.coins {
		if !c.until.IsZero() || c.isSmall() {
			n++
		}
	}
	return n
}

// ripest returns the coinbase that matures first; false when there is none.
func (p *purse) ripest() (at uint64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.large) == 0 {
		return 0, false
	}
	first := slices.MinFunc(p.large, func(a, b *coin) int { return cmp.Compare(a.entry.Coin.BlueScore, b.entry.Coin.BlueScore) })
	return first.entry.Coin.BlueScore + p.params.CoinbaseMaturity, true
}
