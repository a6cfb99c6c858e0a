package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/store"
)

// A usageError is the user's to mend: a flag, a command, a setting.
type usageError struct{ err error }

// Error implements error.
func (e *usageError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *usageError) Unwrap() error { return e.err }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{err}
}

// A signalError says that a signal ended the program before its work was done.
type signalError struct{ signal os.Signal }

// Error implements error.
func (e *signalError) Error() string { return "ended by " + e.signal.String() }

// An exitCode is what a program tells its caller.
type exitCode struct {
	code    int
	name    string // stable, for programs that read JSON
	meaning string
	matches func(error) bool
}

// exitCodes is asked from the top; the first that matches an error is its code.
var exitCodes = []exitCode{
	{
		70, "internal", "an internal error, or a supply that does not add up; a crash file was written",
		anyOf(is[*node.PanicError], is[*chain.SupplyError]),
	},
	{130, "interrupted", "SIGINT before the work was done, or a second one", bySignal(os.Interrupt)},
	{143, "terminated", "SIGTERM before the work was done, or a second one", bySignal(syscall.SIGTERM)},
	{129, "hung-up", "the terminal went away before the work was done", bySignal(syscall.SIGHUP)},
	{3, "no-node", "no node could be reached, or it is not ready", anyOf(unreachable, refusedWith(api.CodeNotReady, api.CodeUnavailable, api.CodeBusy, api.CodeUnreachable))},
	{4, "locked", "the wallet is locked, or the password is wrong", refusedWith(api.CodeLocked)},
	{
		5, "rejected", "the funds do not suffice, or a payment, a transaction or a block was refused",
		refusedWith(api.CodeFunds, api.CodeRejected, api.CodeFeeGuard),
	},
	{6, "in-use", "another process has the data directory, or an address to listen on", anyOf(is[*store.InUseError], isTaken)},
	{7, "corrupt", "the database is damaged", anyOf(is[*store.CorruptError], is[*chain.CorruptError])},
	{
		2, "usage", "a flag, a command or a setting is wrong, or the data directory holds another network's data",
		anyOf(is[*usageError], is[*store.SchemaError], isWrongGenesis, refusedWith(api.CodeInvalidParams, api.CodeTooLarge)),
	},
	{1, "failed", "anything else went wrong", func(err error) bool { return err != nil }},
	{0, "ok", "all is well", func(err error) bool { return err == nil }},
}

// codeOf returns the exit code of an error, 0 for none.
func codeOf(err error) exitCode {
	for _, c := range exitCodes {
		if c.matches(err) {
			return c
		}
	}
	panic(fmt.Sprintf("cli: no exit code for %v", err)) // the last two match everything
}

func is[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}

func anyOf(tests ...func(error) bool) func(error) bool {
	return func(err error) bool {
		for _, test := range tests {
			if test(err) {
				return true
			}
		}
		return false
	}
}

// refusedWith matches refusals by a node.
func refusedWith(codes ...api.Code) func(error) bool {
	return func(err error) bool {
		var refusal *api.Error
		return errors.As(err, &refusal) && slices.Contains(codes, refusal.Code)
	}
}

// reasonOf is the stable name of a node's reason to refuse, "" without one.
func reasonOf(err error) string {
	var refusal *api.Error
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return ""
}

func isTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

func isWrongGenesis(err error) bool { return errors.Is(err, chain.ErrWrongGenesis) }

func bySignal(s os.Signal) func(error) bool {
	return func(err error) bool {
		var target *signalError
		return errors.As(err, &target) && target.signal == s
	}
}
