package bench

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
)

// groupBlocks is how many blocks are written at once, as in a sync.
const groupBlocks = 256

// emptyChain names the data directory of the node that holds the chain without
// payments: it is started again, and synced from.
const emptyChain = "empty"

func (r *run) addEmpty(ctx context.Context) (err error) {
	r.result.Blocks.Empty, _, err = r.add(ctx, emptyChain, load{r.Amounts.Blocks, 1, 0})
	return err
}

func (r *run) addWide(ctx context.Context) (err error) {
	b := &r.result.Blocks
	if b.Wide4, _, err = r.add(ctx, "wide4", load{r.Amounts.Blocks, 4, 0}); err != nil {
		return err
	}
	b.Wide10, _, err = r.add(ctx, "wide10", load{r.Amounts.Blocks, 10, 0})
	return err
}

func (r *run) addPayments(ctx context.Context) (err error) {
	t := &r.result.Payments
	if _, t.Hundred, err = r.add(ctx, "pay100", load{max(1, r.Amounts.Payments/100), 1, 100}); err != nil {
		return err
	}
	_, t.ThreeHundred, err = r.add(ctx, "pay300", load{max(1, r.Amounts.Payments/300), 1, 300})
	return err
}

// add makes a load and times how a new node, named after its data directory,
// takes it, with everything durable.
func (r *run) add(ctx context.Context, name string, l load) (blocks, payments Rate, err error) {
	d, err := l.make(ctx, r.params, &r.keys, time.Now().Add(r.Amounts.Making))
	if err != nil {
		return 0, 0, err
	}
	n, err := node.Open(ctx, r.config(name))
	if err != nil {
		return 0, 0, err
	}
	var t tally
	err = errors.Join(takeAll(ctx, n, d, &t), n.Close())
	r.say("added %d blocks with %d payments", len(d.blocks), d.payments)
	paid := tally{count: d.payments, spent: t.spent}
	return t.rate(), paid.rate(), err
}

func takeAll(ctx context.Context, n *node.Node, d *dag, t *tally) error {
	if err := take(ctx, n, d.before, new(tally)); err != nil {
		return err
	}
	runtime.GC() // what was left by making them is not the node's
	return take(ctx, n, d.blocks, t)
}

func take(ctx context.Context, n *node.Node, blocks []types.Block, t *tally) (err error) {
	for group := range slices.Chunk(blocks, groupBlocks) {
		t.time(len(group), func() { _, _, err = n.Chain().AddBlocks(group) })
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}

// config is that of a node that keeps to itself.
func (r *run) config(name string) node.Config {
	return node.Config{Params: r.params, DataDir: filepath.Join(r.dir, name), NoIndex: true, NoWallets: true}
}
