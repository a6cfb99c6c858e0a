package service

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
	"github.com/jio-dag/jio/wallet/spend"
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

	{cause: keystore.ErrPassword, code: api.CodeLocked, reason: "password", message: "wrong password, or the wallet file is damaged"},
	{cause: keystore.ErrLocked, code: api.CodeLocked, reason: "locked"},
	{cause: keystore.ErrExists, code: api.CodeInvalidParams, reason: "exists"},
	{cause: keystore.ErrFormat, code: api.CodeInvalidParams, reason: "format"},
	{cause: keystore.ErrVersion, code: api.CodeInvalidParams, reason: "version"},
	{cause: keystore.ErrParameters, code: api.CodeInvalidParams, reason: "parameters"},
	{cause: keystore.ErrPermissions, code: api.CodeInvalidParams, reason: "permissions"},
	{cause: keystore.ErrNotRegular, code: api.CodeInvalidParams, reason: "permissions"},
	{cause: keystore.ErrNoPassword, code: api.CodeInvalidParams, reason: "password"},
	{cause: hd.ErrChecksum, code: api.CodeInvalidParams, reason: "words"},

	{cause: wallet.ErrStock, code: api.CodeLocked, reason: "stock"},
	{cause: wallet.ErrNoWallet, code: api.CodeNotFound, reason: "wallet"},
	{cause: wallet.ErrUnknown, code: api.CodeNotFound, reason: "unknown"},
	{cause: wallet.ErrWalletExists, code: api.CodeInvalidParams, reason: "exists"},
	{cause: wallet.ErrName, code: api.CodeInvalidParams, reason: "name"},
	{cause: wallet.ErrText, code: api.CodeInvalidParams, reason: "text"},
	{cause: wallet.ErrWatchOnly, code: api.CodeRejected, reason: "watch-only"},
	{cause: wallet.ErrStale, code: api.CodeRejected, reason: "stale"},
	{cause: wallet.ErrMaxFee, code: api.CodeFeeGuard, reason: "max-fee"},
	{cause: wallet.ErrSettled, code: api.CodeRejected, reason: "settled"},
	{cause: wallet.ErrFollowers, code: api.CodeRejected, reason: "followers"},
	{cause: wallet.ErrPartial, code: api.CodeRejected, reason: "partial"},
	{cause: wallet.ErrClosed, code: api.CodeNotReady, reason: "closed"},

	{cause: spend.ErrInsufficient, code: api.CodeFunds, reason: "insufficient"},
	{cause: spend.ErrNotYet, code: api.CodeFunds, reason: "not-yet"},
	{cause: spend.ErrFeeEats, code: api.CodeFunds, reason: "fee"},
	{cause: spend.ErrFeeHigh, code: api.CodeFeeGuard, reason: "fee-high"},
	{cause: spend.ErrFeeLow, code: api.CodeInvalidParams, reason: "fee-low"},
	{cause: spend.ErrTooSmall, code: api.CodeRejected, reason: "too-small"},
	{cause: spend.ErrTooManyInputs, code: api.CodeRejected, reason: "too-many-coins"},
	{cause: spend.ErrTooManyOutputs, code: api.CodeRejected, reason: "too-many-payments"},
	{cause: spend.ErrTooMuch, code: api.CodeRejected, reason: "too-much"},
	{cause: spend.ErrCoin, code: api.CodeRejected, reason: "coin"},
	{cause: spend.ErrPolicy, code: api.CodeInvalidParams, reason: "policy"},
	{cause: spend.ErrPST, code: api.CodeInvalidParams, reason: "partial"},
	{cause: spend.ErrRequest, code: api.CodeInvalidParams, reason: "payment"},
	{cause: spend.ErrURI, code: api.CodeInvalidParams, reason: "uri"},
	{cause: spend.ErrNoKey, code: api.CodeNotFound, reason: "key"},
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
	var word hd.WordError
	var missing *spend.MissingError
	var rule rules.RuleError
	var parents *chain.UnknownParentsError
	var tooMany *chain.TooManyError
	switch {
	case errors.As(err, &word):
		return &api.Error{Code: api.CodeInvalidParams, Message: err.Error(), Reason: "words"}
	case errors.As(err, &missing):
		return &api.Error{Code: api.CodeRejected, Message: err.Error(), Reason: "missing"}
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

// invalid refuses a parameter by its name.
func invalid(name, format string, args ...any) *api.Error {
	return about(name, api.CodeInvalidParams, format, args...)
}

// tooLarge refuses a parameter that asks for too much, or is too much itself.
func tooLarge(name, format string, args ...any) *api.Error {
	return about(name, api.CodeTooLarge, format, args...)
}

func about(name string, code api.Code, format string, args ...any) *api.Error {
	return &api.Error{Code: code, Message: name + ": " + fmt.Sprintf(format, args...), Field: name}
}

// item names a part of a parameter that is a list.
func item(name string, i int) string { return fmt.Sprintf("%s[%d]", name, i) }
