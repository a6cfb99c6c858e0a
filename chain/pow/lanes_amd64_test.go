//go:build !purego

package pow

import (
	"math/rand/v2"
	"testing"
)

// TestLanes holds the most significant word in each lane, which the assembly
// only compares, against the portable kernel: with one lane's word as the bound
// the hits are those whose words do not exceed it.
func TestLanes(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for range *pairs / 20 {
		prePoW, timestamp, nonce := randomHash(r), r.Uint64(), r.Uint64()>>(r.Uint64()%64)
		oracle := kHeavyHash{}.Prepare(prePoW)
		for _, k := range kernels() {
			job, ok := kHeavyHash{k}.Prepare(prePoW).(*laneJob)
			if !ok {
				continue
			}
			checkLanes(t, job, oracle, timestamp, nonce)
		}
	}
}

func checkLanes(t *testing.T, job *laneJob, oracle Job, timestamp, nonce uint64) {
	t.Helper()
	begin := job.absorbed
	begin[timestampLane] ^= timestamp
	first := begin.linear()
	var words []uint64
	for i := range job.lanes() {
		words = append(words, oracle.Value(timestamp, nonce+i)[3])
	}
	for i, bound := range words {
		want := uint64(0)
		for j, w := range words {
			if w <= bound {
				want |= 1 << j
			}
		}
		if left, hits := job.search(&first, nonce, 1, bound); left != 1 || hits != want {
			t.Fatalf("%v: bound of lane %d: hits %b with %d blocks left, want %b", job.kernel, i, hits, left, want)
		}
	}
}

// TestLanesGoOn searches over several blocks for the smallest word among them.
func TestLanesGoOn(t *testing.T) {
	const blocks = 20
	for _, k := range kernels() {
		job, ok := kHeavyHash{k}.Prepare(filledHash(11)).(*laneJob)
		if !ok {
			continue
		}
		first := job.absorbed.linear()
		smallest, at := ^uint64(0), uint64(0)
		for nonce := range blocks * job.lanes() {
			if w := job.Value(0, nonce)[3]; w < smallest {
				smallest, at = w, nonce
			}
		}
		left, hits := job.search(&first, 0, blocks, smallest)
		if blocks-left != at/job.lanes() || hits != 1<<(at%job.lanes()) {
			t.Errorf("%v: hits %b in block %d, want nonce %d", k, hits, blocks-left, at)
		}
		if left, hits := job.search(&first, 0, blocks, smallest-1); left != 0 || hits != 0 {
			t.Errorf("%v: hits %b below the smallest word, %d blocks left", k, hits, left)
		}
	}
}
