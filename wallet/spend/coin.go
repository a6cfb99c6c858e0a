package spend

import (
	"fmt"

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
	// Until is when a coin can be spent that is not Available, as Opens has it; 0
	// where that is not known.
	Until uint64
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

// states is the number of states.
const states = Frozen + 1

// String returns the state as a word.
func (s State) String() string {
	if s >= states {
		return fmt.Sprintf("unknown (%d)", uint8(s))
	}
	return [states]string{"available", "maturing", "pending", "locked", "frozen"}[s]
}

// StateAt returns whether a coin is Available, Maturing or Locked in a block at a
// place, such as the one virtual stands at, for somebody with all keys and
// secrets. The other states are the caller's to know.
func (c *Coin) StateAt(p *params.Params, at rules.Place) State {
	rest := types.Policy{Kind: types.PolicyOlder, N: p.CoinbaseMaturity}
	if c.Coin.Coinbase && !passed(&rest, &c.Coin, at) {
		return Maturing
	}
	anybody := func([32]byte) bool { return true }
	if _, ok := Choose(c.Policy, Means{Key: anybody, Preimage: anybody, At: at, Coin: c.Coin}); !ok {
		return Locked
	}
	return Available
}

// name returns an outpoint as users write it.
func name(o types.Outpoint) string { return fmt.Sprintf("%v:%d", o.TxID, o.Index) }
