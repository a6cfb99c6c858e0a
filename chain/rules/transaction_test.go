package rules_test

import (
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

func form(tx *types.Transaction) error {
	p := network()
	return rules.TransactionForm(p, p.RuleSetAt(0), tx)
}

func TestTransactionForm(t *testing.T) {
	limit := network().BlockWeight
	max := types.MaxAmount.Jots()
	tests := []struct {
		name    string
		want    rules.ErrorKind
		corrupt func(tx *types.Transaction)
	}{
		{"valid", "", func(tx *types.Transaction) {}},
		{"version 0", rules.ErrTransactionVersion, func(tx *types.Transaction) { tx.Version = 0 }},
		{"version 2", rules.ErrTransactionVersion, func(tx *types.Transaction) { tx.Version = 2 }},
		{"coinbase subnetwork", rules.ErrSubnetwork, func(tx *types.Transaction) { tx.SubnetworkID = types.CoinbaseSubnetwork }},
		{"unknown subnetwork", rules.ErrSubnetwork, func(tx *types.Transaction) { tx.SubnetworkID[19] = 1 }},
		{"gas", rules.ErrGas, func(tx *types.Transaction) { tx.Gas = 1 }},
		{"payload", rules.ErrPayload, func(tx *types.Transaction) { tx.Payload = []byte{0} }},
		{"greatest mass", "", func(tx *types.Transaction) { tx.Mass = limit }},
		{"too much mass", rules.ErrMass, func(tx *types.Transaction) { tx.Mass = limit + 1 }},
		{"no inputs", rules.ErrNoInputs, func(tx *types.Transaction) { tx.Inputs = nil }},
		{"no outputs", rules.ErrNoOutputs, func(tx *types.Transaction) { tx.Outputs = nil }},
		{"one input, one output", "", func(tx *types.Transaction) { tx.Inputs, tx.Outputs = tx.Inputs[:1], tx.Outputs[:1] }},
		{"greatest size", "", func(tx *types.Transaction) { resize(tx, rules.MaxTransactionSize) }},
		{"too large", rules.ErrTransactionSize, func(tx *types.Transaction) { resize(tx, rules.MaxTransactionSize+1) }},
		{"same outpoint", rules.ErrDuplicateInput, func(tx *types.Transaction) { tx.Inputs[1].Outpoint = tx.Inputs[0].Outpoint }},
		{"reserved outpoint index", "", func(tx *types.Transaction) { tx.Inputs[1].Outpoint.Index = 1 << 31 }},
		{"greatest relative lock", "", func(tx *types.Transaction) { tx.Inputs[1].Sequence = 1<<32 - 1 }},
		{"sequence bit 32", rules.ErrSequence, func(tx *types.Transaction) { tx.Inputs[1].Sequence = 1 << 32 }},
		{"sequence bit 62", rules.ErrSequence, func(tx *types.Transaction) { tx.Inputs[1].Sequence = 1 << 62 }},
		{"sequence bit 63 and others", "", func(tx *types.Transaction) { tx.Inputs[1].Sequence = ^uint64(0) }},
		{"shape of a policy", rules.ErrSignatureCount, func(tx *types.Transaction) { tx.Inputs[1].Unlock.Signatures = nil }},
		{"nothing", rules.ErrOutputValue, func(tx *types.Transaction) { tx.Outputs[1].Value = types.Jots(0) }},
		{"one jot", "", func(tx *types.Transaction) { tx.Outputs[1].Value = types.Jots(1) }},
		{"more than all", rules.ErrOutputValue, func(tx *types.Transaction) { tx.Outputs[1].Value = types.Jots(max + 1) }},
		{"sum of all", "", func(tx *types.Transaction) { setValues(tx, max-1, 1) }},
		{"sum above all", rules.ErrOutputSum, func(tx *types.Transaction) { setValues(tx, max, 1) }},
		{"stake address", rules.ErrAddressVersion, func(tx *types.Transaction) { tx.Outputs[1].Address.Version = 1 }},
		{"highest address version", rules.ErrAddressVersion, func(tx *types.Transaction) { tx.Outputs[0].Address.Version = 255 }},
		{"any absolute lock", "", func(tx *types.Transaction) { tx.LockTime = ^uint64(0) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := valid()
			test.corrupt(&p.tx)
			wantKind(t, form(&p.tx), test.want)
		})
	}
}

func setValues(tx *types.Transaction, values ...uint64) {
	for i, v := range values {
		tx.Outputs[i].Value = types.Jots(v)
	}
}

// resize gives a transaction exactly size bytes: outputs of 41 bytes, and a
// policy of locks of 5 bytes for the rest.
func resize(tx *types.Transaction, size int) {
	tx.Inputs = tx.Inputs[:1]
	for locks := uint8(1); ; locks++ {
		policy := types.ThresholdPolicy(locks)
		for range locks {
			policy.Children = append(policy.Children, types.OlderPolicy(0))
		}
		tx.Inputs[0].Unlock = types.Unlock{Policy: policy}
		tx.Outputs = nil
		rest := size - types.EncodedLen(tx)
		if rest%41 == 0 {
			for range rest / 41 {
				tx.Outputs = append(tx.Outputs, types.Output{Value: types.Jots(1)})
			}
			return
		}
	}
}

// A rule set admits versions; the form of a version is the same in all of them.
func TestTransactionVersionFollowsTheRuleSet(t *testing.T) {
	p := network()
	set := params.RuleSet{TransactionVersion: 2}
	for version, want := range map[uint16]rules.ErrorKind{
		0: rules.ErrTransactionVersion, 1: "", 2: "", 3: rules.ErrTransactionVersion,
	} {
		tx := valid().tx
		tx.Version = version
		wantKind(t, rules.TransactionForm(p, set, &tx), want)
		wantKind(t, rules.TransactionVersion(set, &tx), want)
	}
}

func TestSpend(t *testing.T) {
	max := types.MaxAmount.Jots()
	tests := []struct {
		name    string
		want    rules.ErrorKind
		corrupt func(p *payment, at *rules.Place)
	}{
		{"valid", "", func(p *payment, at *rules.Place) {}},
		{"no fee", "", func(p *payment, at *rules.Place) { setValues(&p.tx, 100e8, 100e8) }},
		{"a jot too much", rules.ErrOverspend, func(p *payment, at *rules.Place) { setValues(&p.tx, 100e8, 100e8+1) }},
		{"inputs of all", "", func(p *payment, at *rules.Place) { p.coins[0].Value = types.Jots(max - 100e8) }},
		{"inputs above all", rules.ErrInputSum, func(p *payment, at *rules.Place) { p.coins[0].Value = types.Jots(max - 100e8 + 1) }},
		{"inputs beyond 64 bits", rules.ErrInputSum, func(p *payment, at *rules.Place) { p.coins[1].Value = types.Jots(^uint64(0)) }},
		{"outputs above all", rules.ErrOutputSum, func(p *payment, at *rules.Place) { setValues(&p.tx, max, 1) }},
		{"just mature", "", func(p *payment, at *rules.Place) { at.BlueScore = 200 }},
		{"not mature", rules.ErrImmature, func(p *payment, at *rules.Place) { at.BlueScore = 199 }},
		{"not a coinbase", "", func(p *payment, at *rules.Place) { p.coins[1].Coinbase = false; at.BlueScore = 151 }},
		{"absolute lock", rules.ErrAbsoluteLock, func(p *payment, at *rules.Place) { p.tx.LockTime = at.BlueScore }},
		{"relative lock", rules.ErrRelativeLock, func(p *payment, at *rules.Place) { p.tx.Inputs[1].Sequence = 101 }},
		{"exact mass", "", func(p *payment, at *rules.Place) { setValues(&p.tx, 1e8, 100e8); p.tx.Mass = 99 }},
		{"too little mass", rules.ErrStorageWeight, func(p *payment, at *rules.Place) { setValues(&p.tx, 1e8, 100e8); p.tx.Mass = 98 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, at := valid(), here
			test.corrupt(p, &at)
			fee, err := rules.Spend(network(), &p.tx, p.coins, at)
			wantKind(t, err, test.want)
			if test.want == "" && fee.Jots() != paid(p) {
				t.Fatalf("fee %v, want %d jots", fee, paid(p))
			}
		})
	}
}

// paid is the fee by plain arithmetic.
func paid(p *payment) (fee uint64) {
	for _, c := range p.coins {
		fee += c.Value.Jots()
	}
	for _, out := range p.tx.Outputs {
		fee -= out.Value.Jots()
	}
	return fee
}
