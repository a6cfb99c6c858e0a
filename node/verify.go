package node

import (
	"context"

	"github.com/jio-dag/jio/chain"
)

// Verify reads every record of the database, recounts the whole state from the
// blocks, and holds the index against them. When the chain fails, its database
// is left as a crash would leave it, so that no later start takes it for good.
// progress is told the stage.
func (n *Node) Verify(ctx context.Context, progress func(stage string, done, total int64)) (chain.Report, error) {
	err := n.db.CheckFiles(func(done, total int64) { progress("reading files", done, total) })
	var report chain.Report
	if err == nil {
		report, err = n.chain.Verify(ctx, progress)
	}
	if err != nil && ctx.Err() == nil {
		n.broken.Store(true)
	}
	if err == nil {
		err = n.checkIndex(ctx, progress)
	}
	return report, err
}
