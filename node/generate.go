package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/miner"
)

// ErrClockOvertaken says that no further block can be made at the spacing yet:
// its timestamp would be further ahead of the clock than the rules allow.
var ErrClockOvertaken = errors.New("the clock would be overtaken")

// Generate makes blocks one after the other, on devnet and simnet only, each
// with the timestamp one spacing after the sink's, as if they had been mined at
// the rate of the network: difficulty stays what it is however fast they are
// made. It pays an address, or where that is nil what mining pays, returns how
// many blocks it made, and stops with ErrClockOvertaken where the schedule has
// caught up with the clock. progress may be nil.
func (n *Node) Generate(ctx context.Context, count uint64, payTo *types.Address, progress func(made uint64)) (made uint64, err error) {
	if err := CanGenerate(n.cfg.Params); err != nil {
		return 0, err
	}
	if payTo == nil {
		usual, err := n.payout()
		if err != nil {
			return 0, err
		}
		payTo = &usual
	}
	for made < count {
		if err := n.generateOne(ctx, *payTo); err != nil {
			return made, err
		}
		made++
		report(progress, made)
	}
	return made, nil
}

// CanGenerate says why blocks cannot be made on demand on a network, nil where
// they can.
func CanGenerate(p *params.Params) error {
	if !ownNetwork(p) {
		return fmt.Errorf("blocks can be made on demand on devnet and simnet only, not on %s", p.Name)
	}
	return nil
}

func (n *Node) generateOne(ctx context.Context, payTo types.Address) error {
	b, err := n.template(payTo)
	if err != nil {
		return err
	}
	if b.Header.Timestamp, err = n.scheduledTime(n.chain.Snapshot(), time.Now()); err != nil {
		return err
	}
	if err := miner.Solve(ctx, n.cfg.Params, &b); err != nil {
		return err
	}
	return n.addBlock(b)
}

// scheduledTime is the timestamp of the block after the sink: one spacing
// later, and in any case after the median time. The template's own timestamp is
// the clock's, and blocks that all carry the present would look like a burst.
func (n *Node) scheduledTime(s *chain.Snapshot, now time.Time) (uint64, error) {
	p := n.cfg.Params
	timestamp := max(s.SinkTimestamp+p.Spacing, s.MedianTime+1)
	if limit := uint64(now.UnixMilli()) + p.FutureAllowance; timestamp > limit {
		return 0, fmt.Errorf("%w: the next block of the schedule is due at %s, and a block may be %d s ahead of the clock at most; try again later",
			ErrClockOvertaken, time.UnixMilli(int64(timestamp)).UTC().Format(time.RFC3339), p.FutureAllowance/1000)
	}
	return timestamp, nil
}
