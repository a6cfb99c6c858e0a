package service

import (
	"context"
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

// dag translates a snapshot. The two rates are zero while there is too little to
// tell them from.
func (s *Service) dag(c *chain.Snapshot) api.Dag {
	network, blocks := s.rates(c)
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
		NetworkRate:    network,
		BlockRate:      blocks,
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

// A pace remembers, for one sink, the headers of the two chain blocks from which
// rates are measured: one some minutes of blocks below, the other one minute.
type pace struct {
	mu           sync.Mutex // guards what follows
	sink         types.Hash
	work, minute types.Header
}

// The spans of blocks that the rates are measured over, in seconds' worth.
const (
	workSpan  = 300
	blockSpan = 60
)

// rates estimates the hashes a second of all miners, from the work of the latest
// blocks and the time between their timestamps, and the blocks a second since
// a minute's worth of blocks, counted until now so that a chain that stands
// still is seen to. Both look back to the latest pause at most. Of blocks made on
// demand the first tells what would mine them at their timestamps.
func (s *Service) rates(c *chain.Snapshot) (network, blocks float64) {
	s.pace.mu.Lock()
	defer s.pace.mu.Unlock()
	if s.pace.sink != c.Sink && !s.measureFrom(c) {
		return 0, 0
	}
	work, _ := c.SinkBlueWork.Sub(s.pace.work.BlueWork)
	network = perSecond(float(work), c.SinkTimestamp, s.pace.work.Timestamp)
	until := max(c.SinkTimestamp, uint64(s.Now().UnixMilli()))
	blocks = perSecond(float64(c.SinkBlueScore-s.pace.minute.BlueScore), until, s.pace.minute.Timestamp)
	return network, blocks
}

// measureFrom finds the blocks below a sink. Genesis is none: it may be of any
// age.
func (s *Service) measureFrom(c *chain.Snapshot) bool {
	if c.SinkBlueScore < 2 {
		return false
	}
	work, err := s.unpaused(c, workSpan)
	minute, failure := s.unpaused(c, blockSpan)
	if err != nil || failure != nil {
		return false // the chain has stopped, which others tell
	}
	s.pace.sink, s.pace.work, s.pace.minute = c.Sink, work, minute
	return true
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
		from, err := s.Chain.ChainBlock(c.SinkBlueScore - min(c.SinkBlueScore-1, span))
		if err != nil {
			return h, err
		}
		if h, err = s.Chain.Header(from); err != nil || span/2 < fewestBlocks {
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
