package service

import (
	"errors"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/node/api"
)

// A refusal says how an error of one of the parts reaches the caller. A message
// stands in the place of the error's own where that must not tell more.
type refusal struct {
	cause   error
	code    api.Code
	reason  string
	message string
}

// refusals is asked from the top; the first whose cause is in an error counts.
var refusals = []refusal{
	{cause: chain.ErrNotFound, code: api.CodeNotFound},
	{cause: chain.ErrUnknownCursor, code: api.CodeUnknownPoint},
	{cause: chain.ErrFailed, code: api.CodeNotReady},
	{cause: chain.ErrKnown, code: api.CodeRejected, reason: "known"},
	{cause: chain.ErrKnownInvalid, code: api.CodeRejected, reason: "known-invalid"},
	{cause: chain.ErrPruned, code: api.CodeRejected, reason: "pruned"},

	{cause: mempool.ErrKnown, code: api.CodeRejected, reason: "known"},
	{cause: mempool.ErrAccepted, code: api.CodeRejected, reason: "accepted"},
	{cause: mempool.ErrOrphan, code: api.CodeRejected, reason: "orphan"},
	{cause: mempool.ErrFee, code: api.CodeRejected, reason: "fee"},
	{cause: mempool.ErrConflict, code: api.CodeRejected, reason: "conflict"},
	{cause: mempool.ErrFull, code: api.CodeRejected, reason: "full"},
	{cause: mempool.ErrTooHeavy, code: api.CodeRejected, reason: "too-heavy"},
	{cause: mempool.ErrCoinbase, code: api.CodeRejected, reason: "coinbase"},
}

// refused returns an error as the caller is told it. What is no refusal stays as
// it is: a fault of the node.
func refused(err error) error {
	var own *api.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	for i := range refusals {
		if r := &refusals[i]; errors.Is(err, r.cause) {
			return r.of(err)
		}
	}
	var rule rules.RuleError
	var parents *chain.UnknownParentsError
	var tooMany *chain.TooManyError
	switch {
	case errors.As(err, &rule):
		return &api.Error{Code: api.CodeRejected, Message: err.Error(), Reason: string(rule.Kind)}
	case errors.As(err, &parents):
		return &api.Error{Code: api.CodeRejected, Message: err.Error(), Reason: "unknown-parents"}
	case errors.As(err, &tooMany):
		return &api.Error{Code: api.CodeTooLarge, Message: err.Error()}
	}
	return err
}

func (r *refusal) of(err error) *api.Error {
	message := r.message
	if message == "" {
		message = err.Error()
	}
	return &api.Error{Code: r.code, Message: message, Reason: r.reason}
}

// invalid refuses a parameter. The text begins with its name.
func invalid(format string, args ...any) error {
	return api.Errorf(api.CodeInvalidParams, format, args...)
}
