package service

import (
	"cmp"
	"context"
	"slices"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// usage says how full the pool is.
func (s *Service) usage() api.Pool {
	u := s.Pool.Usage()
	return api.Pool{Entries: u.Entries, Bytes: u.Bytes, MaxBytes: u.MaxBytes, Orphans: u.Orphans}
}

func (s *Service) getMempool(_ context.Context, p api.MempoolParams) (api.Mempool, error) {
	limit, err := within("limit", p.Limit, mostPoolEntries)
	if err != nil {
		return api.Mempool{}, err
	}
	entries := s.Pool.Entries()
	pool := api.Mempool{Pool: s.usage(), Listed: []api.MempoolEntry{}, Histogram: histogram(entries)}
	for _, e := range entries[:min(limit, len(entries))] {
		pool.Listed = append(pool.Listed, poolEntry(e))
	}
	return pool, nil
}

func (s *Service) getMempoolEntry(_ context.Context, p api.TransactionParams) (api.MempoolEntry, error) {
	e := s.Pool.Entry(p.ID)
	if e == nil {
		return api.MempoolEntry{}, api.Errorf(api.CodeNotFound, "transaction %v is not in the pool", p.ID)
	}
	entry := poolEntry(e)
	tx := s.transaction(e.Tx, e.Coins)
	tx.InMempool = true
	entry.Transaction = &tx
	return entry, nil
}

func poolEntry(e *mempool.Entry) api.MempoolEntry {
	return api.MempoolEntry{
		ID:      e.ID,
		Fee:     e.Fee,
		FeeRate: rate(e.FeeRate()),
		Weight:  e.Weight,
		Size:    e.Size,
		Added:   e.Added.UnixMilli(),
	}
}

// rate turns thousandths of a jot per unit of weight into jots.
func rate(thousandths uint64) float64 { return float64(thousandths) / 1000 }

// bucketBounds are the lowest rates of the histogram's buckets, in jots per unit
// of weight: 1, 2, 5 and so on.
var bucketBounds = []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000}

// histogram counts entries by rate. Buckets beyond the last that holds
// something are left out.
func histogram(entries []*mempool.Entry) []api.FeeBucket {
	buckets := make([]api.FeeBucket, len(bucketBounds))
	for i, bound := range bucketBounds {
		buckets[i].FeeRate = bound
	}
	used := 0
	for _, e := range entries {
		at, exact := slices.BinarySearchFunc(buckets, rate(e.FeeRate()), func(b api.FeeBucket, r float64) int {
			return cmp.Compare(b.FeeRate, r)
		})
		if !exact {
			at = max(0, at-1)
		}
		buckets[at].Entries++
		buckets[at].Weight += e.Weight
		used = max(used, at+1)
	}
	return buckets[:used]
}

func (s *Service) getFeeEstimate(context.Context, api.None) (api.FeeEstimate, error) {
	e := s.Pool.Estimate()
	return api.FeeEstimate{Priority: choice(e.Priority), Normal: choice(e.Normal), Low: choice(e.Low)}, nil
}

func choice(b mempool.Bucket) api.FeeChoice {
	return api.FeeChoice{FeeRate: rate(b.Rate), Seconds: b.Wait.Seconds()}
}

// pooled returns the entries of the pool that spend coins of some addresses or
// make some.
func (s *Service) pooled(watched map[types.Address]bool) (entries []*mempool.Entry) {
	for _, e := range s.Pool.Entries() {
		if slices.ContainsFunc(e.Coins, func(c types.Coin) bool { return watched[c.Address] }) ||
			slices.ContainsFunc(e.Tx.Outputs, func(o types.Output) bool { return watched[o.Address] }) {
			entries = append(entries, e)
		}
	}
	return entries
}
