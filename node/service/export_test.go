package service

import "github.com/jio-dag/jio/chain/types"

// Unmerged returns what is above the sink, at most so many blocks.
func (s *Service) Unmerged(most int) (blocks []types.Hash, cut bool, err error) {
	return s.unmerged(s.Chain.Snapshot(), most)
}
