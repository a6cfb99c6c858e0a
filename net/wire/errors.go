package wire

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

var (
	// ErrTooLarge is the cause when a message or a part of it exceeds its limit.
	ErrTooLarge = errors.New("over the limit")
	// ErrNotCanonical is the cause when a list is out of order or a text is not
	// printable.
	ErrNotCanonical = errors.New("not in canonical form")
	// ErrUnknownKind is the cause when a kind is none of this package's.
	ErrUnknownKind = errors.New("unknown kind")
)

// An Error says that bytes are not a message of a kind, and why. Whoever made
// them is broken or hostile.
type Error struct {
	Kind Kind
	Err  error
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("%v: %v", e.Kind, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// within fails the decoder when a list or text is longer than allowed.
func within(d *types.Decoder, what string, n, most int) {
	if n > most {
		d.Fail(fmt.Errorf("%w: %d %s, at most %d are allowed", ErrTooLarge, n, what, most))
	}
}

// ascending fails the decoder unless positions grow strictly and stay below a
// bound.
func ascending(d *types.Decoder, positions []uint32, bound int) {
	for i, p := range positions {
		if i > 0 && p <= positions[i-1] {
			d.Fail(fmt.Errorf("%w: position %d follows %d", ErrNotCanonical, p, positions[i-1]))
			return
		}
		if int64(p) >= int64(bound) {
			d.Fail(fmt.Errorf("%w: position %d, at most %d is allowed", ErrTooLarge, p, bound-1))
			return
		}
	}
}
