package mempool

import "time"

// A Bucket is a fee rate and how long a transaction that pays it waits for a
// block, as the pool stands.
type Bucket struct {
	Rate uint64        // thousandths of a jot per unit of weight
	Wait time.Duration // until a block carries it
}

// An Estimate offers three choices. The backlog above a rate, in blocks, says how
// long it waits; what will arrive meanwhile is not known.
type Estimate struct {
	Priority Bucket // the next block
	Normal   Bucket // within a minute, or better than two thirds of the pool
	Low      Bucket // within an hour, or better than a quarter of the pool
}

// Estimate returns fee rates for a transaction sent now.
func (p *Pool) Estimate() Estimate {
	p.mu.Lock()
	defer p.mu.Unlock()
	minute, hour := p.blocksIn(time.Minute), p.blocksIn(time.Hour)
	ready := p.graph.ranking.root.openBelow().count
	return Estimate{
		Priority: p.bucket(1, 0),
		Normal:   p.bucket(minute, ready/3),
		Low:      p.bucket(hour, ready*3/4),
	}
}

func (p *Pool) blocksIn(d time.Duration) uint64 {
	return uint64(d.Milliseconds()) / p.cfg.Params.Spacing
}

// bucket returns the least rate that is carried within a number of blocks and
// beats all but the first ready entries.
func (p *Pool) bucket(blocks uint64, beaten int) Bucket {
	e, above := p.graph.ranking.cut(blocks*p.cfg.Params.BlockWeight, beaten)
	rate := 1000 * p.cfg.MinFeeRate
	if e != nil {
		rate = e.FeeRate() + 1
	}
	return Bucket{Rate: rate, Wait: p.waitBehind(above)}
}

func (p *Pool) waitBehind(weight uint64) time.Duration {
	blocks := weight/p.cfg.Params.BlockWeight + 1
	return time.Duration(blocks*p.cfg.Params.Spacing) * time.Millisecond
}
