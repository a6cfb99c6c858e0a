package syncer

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// A shelf keeps blocks that must wait, in the order they came. It is bounded by
// number and by bytes, and no peer may hold more than an eighth of either. When
// it is full, the oldest block of whoever holds the most goes.
type shelf struct {
	count, bytes int
	held         []*arrival
}

const shelfShare = 8

func newShelf(count, bytes int) shelf { return shelf{count: count, bytes: bytes} }

// A load is what some arrivals amount to.
type load struct{ count, bytes int }

func (l *load) add(a *arrival) {
	l.count++
	l.bytes += a.size
}

// exceeds reports whether the load is more than one part of the shelf.
func (l load) exceeds(s *shelf, parts int) bool {
	return l.count > s.count/parts || l.bytes > s.bytes/parts
}

// add puts a block on the shelf, unless it is there; false means that it was too
// large for it.
func (s *shelf) add(a *arrival) bool {
	if a.size > s.bytes/shelfShare {
		return false
	}
	if s.has(a.hash) {
		return true
	}
	s.held = append(s.held, a)
	for s.load(a.from).exceeds(s, shelfShare) {
		s.dropOldest(a.from)
	}
	for s.total().exceeds(s, 1) {
		s.dropOldest(s.greediest())
	}
	return true
}

func (s *shelf) has(h types.Hash) bool {
	return slices.ContainsFunc(s.held, func(a *arrival) bool { return a.hash == h })
}

func (s *shelf) load(of PeerID) (l load) {
	for _, a := range s.held {
		if a.from == of {
			l.add(a)
		}
	}
	return l
}

func (s *shelf) total() (l load) {
	for _, a := range s.held {
		l.add(a)
	}
	return l
}

// greediest returns the peer with the most bytes, the one that came first among
// equals.
func (s *shelf) greediest() (greediest PeerID) {
	most := -1
	sums := make(map[PeerID]int)
	for _, a := range s.held {
		sums[a.from] += a.size
	}
	for _, a := range s.held {
		if sums[a.from] > most {
			greediest, most = a.from, sums[a.from]
		}
	}
	return greediest
}

func (s *shelf) dropOldest(of PeerID) {
	i := slices.IndexFunc(s.held, func(a *arrival) bool { return a.from == of })
	s.held = slices.Delete(s.held, i, i+1)
}

// take removes and returns the blocks that a function picks.
func (s *shelf) take(pick func(*arrival) bool) (taken []*arrival) {
	s.held = slices.DeleteFunc(s.held, func(a *arrival) bool {
		if pick(a) {
			taken = append(taken, a)
			return true
		}
		return false
	})
	return taken
}
