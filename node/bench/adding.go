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

// longChain is the length of a chain that shows whether blocks take longer the
// more there are.
const longChain = 50000

// emptyChain names the data directory of the node that holds the chain without
// payments: it is started again, and synced from.
const emptyChain = "empty"

// addChain adds a chain without payments, and looks at its beginning and its end.
func (r *run) addChain(ctx context.Context) error {
	d, err := load{r.Amounts.Chain, 1, 0}.make(ctx, r.params, &r.keys, r.madeBy())
	if err != nil {
		return err
	}
	if enough*len(d.blocks) < r.Amounts.Blocks {
		return errLate
	}
	n, err := node.Open(ctx, r.config(emptyChain))
	if err != nil {
		return err
	}
	runtime.GC() // what was left by making them is not the node's
	return errors.Join(r.addStretches(ctx, n, d.blocks), n.Close())
}

func (r *run) addStretches(ctx context.Context, n *node.Node, blocks []types.Block) error {
	b := &r.result.Blocks
	first, last := min(len(blocks), r.Amounts.Blocks), len(blocks)-len(blocks)/10
	var whole tally
	for _, stretch := range []struct {
		from, to int
		rate     *Rate
	}{{0, first, &b.Empty}, {first, max(first, last), new(Rate)}, {max(first, last), len(blocks), &b.LongEnd}} {
		var t tally
		if err := add(ctx, n, blocks[stretch.from:stretch.to], &t); err != nil {
			return err
		}
		*stretch.rate = t.rate()
		whole.count, whole.spent = whole.count+t.count, whole.spent+t.spent
	}
	r.say("added %d blocks", len(blocks))
	if b.Long = whole.rate(); len(blocks) < longChain {
		b.Long, b.LongEnd = 0, 0
	}
	return nil
}

func (r *run) addWide4(ctx context.Context) error {
	a, err := r.addLoad(ctx, "wide4", load{r.Amounts.Blocks, 4, 0})
	r.result.Blocks.Wide4 = a.blocks.rate()
	return err
}

func (r *run) addWide10(ctx context.Context) error {
	a, err := r.addLoad(ctx, "wide10", load{r.Amounts.Blocks, 10, 0})
	r.result.Blocks.Wide10 = a.blocks.rate()
	return err
}

func (r *run) addHundreds(ctx context.Context) error {
	a, err := r.addLoad(ctx, "pay100", load{max(1, r.Amounts.Payments/100), 1, 100})
	r.result.Payments.Hundred, r.result.Allocations.Hundred = a.payments.rate(), a.allocations
	return err
}

func (r *run) addThreeHundreds(ctx context.Context) error {
	a, err := r.addLoad(ctx, "pay300", load{max(1, r.Amounts.Payments/300), 1, 300})
	r.result.Payments.ThreeHundred, r.result.Allocations.ThreeHundred = a.payments.rate(), a.allocations
	return err
}

// added is what it took to add a load.
type added struct {
	blocks, payments tally
	allocations      Mean // of a payment
}

// addLoad makes a load and times how a new node, named after its data directory,
// takes it, with everything durable. What was not added in time is left out.
func (r *run) addLoad(ctx context.Context, name string, l load) (a added, err error) {
	d, err := l.make(ctx, r.params, &r.keys, r.madeBy())
	if err != nil {
		return a, err
	}
	if enough*len(d.blocks) < l.blocks {
		return a, errLate
	}
	n, err := node.Open(ctx, r.config(name))
	if err != nil {
		return a, err
	}
	var t tally
	allocations, err := addDAG(ctx, n, d, &t)
	if err = errors.Join(err, n.Close()); err != nil {
		return a, err
	}
	r.say("added %d blocks with %d payments", len(d.blocks), d.payments)
	a = added{blocks: t, payments: tally{count: d.payments, spent: t.spent}}
	if d.payments > 0 {
		a.allocations = Mean(allocations) / Mean(d.payments)
	}
	return a, nil
}

// addDAG returns how often memory was allocated for the blocks that count.
func addDAG(ctx context.Context, n *node.Node, d *dag, t *tally) (allocations uint64, err error) {
	if err := add(ctx, n, d.before, new(tally)); err != nil {
		return 0, err
	}
	runtime.GC()
	before := allocated()
	err = add(ctx, n, d.blocks, t)
	return allocated() - before, err
}

func add(ctx context.Context, n *node.Node, blocks []types.Block, t *tally) (err error) {
	for group := range slices.Chunk(blocks, groupBlocks) {
		t.time(len(group), func() { _, _, err = n.Chain().AddBlocks(group) })
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// madeBy is when a step should have made its blocks: to add them takes a third of
// the time at most.
func (r *run) madeBy() time.Time { return r.deadline.Add(-time.Until(r.deadline) / 4) }

// config is that of a node that keeps to itself.
func (r *run) config(name string) node.Config {
	return node.Config{Params: r.params, DataDir: filepath.Join(r.dir, name), NoIndex: true, NoWallets: true}
}
