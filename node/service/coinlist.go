package service

import (
	"context"
	"slices"
	"strings"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
)

// coinOrders are the orders that coins can be listed in, by name. Each begins with
// the wallet's own, the oldest first.
var coinOrders = map[string]func([]wallet.Coin){
	"":        func([]wallet.Coin) {},
	"newest":  slices.Reverse[[]wallet.Coin],
	"largest": largestFirst,
}

// largestFirst orders coins by size, the newer of two alike first.
func largestFirst(coins []wallet.Coin) {
	slices.Reverse(coins)
	slices.SortStableFunc(coins, func(a, b wallet.Coin) int { return b.Value.Cmp(a.Value) })
}

// getCoins answers with a page of the coins that pass the filter, however many
// there are.
func (s *Service) getCoins(_ context.Context, p api.CoinsParams) (api.WalletCoins, error) {
	limit, err := within("limit", p.Limit, mostCoins)
	if err != nil {
		return api.WalletCoins{}, err
	}
	if p.Offset < 0 {
		return api.WalletCoins{}, invalid("offset", "%d is below 0", p.Offset)
	}
	order, known := coinOrders[p.Order]
	if !known {
		return api.WalletCoins{}, invalid("order", "%q is neither newest nor largest, nor empty for the oldest first", p.Order)
	}
	if err := short("filter", p.Filter, mostSearchBytes); err != nil {
		return api.WalletCoins{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.WalletCoins{}, err
	}
	coins, err := w.Coins()
	if err != nil {
		return api.WalletCoins{}, err
	}
	coins = s.matching(coins, strings.ToLower(p.Filter))
	order(coins)
	from := min(p.Offset, len(coins))
	seen := coins[from:min(from+limit, len(coins))]
	page := api.WalletCoins{Coins: make([]api.WalletCoin, len(seen)), Total: len(coins)}
	for i := range seen {
		page.Coins[i] = s.walletCoin(&seen[i])
	}
	return page, nil
}

// matching leaves the coins that have a text, in small letters, in their id, their
// address, their label or the name of their state.
func (s *Service) matching(coins []wallet.Coin, text string) []wallet.Coin {
	if text == "" {
		return coins
	}
	return slices.DeleteFunc(coins, func(c wallet.Coin) bool {
		return !strings.Contains(c.Outpoint.TxID.String(), text) && !strings.Contains(strings.ToLower(c.Label), text) &&
			!strings.Contains(c.State.String(), text) && !strings.Contains(s.text(c.Address), text)
	})
}
