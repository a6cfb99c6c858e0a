package rules

import "github.com/jio-dag/jio/chain/types"

const (
	// LockTimeThreshold divides the values of lock_time and of the after
	// policy: below it they are blue scores, from it on milliseconds of past
	// median time.
	LockTimeThreshold = 500_000_000_000
	// SequenceDisabled is the bit of a sequence that turns its relative lock off.
	SequenceDisabled = 1 << 63
	// sequenceReserved are the bits that stay zero in a relative lock.
	sequenceReserved = 1<<63 - 1<<32
)

// A Place is where locks and maturity are judged: the blue score and the past
// median time, in milliseconds, of the judging block.
type Place struct{ BlueScore, MedianTime uint64 }

// AbsoluteLock returns ErrAbsoluteLock unless the transaction has no lock_time
// or its lock_time has passed at a place. Every block holds its own
// transactions to it, and so does the block that accepts them.
func AbsoluteLock(tx *types.Transaction, at Place) error {
	if tx.LockTime == 0 {
		return nil
	}
	now := at.BlueScore
	if isTime(tx.LockTime) {
		now = at.MedianTime
	}
	if tx.LockTime >= now {
		return broken(ErrAbsoluteLock, "lock time %d: it is %d now", tx.LockTime, now)
	}
	return nil
}

// RelativeLocks returns ErrRelativeLock unless each coin, given in the order of
// the inputs, is as old in blue score as the sequence of its input demands.
func RelativeLocks(tx *types.Transaction, coins []types.Coin, at Place) error {
	for i := range tx.Inputs {
		age, locked := relativeLock(tx.Inputs[i].Sequence)
		if locked && !aged(&coins[i], age, at) {
			return broken(ErrRelativeLock, "input %d: accepted at blue score %d, locked for %d, it is %d now",
				i, coins[i].BlueScore, age, at.BlueScore)
		}
	}
	return nil
}

// aged reports whether blue score + age ≤ now, without overflow.
func aged(coin *types.Coin, age uint64, at Place) bool {
	return coin.BlueScore <= at.BlueScore && at.BlueScore-coin.BlueScore >= age
}

// isTime reports the class of a lock_time or after policy. Zero is a blue score.
func isTime(lock uint64) bool { return lock >= LockTimeThreshold }

// relativeLock returns the blue score that a sequence demands to pass; locked
// is false when it demands nothing.
func relativeLock(sequence uint64) (age uint64, locked bool) {
	return sequence & (1<<32 - 1), sequence&SequenceDisabled == 0
}

func sequenceForm(sequence uint64) error {
	if _, locked := relativeLock(sequence); locked && sequence&sequenceReserved != 0 {
		return broken(ErrSequence, "sequence %#x: bits 32 to 62 are reserved", sequence)
	}
	return nil
}
