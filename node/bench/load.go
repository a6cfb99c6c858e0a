package bench

import (
	"context"
	"runtime"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/miner"
	"github.com/jio-dag/jio/store"
)

// A load says what DAG to make: rounds of so many parallel blocks or, where the
// width is 1, blocks with so many payments each.
type load struct{ blocks, width, payments int }

// A dag is a made load, the blocks in an order in which a chain takes them.
type dag struct {
	before   []types.Block // what makes the coins for the payments
	blocks   []types.Block
	payments int
}

// A minter makes dags on a chain in memory.
type minter struct {
	params *params.Params
	chain  *chain.Manager
	payer  *payer
	width  int
}

// make mines the load, or as much of it as gets done until a moment.
func (l load) make(ctx context.Context, p *params.Params, keys *keyring, until time.Time) (*dag, error) {
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory(), Workers: runtime.NumCPU()})
	if err != nil {
		return nil, err
	}
	x := &minter{params: p, chain: m, payer: newPayer(p, keys, l.payments), width: l.width}
	d := new(dag)
	for !x.payer.ready() {
		if d.before, err = x.grow(ctx, d.before, x.payer.split); err != nil {
			return nil, err
		}
	}
	for len(d.blocks) < l.blocks && (len(d.blocks) == 0 || time.Now().Before(until)) {
		if d.blocks, err = x.grow(ctx, d.blocks, x.payer.pay); err != nil {
			return nil, err
		}
		d.payments += l.payments
	}
	return d, nil
}

// grow appends blocks that know nothing of each other. All carry the same
// timestamp, as late as keeps to the network's rate of blocks.
func (x *minter) grow(ctx context.Context, blocks []types.Block, transactions func(*chain.Manager) ([]types.Transaction, error)) ([]types.Block, error) {
	txs, err := transactions(x.chain)
	if err != nil {
		return nil, err
	}
	round := make([]types.Block, x.width)
	timestamp := x.chain.Snapshot().SinkTimestamp + x.params.Spacing*uint64(x.width)
	for i := range round {
		t, err := x.chain.Template(chain.TemplateRequest{Miner: x.payer.payee, Extra: []byte{byte(i)}, Transactions: txs})
		if err != nil {
			return nil, err
		}
		if len(t.Dropped) > 0 {
			return nil, t.Dropped[0].Err
		}
		round[i] = t.Block
		round[i].Header.Timestamp = timestamp
		if err := miner.Solve(ctx, x.params, &round[i]); err != nil {
			return nil, err
		}
	}
	_, _, err = x.chain.AddBlocks(round)
	return append(blocks, round...), err
}
