package syncer_test

import (
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
	"github.com/jio-dag/jio/store"
)

// BenchmarkScreenBlock is what a node pays for bytes that claim to be a block: of
// blocks that all differ, and of one that comes again and again, as it does when it
// is added.
func BenchmarkScreenBlock(b *testing.B) {
	for name, variety := range map[string]int{"new": 64, "again": 1} {
		b.Run(name, func(b *testing.B) {
			n := newNode(b, youngNet())
			screen, err := chain.Open(chain.Config{Params: n.params, Store: store.NewMemory(), CacheBlocks: 2})
			if err != nil {
				b.Fatal(err)
			}
			var data [][]byte
			for range variety {
				block := n.make("")
				data = append(data, wire.Encode(wire.NewCompactBlock(&block, nil)))
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := syncer.ScreenBlock(screen, data[i%variety]); err != nil {
					b.Fatal(err)
				}
			}
		})
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
