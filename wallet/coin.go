package wallet

import (
	"github.com/jio-dag/jio/chain/types"
)

// A CoinState says what an unspent coin is good for.
type CoinState uint8

// The states of a coin.
const (
	CoinAvailable CoinState = iota
	CoinMaturing            // of a coinbase, and too young
	CoinPending             // made by a transaction that no chain block has accepted
	CoinFrozen              // by its owner
	CoinLocked              // its policy waits for a time or a depth
	CoinSpending            // an unconfirmed transaction spends it
	CoinShared              // spending it takes keys that the wallet does not hold
)

// String returns the state in a word.
func (s CoinState) String() string {
	return [...]string{"available", "maturing", "pending", "frozen", "locked", "spending", "shared"}[s]
}

// A Coin is an unspent coin of the wallet. Until is the blue score at which a
// maturing one can be spent, and that of a locked one where a depth locks it; 0
// for all others.
type Coin struct {
	Outpoint types.Outpoint
	types.Coin
	Account uint32
	State   CoinState
	Frozen  bool // by its owner, whatever State says
	Until   uint64
	Label   string
}
