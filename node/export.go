package node

import (
	"bufio"
	"context"
	"encoding/hex"
	"io"

	"github.com/jio-dag/jio/chain/types"
)

// Export writes every block whose body is here, one a line: the hex of its
// canonical encoding, in topological order, genesis first. It returns how many,
// and calls progress, which may be nil, after each.
func (n *Node) Export(ctx context.Context, w io.Writer, progress func(done uint64)) (done uint64, err error) {
	out := bufio.NewWriter(w)
	e := types.NewEncoder(nil)
	var line []byte
	err = n.chain.Blocks(func(b types.Block) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		e.Reset()
		b.EncodeTo(e)
		line = append(hex.AppendEncode(line[:0], e.Bytes()), '\n')
		if _, err := out.Write(line); err != nil {
			return err
		}
		done++
		report(progress, done)
		return nil
	})
	if err != nil {
		return done, err
	}
	return done, out.Flush()
}

func report(progress func(uint64), done uint64) {
	if progress != nil {
		progress(done)
	}
}
