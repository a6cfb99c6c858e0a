package spend

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A twin looks at every subset of a few coins, straight from the definitions.
type twin struct {
	request *Request
	least   uint64 // cost of the cheapest transaction; 0 without any
	match   bool   // some set without change lies within the window
}

// try judges one subset: without change, then with every change that the fee of
// some charge would leave.
func (w *twin) try(subset []Coin) {
	tx := types.Transaction{Version: 1, Outputs: w.request.Payments}
	var spent []types.Coin
	var in, out uint64
	for _, c := range subset {
		unlock := types.Unlock{Policy: c.Policy, Signatures: make([]types.Signature, 1)}
		tx.Inputs = append(tx.Inputs, types.Input{Outpoint: c.Outpoint, Unlock: unlock})
		spent = append(spent, c.Coin)
		in += c.Coin.Value.Jots()
	}
	for _, o := range tx.Outputs {
		out += o.Value.Jots()
	}
	rate := w.request.FeeRate
	storable := func() bool { return rules.StorageWeight(&tx, spent) <= w.request.Params.BlockWeight }
	due := func() uint64 {
		return (max(rules.Weight(&tx), rules.StorageWeight(&tx, spent))*rate + 999) / 1000
	}
	later := (rules.Weight(&types.Transaction{Inputs: tx.Inputs[:1]}) - rules.Weight(&types.Transaction{})) * rate
	output := (rules.Weight(&types.Transaction{Outputs: make([]types.Output, 1)}) - rules.Weight(&types.Transaction{})) * rate
	if fee := due(); in >= out && in-out >= fee && storable() {
		w.note(in - out)
		w.match = w.match || in-out-fee <= (output+later+999)/1000
	}
	if in <= out {
		return
	}
	payments := tx.Outputs
	change := func(v uint64) {
		out := types.Output{Value: types.Jots(v), Address: w.request.Change.Address()}
		tx.Outputs = append(payments[:len(payments):len(payments)], out)
	}
	// Value and fee together fall with the value as long as storage costs more
	// than it is worth, then they grow: the largest change is on that side.
	light := bisect(1, in-out, func(v uint64) bool {
		change(v)
		return rules.StorageWeight(&tx, spent) <= rules.Weight(&tx)
	})
	least := min(light, worthless(rate))
	beyond := bisect(least, in-out+1, func(v uint64) bool {
		change(v)
		return v+due() > in-out
	})
	change(beyond - 1)
	if beyond > least && storable() {
		w.note(in - out - (beyond - 1) + (later+999)/1000)
	}
}

