package rules

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// MaxTransactionSize bounds the encoding of a transaction that is not a
// coinbase, unlocks included, in bytes. It also keeps output indices far below
// 2³¹, where those of outputs made by state begin.
const MaxTransactionSize = 100_000

// TransactionForm judges all of a transaction that can be judged without the
// chain, for transactions that are not a coinbase. What its unlocks assert is
// left to Unlocks.
func TransactionForm(p *params.Params, set params.RuleSet, tx *types.Transaction) error {
	if err := TransactionVersion(set, tx); err != nil {
		return err
	}
	if err := fieldsForm(p, tx); err != nil {
		return err
	}
	if err := outputsForm(tx.Outputs); err != nil {
		return err
	}
	return inputsForm(tx.Inputs)
}

// TransactionVersion judges the one part of a transaction's form that depends
// on the rule set: the form of a given version never changes, a rule set only
// says which versions it admits. A transaction from a valid body is held to the
// rule set of the accepting block by this alone.
func TransactionVersion(set params.RuleSet, tx *types.Transaction) error {
	if tx.Version < 1 || tx.Version > set.TransactionVersion {
		return broken(ErrTransactionVersion, "transaction version %d: versions 1 to %d are admitted", tx.Version, set.TransactionVersion)
	}
	return nil
}

// fieldsForm judges the plain fields, and the size before anything that costs
// time in proportion to it.
func fieldsForm(p *params.Params, tx *types.Transaction) error {
	if tx.SubnetworkID != types.NativeSubnetwork {
		return broken(ErrSubnetwork, "subnetwork %x: only the native one is known", tx.SubnetworkID)
	}
	if tx.Gas != 0 {
		return broken(ErrGas, "gas %d: want 0", tx.Gas)
	}
	if len(tx.Payload) != 0 {
		return broken(ErrPayload, "payload of %d bytes: want none", len(tx.Payload))
	}
	if tx.Mass > p.BlockWeight {
		return broken(ErrMass, "declared mass %d: a block holds %d", tx.Mass, p.BlockWeight)
	}
	if len(tx.Inputs) == 0 {
		return broken(ErrNoInputs, "no inputs")
	}
	if len(tx.Outputs) == 0 {
		return broken(ErrNoOutputs, "no outputs")
	}
	if size := types.EncodedLen(tx); size > MaxTransactionSize {
		return broken(ErrTransactionSize, "%d bytes: at most %d are allowed", size, MaxTransactionSize)
	}
	return nil
}

func outputsForm(outputs []types.Output) error {
	for i, out := range outputs {
		if out.Value.IsZero() || !out.Value.Valid() {
			return broken(ErrOutputValue, "output %d: value %v JIO is out of range", i, out.Value)
		}
		if out.Address.Version != 0 {
			return broken(ErrAddressVersion, "output %d: address version %d is reserved", i, out.Address.Version)
		}
	}
	if _, ok := outputSum(outputs); !ok {
		return broken(ErrOutputSum, "outputs sum to more than %v JIO", types.MaxAmount)
	}
	return nil
}

func inputsForm(inputs []types.Input) error {
	seen := make(map[types.Outpoint]struct{}, len(inputs))
	for i := range inputs {
		in := &inputs[i]
		if _, twice := seen[in.Outpoint]; twice {
			return broken(ErrDuplicateInput, "input %d: outpoint %v:%d comes twice", i, in.Outpoint.TxID, in.Outpoint.Index)
		}
		seen[in.Outpoint] = struct{}{}
		if err := sequenceForm(in.Sequence); err != nil {
			return inInput(i, err)
		}
		if err := PolicyShape(&in.Unlock); err != nil {
			return inInput(i, err)
		}
	}
	return nil
}

// Spend judges a transaction of good form against the coins behind its inputs,
// given in their order, at a place, and returns its fee. It judges all but what
// the unlocks assert, which Unlocks does.
func Spend(p *params.Params, tx *types.Transaction, coins []types.Coin, at Place) (types.Amount, error) {
	fee, err := feeOf(tx, coins)
	if err != nil {
		return types.Amount{}, err
	}
	if err := maturity(p, coins, at); err != nil {
		return types.Amount{}, err
	}
	if err := AbsoluteLock(tx, at); err != nil {
		return types.Amount{}, err
	}
	if err := RelativeLocks(tx, coins, at); err != nil {
		return types.Amount{}, err
	}
	if weight := StorageWeight(tx, coins); weight > tx.Mass {
		return types.Amount{}, broken(ErrStorageWeight, "storage weight %d: only %d is declared", weight, tx.Mass)
	}
	return fee, nil
}

func feeOf(tx *types.Transaction, coins []types.Coin) (types.Amount, error) {
	in, ok := coinSum(coins)
	if !ok {
		return types.Amount{}, broken(ErrInputSum, "inputs sum to more than %v JIO", types.MaxAmount)
	}
	out, ok := outputSum(tx.Outputs)
	if !ok {
		return types.Amount{}, broken(ErrOutputSum, "outputs sum to more than %v JIO", types.MaxAmount)
	}
	fee, ok := in.Sub(out)
	if !ok {
		return types.Amount{}, broken(ErrOverspend, "outputs of %v JIO from inputs of %v JIO", out, in)
	}
	return fee, nil
}

func maturity(p *params.Params, coins []types.Coin, at Place) error {
	for i := range coins {
		if coins[i].Coinbase && !aged(&coins[i], p.CoinbaseMaturity, at) {
			return broken(ErrImmature, "input %d: coinbase accepted at blue score %d, matures after %d, it is %d now",
				i, coins[i].BlueScore, p.CoinbaseMaturity, at.BlueScore)
		}
	}
	return nil
}

// outputSum returns the sum of the outputs; ok is false where it exceeds
// MaxAmount.
func outputSum(outputs []types.Output) (sum types.Amount, ok bool) {
	for i := range outputs {
		if sum, ok = sum.Add(outputs[i].Value); !ok || !sum.Valid() {
			return types.Amount{}, false
		}
	}
	return sum, true
}

// coinSum returns the sum of the coins; ok is false where it exceeds MaxAmount.
func coinSum(coins []types.Coin) (sum types.Amount, ok bool) {
	for i := range coins {
		if sum, ok = sum.Add(coins[i].Value); !ok || !sum.Valid() {
			return types.Amount{}, false
		}
	}
	return sum, true
}
