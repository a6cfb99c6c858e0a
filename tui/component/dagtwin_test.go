package component

import (
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A twin lays a window out as the definition of DagLayout says it, by asking every
// child and every parent again until nothing moves any more.
type twin struct {
	blocks        map[types.Hash]*api.DagBlock // those that may be drawn
	first, newest *api.DagBlock                // of the chain
	right         map[types.Hash]int           // the furthest that children and mergers leave
}

// definedColumns returns the columns of what is drawn of a window.
func definedColumns(w *api.DagWindow) map[types.Hash]int {
	t := &twin{blocks: map[types.Hash]*api.DagBlock{}, right: map[types.Hash]int{}}
	for i := range w.Blocks {
		b := &w.Blocks[i]
		t.blocks[b.Hash] = b
		if b.Fate == "chain" {
			if t.newest = b; t.first == nil {
				t.first = b
			}
		}
	}
	gone := []types.Hash{}
	for h, b := range t.blocks {
		if b.Fate != "chain" && (b.Timestamp < t.time(t.first) || t.above(b) > mostAhead) {
			gone = append(gone, h)
		}
	}
	for _, h := range gone {
		delete(t.blocks, h)
	}
	t.fromTheRight()
	return t.fromTheLeft()
}

// time is the earliest of a chain block and those above it.
func (t *twin) time(b *api.DagBlock) int64 {
	at := b.Timestamp
	for _, o := range t.blocks {
		if o.Fate == "chain" && o.BlueScore >= b.BlueScore {
			at = min(at, o.Timestamp)
		}
	}
	return at
}

// above is how many blocks a block stands above the newest chain block.
func (t *twin) above(b *api.DagBlock) (n int) {
	for _, h := range b.Parents {
		if p := t.blocks[h]; p == t.newest {
			n = max(n, 1)
		} else if p != nil && t.above(p) > 0 {
			n = max(n, t.above(p)+1)
		}
	}
	return n
}

func (t *twin) fromTheRight() {
	for h := range t.blocks {
		t.right[h] = mostAhead
	}
	t.right[t.newest.Hash] = 0
	lower := func(h types.Hash, to int) bool {
		now, ok := t.right[h]
		if !ok || to >= now {
			return false
		}
		t.right[h] = to
		return true
	}
	for moved := true; moved; {
		moved = false
		for h, b := range t.blocks {
			for _, p := range b.Parents {
				moved = lower(p, t.right[h]-1) || moved
			}
			if m, ok := t.right[b.MergedBy]; ok {
				moved = lower(h, m-1) || moved
			}
		}
	}
}

func (t *twin) fromTheLeft() map[types.Hash]int {
	columns := map[types.Hash]int{}
	for h, b := range t.blocks {
		columns[h] = t.right[h]
		if b.Fate != "chain" {
			columns[h] = min(t.right[h], t.columnAt(b.Timestamp))
		}
	}
	for moved := true; moved; {
		moved = false
		for h, b := range t.blocks {
			for _, p := range b.Parents {
				if at, ok := columns[p]; ok && at >= columns[h] {
					columns[h], moved = at+1, true
				}
			}
		}
	}
	left := columns[t.first.Hash]
	for h := range columns {
		if columns[h] -= left; columns[h] < 0 {
			delete(columns, h)
		}
	}
	return columns
}

// columnAt is where the lowest chain block stands that is not older than a time.
func (t *twin) columnAt(time int64) int {
	at := 0
	for _, c := range t.blocks {
		if c.Fate == "chain" && t.time(c) >= time {
			at = min(at, t.right[c.Hash])
		}
	}
	return at
}
