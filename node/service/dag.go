package service

import (
	"cmp"
	"context"
	"sort"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func (s *Service) getInfo(context.Context, api.None) (api.Info, error) {
	return api.Info{
		Version:         s.Host.Version,
		Commit:          s.Host.Commit,
		Network:         s.Params.Name,
		AddressPrefix:   s.Params.AddressPrefix,
		BlocksPerSecond: s.Params.BlocksPerSecond,
		Genesis:         s.Params.GenesisHash,
		Synced:          s.synced(),
		Index:           s.Index != nil,
		Wallets:         s.Wallets != nil,
		Uptime:          s.Now().Sub(s.Host.Started).Milliseconds(),
	}, nil
}

// synced reports whether the node has what its peers have.
func (s *Service) synced() bool { return s.Peers.sync().Stage == "done" }

func (s *Service) getBlockDagInfo(context.Context, api.None) (api.Dag, error) {
	return s.dag(s.Chain.Snapshot()), nil
}

// dag translates a snapshot. The network's rate is zero while there is too little to
// tell it from.
func (s *Service) dag(c *chain.Snapshot) api.Dag {
	return api.Dag{
		Sink:           c.Sink,
		SinkTimestamp:  int64(c.SinkTimestamp),
		SinkBlueScore:  c.SinkBlueScore,
		BlueScore:      c.BlueScore,
		DAAScore:       c.DAAScore,
		BlueWork:       c.SinkBlueWork,
		MedianTime:     int64(c.MedianTime),
		Bits:           c.Bits,
		Difficulty:     difficulty(c.Bits),
		NetworkRate:    s.networkRate(c),
		BlockRate:      s.blockRate(c),
		Tips:           list(c.Tips),
		VirtualParents: list(c.VirtualParents),
		PruningPoint:   c.PruningPoint,
		FinalityPoint:  c.FinalityPoint,
		Headers:        c.Headers,
		Blocks:         c.Blocks,
		Supply:         types.Jots(c.Supply),
		Coins:          c.Coins,
		UTXOCommitment: c.UTXOCommitment,
	}
}

// blockRate is the blue blocks a second of the last minute: those of the chain that
// are younger, with what they merged. A minute after the latest block it is zero.
func (s *Service) blockRate(c *chain.Snapshot) float64 {
	const span = time.Minute
	since := s.Now().Add(-span).UnixMilli()
	from, failure := uint64(0), error(nil) // the score of the block seen last that is older
	older := func(back int) bool {
		h, err := s.chainHeader(c.SinkBlueScore - uint64(back))
		if err != nil || int64(h.Timestamp) > since {
			failure = cmp.Or(failure, err)
			return false
		}
		from = h.BlueScore
		return true
	}
	all := int(c.SinkBlueScore)
	// Mostly a minute's worth of blocks is enough to look through.
	most := min(all, int(span/time.Second)*int(s.Params.BlocksPerSecond))
	for most < all && !older(most) && failure == nil {
		most = min(all, 2*most)
	}
	sort.Search(most, older)
	if failure != nil {
		return 0 // the chain has stopped, which others tell
	}
	return float64(c.SinkBlueScore-from) / span.Seconds()
}

// chainHeader returns the header of the highest chain block of at most a blue score.
func (s *Service) chainHeader(blueScore uint64) (h types.Header, err error) {
	hash, err := s.Chain.ChainBlock(blueScore)
	if err != nil {
		return h, err
	}
	return s.Chain.Header(hash)
}

// A pace remembers, for one sink, the header of the chain block from which the
// network's rate is measured, some minutes of blocks below.
type pace struct {
	mu   sync.Mutex // guards what follows
	sink types.Hash
	from types.Header
}

// workSpan is what the network's rate is measured over, in seconds' worth of blocks.
const workSpan = 300

// networkRate estimates the hashes a second of all miners, from the work of the
// latest blocks and the time between their timestamps. It looks back to the latest
// pause at most: of blocks made on demand it tells what would mine them at their
// timestamps. Genesis is not measured from: it may be of any age.
func (s *Service) networkRate(c *chain.Snapshot) float64 {
	s.pace.mu.Lock()
	defer s.pace.mu.Unlock()
	if s.pace.sink != c.Sink {
		if c.SinkBlueScore < 2 {
			return 0
		}
		from, err := s.unpaused(c, workSpan)
		if err != nil {
			return 0 // the chain has stopped, which others tell
		}
		s.pace.sink, s.pace.from = c.Sink, from
	}
	work, _ := c.SinkBlueWork.Sub(s.pace.from.BlueWork)
	return perSecond(float(work), c.SinkTimestamp, s.pace.from.Timestamp)
}

// A pause is when blocks took so many times as long as they should have: nobody
// mined, or the blocks before were made on demand, with times of a schedule.
const pause = 10

// fewestBlocks are measured over in any case, in blocks.
const fewestBlocks = 4

// unpaused returns the header of the chain block some seconds' worth of blocks
// below a sink, or nearer to it where a pause lies between: what was before it
// says nothing of now. Halving finds the far side of a pause in few steps.
func (s *Service) unpaused(c *chain.Snapshot, seconds uint64) (h types.Header, err error) {
	for span := seconds * s.Params.BlocksPerSecond; ; span /= 2 {
		h, err = s.chainHeader(c.SinkBlueScore - min(c.SinkBlueScore-1, span))
		if err != nil || span/2 < fewestBlocks {
			return h, err
		}
		took := c.SinkTimestamp - min(c.SinkTimestamp, h.Timestamp)
		if took <= pause*(c.SinkBlueScore-h.BlueScore)*s.Params.Spacing {
			return h, nil
		}
	}
}

func perSecond(amount float64, until, from uint64) float64 {
	if until <= from {
		return 0
	}
	return amount * float64(time.Second/time.Millisecond) / float64(until-from)
}
