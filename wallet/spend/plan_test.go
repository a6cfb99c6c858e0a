package spend_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// checkPlan holds a plan against its request: every step is a good transaction,
// each spends outputs of earlier steps or coins of the request, none twice, and
// the payments are made.
func checkPlan(t rapid.TB, r *spend.Request, plan *spend.Plan, sign spend.Signer) []types.Transaction {
	t.Helper()
	there := make(map[types.Outpoint]bool)
	for i := range r.Coins {
		there[r.Coins[i].Outpoint] = r.Coins[i].State == spend.Available
	}
	var txs []types.Transaction
	var fee uint64
	for i := range plan.Steps {
		d := &plan.Steps[i]
		txs = append(txs, checkDraft(t, r.Params, d, r.FeeRate, sign))
		for _, in := range d.Tx.Inputs {
			if !there[in.Outpoint] {
				t.Fatalf("step %d spends %v, which is not there", i, in.Outpoint)
			}
			delete(there, in.Outpoint)
		}
		for n := range d.Tx.Outputs {
			there[types.Outpoint{TxID: d.Tx.ID(), Index: uint32(n)}] = true
		}
		fee += d.Fee.Jots()
	}
	if plan.Fee.Jots() != fee {
		t.Fatalf("total fee %v, the steps cost %d", plan.Fee, fee)
	}
	checkPayments(t, r, plan)
	return txs
}

func checkPayments(t rapid.TB, r *spend.Request, plan *spend.Plan) {
	t.Helper()
	last := plan.Steps[len(plan.Steps)-1]
	outputs := slices.Clone(last.Tx.Outputs)
	if last.Change >= 0 {
		if outputs[last.Change].Address != r.Change.Address() {
			t.Fatal("the change goes to somebody else")
		}
		outputs = slices.Delete(outputs, last.Change, last.Change+1)
	}
	var paid uint64
	for i, want := range r.Payments {
		at := slices.IndexFunc(outputs, func(o types.Output) bool {
			return o.Address == want.Address && (o.Value == want.Value || r.Max && i == len(r.Payments)-1)
		})
		if at < 0 {
			t.Fatalf("payment %d is not made", i)
		}
		paid += outputs[at].Value.Jots()
		outputs = slices.Delete(outputs, at, at+1)
	}
	if len(outputs) != 0 {
		t.Fatalf("%d outputs that nobody asked for", len(outputs))
	}
	if paid != plan.Paid.Jots() {
		t.Fatalf("paid %d, the plan says %v", paid, plan.Paid)
	}
}

// TestPlans draws payments of every kind and holds the plans against the rules.
func TestPlans(t *testing.T) {
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawPayment(t)
		plan, err := spend.New(r)
		if err != nil {
			var funds *spend.FundsError
			var limit *spend.LimitError
			if !errors.As(err, &funds) && !errors.As(err, &limit) {
				t.Fatal(err)
			}
			return
		}
		made++
		checkPlan(t, &r, plan, everybody)
		for _, o := range r.Must {
			if !spendsIn(plan, o) {
				t.Fatalf("%v is not spent", o)
			}
		}
	})
	if made < 30 {
		t.Errorf("only %d plans were made", made)
	}
}

func spendsIn(plan *spend.Plan, o types.Outpoint) bool {
	return slices.ContainsFunc(plan.Steps, func(d spend.Draft) bool {
		return slices.ContainsFunc(d.Tx.Inputs, func(in types.Input) bool { return in.Outpoint == o })
	})
}

// everybody signs with the keys of all persons.
var everybody = spend.Seeds(&alice.seed, &bob.seed, &carol.seed)

