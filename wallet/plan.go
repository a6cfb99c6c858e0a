package wallet

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// A Payment is a recipient and an amount.
type Payment struct {
	Address types.Address
	Amount  types.Amount
}

// A Fee is a choice of fee rate.
type Fee uint8

// The choices; each but the last is one of the pool's estimate.
const (
	FeeNormal Fee = iota
	FeeLow
	FeePriority
	FeeCustom // Request.FeeRate
)

// A Request says what is to be paid, and from what.
type Request struct {
	Account      uint32
	Payments     []Payment
	Max          bool // pay the last recipient, whose Amount is ignored, all that is left
	Fee          Fee
	FeeRate      uint64           // thousandths of a jot per unit of weight, for FeeCustom
	Coins        []types.Outpoint // all of these and no others, when there are any
	From         *types.Address   // only coins of this address, whoever has to sign; nil for all that the wallet can spend
	Preimages    []types.Preimage // secrets for hash locks; only with From
	AllowHighFee bool
	MaxFee       *types.Amount // no more in all steps; nil for any
	OneStep      bool          // refuse to join coins first
	Label        string
}

// A Plan is what sending would do: nothing is committed before it is sent. It is
// read-only.
type Plan struct {
	Steps   []spend.Draft // several when coins must be joined first; the last pays
	Paid    types.Amount  // to the recipients
	Fee     types.Amount  // of all steps
	Left    types.Amount  // with Max: available coins that are not worth spending
	FeeRate uint64        // thousandths of a jot per unit of weight
	Wait    time.Duration // until a block carries a step, as the pool stands; 0 when not known
	Partial bool          // others have to sign: Partially instead of Send

	request  Request
	change   *owned     // where the change goes
	replaces types.Hash // the pending transaction in whose place it goes
	max      bool
}

// Total returns what leaves the wallet: payments and fee.
func (p *Plan) Total() types.Amount { return plus(p.Paid, p.Fee) }

// Change returns what comes back to the wallet.
func (p *Plan) Change() types.Amount {
	last := &p.Steps[len(p.Steps)-1]
	if last.Change < 0 {
		return types.Amount{}
	}
	return last.Tx.Outputs[last.Change].Value
}

// Plan says what a request would do and does nothing. Its errors are those of
// package spend.
func (w *Wallet) Plan(r Request) (p *Plan, err error) {
	rate, wait := w.feeRate(r.Fee, r.FeeRate)
	err = w.prepare(func(l *ledger) error {
		p, err = w.plan(l, r, rate)
		return err
	})
	if err == nil {
		p.Wait = wait
	}
	return p, err
}

// feeRate returns the rate of a choice and how long it waits.
func (w *Wallet) feeRate(choice Fee, custom uint64) (rate uint64, wait time.Duration) {
	if choice == FeeCustom {
		return custom, 0
	}
	if w.cfg.Estimate == nil {
		return spend.MinFeeRate, 0
	}
	estimate := w.cfg.Estimate()
	bucket := map[Fee]mempool.Bucket{
		FeeNormal: estimate.Normal, FeeLow: estimate.Low, FeePriority: estimate.Priority,
	}[choice]
	return max(bucket.Rate, spend.MinFeeRate), bucket.Wait
}

