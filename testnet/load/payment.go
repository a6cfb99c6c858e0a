package load

import (
	"errors"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

const (
	// leastJots is the least that anybody is paid, lest coins crumble to dust.
	leastJots = pieceJots / 4
	// mostPieces is how many coins one transaction makes of one.
	mostPieces = 100
)

// A mint makes the payments between wallets. All of them pay; who is paid are the
// first of them, or wallets that the nodes keep.
type mint struct {
	params  *params.Params
	wallets []wallet
	payees  []types.Address
	dice    func(n uint64) uint64
}

func newMint(p *params.Params, wallets []wallet, paid int, dice func(n uint64) uint64) *mint {
	m := &mint{params: p, wallets: wallets, dice: dice}
	for i := range wallets[:paid] {
		m.payees = append(m.payees, wallets[i].receive.address)
	}
	return m
}

// payment returns a signed payment of all of a wallet's coins given to another:
// a part that chance picks to that one's address, and the rest back to change.
// What is too little to part goes over whole.
func (m *mint) payment(coins []*coin) (types.Transaction, error) {
	to := m.payee(coins[0].wallet)
	sum := uint64(0)
	for _, c := range coins {
		sum += c.entry.Coin.Value.Jots()
	}
	if sum < 4*leastJots {
		return m.sign(coins, []types.Output{{Address: to}}, true)
	}
	part := leastJots + m.dice(sum-3*leastJots)
	return m.sign(coins, []types.Output{{Value: types.Jots(part), Address: to}}, false)
}

// payee picks somebody to pay, not the payer where there is another.
func (m *mint) payee(payer int) types.Address {
	among := len(m.payees)
	if payer >= among || among == 1 {
		return m.payees[m.dice(uint64(among))]
	}
	return m.payees[(payer+1+int(m.dice(uint64(among-1))))%among]
}

// spread returns a signed payment of a coin to all wallets in turn in pieces, as
// many as one transaction may make; of a coin too small for that, to one wallet.
func (m *mint) spread(c *coin) (tx types.Transaction, err error) {
	n := min(mostPieces, int(c.entry.Coin.Value.Jots()/pieceJots)-1)
	if n < 1 {
		return m.sign([]*coin{c}, []types.Output{{Address: m.payee(c.wallet)}}, true)
	}
	first := int(m.dice(uint64(len(m.payees))))
	for ; n > 0; n /= 2 {
		pieces := make([]types.Output, n)
		for i := range pieces {
			pieces[i] = types.Output{Value: types.Jots(pieceJots), Address: m.payees[(first+i)%len(m.payees)]}
		}
		tx, err = m.sign([]*coin{c}, pieces, false)
		if !errors.Is(err, spend.ErrTooSmall) && !errors.Is(err, spend.ErrTooManyOutputs) {
			return tx, err
		}
	}
	return tx, err
}

// sign returns a payment of all coins, which are one wallet's.
func (m *mint) sign(coins []*coin, payments []types.Output, max bool) (types.Transaction, error) {
	request := spend.Request{
		Params: m.params, Only: true, Payments: payments, Max: max, OneStep: true, AllowHighFee: true,
		FeeRate: spend.MinFeeRate, Change: m.wallets[coins[0].wallet].change.policy,
	}
	var seeds []*[32]byte
	for _, c := range coins {
		request.Coins = append(request.Coins, spend.Coin{Entry: c.entry, Policy: c.lock.policy})
		request.Must = append(request.Must, c.entry.Outpoint)
		seeds = append(seeds, &c.lock.seed)
	}
	plan, err := spend.New(request)
	if err != nil {
		return types.Transaction{}, err
	}
	return plan.Steps[0].Sign(m.params, spend.Seeds(seeds...))
}
