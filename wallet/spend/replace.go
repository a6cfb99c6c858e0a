package spend

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// A Replacement says what to put in the place of a transaction that waits in the
// pool. The pool takes it when it pays a higher rate than the one replaced, and
// more than all that would go with it.
type Replacement struct {
	Params *params.Params
	Tx     types.Transaction // the one to replace
	Coins  []Coin            // behind its inputs, in order
	Change int               // the index of its change output, -1 without
	// Descendants is the sum of fees of the waiting transactions that build on it.
	Descendants types.Amount
	// Extra are further coins that may be added to pay the higher fee. Outputs of
	// the replaced transaction among them are passed over.
	Extra []Coin
	// Max lets the last payment bear the higher fee, as where everything was sent.
	Max bool

	FeeRate      uint64 // wanted; raised as far as the pool demands
	AllowHighFee bool
	To           types.Policy // where change, or what a cancelled payment gives back, goes
	Dice         func(n uint64) uint64
}

// Bump returns a draft with the same payments and at least the same coins that
// pays a higher fee.
func (r *Replacement) Bump() (*Draft, error) { return nil, errUnwritten }

// Cancel returns a draft that pays the first coin, and as many more of the
// transaction's as the fee takes, back to To.
func (r *Replacement) Cancel() (*Draft, error) { return nil, errUnwritten }

// Least returns the lowest fee rate in thousandths that a replacement of the
// same weight must pay.
func (r *Replacement) Least() uint64 { return 0 }
