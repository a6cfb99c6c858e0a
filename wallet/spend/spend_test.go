package spend_test

import (
	"crypto/sha256"
	"fmt"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/wallet/spend"
)

// A person is a key of a test, made from a name.
type person struct {
	seed   [32]byte
	key    [32]byte
	policy types.Policy
}

func newPerson(name string) *person {
	p := &person{seed: sha256.Sum256([]byte(name))}
	p.key = types.PublicKey(p.seed)
	p.policy = types.KeyPolicy(p.key)
	return p
}

var (
	alice = newPerson("alice")
	bob   = newPerson("bob")
	carol = newPerson("carol")
)

// coin returns a spendable coin of a policy; n makes its outpoint.
func coin(policy types.Policy, n int, jots uint64) spend.Coin {
	return spend.Coin{
		Entry: utxo.Entry{
			Outpoint: types.Outpoint{TxID: sha256.Sum256(fmt.Append(nil, "coin ", n)), Index: uint32(n % 3)},
			Coin:     types.Coin{Output: types.Output{Value: types.Jots(jots), Address: policy.Address()}, BlueScore: 10},
		},
		Policy: policy,
	}
}

// coins returns alice's coins of these values.
func coins(values ...uint64) []spend.Coin {
	var list []spend.Coin
	for i, v := range values {
		list = append(list, coin(alice.policy, i, v))
	}
	return list
}

func pay(to *person, jots uint64) types.Output {
	return types.Output{Value: types.Jots(jots), Address: to.policy.Address()}
}

// request asks to pay bob from alice's coins at the least rate.
func request(jots uint64, from ...spend.Coin) spend.Request {
	return spend.Request{
		Params:       params.MainNet(),
		Coins:        from,
		Payments:     []types.Output{pay(bob, jots)},
		FeeRate:      spend.MinFeeRate,
		Change:       alice.policy,
		AllowHighFee: true,
	}
}

// end is a place where all locks have passed.
var end = rules.Place{BlueScore: 1 << 60, MedianTime: 1 << 60}

// checkDraft holds a draft against the definitions: what goes in comes out, the
// prediction of the weight, the fee, the limits, and the rules once it is signed.
func checkDraft(t rapid.TB, p *params.Params, d *spend.Draft, rate uint64, sign spend.Signer) types.Transaction {
	t.Helper()
	tx, err := d.Sign(p, sign)
	if err != nil {
		t.Fatalf("sign: %v", err)
	}
	checkSigned(t, p, d, rate, &tx)
	return tx
}

func checkSigned(t rapid.TB, p *params.Params, d *spend.Draft, rate uint64, tx *types.Transaction) {
	t.Helper()
	if got := rules.Weight(tx); got != d.Weight {
		t.Fatalf("weight %d, predicted %d", got, d.Weight)
	}
	spent := make([]types.Coin, len(d.Coins))
	var in, out uint64
	for i, c := range d.Coins {
		spent[i] = c.Coin
		in += c.Coin.Value.Jots()
		if tx.Inputs[i].Outpoint != c.Outpoint {
			t.Fatalf("input %d spends another coin", i)
		}
	}
	for _, o := range tx.Outputs {
		out += o.Value.Jots()
	}
	if in != out+d.Fee.Jots() {
		t.Fatalf("in %d, out %d, fee %v", in, out, d.Fee)
	}
	charged := max(d.Weight, tx.Mass)
	if d.Fee.Jots() < (charged*rate+999)/1000 {
		t.Fatalf("fee %v for %d units at rate %d", d.Fee, charged, rate)
	}
	if got := rules.StorageWeight(tx, spent); got != tx.Mass {
		t.Fatalf("declared %d, storage weight %d", tx.Mass, got)
	}
	if charged > p.BlockWeight {
		t.Fatalf("charged %d, a block holds %d", charged, p.BlockWeight)
	}
	checkRules(t, p, tx, spent)
}

// checkRules has the rules judge a signed transaction.
func checkRules(t rapid.TB, p *params.Params, tx *types.Transaction, spent []types.Coin) {
	t.Helper()
	if err := rules.TransactionForm(p, p.RuleSetAt(0), tx); err != nil {
		t.Fatal(err)
	}
	if _, err := rules.Spend(p, tx, spent, end); err != nil {
		t.Fatal(err)
	}
	outputs := make([]types.Output, len(spent))
	for i := range spent {
		outputs[i] = spent[i].Output
	}
	checks, err := rules.Unlocks(tx, outputs, p.GenesisHash)
	if err != nil {
		t.Fatal(err)
	}
	if !types.VerifyBatch(checks) {
		t.Fatal("a signature does not verify")
	}
}
