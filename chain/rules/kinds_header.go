package rules

// The rules of a header taken alone, in the order they are checked.
const (
	// ErrUnknownVersion: a header version above that of the last known rule set
	// cannot be judged. Not permanent: the block is dropped and forgotten, its
	// sender is not to blame, and the user is told to upgrade.
	ErrUnknownVersion ErrorKind = "unknown header version"
	// ErrVersion: a header's version is that of the rule set in force at its own
	// DAA score.
	ErrVersion ErrorKind = "wrong header version"
	// ErrReserved: state_root and finality_ref are zero.
	ErrReserved ErrorKind = "reserved header field in use"
	// ErrNoParents: every block but genesis has a parent.
	ErrNoParents ErrorKind = "no parents"
	// ErrTooManyParents: a header has at most Params.MaxParents parents.
	ErrTooManyParents ErrorKind = "too many parents"
	// ErrParentOrder: the parents after the first are in strictly ascending order
	// and differ from the first.
	ErrParentOrder ErrorKind = "parents out of order"
	// ErrTarget: bits decode to a target from 1 to the network's easiest.
	ErrTarget ErrorKind = "target out of range"
	// ErrProofOfWork: the proof-of-work value is at most the claimed target.
	ErrProofOfWork ErrorKind = "insufficient proof of work"
	// ErrFutureTime: a timestamp is at most Params.FutureAllowance ahead of the
	// local clock. Not permanent: time heals it.
	ErrFutureTime ErrorKind = "timestamp in the future"
)

// The rules of a header against its past, in the order they are checked.
const (
	// ErrInvalidParent: no parent is an invalid block.
	ErrInvalidParent ErrorKind = "a parent is invalid"
	// ErrRelatedParents: no parent is an ancestor of another.
	ErrRelatedParents ErrorKind = "a parent is an ancestor of another"
	// ErrSelectedParent: the first parent is the selected parent, the greatest by
	// blue work, then hash.
	ErrSelectedParent ErrorKind = "first parent is not the selected parent"
	// ErrDAAScore: the DAA score is the selected parent's, plus the merged blocks
	// in window, plus the slots that nobody mined.
	ErrDAAScore ErrorKind = "wrong DAA score"
	// ErrDifficulty: bits are what the difficulty adjustment demands at the DAA
	// score and past median time.
	ErrDifficulty ErrorKind = "wrong difficulty"
	// ErrBlueScore: the blue score is the selected parent's plus the merged blues.
	ErrBlueScore ErrorKind = "wrong blue score"
	// ErrBlueWork: the blue work is the selected parent's plus that of the merged
	// blues.
	ErrBlueWork ErrorKind = "wrong blue work"
	// ErrHistoryRoot: the history root commits to the selected chain below the
	// block.
	ErrHistoryRoot ErrorKind = "wrong history root"
	// ErrPastTime: a timestamp is after the past median time.
	ErrPastTime ErrorKind = "timestamp not after the past median time"
	// ErrMergeSetSize: a block merges at most Params.MergeSetLimit blocks, its
	// selected parent included.
	ErrMergeSetSize ErrorKind = "merge set too large"
	// ErrBoundedMerge: every merged red is in the future of the merge-depth root
	// or is an ancestor of a merged blue whose selected chain holds that root.
	ErrBoundedMerge ErrorKind = "merges a block from below the merge depth"
)