func drawPayment(t *rapid.T) spend.Request {
	p := rapid.SampledFrom([]*params.Params{params.MainNet(), params.DevNet()}).Draw(t, "network")
	value := rapid.Custom(func(t *rapid.T) uint64 {
		return rapid.Uint64Range(1, 15).Draw(t, "leading") << rapid.IntRange(4, 38).Draw(t, "bits")
	})
	policy := rapid.SampledFrom([]types.Policy{
		alice.policy, bob.policy, must(spend.Multisig(2, alice.key, bob.key, carol.key)),
		must(spend.TimeLock(alice.key, types.OlderPolicy(7))), must(spend.TimeLock(bob.key, types.AfterPolicy(99))),
	})
	r := spend.Request{
		Params:       p,
		FeeRate:      rapid.Uint64Range(spend.MinFeeRate, 20*spend.MinFeeRate).Draw(t, "rate"),
		Change:       policy.Draw(t, "change"),
		AllowHighFee: true,
		Max:          rapid.Bool().Draw(t, "max"),
	}
	for i := range rapid.IntRange(1, 40).Draw(t, "coins") {
		c := coin(policy.Draw(t, "policy"), i, value.Draw(t, "coin"))
		c.State = rapid.SampledFrom([]spend.State{spend.Available, spend.Available, spend.Available, spend.Maturing, spend.Frozen}).Draw(t, "state")
		r.Coins = append(r.Coins, c)
		if c.State == spend.Available && rapid.IntRange(0, 9).Draw(t, "must") == 0 {
			r.Must = append(r.Must, c.Outpoint)
		}
	}
	r.Only = len(r.Must) > 0 && rapid.Bool().Draw(t, "only")
	var available uint64
	for _, c := range r.Coins {
		if c.State == spend.Available {
			available += c.Coin.Value.Jots()
		}
	}
	for n := rapid.IntRange(1, 4).Draw(t, "payments"); len(r.Payments) < n; {
		share := rapid.Uint64Range(1, 1200).Draw(t, "share")
		r.Payments = append(r.Payments, pay(carol, 1+available/1000*share/uint64(n)))
	}
	if rapid.Bool().Draw(t, "dice") {
		r.Dice = rand.New(rand.NewPCG(3, rapid.Uint64().Draw(t, "seed"))).Uint64N
	}
	return r
}

func must(p types.Policy, err error) types.Policy {
	if err != nil {
		panic(err)
	}
	return p
}

// TestMaxSpendsAll sends everything: nothing is left but what is not worth it.
func TestMaxSpendsAll(t *testing.T) {
	r := request(0, coins(5_0000_0000, 700, 3_0000_0000)...)
	r.Max = true
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	if plan.Left != types.Jots(700) || plan.Paid.Jots() != 8_0000_0000-plan.Fee.Jots() {
		t.Errorf("paid %v, fee %v, left %v", plan.Paid, plan.Fee, plan.Left)
	}
	if d := &plan.Steps[0]; len(plan.Steps) != 1 || len(d.Coins) != 2 || d.Change != -1 || d.FeeRate() != spend.MinFeeRate {
		t.Errorf("%d steps, %d coins, change %d, rate %d", len(plan.Steps), len(d.Coins), d.Change, d.FeeRate())
	}
}

// TestSteps pays from more coins than a transaction holds. The numbers follow from
// the weights: at ten blocks a second 632 inputs with one signature fit beside two
// outputs, and at one block a second, where the size counts, 670.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		params *params.Params
		coins  int
		jots   uint64
		steps  []int // inputs of each
	}{
		{params.MainNet(), 2000, 632 * 50_0000_0000, []int{2, 632}},
		{params.MainNet(), 2000, 99_000_0000_0000, []int{632, 632, 88, 632}},
		{params.MainNet(), 1400, 69_990_0000_0000, []int{632, 138, 632}},
		{params.DevNet(), 1400, 69_990_0000_0000, []int{670, 62, 670}},
	} {
		values := slices.Repeat([]uint64{50_0000_0000}, c.coins)
		r := request(c.jots, coins(values...)...)
		r.Params = c.params
		plan, err := spend.New(r)
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, &r, plan, everybody)
		var inputs []int
		for i := range plan.Steps {
			d := &plan.Steps[i]
			inputs = append(inputs, len(d.Coins))
			if merges := i < len(plan.Steps)-1; merges && (d.Change != 0 || d.Tx.Outputs[0].Address != r.Change.Address()) {
				t.Errorf("step %d: change %d", i, d.Change)
			}
		}
		if !slices.Equal(inputs, c.steps) {
			t.Errorf("%d coins to pay %d: steps of %v inputs, want %v", c.coins, c.jots, inputs, c.steps)
		}
		r.OneStep = true
		if _, err := spend.New(r); !errors.Is(err, spend.ErrTooManyInputs) {
			t.Errorf("in one step: %v", err)
		}
	}
}

// TestRounds merges what was merged, where a transaction holds only a few coins.
func TestRounds(t *testing.T) {
	p := params.MainNet()
	p.BlockWeight, p.MergeSetLimit = 6000, 1
	r := request(0, coins(slices.Repeat([]uint64{1_0000_0000}, 200)...)...)
	r.Params, r.Max = p, true
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	if len(plan.Steps) < 30 || plan.Paid.Jots()+plan.Fee.Jots() != 200_0000_0000 {
		t.Errorf("%d steps, paid %v, fee %v", len(plan.Steps), plan.Paid, plan.Fee)
	}
	// No chain of steps is longer than the tree of merges is deep.
	depth := make(map[types.Hash]int)
	for i := range plan.Steps {
		tx := &plan.Steps[i].Tx
		for _, in := range tx.Inputs {
			depth[tx.ID()] = max(depth[tx.ID()], depth[in.Outpoint.TxID]+1)
		}
		if depth[tx.ID()] > 4 {
			t.Errorf("step %d stands on %d others", i, depth[tx.ID()]-1)
		}
	}
}

