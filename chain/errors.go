package chain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

var (
	// ErrKnown is returned for a header or body that is stored already.
	ErrKnown = errors.New("already known")
	// ErrKnownInvalid is returned for a block that was found invalid before.
	ErrKnownInvalid = errors.New("known to be invalid")
	// ErrUnknownHeader is returned by AddBody when the header was not added first.
	ErrUnknownHeader = errors.New("header unknown")
	// ErrNotFound is returned by queries for what is not stored.
	ErrNotFound = errors.New("not found")
	// ErrPruned is returned for a header whose parents all lie outside the
	// future of the pruning point. It says nothing about validity.
	ErrPruned = errors.New("no parent is the pruning point or in its future")
	// ErrUnknownCursor is returned by UpdatesSince for a hash that is not a
	// chain-valid block here: the follower must start anew.
	ErrUnknownCursor = errors.New("the cursor is not a block of this chain")
	// ErrWrongGenesis is returned by Open for a store of another network.
	ErrWrongGenesis = errors.New("the database belongs to another network")
	// ErrFailed is returned by every call after the Manager failed.
	ErrFailed = errors.New("the chain has stopped")
)

// An UnknownParentsError names the parents that must be added first: their
// headers for a header, their bodies for a body.
type UnknownParentsError struct {
	Hash    types.Hash
	Parents []types.Hash
}

// Error implements error.
func (e *UnknownParentsError) Error() string {
	names := make([]string, len(e.Parents))
	for i, p := range e.Parents {
		names[i] = p.String()
	}
	return fmt.Sprintf("block %v: unknown parents %s", e.Hash, strings.Join(names, ", "))
}

// A CorruptError says that the database holds something that cannot be right.
type CorruptError struct{ Err error }

// Error implements error.
func (e *CorruptError) Error() string { return "the chain database is damaged: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *CorruptError) Unwrap() error { return e.Err }

// A SupplyError says that the unspent coins do not add up to what was issued.
// The block that shows it is refused and the Manager stops.
type SupplyError struct {
	Hash            types.Hash
	Unspent, Issued uint64 // jots; equal when all is well
	Confirmed       bool   // a recount of every coin gave the same
}

// Error implements error.
func (e *SupplyError) Error() string {
	return fmt.Sprintf("SUPPLY ALARM at block %v: the unspent coins are %d jots, the schedule allows %d (confirmed by a recount: %v)",
		e.Hash, e.Unspent, e.Issued, e.Confirmed)
}

// storeFailure is what the single writer panics with when it cannot go on; the
// Manager's entry points recover it.
type storeFailure struct{ err error }

// damaged returns the failure of a store that holds what cannot be right.
func damaged(format string, args ...any) storeFailure {
	return storeFailure{&CorruptError{fmt.Errorf(format, args...)}}
}

// broken returns a rule error of this package's own making.
func broken(kind rules.ErrorKind, format string, args ...any) error {
	return rules.RuleError{Kind: kind, Description: fmt.Sprintf(format, args...)}
}

// permanent reports whether a broken rule depends on the block and its past
// alone, so that the block may be remembered as invalid.
func permanent(err error) bool {
	var rule rules.RuleError
	return errors.As(err, &rule) && rule.Kind != rules.ErrBadMerkleRoot
}
