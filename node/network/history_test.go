package network_test

import (
	"flag"
	"slices"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

var syncBlocks = flag.Int("sync-blocks", 1000, "blocks that a fresh node syncs")

// historyNet is simnet with coinbases that mature at once.
func historyNet() *params.Params {
	p := params.SimNet()
	p.CoinbaseMaturity = 2
	return p
}

// history returns the first blocks of a DAG: rounds of two parallel ones, every
// eighth round with a few payments. It is made once.
func history(t testing.TB, blocks int) []types.Block {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	if len(made.blocks) < blocks {
		made.blocks = makeHistory(t, blocks)
	}
	return slices.Clip(made.blocks[:blocks])
}

var made struct {
	sync.Mutex
	blocks []types.Block
}

func makeHistory(t testing.TB, blocks int) (made []types.Block) {
	t.Helper()
	h := historian{t: t, params: historyNet(), wallet: chaintest.NewWallet("historian")}
	h.chain = openChain(t, h.params, store.NewMemory())
	for len(made) < blocks {
		made = append(made, h.round(len(made)%16 == 0)...)
	}
	return made
}

// A historian makes blocks and pays itself.
type historian struct {
	t      testing.TB
	params *params.Params
	chain  *chain.Manager
	wallet *chaintest.Wallet
	cursor types.Hash
	coins  []utxo.Entry
}

// round makes and adds two parallel blocks, the first with payments or not.
func (h *historian) round(pays bool) []types.Block {
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
		template, err := h.chain.Template(request)
		if err != nil {
			h.t.Fatal(err)
		}
		round[i] = template.Block
		round[i].Header.Timestamp = h.chain.Snapshot().MedianTime + h.params.Spacing
		chaintest.Solve(h.params, &round[i])
	}
	if _, _, err := h.chain.AddBlocks(round); err != nil {
		h.t.Fatal(err)
	}
	return round
}

// payments spends up to four coins that are mature.
func (h *historian) payments() (txs []types.Transaction) {
	h.t.Helper()
	updates, err := h.chain.UpdatesSince(h.cursor, 1<<20)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, u := range updates {
		h.cursor = u.Hash
		h.coins = append(h.coins, u.Acceptance.Diff.Created...)
	}
	for len(txs) < 4 && len(h.coins) > 0 && h.coins[0].Coin.BlueScore+h.params.CoinbaseMaturity <= h.chain.Snapshot().BlueScore {
		coin := h.coins[0]
		h.coins = h.coins[1:]
		pay := []types.Output{{Value: types.Jots(coin.Coin.Value.Jots() - 10_000), Address: h.wallet.Address}}
		txs = append(txs, h.wallet.Pay(h.params, pay, coin))
	}
	return txs
}

func openChain(t testing.TB, p *params.Params, s chain.Store) *chain.Manager {
	t.Helper()
	m, err := chain.Open(chain.Config{Params: p, Store: s, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// replay adds blocks in groups as large as those of a sync.
func replay(t testing.TB, m *chain.Manager, blocks []types.Block) {
	t.Helper()
	for group := range slices.Chunk(blocks, 256) {
		if _, _, err := m.AddBlocks(group); err != nil {
			t.Fatal(err)
		}
	}
}
