package spend

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

var (
	// ErrInsufficient: all coins together are worth less than payments and fee.
	ErrInsufficient = errors.New("not enough money")
	// ErrNotYet: there is enough, but part of it cannot be spent yet: it matures,
	// waits for a block, is locked or frozen.
	ErrNotYet = errors.New("not enough of the money can be spent yet")
	// ErrFeeEats: the coins cover the payments but not the fee on top, or are worth
	// less than it costs to spend them.
	ErrFeeEats = errors.New("the fee does not fit")
	// ErrFeeHigh: the fee is above a twentieth of the amount, or above 1 JIO.
	ErrFeeHigh = errors.New("the fee is unusually high")
	// ErrFeeLow: the fee rate is below what the pool relays.
	ErrFeeLow = errors.New("the fee rate is too low to be relayed")
	// ErrTooSmall: an output is so small that storing it weighs more than a block.
	ErrTooSmall = errors.New("the amount is too small")
	// ErrTooManyInputs: one transaction cannot hold the coins, and only one was
	// asked for.
	ErrTooManyInputs = errors.New("too many coins for one transaction")
	// ErrTooManyOutputs: one transaction cannot hold the payments.
	ErrTooManyOutputs = errors.New("too many payments for one transaction")
	// ErrTooMuch: the coins sum to more than one transaction may move.
	ErrTooMuch = errors.New("more than one transaction may move")
	// ErrCoin: a coin asked for by name is unknown, not available or cannot be
	// spent by its policy.
	ErrCoin = errors.New("the coin cannot be used")
	// ErrPolicy: a policy is not one to receive coins with, or its text is not one.
	ErrPolicy = errors.New("the policy cannot be used")
	// ErrPST: a text is not a partially signed transaction, or two of them do not
	// belong together.
	ErrPST = errors.New("the partially signed transaction cannot be used")
	// ErrRequest: the request itself makes no sense.
	ErrRequest = errors.New("the payment is not well formed")
)

// A FundsError says that the money does not suffice, and why. It wraps
// ErrInsufficient, ErrNotYet or ErrFeeEats.
type FundsError struct {
	Kind      error
	Available types.Amount         // of coins that can be spent now and may be used
	Needed    types.Amount         // by the payments, without fee
	Fee       types.Amount         // needed on top
	Held      [states]types.Amount // of the other coins, by State
	Resting   [states]Rest         // how many those are
}

// A Rest counts coins that cannot be spent yet. First is when the first of them
// can, as in Coin; 0 where that is not known.
type Rest struct {
	Coins int
	First uint64
}

func (r *Rest) add(until uint64) {
	r.Coins++
	if r.First == 0 || until > 0 && until < r.First {
		r.First = until
	}
}

// String returns "until …" where that is known, else "".
func (r Rest) String() string {
	switch {
	case r.First == 0:
		return ""
	case r.Coins > 1:
		return fmt.Sprintf(" in %d coins, the first until %s", r.Coins, placeText(r.First))
	}
	return " until " + placeText(r.First)
}

// Unwrap lets errors.Is find the kind.
func (e *FundsError) Unwrap() error { return e.Kind }

// Error implements error, in words for the owner of the coins.
func (e *FundsError) Error() string {
	words := fmt.Sprintf("%v: to pay %v JIO and a fee of %v JIO there are %v JIO", e.Kind, e.Needed, e.Fee, e.Available)
	for state := Maturing; state < states; state++ {
		if held := e.Held[state]; !held.IsZero() {
			words += fmt.Sprintf(", %v JIO more are %v%v", held, state, e.Resting[state])
		}
	}
	return words
}

// A FeeError says that a fee is out of proportion. It wraps ErrFeeHigh.
type FeeError struct {
	Fee    types.Amount
	Amount types.Amount // what is paid
}

// Unwrap lets errors.Is find ErrFeeHigh.
func (e *FeeError) Unwrap() error { return ErrFeeHigh }

// Error implements error.
func (e *FeeError) Error() string {
	return fmt.Sprintf("%v: %v JIO to pay %v JIO", ErrFeeHigh, e.Fee, e.Amount)
}

// A LimitError says that a transaction would be beyond a limit. It wraps
// ErrTooSmall, ErrTooManyInputs, ErrTooManyOutputs or ErrTooMuch.
type LimitError struct {
	Kind  error
	What  string // the limited thing, such as "storage weight"
	Value uint64
	Limit uint64
}

// Unwrap lets errors.Is find the kind.
func (e *LimitError) Unwrap() error { return e.Kind }

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%v: %s %d, at most %d fit", e.Kind, e.What, e.Value, e.Limit)
}

// refused wraps a kind with the values at fault.
func refused(kind error, format string, values ...any) error {
	return fmt.Errorf("%w: %s", kind, fmt.Sprintf(format, values...))
}
