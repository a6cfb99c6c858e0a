package chaintest

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

// A Historian makes DAGs of many thousands of blocks, which the chain itself
// makes, for the Oracle would take too long: rounds of two parallel blocks, some
// with payments of the Historian to itself.
type Historian struct {
	Params *params.Params
	Chain  *chain.Manager // what was made

	t      testing.TB
	wallet *Wallet
	cursor types.Hash
	coins  []utxo.Entry
}

// NewHistorian returns a Historian with a wallet of a name on an empty chain.
func NewHistorian(t testing.TB, p *params.Params, name string) *Historian {
	t.Helper()
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory(), Now: FarFuture, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return &Historian{Params: p, Chain: m, t: t, wallet: NewWallet(name)}
}

// History makes that many blocks: every eighth round has up to four payments.
func (h *Historian) History(blocks int) (made []types.Block) {
	h.t.Helper()
	for len(made) < blocks {
		made = append(made, h.Round(len(made)%16 == 0)...)
	}
	return slices.Clip(made[:blocks])
}

// Round makes and adds two parallel blocks, the first with payments or not.
func (h *Historian) Round(pays bool) []types.Block {
	h.t.Helper()
	var txs []types.Transaction
	if pays {
		txs = h.payments()
	}
	round := make([]types.Block, 2)
	for i := range round {
		request := chain.TemplateRequest{Miner: h.wallet.Address, Extra: []byte{byte(i)}}
		if i == 0 {
			request.Transactions = txs
		}
		template, err := h.Chain.Template(request)
		if err != nil {
			h.t.Fatal(err)
		}
		round[i] = template.Block
		round[i].Header.Timestamp = h.Chain.Snapshot().MedianTime + h.Params.Spacing
		Solve(h.Params, &round[i])
	}
	if _, _, err := h.Chain.AddBlocks(round); err != nil {
		h.t.Fatal(err)
	}
	return round
}

// payments spends up to four coins that are mature.
func (h *Historian) payments() (txs []types.Transaction) {
	h.t.Helper()
	updates, err := h.Chain.UpdatesSince(h.cursor, 1<<20)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, u := range updates {
		h.cursor = u.Hash
		h.coins = append(h.coins, u.Acceptance.Diff.Created...)
	}
	for len(txs) < 4 && len(h.coins) > 0 && h.coins[0].Coin.BlueScore+h.Params.CoinbaseMaturity <= h.Chain.Snapshot().BlueScore {
		coin := h.coins[0]
		h.coins = h.coins[1:]
		pay := []types.Output{{Value: types.Jots(coin.Coin.Value.Jots() - 10_000), Address: h.wallet.Address}}
		txs = append(txs, h.wallet.Pay(h.Params, pay, coin))
	}
	return txs
}
