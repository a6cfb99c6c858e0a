package api

import "fmt"

// A Code says what kind of refusal an Error is. Those of JSON-RPC 2.0 itself
// are negative and below -32000.
type Code int

// The codes of refusals.
const (
	CodeParse          Code = -32700
	CodeInvalidRequest Code = -32600
	CodeMethodNotFound Code = -32601
	CodeInvalidParams  Code = -32602
	CodeInternal       Code = -32603

	CodeNotFound     Code = -32001 // no such block, transaction, wallet, peer
	CodeNotReady     Code = -32002 // still starting, or stopping
	CodeLocked       Code = -32003 // the wallet is locked, or the password is wrong
	CodeRejected     Code = -32004 // a block or a transaction breaks a rule
	CodeFunds        Code = -32005 // not enough coins that can be spent now
	CodeFeeGuard     Code = -32006 // the fee is high and that was not allowed
	CodeForbidden    Code = -32007 // the credentials do not reach this far
	CodeUnavailable  Code = -32008 // the node was started without this part
	CodeTooLarge     Code = -32009 // the answer or the question passes a limit
	CodeUnknownPoint Code = -32010 // a cursor that is no chain block here: start anew
	CodeBusy         Code = -32011 // too many questions at once; ask again later
	CodeSlow         Code = -32012 // the subscriber did not keep up and was dropped
	CodeUnreachable  Code = -32013 // another node could not be reached
)

// An Error is a refusal by the node: a sentence for people, a code for
// programs, and a stable name of the reason in Reason where there is one, such
// as the kind of the broken rule. Field is the parameter that is at fault, as in
// "payments[0].address", and the message then begins with it and a colon.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Reason  string `json:"reason,omitempty"`
	Field   string `json:"field,omitempty"`
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Errorf returns an Error with a code.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
