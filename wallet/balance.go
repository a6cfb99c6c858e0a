package wallet

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// A Balance is what a wallet or an account has, in four figures that do not
// overlap.
type Balance struct {
	Available types.Amount // can be spent now
	Maturing  types.Amount // from coinbases that are too young
	Pending   types.Amount // made by transactions that no chain block has accepted
	Locked    types.Amount // frozen by the owner, or locked by time or by keys of others
}

// Total returns the sum of the four figures.
func (b Balance) Total() types.Amount {
	return plus(plus(b.Available, b.Maturing), plus(b.Pending, b.Locked))
}

// Confirmed returns what stands on the chain: all but what is pending.
func (b Balance) Confirmed() types.Amount {
	return plus(plus(b.Available, b.Maturing), b.Locked)
}

// of returns the figure that coins of a state count for; nil for coins that
// count for none, as they are being spent.
func (b *Balance) of(s CoinState) *types.Amount {
	switch s {
	case CoinAvailable:
		return &b.Available
	case CoinMaturing:
		return &b.Maturing
	case CoinPending:
		return &b.Pending
	case CoinFrozen, CoinLocked, CoinShared:
		return &b.Locked
	}
	return nil
}

func (b *Balance) add(s CoinState, value types.Amount) {
	if figure := b.of(s); figure != nil {
		*figure = plus(*figure, value)
	}
}

// plus adds amounts of coins that exist: their sum is bounded by the supply,
// which the chain keeps within 64 bits.
func plus(a, b types.Amount) types.Amount {
	sum, ok := a.Add(b)
	if !ok {
		panic(fmt.Sprintf("wallet: coins of %v and %v JIO, more than all coins", a, b))
	}
	return sum
}
