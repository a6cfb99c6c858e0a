package load

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet/spend"
)

const (
	// piece is what a coin is worth that payments are made from; it outlives
	// thousands of fees.
	pieceJots = types.JotsPerJIO / 10
	// mostPieces is how many coins one transaction makes of one.
	mostPieces = 100
	// patience is how long a payment may take before its coin is used again.
	patience = 2 * time.Minute
	// spreading is how long other nodes may take to learn of a coin that the
	// watched one has told of.
	spreading = time.Second
)

// A purse is the coins of one key, as the chain and our own payments leave them.
type purse struct {
	params *params.Params
	key    *Key

	mu    sync.Mutex
	coins map[api.Outpoint]*coin
	ready []*coin // not under way, in the order they came; may hold coins that are gone
	large []*coin // worth spreading, immature ones too
}

// A coin is unspent in the chain.
type coin struct {
	entry utxo.Entry
	gone  bool
	since time.Time // here, or back here
	until time.Time // under way, until then
}

func newPurse(p *params.Params, key *Key) *purse {
	return &purse{params: p, key: key, coins: make(map[api.Outpoint]*coin)}
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
		if _, known := p.coins[u.Outpoint]; known {
			continue
		}
		c := &coin{entry: utxo.Entry{
			Outpoint: types.Outpoint{TxID: u.Outpoint.TransactionID, Index: u.Outpoint.Index},
			Coin: types.Coin{
				Output:    types.Output{Value: u.Amount, Address: p.key.Address()},
				BlueScore: u.BlueScore, Coinbase: u.Coinbase,
			},
		}}
		p.coins[u.Outpoint] = c
		p.shelve(c)
	}
}

func (p *purse) shelve(c *coin) {
	c.since = time.Now()
	if c.entry.Coin.Coinbase || c.entry.Coin.Value.Jots() >= 4*pieceJots {
		p.large = append(p.large, c)
	} else {
		p.ready = append(p.ready, c)
	}
}

// remove drops coins that the chain has no more.
func (p *purse) remove(list []api.Outpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range list {
		if c := p.coins[o]; c != nil {
			c.gone = true
			delete(p.coins, o)
		}
	}
}

// take returns a coin to pay from, nil when none is ready.
func (p *purse) take(now time.Time) *coin {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.ready) > 0 {
		c := p.ready[0]
		if !c.gone && now.Sub(c.since) < spreading {
			return nil
		}
		p.ready = p.ready[1:]
		if !c.gone {
			c.until = now.Add(patience)
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

// giveBack makes a coin ready again whose payment came to nothing.
func (p *purse) giveBack(c *coin) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.until = time.Time{}
	if !c.gone {
		p.shelve(c)
	}
}

// reclaim makes the coins ready again whose payments nobody has heard of since,
// and counts them.
func (p *purse) reclaim(now time.Time) (lost int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.coins {
		if !c.until.IsZero() && now.After(c.until) {
			c.until = time.Time{}
			p.shelve(c)
			lost++
		}
	}
	return lost
}

// small counts the coins that payments are made from, and all that are under way.
func (p *purse) small() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.coins {
		if !c.until.IsZero() || !c.entry.Coin.Coinbase && c.entry.Coin.Value.Jots() < 4*pieceJots {
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

// forward returns a signed payment of a coin to its owner.
func (p *purse) forward(c *coin) (types.Transaction, error) {
	return p.pay(c, []types.Output{{Address: p.key.Address()}}, true)
}

// spread returns a signed payment of a coin to its owner in many pieces, as many
// as one transaction may make.
func (p *purse) spread(c *coin) (tx types.Transaction, err error) {
	n := min(mostPieces, int(c.entry.Coin.Value.Jots()/pieceJots)-1)
	for ; n > 0; n /= 2 {
		payments := slices.Repeat([]types.Output{{Value: types.Jots(pieceJots), Address: p.key.Address()}}, n)
		tx, err = p.pay(c, payments, false)
		if !errors.Is(err, spend.ErrTooSmall) && !errors.Is(err, spend.ErrTooManyOutputs) {
			return tx, err
		}
	}
	return tx, err
}

func (p *purse) pay(c *coin, payments []types.Output, max bool) (types.Transaction, error) {
	plan, err := spend.New(spend.Request{
		Params: p.params, Coins: []spend.Coin{{Entry: c.entry, Policy: p.key.policy()}},
		Payments: payments, Max: max, OneStep: true, AllowHighFee: true,
		FeeRate: spend.MinFeeRate, Change: p.key.policy(),
	})
	if err != nil {
		return types.Transaction{}, err
	}
	return plan.Steps[0].Sign(p.params, spend.Seeds(&p.key.seed))
}