// bisect returns the first of low … high for which a condition holds that holds
// from there on, high when it holds nowhere below.
func bisect(low, high uint64, holds func(uint64) bool) uint64 {
	for low < high {
		if mid := low + (high-low)/2; holds(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// worthless is a change that costs its own value to store: √(C·rate).
func worthless(rate uint64) uint64 {
	k := 10_000_000 * rate // C·rate/1000
	root := uint64(1) << (bits.Len64(k) / 2)
	for range 8 {
		root = (root + k/root) / 2
	}
	return root
}

func (w *twin) note(cost uint64) {
	if w.least == 0 || cost < w.least {
		w.least = cost
	}
}

func newTwin(r *Request) *twin {
	w := &twin{request: r}
	for set := 1; set < 1<<len(r.Coins); set++ {
		var subset []Coin
		for i := range r.Coins {
			if set>>i&1 == 1 {
				subset = append(subset, r.Coins[i])
			}
		}
		w.try(subset)
	}
	return w
}

var (
	owner = types.KeyPolicy(types.PublicKey([32]byte{1}))
	payee = types.KeyPolicy(types.PublicKey([32]byte{2}))
)

func ownCoins(values []uint64) []Coin {
	coins := make([]Coin, len(values))
	for i, v := range values {
		coins[i] = Coin{Policy: owner, Entry: utxo.Entry{
			Outpoint: types.Outpoint{TxID: sha256.Sum256(fmt.Append(nil, i))},
			Coin:     types.Coin{Output: types.Output{Value: types.Jots(v), Address: owner.Address()}},
		}}
	}
	return coins
}

// drawRequest draws a payment from a few coins, often one that some of them match
// but for a little.
func drawRequest(t *rapid.T, most int) *Request {
	value := rapid.Custom(func(t *rapid.T) uint64 {
		size := rapid.IntRange(3, 11).Draw(t, "digits")
		low := uint64(1)
		for range size {
			low *= 10
		}
		return low * rapid.Uint64Range(1, 12).Draw(t, "leading") / rapid.Uint64Range(1, 3).Draw(t, "part")
	})
	values := rapid.SliceOfN(value, 1, most).Draw(t, "coins")
	rate := rapid.SampledFrom([]uint64{1000, 1001, 2500, 40_000}).Draw(t, "rate")
	jots := value.Draw(t, "payment")
	if rapid.Bool().Draw(t, "match") {
		jots = 0
		weight := rapid.Uint64Range(300, 1500).Draw(t, "weight")
		for _, v := range values {
			if rapid.Bool().Draw(t, "in") {
				jots += v
				weight += keyWay.weight
			}
		}
		jots = max(jots, weight*rate/1000+1) - weight*rate/1000
	}
	return &Request{
		Params: params.MainNet(), Coins: ownCoins(values), FeeRate: rate, Change: owner, AllowHighFee: true,
		Payments: []types.Output{{Value: types.Jots(jots), Address: payee.Address()}},
	}
}

// TestChangelessTwin holds the search for a set without change against every
// subset: one is found if and only if there is one.
func TestChangelessTwin(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawRequest(t, 8)
		p, err := r.planner()
		if err != nil {
			t.Fatal(err)
		}
		trial, ok := p.changeless()
		worthwhile := *r
		worthwhile.Coins = nil
		for _, it := range p.free {
			worthwhile.Coins = append(worthwhile.Coins, *it.coin)
		}
		if want := newTwin(&worthwhile).match; ok != want {
			t.Fatalf("found %v (%+v), there is one: %v", ok, trial, want)
		}
		if ok {
			found++
		}
	})
	t.Logf("%d matches", found)
	if found == 0 {
		t.Error("no drawn payment had a match: the test shows nothing")
	}
}

// TestSelectionTwin holds the cost of payments against the cheapest of all
// subsets: never below it, seldom far above it. What is missed altogether are
// transactions that leave most of a coin to the fee.
func TestSelectionTwin(t *testing.T) {
	paid, missed, dearer := 0, 0, 0
	requests := rapid.Custom(func(t *rapid.T) *Request { return drawRequest(t, 6) })
	for seed := range 500 {
		r := requests.Example(seed)
		r.Dice = rand.New(rand.NewPCG(1, uint64(seed))).Uint64N
		p, err := r.planner()
		if err != nil {
			t.Fatal(err)
		}
		best, least := p.best(), newTwin(r).least
		switch {
		case best.verdict != fits && least > 0:
			missed++
			t.Logf("missed: %v pays %v at %d: %d", values(r), r.Payments[0].Value, r.FeeRate, least)
		case best.verdict != fits:
		case least == 0 || p.cost(&best)+r.FeeRate/1000 < least: // fees come in steps of a unit of weight
			t.Fatalf("%v pays %v at %d: cost %d, the cheapest is %d", values(r), r.Payments[0].Value, r.FeeRate, p.cost(&best), least)
		case p.cost(&best) > least+least/2:
			dearer++
			t.Logf("dearer: %v pays %v at %d: %d for %d", values(r), r.Payments[0].Value, r.FeeRate, p.cost(&best), least)
		default:
			paid++
		}
	}
	t.Logf("%d paid, %d missed, %d dearer by half", paid, missed, dearer)
	if missed > paid/50 || dearer > paid/25 {
		t.Errorf("%d paid, %d missed, %d dearer by half", paid, missed, dearer)
	}
}

func values(r *Request) (v []types.Amount) {
	for _, c := range r.Coins {
		v = append(v, c.Coin.Value)
	}
	return v
}

func own(p *planner, values ...uint64) []item {
	list := ownCoins(values)
	items := make([]item, len(list))
	for i := range list {
		items[i], _ = newItem(&list[i], p.tariff.rate)
	}
	return items
}

// TestWindow finds a set without change up to the last jot of the window: 164 for
// the change output and 724 for the input that spends it, at the least rate.
func TestWindow(t *testing.T) {
	const payment, fee, window = 1e8, 232 + 164 + 724, 164 + 724
	for _, c := range []struct {
		value uint64
		want  bool
	}{
		{payment + fee - 1, false},
		{payment + fee, true},
		{payment + fee + window, true},
		{payment + fee + window + 1, false},
	} {
		r := &Request{
			Params: params.MainNet(), Coins: ownCoins([]uint64{c.value}), FeeRate: MinFeeRate, Change: owner,
			Payments: []types.Output{{Value: types.Jots(payment), Address: payee.Address()}},
		}
		p, err := r.planner()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := p.changeless(); ok != c.want {
			t.Errorf("a coin of %d: %v", c.value, ok)
		}
	}
}

// TestKnapsack comes as close to a goal as small coins allow.
func TestKnapsack(t *testing.T) {
	p := &planner{}
	p.dice = rand.New(rand.NewPCG(5, 6)).Uint64N
	for _, c := range []struct {
		coins []uint64
		goal  int64
		want  int64
	}{
		{[]uint64{7, 5, 3, 2}, 10, 10},
		{[]uint64{7, 6, 6, 1}, 12, 12},
		{[]uint64{9, 8, 4, 4}, 15, 16},
		{[]uint64{20, 3}, 10, 0}, // the smaller ones do not reach it
		{[]uint64{5, 5}, 10, 10},
	} {
		p.arrange(own(p, c.coins...))
		var sum int64
		for _, it := range p.knapsack(c.goal * 1000) {
			sum += it.worth / 1000
		}
		if sum != c.want {
			t.Errorf("%v for %d: %d, want %d", c.coins, c.goal, sum, c.want)
		}
	}
}
