package bench

import (
	"context"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// hash times the search for nonces in every implementation of the network's
// engine, on one thread and on as many as Go may run at once.
func (r *run) hash(ctx context.Context) error {
	id := r.params.EngineAt(0).ID
	r.result.Hashes = make(map[string]map[string]Rate)
	names, threads := pow.Implementations(id), slices.Compact([]int{1, runtime.GOMAXPROCS(0)})
	for _, name := range names {
		r.result.Hashes[name] = make(map[string]Rate)
		for _, n := range threads {
			r.result.Hashes[name][strconv.Itoa(n)] = 0
		}
	}
	for _, name := range names {
		engine, _ := pow.ByImplementation(id, name) // which was just named
		for _, n := range threads {
			rate := search(ctx, engine, n, r.Amounts.Slice)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			r.result.Hashes[name][strconv.Itoa(n)] = rate
		}
	}
	return nil
}

// search lets some threads look for a nonce that does not exist, for so long by
// the clock. The rate of one is by the processor time it got, that of several by
// the clock: it is what they make together of the machine as it is.
func search(ctx context.Context, e pow.Engine, threads int, slice time.Duration) Rate {
	const batch = 2048 // as the miner's
	ctx, cancel := context.WithTimeout(ctx, slice)
	defer cancel()
	job := e.Prepare(types.Hash{1})
	var hashes atomic.Int64
	begun, start := time.Now(), processorTime()
	var running sync.WaitGroup
	for i := range threads {
		nonce := math.MaxUint64 / uint64(threads) * uint64(i)
		running.Go(func() {
			for ctx.Err() == nil {
				job.Search(types.NewUint256(1), 1, nonce, batch)
				nonce += batch
				hashes.Add(batch)
			}
		})
	}
	running.Wait()
	t := tally{count: int(hashes.Load()), spent: time.Since(begun)}
	if threads == 1 {
		t.spent = processorTime() - start
	}
	return t.rate()
}

// checkHeaders times the proof of work of headers that all differ, as those that
// arrive from others do.
func (r *run) checkHeaders(ctx context.Context) error {
	const headers = 64
	p := params.MainNet()
	p.Implementation = r.params.Implementation
	h := types.Header{Version: 1, Bits: p.MaxBits, Parents: make([]types.Hash, 3)}
	var checked tally
	err := checked.fill(ctx, r.Amounts.Slice, headers, func() {
		for range headers {
			h.BlueScore++
			pow.Meets(p, &h)
		}
	})
	if err != nil {
		return err
	}
	r.result.HeaderChecks = checked.rate()
	return nil
}