// TestSmallestCoin takes the smallest coin that suffices where the costs are equal.
func TestSmallestCoin(t *testing.T) {
	r := request(150_0000_0000, coins(100_0000_0000, 900_0000_0000, 300_0000_0000, 500_0000_0000)...)
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	if d := &plan.Steps[0]; len(d.Coins) != 1 || d.Coins[0].Coin.Value != types.Jots(300_0000_0000) {
		t.Errorf("spends %d coins, the first of %v", len(d.Coins), d.Coins[0].Coin.Value)
	}
}

// TestStepsOfOnlyDust merges what is hardly worth its fee, where every step eats
// into what the payment needs.
func TestStepsOfOnlyDust(t *testing.T) {
	values := slices.Repeat([]uint64{1500}, 3000)
	r := request(0, coins(values...)...)
	r.Max = true
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	all := plan.Paid.Jots()
	r.Max, r.Payments[0].Value = false, types.Jots(all)
	plan, err = spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	r.Payments[0].Value = types.Jots(all + 5000)
	if _, err = spend.New(r); !errors.Is(err, spend.ErrFeeEats) {
		t.Error(err)
	}
}

// TestSmallChange meets the trap of KIP-9: what is left over is too small to be
// stored at its worth.
func TestSmallChange(t *testing.T) {
	// Alone, the coin would leave 0.0005 JIO, whose storage costs 0.002 JIO.
	small := uint64(1_0005_1284)
	r := request(1_0000_0000, coins(small)...)
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	if d := &plan.Steps[0]; d.Change != -1 || plan.Fee.Jots() != 51284 {
		t.Errorf("change %d, fee %v: want it left to the fee", d.Change, plan.Fee)
	}
	// With another coin the change is large and light.
	r = request(1_0000_0000, coins(small, 1_0000_0000)...)
	if plan, err = spend.New(r); err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
	if d := &plan.Steps[0]; len(d.Coins) != 2 || d.Change != 1 || plan.Fee.Jots() != d.Weight {
		t.Errorf("%d coins, change %d, fee %v: want both coins", len(d.Coins), d.Change, plan.Fee)
	}
}

// TestHeaviestBranch predicts for the heaviest branch in sight.
func TestHeaviestBranch(t *testing.T) {
	p := types.ThresholdPolicy(1, alice.policy, must(spend.Multisig(2, bob.key, carol.key)))
	r := request(1e8, coin(p, 0, 5e8))
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, spend.Seeds(&bob.seed, &carol.seed))
	tx, err := plan.Steps[0].Sign(r.Params, spend.Seeds(&alice.seed))
	if err != nil || rules.Weight(&tx) >= plan.Steps[0].Weight {
		t.Errorf("the lighter branch: %v, weight %d of %d", err, rules.Weight(&tx), plan.Steps[0].Weight)
	}
	// Of two locks the longer counts.
	p = types.ThresholdPolicy(3, types.OlderPolicy(9), types.OlderPolicy(5), alice.policy)
	r = request(1e8, coin(p, 0, 5e8))
	if plan, err = spend.New(r); err != nil {
		t.Fatal(err)
	}
	checkPlan(t, &r, plan, everybody)
}

// TestDeterministic repeats itself without dice, and hides the change with them.
func TestDeterministic(t *testing.T) {
	r := request(3_0000_0000, coins(5_0000_0000, 4_0000_0000, 1_0000_0000, 9_0000_0000)...)
	first, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(r.Coins)
	second, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	if first.Steps[0].Tx.ID() != second.Steps[0].Tx.ID() || first.Steps[0].Change != 1 {
		t.Error("the same coins in another order make another payment")
	}
	places := make(map[int]int)
	r.Dice = rand.New(rand.NewPCG(1, 1)).Uint64N
	for range 100 {
		plan, err := spend.New(r)
		if err != nil {
			t.Fatal(err)
		}
		places[plan.Steps[0].Change]++
	}
	if places[0] < 20 || places[1] < 20 {
		t.Errorf("the change stands at %v", places)
	}
}
