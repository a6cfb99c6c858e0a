package service

import (
	"context"
	"math"
	"strconv"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/node/api"
)

var errNoIndex = api.Errorf(api.CodeUnavailable, "this node runs without the index of transactions and addresses")

// shortWay is how many chain blocks a question lets the index catch up with.
const shortWay = 1000

// index returns the index, brought up to the sink; while it is being built it is
// not ready.
func (s *Service) index(ctx context.Context) (*index.Index, error) {
	if s.Index == nil {
		return nil, errNoIndex
	}
	at, sink := s.Index.Position(), s.Chain.Snapshot().Sink
	if at.Cursor == sink {
		return s.Index, nil
	}
	info, err := s.Chain.Info(sink)
	if err != nil {
		return nil, err
	}
	if info.Height+1 > at.Blocks+shortWay {
		return nil, api.Errorf(api.CodeNotReady, "the index is being built: %d of %d chain blocks", at.Blocks, info.Height+1)
	}
	return s.Index, s.Index.Follow(ctx)
}

// An overlay is what is not accepted by the chain yet: what virtual accepts on
// top of it, and the pool.
type overlay struct {
	spent map[types.Outpoint]bool
	made  map[types.Outpoint]types.Output
}

// overlay collects what touches some addresses.
func (s *Service) overlay(snapshot *chain.Snapshot, addresses []types.Address) overlay {
	watched := make(map[types.Address]bool, len(addresses))
	for _, a := range addresses {
		watched[a] = true
	}
	o := overlay{make(map[types.Outpoint]bool), make(map[types.Outpoint]types.Output)}
	for _, e := range s.pooled(watched) {
		id := e.ID
		for i := range e.Tx.Inputs {
			o.spent[e.Tx.Inputs[i].Outpoint] = true
		}
		for i, out := range e.Tx.Outputs {
			o.made[types.Outpoint{TxID: id, Index: uint32(i)}] = out
		}
	}
	for _, n := range snapshot.Pending.Diff.Spent {
		o.spent[n.Outpoint] = true
	}
	for _, n := range snapshot.Pending.Diff.Created {
		o.made[n.Outpoint] = n.Coin.Output
	}
	for point := range o.spent {
		delete(o.made, point)
	}
	return o
}

// pending sums up what is made for an address.
func (o *overlay) pending(a types.Address) (sum types.Amount) {
	for _, out := range o.made {
		if out.Address == a {
			sum, _ = sum.Add(out.Value)
		}
	}
	return sum
}

// mature reports whether a coin could be spent in the next block.
func (s *Service) mature(c *types.Coin, snapshot *chain.Snapshot) bool {
	return !c.Coinbase || snapshot.BlueScore >= c.BlueScore+s.Params.CoinbaseMaturity
}

func (s *Service) getUTXOs(ctx context.Context, p api.AddressesParams) (api.UTXOs, error) {
	addresses, err := s.addresses(p.Addresses)
	if err != nil {
		return api.UTXOs{}, err
	}
	x, err := s.index(ctx)
	if err != nil {
		return api.UTXOs{}, err
	}
	snapshot := s.Chain.Snapshot()
	found := api.UTXOs{UTXOs: []api.UTXO{}}
	for _, a := range addresses {
		coins, err := x.Coins(a, nil, mostCoins+1-len(found.UTXOs))
		if err != nil {
			return found, err
		}
		for i := range coins {
			found.UTXOs = append(found.UTXOs, s.utxo(&coins[i], snapshot))
		}
		if len(found.UTXOs) > mostCoins {
			return api.UTXOs{}, api.Errorf(api.CodeTooLarge, "these addresses have more than %d coins; ask for fewer", mostCoins)
		}
	}
	return found, nil
}

func (s *Service) utxo(n *utxo.Entry, snapshot *chain.Snapshot) api.UTXO {
	return api.UTXO{
		Outpoint:  outpoint(n.Outpoint),
		Address:   s.text(n.Coin.Address),
		Amount:    n.Coin.Value,
		BlueScore: n.Coin.BlueScore,
		Coinbase:  n.Coin.Coinbase,
		Mature:    s.mature(&n.Coin, snapshot),
	}
}

