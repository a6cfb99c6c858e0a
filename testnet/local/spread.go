package local

import (
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/testnet/figures"
)

// A spread measures how long blocks take from the node they were submitted to
// until another has added them. It measures while the network is whole and has
// caught up: what waits behind a shut relay says nothing about gossip.
type spread struct {
	mu       sync.Mutex
	on       bool
	pending  map[types.Hash]submission
	measured figures.Durations
}

// A submission is a block on its way.
type submission struct {
	at      time.Time
	origin  int // the node that it was submitted to
	missing int // nodes that have not told of it yet
}

func newSpread() *spread { return &spread{pending: make(map[types.Hash]submission)} }

// broke says that the network is not whole. What is under way is not measured any
// more.
func (s *spread) broke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = false
	clear(s.pending)
}

// mended says that the network is whole and has caught up.
func (s *spread) mended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = true
}

func (s *spread) isOn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.on
}

// submitted notes a block that so many nodes, its origin among them, are to tell
// of.
func (s *spread) submitted(h types.Hash, at time.Time, origin, nodes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on {
		s.pending[h] = submission{at, origin, nodes}
	}
}

// refused forgets a block that its node did not take.
func (s *spread) refused(h types.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, h)
}

// added notes that a node has a block.
func (s *spread) added(h types.Hash, at time.Time, node int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.pending[h]
	if !ok {
		return
	}
	if node != b.origin {
		s.measured.Add(at.Sub(b.at))
	}
	if b.missing--; b.missing == 0 {
		delete(s.pending, h)
	} else {
		s.pending[h] = b
	}
}

func (s *spread) sum() figures.Percentiles {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.measured.Sum()
}
