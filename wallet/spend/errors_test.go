package spend_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// TestCauses names the real cause of every payment that cannot be made.
func TestCauses(t *testing.T) {
	const jio = types.JotsPerJIO
	with := func(state spend.State, values ...uint64) []spend.Coin {
		list := coins(values...)
		for i := range list {
			list[i].State = state
			list[i].Outpoint.Index += 10
		}
		return list
	}
	rich := coins(5*jio, 2*jio)
	for _, c := range []struct {
		name   string
		want   error
		words  string
		change func(r *spend.Request)
	}{
		{"poor", spend.ErrInsufficient, "there are 7.00000000 JIO", func(r *spend.Request) { r.Payments[0] = pay(bob, 8*jio) }},
		{"nothing", spend.ErrInsufficient, "there are 0.00000000 JIO", func(r *spend.Request) { r.Coins = nil }},
		{"all of nothing", spend.ErrInsufficient, "", func(r *spend.Request) { r.Coins, r.Max = nil, true }},
		{"all of what matures", spend.ErrNotYet, "", func(r *spend.Request) { r.Coins, r.Max = with(spend.Maturing, jio), true }},
		{"maturing", spend.ErrNotYet, "50.00000000 JIO more are maturing", func(r *spend.Request) {
			r.Payments[0] = pay(bob, 20*jio)
			r.Coins = append(slices.Clone(rich), with(spend.Maturing, 50*jio)...)
		}},
		{"maturing, not enough", spend.ErrInsufficient, "1.00000000 JIO more are maturing", func(r *spend.Request) {
			r.Payments[0] = pay(bob, 20*jio)
			r.Coins = append(slices.Clone(rich), with(spend.Maturing, jio)...)
		}},
		{"pending, locked and frozen", spend.ErrNotYet, "1.00000000 JIO more are pending, 2.00000000 JIO more are locked, 3.00000000 JIO more are frozen", func(r *spend.Request) {
			r.Payments[0] = pay(bob, 6*jio-2000)
			r.Coins = slices.Concat(with(spend.Pending, jio), with(spend.Locked, 2*jio), with(spend.Frozen, 3*jio))
		}},
		{"no room for the fee", spend.ErrFeeEats, "a fee of 0.00001844 JIO", func(r *spend.Request) { r.Payments[0] = pay(bob, 7*jio) }},
		{"only the fee is maturing", spend.ErrNotYet, "maturing", func(r *spend.Request) {
			r.Payments[0] = pay(bob, 7*jio)
			r.Coins = append(slices.Clone(rich), with(spend.Maturing, jio)...)
		}},
		{"all eaten", spend.ErrFeeEats, "", func(r *spend.Request) { r.Coins, r.Max = coins(900), true }},
		{"too small to store", spend.ErrTooSmall, "storing 0.00019000 JIO weighs 526315", func(r *spend.Request) { r.Payments[0] = pay(bob, 19_000) }},
		{"storage eats", spend.ErrFeeEats, "a fee of 0.00333333 JIO", func(r *spend.Request) { r.Coins, r.Payments[0] = coins(300_000), pay(bob, 30_000) }},
		{"fee above a twentieth", spend.ErrFeeHigh, "", func(r *spend.Request) { r.Payments[0], r.AllowHighFee = pay(bob, 200_000), false }},
		{"fee above 1 JIO", spend.ErrFeeHigh, "1.28400000 JIO to pay 300", func(r *spend.Request) {
			r.Coins, r.Payments[0] = coins(500*jio), pay(bob, 300*jio)
			r.FeeRate, r.AllowHighFee = 100_000_000, false
		}},
		{"nearly all left to the fee", spend.ErrTooSmall, "", func(r *spend.Request) {
			r.Coins, r.Payments[0] = coins(333_333_333, 3000, 6000), pay(bob, 1975)
		}},
		{"fee rate", spend.ErrFeeLow, "0.999", func(r *spend.Request) { r.FeeRate = 999 }},
		{"absurd fee rate", spend.ErrFeeEats, "", func(r *spend.Request) { r.FeeRate = 1<<64 - 1 }},
		{"nobody", spend.ErrRequest, "nobody", func(r *spend.Request) { r.Payments = nil }},
		{"nothing to pay", spend.ErrRequest, "payment 0", func(r *spend.Request) { r.Payments[0] = pay(bob, 0) }},
		{"more than there can be", spend.ErrRequest, "21000000", func(r *spend.Request) {
			r.Payments = []types.Output{pay(bob, 20_000_000*jio), pay(bob, 2_000_000*jio)}
		}},
		{"reserved address", spend.ErrRequest, "version 1", func(r *spend.Request) { r.Payments[0].Address.Version = 1 }},
		{"only, but what", spend.ErrRequest, "named", func(r *spend.Request) { r.Only = true }},
		{"unknown coin", spend.ErrCoin, "not among", func(r *spend.Request) { r.Must = []types.Outpoint{{Index: 7}} }},
		{"frozen coin", spend.ErrCoin, "is frozen", func(r *spend.Request) {
			r.Coins[1].State = spend.Frozen
			r.Must = []types.Outpoint{r.Coins[1].Outpoint}
		}},
		{"only a small coin", spend.ErrInsufficient, "there are 2.00000000 JIO", func(r *spend.Request) {
			r.Must, r.Only = []types.Outpoint{r.Coins[1].Outpoint}, true
		}},
		{"wrong policy", spend.ErrCoin, "not paid to its policy", func(r *spend.Request) { r.Coins[0].Policy = bob.policy }},
		{"hidden policy", spend.ErrCoin, "hidden", func(r *spend.Request) {
			r.Coins[0].Policy = types.OpaquePolicy(alice.policy.Address())
		}},
		{"undecided policy", spend.ErrCoin, "must be chosen", func(r *spend.Request) {
			htlc := must(spend.HTLC([32]byte{1}, alice.key, bob.key, types.AfterPolicy(5)))
			r.Coins[0] = coin(htlc, 0, 5*jio)
		}},
		{"hidden change", spend.ErrRequest, "change", func(r *spend.Request) { r.Change = types.OpaquePolicy(types.Address{}) }},
		{"two classes of locks", spend.ErrCoin, "locked by date", func(r *spend.Request) {
			r.Coins[0] = coin(must(spend.TimeLock(alice.key, types.AfterPolicy(5))), 0, 5*jio)
			r.Coins[1] = coin(must(spend.TimeLock(alice.key, types.AfterPolicy(1e12))), 1, 5*jio)
			r.Must = []types.Outpoint{r.Coins[0].Outpoint, r.Coins[1].Outpoint}
		}},
		{"the other class of lock", spend.ErrNotYet, "locked", func(r *spend.Request) {
			r.Coins[0] = coin(must(spend.TimeLock(alice.key, types.AfterPolicy(5))), 0, 2*jio)
			r.Coins[1] = coin(must(spend.TimeLock(alice.key, types.AfterPolicy(1e12))), 1, 2*jio)
		}},
		{"too many payments", spend.ErrTooManyOutputs, "payments 3000, at most 2", func(r *spend.Request) {
			r.Payments = slices.Repeat([]types.Output{pay(bob, 100)}, 3000)
		}},
		{"more than a transaction moves", spend.ErrTooMuch, "jots", func(r *spend.Request) {
			r.Coins, r.Max = coins(20_000_000*jio, 20_000_000*jio), true
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(3*jio, slices.Clone(rich)...)
			c.change(&r)
			_, err := spend.New(r)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v\nwant %v with %q", err, c.want, c.words)
			}
		})
	}
}

