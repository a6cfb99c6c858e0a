package dag

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// countingNodes counts the nodes that each operation writes, once each.
type countingNodes struct {
	MemoryNodes
	written map[types.Hash]struct{}
	total   int
}

func (n *countingNodes) Edit(h types.Hash) *Node {
	n.written[h] = struct{}{}
	return n.MemoryNodes.Edit(h)
}

func (n *countingNodes) Create(h types.Hash, node Node) {
	n.written[h] = struct{}{}
	n.MemoryNodes.Create(h, node)
}

// flush ends an operation.
func (n *countingNodes) flush() {
	n.total += len(n.written)
	clear(n.written)
}

// A layered DAG is reachability alone, of blocks that each have all blocks of
// the layer before as parents; which of them is the selected parent is random.
type layered struct {
	*Reachability
	nodes *countingNodes
	rng   *rand.Rand
	width int
	count int
	below []types.Hash // the selected parent first
	layer []types.Hash
}

func newLayered(width int) *layered {
	nodes := &countingNodes{MemoryNodes: make(MemoryNodes), written: make(map[types.Hash]struct{})}
	return &layered{
		Reachability: PlantGenesis(nodes, blockID(0)),
		nodes:        nodes,
		rng:          rand.New(rand.NewPCG(uint64(width), 7)),
		width:        width,
		below:        []types.Hash{blockID(0)},
	}
}

func (l *layered) grow() {
	l.count++
	h := blockID(l.count)
	l.Add(h, l.below[0], l.below[1:])
	if l.layer = append(l.layer, h); len(l.layer) == 1 {
		l.Hint(h)
	}
	l.nodes.flush()
	if len(l.layer) == l.width {
		l.rng.Shuffle(l.width, func(i, j int) { l.layer[i], l.layer[j] = l.layer[j], l.layer[i] })
		l.below, l.layer = l.layer, nil
	}
}

// editsPerBlock returns how many nodes a block writes on average.
func editsPerBlock(width, blocks int) float64 {
	l := newLayered(width)
	for range blocks {
		l.grow()
	}
	return float64(l.nodes.total) / float64(blocks)
}

// TestWritesDoNotGrow: with production parameters a block writes few nodes, its
// merge set included, and no more on a long chain than on a short one.
func TestWritesDoNotGrow(t *testing.T) {
	for _, c := range []struct {
		width int
		bound float64
	}{{1, 8}, {4, 16}, {10, 25}} {
		short, long := editsPerBlock(c.width, 2000), editsPerBlock(c.width, 12000)
		t.Logf("%d wide: %.2f nodes written per block in 2,000 blocks, %.2f in 12,000", c.width, short, long)
		if long > c.bound || long > short*1.1 {
			t.Errorf("%d wide: %.2f nodes written per block in 2,000 blocks, %.2f in 12,000", c.width, short, long)
		}
	}
}

func BenchmarkReachabilityAdd(b *testing.B) {
	for _, width := range []int{1, 4, 10} {
		for _, height := range []int{1000, 10000, 100000} {
			b.Run(fmt.Sprintf("%dwide/%d", width, height), func(b *testing.B) {
				l := newLayered(width)
				for range height {
					l.grow()
				}
				l.nodes.total = 0
				b.ReportAllocs()
				for b.Loop() {
					l.grow()
				}
				b.ReportMetric(float64(l.nodes.total)/float64(b.N), "nodes/op")
			})
		}
	}
}

func BenchmarkIsAncestor(b *testing.B) {
	for _, width := range []int{1, 4, 10} {
		b.Run(fmt.Sprintf("%dwide", width), func(b *testing.B) {
			l := newLayered(width)
			for range 20000 {
				l.grow()
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i++
				l.IsAncestor(blockIDs[i*131%20000], blockIDs[i*151%20000])
			}
		})
	}
}

// blockIDs spares the benchmarks the making of hashes.
var blockIDs = func() (ids [20000]types.Hash) {
	for i := range ids {
		ids[i] = blockID(i)
	}
	return ids
}()

func BenchmarkGhostdag(b *testing.B) {
	for _, width := range []int{1, 4, 10} {
		b.Run(fmt.Sprintf("%dwide", width), func(b *testing.B) {
			d := plainTestDAG(18)
			tips := growLayers(d, 50*width, width)
			b.ReportAllocs()
			for b.Loop() {
				Ghostdag(d, d.k, tips)
			}
		})
	}
}
