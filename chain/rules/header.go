package rules

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// FutureHorizon is how far ahead of the local clock, in milliseconds, a
// timestamp may be for its block to be worth keeping until its time comes.
const FutureHorizon = 60 * 60 * 1000

// HeaderSanity checks what a header other than genesis must satisfy by itself:
// version, reserved fields, parents, the claimed target, and last, being the
// dearest, the proof of work for it.
func HeaderSanity(p *params.Params, h *types.Header) error {
	if err := headerVersion(p, h); err != nil {
		return err
	}
	if !h.StateRoot.IsZero() || !h.FinalityRef.IsZero() {
		return broken(ErrReserved, "state root %v, finality reference %v: want zero", h.StateRoot, h.FinalityRef)
	}
	if err := parentList(p, h.Parents); err != nil {
		return err
	}
	target, ok := pow.DecodeCompact(h.Bits)
	if limit := decodeBits(p.MaxBits); !ok || target.Cmp(limit) > 0 {
		return broken(ErrTarget, "bits %08x: want a target from 1 to %v", h.Bits, limit)
	}
	if !pow.Meets(p, h) {
		return broken(ErrProofOfWork, "block %v does not meet its target, bits %08x", h.Hash(), h.Bits)
	}
	return nil
}

// parentList checks number and order; whether the parents exist, and what they
// are to each other, is for the positional checks.
func parentList(p *params.Params, parents []types.Hash) error {
	if len(parents) == 0 {
		return broken(ErrNoParents, "no parents: want 1 to %d", p.MaxParents)
	}
	if len(parents) > p.MaxParents {
		return broken(ErrTooManyParents, "%d parents: want 1 to %d", len(parents), p.MaxParents)
	}
	for i, parent := range parents[1:] {
		if parent == parents[0] {
			return broken(ErrParentOrder, "parent %v is listed twice", parent)
		}
		if i > 0 && parent.Compare(parents[i]) <= 0 {
			return broken(ErrParentOrder, "parent %v follows %v: want strictly ascending order after the first", parent, parents[i])
		}
	}
	return nil
}

// AheadOfClock returns by how many milliseconds a header's timestamp leads now,
// 0 when it does not. A block that leads by more than FutureHorizon is dropped;
// one that leads by more than the network's allowance waits.
func AheadOfClock(h *types.Header, now uint64) uint64 {
	return saturatingSub(h.Timestamp, now)
}

// FutureTime checks the timestamp against now, the local clock in milliseconds
// since 1970. It never makes a block invalid for good.
func FutureTime(p *params.Params, h *types.Header, now uint64) error {
	if ahead := AheadOfClock(h, now); ahead > p.FutureAllowance {
		return broken(ErrFutureTime, "timestamp %d is %d ms ahead of the clock: want at most %d", h.Timestamp, ahead, p.FutureAllowance)
	}
	return nil
}

// An Ancestry answers questions about the DAG; both are reflexive.
// IsTreeAncestor follows selected parents only.
type Ancestry interface {
	IsAncestor(a, b types.Hash) bool
	IsTreeAncestor(a, b types.Hash) bool
}

// ParentsUnrelated checks that no parent is an ancestor of another. The parents
// must be known to view.
func ParentsUnrelated(view Ancestry, parents []types.Hash) error {
	for i, a := range parents {
		for j, b := range parents {
			if i != j && view.IsAncestor(a, b) {
				return broken(ErrRelatedParents, "parent %v is an ancestor of parent %v", a, b)
			}
		}
	}
	return nil
}

// A Position is what the past of a header makes of its fields.
type Position struct {
	SelectedParent types.Hash
	DAAScore       uint64
	Bits           uint32
	BlueScore      uint64
	BlueWork       types.Uint256
	HistoryRoot    types.Hash
	MedianTime     uint64 // milliseconds; the timestamp must be after it
	MergeSetSize   int    // the selected parent included
}

// HeaderPosition checks a header against the position its past gives it.
func HeaderPosition(p *params.Params, h *types.Header, want *Position) error {
	switch {
	case h.SelectedParent() != want.SelectedParent:
		return broken(ErrSelectedParent, "first parent %v: the selected parent is %v", h.SelectedParent(), want.SelectedParent)
	case h.DAAScore != want.DAAScore:
		return broken(ErrDAAScore, "DAA score %d: want %d", h.DAAScore, want.DAAScore)
	case h.Bits != want.Bits:
		return broken(ErrDifficulty, "bits %08x: want %08x", h.Bits, want.Bits)
	case h.BlueScore != want.BlueScore:
		return broken(ErrBlueScore, "blue score %d: want %d", h.BlueScore, want.BlueScore)
	case h.BlueWork != want.BlueWork:
		return broken(ErrBlueWork, "blue work %v: want %v", h.BlueWork, want.BlueWork)
	case h.HistoryRoot != want.HistoryRoot:
		return broken(ErrHistoryRoot, "history root %v: want %v", h.HistoryRoot, want.HistoryRoot)
	case h.Timestamp <= want.MedianTime:
		return broken(ErrPastTime, "timestamp %d: want after the past median time, %d", h.Timestamp, want.MedianTime)
	case want.MergeSetSize > p.MergeSetLimit:
		return broken(ErrMergeSetSize, "merge set of %d blocks: want at most %d", want.MergeSetSize, p.MergeSetLimit)
	}
	return nil
}
