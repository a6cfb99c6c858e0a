package rules_test

import (
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

func TestAbsoluteLock(t *testing.T) {
	const threshold = rules.LockTimeThreshold
	tests := []struct {
		lock      uint64
		at        rules.Place
		wantError bool
	}{
		{0, rules.Place{}, false},
		{1, rules.Place{BlueScore: 1}, true},
		{1, rules.Place{BlueScore: 2}, false},
		{9, rules.Place{BlueScore: 10}, false},
		{10, rules.Place{BlueScore: 10, MedianTime: ^uint64(0)}, true},
		{threshold - 1, rules.Place{BlueScore: threshold - 1, MedianTime: threshold}, true},
		{threshold - 1, rules.Place{BlueScore: threshold}, false},
		{threshold, rules.Place{BlueScore: ^uint64(0), MedianTime: threshold}, true},
		{threshold, rules.Place{MedianTime: threshold + 1}, false},
		{^uint64(0), rules.Place{BlueScore: ^uint64(0), MedianTime: ^uint64(0)}, true},
	}
	for _, test := range tests {
		err := rules.AbsoluteLock(&types.Transaction{LockTime: test.lock}, test.at)
		if test.wantError {
			wantKind(t, err, rules.ErrAbsoluteLock)
		} else {
			wantKind(t, err, "")
		}
	}
}

// No sequence turns an absolute lock off.
func TestSequenceLeavesAbsoluteLock(t *testing.T) {
	p := pay(pk(1))
	p.tx.LockTime = 200
	p.tx.Inputs[0].Sequence = ^uint64(0)
	_, err := rules.Spend(network(), &p.tx, p.coins, here)
	wantKind(t, err, rules.ErrAbsoluteLock)
}

func TestRelativeLocks(t *testing.T) {
	tests := []struct {
		sequence, coin, now uint64
		wantError           bool
	}{
		{0, 100, 100, false},
		{50, 100, 150, false},
		{50, 100, 149, true},
		{1<<32 - 1, 0, 1<<32 - 1, false},
		{1<<32 - 1, 0, 1<<32 - 2, true},
		{rules.SequenceDisabled, 100, 100, false},
		{rules.SequenceDisabled | 50, 100, 100, false},
		{^uint64(0), 100, 0, false},
		{0, 101, 100, true}, // a coin of the future has no age
		{5, ^uint64(0), 10, true},
	}
	for _, test := range tests {
		tx := types.Transaction{Inputs: []types.Input{{Sequence: rules.SequenceDisabled}, {Sequence: test.sequence}}}
		coins := []types.Coin{{BlueScore: ^uint64(0)}, {BlueScore: test.coin}}
		err := rules.RelativeLocks(&tx, coins, rules.Place{BlueScore: test.now})
		if test.wantError {
			wantKind(t, err, rules.ErrRelativeLock)
		} else {
			wantKind(t, err, "")
		}
	}
}
