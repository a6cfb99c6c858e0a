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
		made.blocks = chaintest.NewHistorian(t, historyNet(), "historian").History(blocks)
	}
	return slices.Clip(made.blocks[:blocks])
}

var made struct {
	sync.Mutex
	blocks []types.Block
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
