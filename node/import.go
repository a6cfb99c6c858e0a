package node

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
)

// Imported counts what Import read.
type Imported struct {
	Lines uint64 // read, genesis included
	Added uint64
	Known uint64 // skipped, because they were here already
}

// A LineError says which line of an import file was refused, and why.
type LineError struct {
	Line uint64 // from 1
	Err  error
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the reason.
func (e *LineError) Unwrap() error { return e.Err }

// Import reads what Export wrote and adds every block that is not here yet. It
// stops at the first line that is not a valid block and returns a LineError;
// the blocks before it stay. progress may be nil.
func (n *Node) Import(ctx context.Context, r io.Reader, progress func(lines uint64)) (Imported, error) {
	var count Imported
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), n.longestLine())
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return count, err
		}
		count.Lines++
		if err := n.importLine(lines.Bytes(), &count); err != nil {
			return count, &LineError{count.Lines, err}
		}
		report(progress, count.Lines)
	}
	if err := lines.Err(); err != nil {
		return count, &LineError{count.Lines + 1, err}
	}
	if count.Lines == 0 {
		return count, errors.New("the file is empty: its first line must be the genesis block")
	}
	return count, nil
}

// longestLine bounds a line: four units of weight are at most a byte, but a
// signature's 64 bytes weigh six units each, and a header has its own bound.
func (n *Node) longestLine() int {
	const header = 64 << 10
	return 2*(int(n.cfg.Params.BlockWeight)/4+header) + len("\r\n")
}

func (n *Node) importLine(line []byte, count *Imported) error {
	b, err := decodeLine(bytes.TrimSuffix(line, []byte("\r")))
	if err != nil {
		return err
	}
	if hash, genesis := b.Hash(), n.cfg.Params.GenesisHash; count.Lines == 1 && hash != genesis {
		return fmt.Errorf("the first block must be the genesis of %s, %v, and is %v", n.cfg.Params.Name, genesis, hash)
	}
	switch err := n.chain.AddBlock(b); {
	case errors.Is(err, chain.ErrKnown):
		count.Known++
	case err != nil:
		return err
	default:
		count.Added++
	}
	return nil
}

// decodeLine reads the hex of a block and nothing after it.
func decodeLine(line []byte) (b types.Block, err error) {
	raw := make([]byte, hex.DecodedLen(len(line)))
	if _, err := hex.Decode(raw, line); err != nil {
		return b, err
	}
	d := types.NewDecoder(raw)
	b.DecodeFrom(d)
	return b, d.Finish()
}
