package spend

import (
	"math"
	"slices"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
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
func (d *Draft) FeeRate() uint64 { return rateOf(d.Fee, d.Charged()) }

// Result returns an output of the draft as a coin that waits for a block, paid to
// a policy of the wallet.
func (d *Draft) Result(index int, policy types.Policy) Coin {
	return Coin{
		Entry: utxo.Entry{
			Outpoint: types.Outpoint{TxID: d.Tx.ID(), Index: uint32(index)},
			Coin:     types.Coin{Output: d.Tx.Outputs[index]},
		},
		Policy: policy,
		State:  Pending,
	}
}

// Sign returns the signed transaction, judged by the rules, when the signer holds
// enough keys; it must not ask for preimages. Otherwise the error is a
// MissingError.
func (d *Draft) Sign(p *params.Params, sign Signer) (types.Transaction, error) {
	s, err := d.PST(p)
	if err != nil {
		return types.Transaction{}, err
	}
	if _, err := s.Sign(sign); err != nil {
		return types.Transaction{}, err
	}
	return s.Finalize()
}

// draft turns a trial that fits into a draft. Dice put change among the payments
// and the inputs in any order.
func (p *planner) draft(t *trial) (Draft, error) {
	d := Draft{Fee: types.Jots(t.fee), Change: -1}
	d.Tx = types.Transaction{Version: 1, Outputs: slices.Clone(t.outputs), Mass: t.mass}
	if t.open >= len(p.payments) {
		d.Change = p.place(d.Tx.Outputs)
	}
	items := slices.Clone(t.items)
	p.shuffle(items)
	for i := range items {
		d.spend(&items[i])
	}
	return d, d.weigh(p.params)
}

// spend adds an input.
func (d *Draft) spend(it *item) {
	d.Coins = append(d.Coins, *it.coin)
	d.Tx.Inputs = append(d.Tx.Inputs, types.Input{
		Outpoint: it.coin.Outpoint,
		Sequence: it.sequence,
		Unlock:   types.Unlock{Policy: types.OpaquePolicy(it.coin.Coin.Address)},
	})
	d.Tx.LockTime = max(d.Tx.LockTime, it.lockTime)
}

// place moves the change, which is last, to where the dice say.
func (p *planner) place(outputs []types.Output) int {
	last := len(outputs) - 1
	if p.dice == nil {
		return last
	}
	to := int(p.dice(uint64(len(outputs))))
	outputs[to], outputs[last] = outputs[last], outputs[to]
	return to
}

func (p *planner) shuffle(items []item) {
	if p.dice == nil {
		return
	}
	for i := len(items) - 1; i > 0; i-- {
		j := p.dice(uint64(i) + 1)
		items[i], items[j] = items[j], items[i]
	}
}

// weigh fills in the weight that the signed transaction will have and has the
// rules judge the draft, as far as they can without signatures.
func (d *Draft) weigh(p *params.Params) error {
	tx := d.Tx
	tx.Inputs = slices.Clone(d.Tx.Inputs)
	for i := range tx.Inputs {
		unlock, err := placeholder(d.Coins[i].Policy)
		if err != nil {
			return inCoin(&d.Coins[i], err)
		}
		if d.Coins[i].Policy.Address() != d.Coins[i].Coin.Address {
			return refused(ErrCoin, "%s was not paid to its policy", name(d.Coins[i].Outpoint))
		}
		tx.Inputs[i].Unlock = unlock
		if err := locksHold(&tx, i); err != nil {
			return inCoin(&d.Coins[i], err)
		}
	}
	d.Weight = rules.Weight(&tx)
	fee, err := judge(p, &tx, d.spent())
	if err != nil {
		return err
	}
	if fee != d.Fee {
		return refused(ErrRequest, "the fee is %v JIO, %v JIO were meant", fee, d.Fee)
	}
	return nil
}

// locksHold asks the rules whether the fields of a transaction are what the locks
// that an input reveals ask for.
func locksHold(tx *types.Transaction, input int) (err error) {
	in := &tx.Inputs[input]
	leaves(&in.Unlock.Policy, func(leaf *types.Policy) {
		if err != nil || leaf.Kind != types.PolicyAfter && leaf.Kind != types.PolicyOlder {
			return
		}
		probe := types.Transaction{
			LockTime: tx.LockTime,
			Inputs:   []types.Input{{Sequence: in.Sequence, Unlock: types.Unlock{Policy: *leaf}}},
		}
		_, err = rules.Unlocks(&probe, []types.Output{{Address: leaf.Address()}}, types.Hash{})
	})
	return err
}

// judge holds a transaction against the rules, except for what its unlocks assert
// and for when it is spent.
func judge(p *params.Params, tx *types.Transaction, coins []types.Coin) (types.Amount, error) {
	if err := rules.TransactionForm(p, p.RuleSetAt(0), tx); err != nil {
		return types.Amount{}, err
	}
	return rules.Spend(p, tx, coins, endOfTime)
}

// endOfTime is a place where every coin has matured and every lock has passed.
var endOfTime = rules.Place{BlueScore: math.MaxUint64, MedianTime: math.MaxUint64}

// spent returns the coins behind the inputs as the rules know them.
func (d *Draft) spent() []types.Coin {
	coins := make([]types.Coin, len(d.Coins))
	for i := range d.Coins {
		coins[i] = d.Coins[i].Coin
	}
	return coins
}

// spentOutputs returns what the coins behind the inputs were paid.
func (d *Draft) spentOutputs() []types.Output {
	outputs := make([]types.Output, len(d.Coins))
	for i := range d.Coins {
		outputs[i] = d.Coins[i].Coin.Output
	}
	return outputs
}
