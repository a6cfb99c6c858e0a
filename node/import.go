package node

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

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

// A group of lines is added with one write.
const (
	groupLines = 256
	groupBytes = 4 << 20
)

// Import reads what Export wrote and adds every block that is not here yet. It
// stops at the first line that is not a valid block and returns a LineError;
// the blocks before it stay. progress may be nil.
func (n *Node) Import(ctx context.Context, r io.Reader, progress func(lines uint64)) (Imported, error) {
	var count Imported
	var group []types.Block
	size := 0
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), n.longestLine())
	for lines.Scan() {
		b, err := n.importLine(lines.Bytes(), count.Lines+uint64(len(group))+1)
		if err != nil {
			return count, errors.Join(n.importGroup(group, &count), err)
		}
		group, size = append(group, b), size+len(lines.Bytes())/2
		if len(group) < groupLines && size < groupBytes {
			continue
		}
		if err := errors.Join(n.importGroup(group, &count), ctx.Err()); err != nil {
			return count, err
		}
		group, size = group[:0], 0
		report(progress, count.Lines)
	}
	if err := n.importGroup(group, &count); err != nil {
		return count, err
	}
	if err := lines.Err(); err != nil {
		return count, &LineError{count.Lines + 1, err}
	}
	if count.Lines == 0 {
		return count, errors.New("the file is empty: its first line must be the genesis block")
	}
	report(progress, count.Lines)
	return count, nil
}

// importGroup adds the blocks of some lines.
func (n *Node) importGroup(group []types.Block, count *Imported) error {
	added, known, err := n.chain.AddBlocks(group)
	count.Added += uint64(added)
	count.Known += uint64(known)
	count.Lines += uint64(added + known)
	if err != nil {
		return &LineError{count.Lines + 1, err}
	}
	return nil
}

// longestLine bounds a line: four units of weight are at most a byte, but a
// signature's 64 bytes weigh six units each, and a header has its own bound.
func (n *Node) longestLine() int {
	const header = 64 << 10
	return 2*(int(n.cfg.Params.BlockWeight)/4+header) + len("\r\n")
}

// importLine decodes the block of a line; the first must be genesis.
func (n *Node) importLine(line []byte, number uint64) (types.Block, error) {
	b, err := decodeLine(bytes.TrimSuffix(line, []byte("\r")))
	if err != nil {
		return b, &LineError{number, err}
	}
	if hash, genesis := b.Hash(), n.cfg.Params.GenesisHash; number == 1 && hash != genesis {
		return b, &LineError{number, fmt.Errorf("the first block must be the genesis of %s, %v, and is %v", n.cfg.Params.Name, genesis, hash)}
	}
	return b, nil
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
