package service

import (
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
	pool := api.Mempool{Pool: s.usage(), Listed: []api.MempoolEntry{}, Histogram: s.histogram()}
	for _, e := range s.Pool.Best(limit) {
		pool.Listed = append(pool.Listed, poolEntry(e))
	}
	return pool, nil
}

func (s *Service) getMempoolEntry(_ context.Context, p api.PooledParams) (api.MempoolEntry, error) {
	if err := given("id", p.ID); err != nil {
		return api.MempoolEntry{}, err
	}
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

// bands are the lowest rates of the histogram's buckets, in thousandths of a jot
// per unit of weight: 1, 2, 5 jots and so on.
var bands = []uint64{1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7}

// histogram counts entries by rate. Buckets beyond the last that holds something
// are left out.
func (s *Service) histogram() []api.FeeBucket {
	buckets := make([]api.FeeBucket, len(bands))
	used := 0
	for i, band := range s.Pool.Histogram(bands) {
		buckets[i] = api.FeeBucket{FeeRate: rate(band.Rate), Entries: band.Entries, Weight: band.Weight}
		if band.Entries > 0 {
			used = i + 1
		}
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
	s.Pool.Each(func(e *mempool.Entry) {
		if slices.ContainsFunc(e.Coins, func(c types.Coin) bool { return watched[c.Address] }) ||
			slices.ContainsFunc(e.Tx.Outputs, func(o types.Output) bool { return watched[o.Address] }) {
			entries = append(entries, e)
		}
	})
	return entries
}
