package spend

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Coin is an unspent output and what it takes to spend it.
type Coin struct {
	utxo.Entry
	// Policy is the one behind the coin's address, with every branch hidden that
	// shall not be used; Choose hides them. Where more children of a threshold are
	// in sight than it asks for, any of them may sign.
	Policy types.Policy
	State  State
}

// A State says whether a coin can be spent now. Only available ones are; the
// others make the errors tell why.
type State uint8

// The states of a coin.
const (
	Available State = iota
	Maturing        // a coinbase that still rests
	Pending         // of a transaction that waits for a block
	Locked          // by an after or older policy
	Frozen          // by its owner
)

// String returns the state as a word.
func (s State) String() string {
	return [...]string{"available", "maturing", "pending", "locked", "frozen"}[s]
}

// StateAt returns whether a coin is Available, Maturing or Locked in a block at a
// place, such as the one virtual stands at. The other states are the caller's.
func (c *Coin) StateAt(p *params.Params, at rules.Place) State {
	return Available
}