func (s *Service) getBalances(ctx context.Context, p api.AddressesParams) (api.Balances, error) {
	addresses, err := s.addresses(p.Addresses)
	if err != nil {
		return api.Balances{}, err
	}
	x, err := s.index(ctx)
	if err != nil {
		return api.Balances{}, err
	}
	snapshot := s.Chain.Snapshot()
	waiting := s.overlay(snapshot, addresses)
	found := api.Balances{}
	for _, a := range addresses {
		b, err := s.balance(x, a, snapshot, &waiting)
		if err != nil {
			return found, err
		}
		found.Balances = append(found.Balances, b)
	}
	return found, nil
}

// balance counts coins page by page, so that an address of many is no burden.
func (s *Service) balance(x *index.Index, a types.Address, snapshot *chain.Snapshot, waiting *overlay) (api.AddressBalance, error) {
	b := api.AddressBalance{Address: s.text(a)}
	b.Balance.Pending = waiting.pending(a)
	const page = 1000
	var after *types.Outpoint
	for {
		coins, err := x.Coins(a, after, page)
		if err != nil {
			return b, err
		}
		for i := range coins {
			s.count(&b, &coins[i], snapshot, waiting)
		}
		if len(coins) < page {
			return b, nil
		}
		after = &coins[page-1].Outpoint
	}
}

func (s *Service) count(b *api.AddressBalance, n *utxo.Entry, snapshot *chain.Snapshot, waiting *overlay) {
	b.Coins++
	if waiting.spent[n.Outpoint] {
		return
	}
	figure := &b.Balance.Available
	if !s.mature(&n.Coin, snapshot) {
		figure = &b.Balance.Maturing
	}
	*figure, _ = figure.Add(n.Coin.Value)
}

func (s *Service) getAddressHistory(ctx context.Context, p api.AddressHistoryParams) (api.AddressHistory, error) {
	a, err := s.address("address", p.Address)
	if err != nil {
		return api.AddressHistory{}, err
	}
	limit, err := within("limit", p.Limit, mostEvents)
	if err != nil {
		return api.AddressHistory{}, err
	}
	below := uint64(math.MaxUint64)
	if p.Cursor != "" {
		if below, err = strconv.ParseUint(p.Cursor, 10, 64); err != nil {
			return api.AddressHistory{}, invalid("cursor", "%.40q is not the cursor of an earlier page", p.Cursor)
		}
	}
	x, err := s.index(ctx)
	if err != nil {
		return api.AddressHistory{}, err
	}
	events, err := x.History(a, below, limit)
	if err != nil {
		return api.AddressHistory{}, err
	}
	return addressHistory(events), nil
}

func addressHistory(events []index.Event) api.AddressHistory {
	page := api.AddressHistory{Entries: make([]api.AddressEntry, len(events))}
	for i, e := range events {
		page.Entries[i] = api.AddressEntry{
			ID:         e.ID,
			AcceptedBy: e.AcceptedBy,
			BlueScore:  e.BlueScore,
			Time:       int64(e.Time),
			Received:   e.Received,
			Spent:      e.Sent,
			Coinbase:   e.Coinbase,
		}
	}
	if n := len(events); n > 0 && events[n-1].Number > 0 {
		page.Cursor = strconv.FormatUint(events[n-1].Number, 10)
	}
	return page
}

func (s *Service) getCoinSupply(context.Context, api.None) (api.CoinSupply, error) {
	snapshot := s.Chain.Snapshot()
	return api.CoinSupply{
		Circulating: types.Jots(snapshot.Supply),
		Maximum:     s.maximumSupply(),
		Coins:       snapshot.Coins,
	}, nil
}

// maximumSupply is nil where a flat subsidy is paid for ever.
func (s *Service) maximumSupply() *types.Amount {
	if !s.Params.FlatSubsidy.IsZero() {
		return nil
	}
	most := types.MaxAmount
	return &most
}
