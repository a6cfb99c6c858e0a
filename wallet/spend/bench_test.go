package spend_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/wallet/spend"
)

// BenchmarkNew plans payments from many coins: of values all over the place, of
// equal ones, and of so much that it takes steps.
func BenchmarkNew(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{100, 10_000, 100_000} {
		random, equal := make([]spend.Coin, n), make([]spend.Coin, n)
		var total uint64
		for i := range n {
			value := 1 + rng.Uint64N(1<<(20+rng.Uint64N(18)))
			random[i], equal[i] = coin(alice.policy, i, value), coin(alice.policy, i, 50e8)
			total += value
		}
		for _, c := range []struct {
			name  string
			coins []spend.Coin
			jots  uint64
		}{
			{"random", random, total / uint64(10*n) * 7},
			{"equal", equal, 123_4567_8901},
			{"steps", random, total / 10 * 9},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				r := request(c.jots, c.coins...)
				r.Params, r.Dice = params.MainNet(), rng.Uint64N
				b.ReportAllocs()
				for b.Loop() {
					if _, err := spend.New(r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkSign signs a transaction of as many inputs as fit.
func BenchmarkSign(b *testing.B) {
	var list []spend.Coin
	for i := range 632 {
		list = append(list, coin(alice.policy, i, 50e8))
	}
	r := request(0, list...)
	r.Max = true
	plan, err := spend.New(r)
	if err != nil || len(plan.Steps) != 1 {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.Steps[0].Sign(r.Params, everybody); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParsePST reads a PST with all its signatures.
func BenchmarkParsePST(b *testing.B) {
	data, p := complete(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := spend.ParsePST(p, data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerifyMessage verifies a signed message.
func BenchmarkVerifyMessage(b *testing.B) {
	p := params.MainNet()
	address := alice.policy.Address()
	text, err := spend.SignMessage(p, alice.key, []byte("text"), everybody)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := spend.VerifyMessage(p, address, []byte("text"), text); err != nil {
			b.Fatal(err)
		}
	}
}
