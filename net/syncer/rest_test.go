package syncer_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

var stallSeeds = flag.Uint64("stall-seeds", 2, "how many times peers stall in ways of their own")

// stalling is an honest peer that never answers a share of what it is asked.
func stalling(n *node, share float64, rng *rand.Rand) *remote {
	serve := honest(n).serve
	return &remote{delay: 200 * time.Millisecond, serve: func(m wire.Message) (wire.Message, error) {
		if rng.Float64() < share {
			return nil, nil
		}
		return serve(m)
	}}
}

// Peers that let some requests stall are slow and not lost, nor does one that does
// it on purpose hold up the others.
func TestStallingPeers(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(2000, "")
	for _, c := range []struct {
		name   string
		shares []float64
		most   time.Duration
	}{
		{"a tenth at each", []float64{0.1, 0.1, 0.1}, 45 * time.Second},
		{"a tenth, alone", []float64{0.1}, 2 * time.Minute},
		{"a quarter at one of three", []float64{0.25, 0, 0}, 30 * time.Second},
		{"half at one of three", []float64{0.5, 0, 0}, 30 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			slowest := time.Duration(0)
			for seed := uint64(2); seed < 2+*stallSeeds; seed++ {
				rng := rand.New(rand.NewPCG(seed, 0))
				r := newRig(t, p)
				for i, share := range c.shares {
					r.join(syncer.PeerID(fmt.Sprint(i)), stalling(source, share, rng), source)
				}
				began := r.now
				if !r.until(c.most, func() bool { return r.sameSink(source) }) {
					t.Errorf("seed %d: not within %v: %+v", seed, c.most, r.core.Status())
				}
				slowest = max(slowest, r.now.Sub(began))
			}
			t.Logf("%d blocks in %v at most", 2000, slowest)
		})
	}
}
