package miner

import (
	"context"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// Solve finds the nonce of b in place on the calling goroutine; the timestamp
// stays as it is. It returns an error when the network has no engine for b, its
// bits are no target, or ctx ends first; b is then unchanged.
func Solve(ctx context.Context, p *params.Params, b *types.Block) error {
	j, err := newJob(p, *b)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if nonce, found, _ := j.tryBatch(); found {
			b.Header.Nonce = nonce
			return nil
		}
	}
	return ctx.Err()
}
