package miner

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// batchSize is how many nonces a worker tries before it looks up again: a quarter
// of a millisecond to a few milliseconds of one core, as its instructions allow.
const batchSize = 2048

// A job is a template made ready for the search. Workers share it.
type job struct {
	block  types.Block
	engine string
	prePoW types.Hash
	search pow.Job
	target types.Uint256

	*progress

	retired   chan struct{} // closed when another job takes this one's place
	retiredAt time.Time     // written before retired is closed
}

// progress is how far the search of one template got.
type progress struct {
	next   atomic.Uint64 // the first nonce that nobody has taken yet
	solved atomic.Bool   // the first solution was found
}

// newJob prepares the template with the engine in force at its DAA score.
func newJob(p *params.Params, block types.Block) (*job, error) {
	h := &block.Header
	id := p.EngineAt(h.DAAScore).ID
	engine, ok := pow.InForce(p, h.DAAScore)
	if !ok {
		return nil, fmt.Errorf("proof-of-work engine %q, in force at DAA score %d, is unknown to this version", id, h.DAAScore)
	}
	target, ok := pow.DecodeCompact(h.Bits)
	if !ok {
		return nil, fmt.Errorf("bits %08x are not a target", h.Bits)
	}
	prePoW := h.PrePoWHash()
	return &job{
		block:    block,
		engine:   id,
		prePoW:   prePoW,
		search:   engine.Prepare(prePoW),
		target:   target,
		progress: new(progress),
		retired:  make(chan struct{}),
	}, nil
}

// idleJob returns a job that gives workers nothing to do until it is retired.
func idleJob() *job {
	j := &job{progress: new(progress), retired: make(chan struct{})}
	j.solved.Store(true)
	return j
}

// tryBatch takes the next nonces, which makes the ranges of all workers
// disjoint however their number changes, and searches them. It returns how many
// hashes that took.
func (j *job) tryBatch() (nonce uint64, found bool, hashes uint64) {
	start := j.next.Add(batchSize) - batchSize
	nonce, found = j.search.Search(j.target, j.block.Header.Timestamp, start, batchSize)
	if found {
		return nonce, true, nonce - start + 1
	}
	return 0, false, batchSize
}

// open reports whether the job is worth another batch.
func (j *job) open() bool {
	select {
	case <-j.retired:
		return false
	default:
		return !j.solved.Load()
	}
}

// retire ends the search; it is called once.
func (j *job) retire(now time.Time) {
	j.retiredAt = now
	close(j.retired)
}

// isStale reports whether the job was replaced staleAfter ago or longer.
func (j *job) isStale(now time.Time) bool {
	select {
	case <-j.retired:
		return now.Sub(j.retiredAt) >= staleAfter
	default:
		return false
	}
}

// resume makes j go on where o stopped when both are the same template, so that
// a host may offer one twice without its being searched or solved twice.
func (j *job) resume(o *job) {
	if j.engine == o.engine && j.prePoW == o.prePoW && j.block.Header.Timestamp == o.block.Header.Timestamp {
		j.progress = o.progress
	}
}

// expectedHashes returns the mean number of hashes to a solution, 0 when idle.
func (j *job) expectedHashes() float64 {
	if j.search == nil {
		return 0
	}
	sum := 0.0
	for i, limb := range pow.Work(j.target) {
		sum += math.Ldexp(float64(limb), 64*i)
	}
	return sum
}
