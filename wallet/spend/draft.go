package spend

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// A Draft is a transaction that is complete but for its unlocks, and what it will
// cost. Its ID is final.
type Draft struct {
	Tx     types.Transaction // the policy of each unlock is opaque: nothing is revealed yet
	Coins  []Coin            // behind the inputs, in order
	Fee    types.Amount
	Weight uint64 // of the signed transaction; the declared mass is Tx.Mass
	Change int    // index of the change output, -1 without
}

// Charged returns the weight that the fee is for: the greater of weight and
// declared mass.
func (d *Draft) Charged() uint64 { return max(d.Weight, d.Tx.Mass) }

// FeeRate returns the fee in thousandths of a jot per unit of weight, rounded
// down.
func (d *Draft) FeeRate() uint64 { return 0 }

// Result returns an output of the draft as a coin that waits for a block, paid to
// a policy of the wallet.
func (d *Draft) Result(index int, policy types.Policy) Coin { return Coin{} }

// Sign returns the signed transaction, judged by the rules, when the signer holds
// enough keys; it must not ask for preimages. Otherwise the error is a
// MissingError.
func (d *Draft) Sign(p *params.Params, sign Signer) (types.Transaction, error) {
	return types.Transaction{}, errUnwritten
}

// PST returns the draft as a partially signed transaction without signatures.
func (d *Draft) PST(p *params.Params) (*PST, error) { return nil, errUnwritten }