// prepare runs fn on a ledger that has derived what it can.
func (w *Wallet) prepare(fn func(l *ledger) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.changeLocked(func(l *ledger, b *batch) error {
		if err := w.topUp(l, b); err != nil && !isLocked(err) {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	return fn(w.ledger)
}

func (w *Wallet) plan(l *ledger, r Request, rate uint64) (*Plan, error) {
	if _, err := l.account(r.Account); err != nil {
		return nil, err
	}
	p := &Plan{request: r, FeeRate: rate, max: r.Max}
	coins, who, err := w.spendable(l, &r)
	if err != nil {
		return nil, err
	}
	p.Partial = who != alone
	if p.change, err = l.changeFor(&r, who); err != nil {
		return nil, err
	}
	change := *p.change.policy
	open := slices.IndexFunc(coins, func(c spend.Coin) bool { return c.State == spend.Available })
	if who == together && open >= 0 {
		change = coins[open].Policy // of the same address, with one way to spend it
	}
	built, err := spend.New(spend.Request{
		Params:       w.cfg.Params,
		Coins:        coins,
		Must:         r.Coins,
		Only:         len(r.Coins) > 0,
		Payments:     outputsOf(r.Payments),
		Max:          r.Max,
		FeeRate:      rate,
		AllowHighFee: r.AllowHighFee,
		OneStep:      r.OneStep || p.Partial,
		Change:       change,
		Dice:         w.dice,
	})
	if err != nil {
		return nil, err
	}
	p.Steps, p.Paid, p.Fee, p.Left = built.Steps, built.Paid, built.Fee, built.Left
	if r.MaxFee != nil && p.Fee.Cmp(*r.MaxFee) > 0 {
		return nil, fmt.Errorf("%w: it would be %v JIO now, and %v JIO are allowed", ErrMaxFee, p.Fee, *r.MaxFee)
	}
	return p, nil
}

func outputsOf(payments []Payment) []types.Output {
	outputs := make([]types.Output, len(payments))
	for i, p := range payments {
		outputs[i] = types.Output{Value: p.Amount, Address: p.Address}
	}
	return outputs
}

// dice returns a number below n from the host's randomness.
func (w *Wallet) dice(n uint64) uint64 {
	var raw [8]byte
	for limit := -n % n; ; { // what is left of 2⁶⁴ beyond a multiple of n
		if _, err := io.ReadFull(w.cfg.Rand, raw[:]); err != nil {
			return 0 // of use for privacy only
		}
		if x := binary.LittleEndian.Uint64(raw[:]); x >= limit {
			return x % n
		}
	}
}

// A party says who it takes to spend a coin.
type party uint8

const (
	alone      party = iota // the wallet
	withSecret              // the wallet, with a preimage that the request brings
	together                // others have to sign as well
)

// spendable returns the coins that a request may use, and who it takes to spend
// those at the address asked for.
func (w *Wallet) spendable(l *ledger, r *Request) (coins []spend.Coin, who party, err error) {
	if r.From != nil && l.policyOf(*r.From) == nil {
		return nil, alone, unknown("what spends from %s", r.From.Text(w.cfg.Params.AddressPrefix))
	}
	for o, coin := range l.coins {
		owner := l.addresses[coin.Address]
		if r.From != nil && coin.Address != *r.From || r.From == nil && owner.account != r.Account {
			continue
		}
		c := spend.Coin{}
		c.State, c.Until = l.spendState(o, &coin)
		c.Outpoint, c.Coin = o, coin
		party, ok := l.choose(&c, r)
		if ok && !l.isSpent(o) {
			who = max(who, party)
			coins = append(coins, c)
		}
	}
	if r.From == nil {
		coins = append(coins, l.waiting(r.Account)...)
	}
	slices.SortFunc(coins, func(a, b spend.Coin) int { // so that the dice alone decide
		return compareCoins(Coin{Outpoint: a.Outpoint, Coin: a.Coin}, Coin{Outpoint: b.Outpoint, Coin: b.Coin})
	})
	return coins, who, nil
}

// waiting returns the coins of unconfirmed transactions, which are not spent but
// make the errors tell why there is not enough.
func (l *ledger) waiting(account uint32) (coins []spend.Coin) {
	for _, p := range l.pendingCoins() {
		if policy := l.policyOf(p.Address); p.Account == account && policy != nil {
			c := spend.Coin{State: spend.Pending, Policy: *policy}
			c.Outpoint, c.Coin = p.Outpoint, p.Coin
			coins = append(coins, c)
		}
	}
	return coins
}

func (l *ledger) spendState(o types.Outpoint, coin *types.Coin) (s spend.State, until uint64) {
	state, until := l.state(o, coin)
	switch state {
	case CoinMaturing:
		return spend.Maturing, until
	case CoinFrozen:
		return spend.Frozen, 0
	case CoinLocked:
		return spend.Locked, until
	}
	return spend.Available, 0
}

// choose gives a coin the policy with the branches that will be used, and says
// who it takes; ok is false when nobody can, or when that is not wanted.
func (l *ledger) choose(c *spend.Coin, r *Request) (who party, ok bool) {
	policy := l.policyOf(c.Coin.Address)
	if policy == nil {
		return together, false
	}
	if policy.Kind == types.PolicyKey {
		c.Policy = *policy
		if l.meta.watchOnly || !l.holds(policy.Key) {
			return together, r.From != nil || l.meta.watchOnly
		}
		return alone, true
	}
	means := spend.Means{Key: l.holds, At: l.next(), Coin: c.Coin}
	if c.Policy, ok = spend.Choose(*policy, means); ok {
		return alone, true
	}
	if r.From == nil {
		c.Policy = *policy
		c.Until, ok = spend.Opens(*policy, means)
		return alone, ok && c.State == spend.Locked
	}
	means.Preimage = func(image [32]byte) bool {
		return slices.ContainsFunc(r.Preimages, func(p types.Preimage) bool { return sha256.Sum256(p[:]) == image })
	}
	if c.Policy, ok = spend.Choose(*policy, means); ok {
		return withSecret, true
	}
	means.Key = func([32]byte) bool { return true }
	if c.Policy, ok = spend.Choose(*policy, means); ok {
		return together, true
	}
	c.State, c.Policy = spend.Locked, *policy
	c.Until, ok = spend.Opens(*policy, means)
	return alone, ok // so that it is said why there is nothing to spend
}

// holds reports whether the wallet has the secret of a key.
func (l *ledger) holds(key [32]byte) bool {
	o := l.keys[key]
	return o != nil && o.role <= RoleImported
}

// changeFor returns where the change of a request goes: to the next address of
// the account's change chain; back to where the coins are, where others have a
// say in them; and to any address of a wallet that has no chain.
func (l *ledger) changeFor(r *Request, who party) (*owned, error) {
	if who == together && r.From != nil {
		return l.addresses[*r.From], nil
	}
	if !l.meta.watchOnly {
		return l.nextChange(l.accounts[r.Account])
	}
	for _, o := range l.derivedFirst() {
		if o.account == r.Account && o.policy != nil {
			return o, nil
		}
	}
	return nil, errors.Join(ErrWatchOnly, unknown("the key of any address"))
}

func (l *ledger) nextChange(a *account) (*owned, error) {
	o := l.derived[path{chainID{a.Number, RoleChange}, a.Next[RoleChange]}]
	if o == nil {
		return nil, ErrStock
	}
	return o, nil
}

// derivedFirst returns all addresses in a fixed order, single keys first.
func (l *ledger) derivedFirst() []*owned {
	list := make([]*owned, 0, len(l.addresses))
	for _, o := range l.addresses {
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b *owned) int {
		if a.role != b.role {
			return int(a.role) - int(b.role)
		}
		return a.address.Hash.Compare(b.address.Hash)
	})
	return list
}