// TestFundsAmounts reads the figures of an error.
func TestFundsAmounts(t *testing.T) {
	list := coins(500, 300, 200)
	list[1].State, list[2].State = spend.Maturing, spend.Frozen
	_, err := spend.New(request(600, list...))
	var e *spend.FundsError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := spend.FundsError{Kind: spend.ErrInsufficient, Available: types.Jots(500), Needed: types.Jots(600), Fee: types.Jots(1120)}
	want.Held[spend.Maturing], want.Held[spend.Frozen] = types.Jots(300), types.Jots(200)
	want.Resting[spend.Maturing].Coins, want.Resting[spend.Frozen].Coins = 1, 1
	if *e != want {
		t.Errorf("%+v\nwant %+v", *e, want)
	}
}

// TestFeeRateText reads and writes rates.
func TestFeeRateText(t *testing.T) {
	for text, rate := range map[string]uint64{"1": 1000, "1.5": 1500, "0.001": 1, "12.345": 12345, "0": 0} {
		if got, err := spend.ParseFeeRate(text); err != nil || got != rate || spend.FormatFeeRate(rate) != text {
			t.Errorf("%s: %d, %v, written %s", text, got, err, spend.FormatFeeRate(rate))
		}
	}
	for _, text := range []string{"", ".", "1.", ".5", "-1", "+1", "1.2345", "1e3", "99999999999999999999", "1,5", " 1"} {
		if got, err := spend.ParseFeeRate(text); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}

// TestStates asks where coins stand.
func TestStates(t *testing.T) {
	p := params.SimNet()
	plain := coin(alice.policy, 0, 1)
	mined := plain
	mined.Coin.Coinbase = true
	old := coin(must(spend.TimeLock(alice.key, types.OlderPolicy(50))), 0, 1)
	date := coin(must(spend.TimeLock(alice.key, types.AfterPolicy(1e12))), 0, 1)
	htlc := coin(must(spend.HTLC([32]byte{1}, alice.key, bob.key, types.AfterPolicy(1<<30))), 0, 1)
	for _, c := range []struct {
		coin spend.Coin
		at   uint64
		want spend.State
	}{
		{plain, 10, spend.Available},
		{mined, 10 + p.CoinbaseMaturity - 1, spend.Maturing},
		{mined, 10 + p.CoinbaseMaturity, spend.Available},
		{old, 59, spend.Locked},
		{old, 60, spend.Available},
		{date, 1 << 40, spend.Locked},
		{htlc, 10, spend.Available},
	} {
		at := end
		at.BlueScore, at.MedianTime = c.at, 1e12
		if got := c.coin.StateAt(p, at); got != c.want {
			t.Errorf("%v at %d: %v, want %v", c.coin.Policy, c.at, got, c.want)
		}
	}
	if got := date.StateAt(p, end); got != spend.Available {
		t.Errorf("after the date: %v", got)
	}
}
