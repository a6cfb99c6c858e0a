package syncer_test

import (
	"testing"

	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// BenchmarkScreenBlock is what a node pays for any bytes that claim to be a block.
func BenchmarkScreenBlock(b *testing.B) {
	n := newNode(b, youngNet())
	block := n.make("")
	data := wire.Encode(wire.NewCompactBlock(&block, nil))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := syncer.ScreenBlock(n.params, data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGossip is a block's way from gossip into the chain among eight peers,
// most of which is the chain's work.
func BenchmarkGossip(b *testing.B) {
	r, source := synced(b, youngNet())
	for _, id := range []syncer.PeerID{"b", "c", "d", "e", "f", "g", "h"} {
		r.join(id, honest(source), source)
	}
	blocks := source.mine(min(b.N, 20_000), "bench")
	b.ReportAllocs()
	b.ResetTimer()
	for i := range blocks {
		r.gossip("a", blocks[i], nil)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(len(blocks)), "µs/block")
}

// BenchmarkTick is what passing time costs a node in sync.
func BenchmarkTick(b *testing.B) {
	r, _ := synced(b, youngNet())
	b.ReportAllocs()
	for b.Loop() {
		r.core.Step(r.now, syncer.Tick{})
	}
}
