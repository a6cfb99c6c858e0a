package chain_test

import (
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// TestForkBelow holds the strides down a selected chain against single steps.
func TestForkBelow(t *testing.T) {
	p := smallNet(3)
	rng := rand.New(rand.NewPCG(11, 11))
	m := open(t, p, store.NewMemory())
	blocks := chaintest.RandomDAG(chaintest.NewBuilder(p), chaintest.Shape{Blocks: 200, Width: 4, Private: 0.5}, rng)
	addRow(t, m, blocks)
	any := func() types.Hash { return blocks[rng.IntN(len(blocks))].Hash() }
	for range 500 {
		from, others := any(), []types.Hash{any(), any()}
		want := from
		for !m.InPast(want, others) {
			info, err := m.Info(want)
			if err != nil {
				t.Fatal(err)
			}
			want = info.Header.SelectedParent()
		}
		if got := m.ForkBelow(others, from); got != want {
			t.Fatalf("below %v, %v have %v in their past, want %v", from, others, got, want)
		}
	}
}

// mineAlone returns so many blocks of a miner who knows no other.
func mineAlone(b *testing.B, p *params.Params, name string, n int) (blocks []types.Block) {
	b.Helper()
	m := chaintest.Open(b, p)
	for range n {
		t, err := m.Template(chain.TemplateRequest{Miner: chaintest.NewWallet(name).Address})
		if err != nil {
			b.Fatal(err)
		}
		t.Block.Header.Timestamp = m.Snapshot().MedianTime + p.Spacing
		chaintest.Solve(p, &t.Block)
		if err := m.AddBlock(t.Block); err != nil {
			b.Fatal(err)
		}
		blocks = append(blocks, t.Block)
	}
	return blocks
}

// BenchmarkLongBranch adds blocks to a chain beside which there is a branch of 3,000
// blocks that nobody has merged yet.
func BenchmarkLongBranch(b *testing.B) {
	p := params.SimNet()
	const branch, beside = 3000, 200
	left, right := mineAlone(b, p, "left", branch), mineAlone(b, p, "right", branch+10+beside)
	var seconds float64
	for b.Loop() {
		b.StopTimer()
		m := open(b, p, store.NewMemory())
		for _, blocks := range [][]types.Block{left, right[:len(right)-beside]} {
			if _, _, err := m.AddBlocks(blocks); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		start := cpuSeconds()
		for _, block := range right[len(right)-beside:] {
			if err := m.AddBlock(block); err != nil {
				b.Fatal(err)
			}
		}
		seconds += cpuSeconds() - start
	}
	b.ReportMetric(seconds/float64(b.N*beside)*1e6, "cpu-us/block")
}
