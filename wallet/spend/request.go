package spend

import (
	"errors"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

var errUnwritten = errors.New("spend: not written")

// A Request says what to pay and from what. It is only read.
type Request struct {
	Params *params.Params
	// Coins are all that may be looked at, in any order and state; what is frozen
	// may be left out, but then an error cannot speak of it.
	Coins []Coin
	// Must names coins that are spent in any case; with Only, no others are.
	Must []types.Outpoint
	Only bool

	Payments []types.Output
	// Max pays the last payment, whose value is ignored, all that is left after
	// the others and the fee. Coins that cost more to spend than they are worth
	// stay where they are, unless they are named in Must.
	Max bool

	FeeRate      uint64 // thousandths of a jot per unit of weight, at least MinFeeRate
	AllowHighFee bool   // lets a fee pass that the guard refuses
	OneStep      bool   // refuses plans of more than one step

	// Change is the policy that change, and the coins between steps, are paid to.
	Change types.Policy
	// Dice returns a number below n, as rand.Rand's Uint64N does. It makes the
	// selection less predictable and hides which output is the change. Without it
	// everything is deterministic and change comes last.
	Dice func(n uint64) uint64
}

// A Plan is the steps of a payment in the order they must be sent: all but the
// last merge coins, the last pays. A step spends outputs of earlier ones by their
// final IDs, so all of them may be signed and sent at once, or one by one as they
// confirm; after any of them a new Request over the coins as they then are is as
// good.
type Plan struct {
	Steps []Draft
	Fee   types.Amount // of all steps together
	Paid  types.Amount // to the payments
	Left  types.Amount // Max only: worth of available coins that are not worth spending or do not fit
}

// New returns the plan that pays a request at little cost. The errors are those
// of this package; nothing is signed yet.
func New(r Request) (*Plan, error) { return nil, errUnwritten }
