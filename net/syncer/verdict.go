package syncer

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/net/wire"
)

// A Verdict says what becomes of a gossiped message.
type Verdict uint8

// The verdicts.
const (
	Ignore Verdict = iota // dropped, at no cost to who forwarded it
	Accept                // forwarded
	Reject                // dropped, and its forwarder had to know better
)

// String returns the verdict in a word.
func (v Verdict) String() string { return [...]string{"ignore", "accept", "reject"}[v] }

// Points of reputation for what peers do.
const (
	PointsUseful       = 1   // a block that we took
	PointsTimeout      = -2  // no answer in time
	PointsUnrequested  = -5  // what nobody asked for, or too much of it
	PointsInvalidWork  = -20 // proof of work, signature or encoding that does not hold
	PointsWrongSync    = -25 // an answer that cannot be right
	PointsInvalidBlock = -50 // a block that fails what its sender had to check
)

// forgiven are broken rules that say nothing of who forwarded the message: they
// depend on the clock, the state or the release of who judges, or come after what
// must be checked before forwarding.
var forgiven = []rules.ErrorKind{
	rules.ErrUnknownVersion, rules.ErrFutureTime, rules.ErrTransactionVersion,
	rules.ErrMissingCoin, rules.ErrInputSum, rules.ErrOverspend, rules.ErrImmature,
	rules.ErrAbsoluteLock, rules.ErrRelativeLock, rules.ErrStorageWeight,
	rules.ErrCoinbaseBlueScore, rules.ErrCoinbaseSubsidy,
	rules.ErrUTXOCommitment, rules.ErrAcceptedRoot, rules.ErrCoinbase, rules.ErrPruningPoint,
}

// Judge maps what a message was found to be to what becomes of it. It is the only
// place where that is decided. Only what a forwarder must have checked is
// rejected: encoding, size, proof of work, the header against its past, the body
// against the header, a transaction's form and unlocks.
func Judge(err error) Verdict {
	if err == nil {
		return Accept
	}
	var rule rules.RuleError
	if errors.As(err, &rule) {
		for _, kind := range forgiven {
			if rule.Kind == kind {
				return Ignore
			}
		}
		return Reject
	}
	var malformed *wire.Error
	if errors.As(err, &malformed) || errors.Is(err, chain.ErrKnownInvalid) {
		return Reject
	}
	return Ignore
}

// Points returns what a gossiped message costs its forwarder: nothing unless
// Judge rejects it.
func Points(err error) int {
	var malformed *wire.Error
	switch {
	case Judge(err) != Reject:
		return 0
	case errors.Is(err, wire.ErrTooLarge):
		return PointsUnrequested
	case errors.As(err, &malformed), errors.Is(err, rules.ErrProofOfWork), errors.Is(err, rules.ErrSignature):
		return PointsInvalidWork
	}
	return PointsInvalidBlock
}

// Reasons of this package for not taking a message. None is a fault of who
// forwarded it, but for errWrongAnswer and its like.
var (
	errOrphan      = errors.New("a parent is not known")
	errUnwanted    = errors.New("too little work to be of use")
	errEarly       = errors.New("its time has not come")
	errBusy        = errors.New("too many blocks wait for their transactions")
	errWrongAnswer = errors.New("the answer is not what was asked for")
	errTimeout     = errors.New("no answer in time")
	errPeerLeft    = errors.New("the peer left")
	errLacking     = errors.New("announced and not to be had")
	errUnrequested = errors.New("an answer that nobody asked for")
)

// broken returns a rule error found before the chain would have.
func broken(kind rules.ErrorKind, format string, args ...any) error {
	return rules.RuleError{Kind: kind, Description: fmt.Sprintf(format, args...)}
}
