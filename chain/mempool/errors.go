package mempool

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

var (
	// ErrKnown is returned for a transaction that is in the pool.
	ErrKnown = errors.New("the transaction is in the pool already")
	// ErrAccepted is returned for a transaction that a chain block accepted not long ago.
	ErrAccepted = errors.New("the transaction is accepted already")
	// ErrOrphan is returned for a transaction that spends coins nobody knows; it is
	// kept for a while in case they turn up.
	ErrOrphan = errors.New("the transaction spends coins that are not known")
	// ErrFee is returned for a fee below the minimum.
	ErrFee = errors.New("the fee is too low to be relayed")
	// ErrConflict is returned for a transaction that spends the coin of another and
	// does not pay enough to replace it.
	ErrConflict = errors.New("another transaction in the pool spends the same coin")
	// ErrFull is returned for a transaction that pays less than any in a full pool.
	ErrFull = errors.New("the pool is full of transactions that pay more")
	// ErrTooHeavy is returned for a transaction that may fit into no block,
	// next to what a coinbase can take up of it.
	ErrTooHeavy = errors.New("the transaction is too heavy for any block")
	// ErrCoinbase is returned for a coinbase.
	ErrCoinbase = errors.New("a coinbase comes with its block only")
)

// refused wraps a reason with the transaction's ID and the values at fault.
func refused(id types.Hash, reason error, format string, args ...any) error {
	return fmt.Errorf("transaction %v: %w: %s", id, reason, fmt.Sprintf(format, args...))
}
