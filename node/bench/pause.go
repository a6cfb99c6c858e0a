package bench

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
)

// pauses is for how many blocks readers are watched.
const pauses = 200

// pause watches a reader while blocks with 300 payments are added one by one, each
// written for itself, at the depths of a network of 10 blocks a second. They follow
// each other without a rest.
func (r *run) pause(ctx context.Context) error {
	p, err := params.SimNetAt(10)
	if err != nil {
		return err
	}
	p.Implementation = r.params.Implementation
	wanted := min(pauses, max(1, r.Amounts.Payments/100))
	d, err := load{wanted, 1, 300}.make(ctx, p, &r.keys, r.madeBy())
	if err != nil {
		return err
	}
	if 2*len(d.blocks) < wanted {
		return errLate // one in 100 of so few says nothing
	}
	cfg := r.config("pause")
	cfg.Params = p
	n, err := node.Open(ctx, cfg)
	if err != nil {
		return err
	}
	waits, err := watch(ctx, n, d)
	if err = errors.Join(err, n.Close()); err != nil {
		return err
	}
	slices.Sort(waits)
	r.result.Pause = Seconds(waits[len(waits)*99/100].Seconds())
	r.say("added %d blocks with %d payments", len(d.blocks), d.payments)
	return nil
}

// watch returns how long a reader had to wait at most, block by block.
func watch(ctx context.Context, n *node.Node, d *dag) (waits []time.Duration, err error) {
	if err := add(ctx, n, d.before, new(tally)); err != nil {
		return nil, err
	}
	for i := range d.blocks {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		over, longest := make(chan struct{}), make(chan time.Duration)
		go func() { longest <- longestWait(n, over) }()
		err := n.Chain().AddBlock(d.blocks[i])
		close(over)
		waits = append(waits, <-longest)
		if err != nil {
			return nil, err
		}
	}
	return waits, nil
}

// longestWait asks for a coin again and again, until an answer came when it was
// over, and returns how long the slowest answer took.
func longestWait(n *node.Node, over <-chan struct{}) (longest time.Duration) {
	const rest = 100 * time.Microsecond // leaves the processor to the writer
	for {
		asked := time.Now()
		if _, _, err := n.Chain().Coin(types.Outpoint{}); err != nil {
			return longest // the writer has the same error
		}
		longest = max(longest, time.Since(asked))
		select {
		case <-over:
			return longest
		case <-time.After(rest):
		}
	}
}
