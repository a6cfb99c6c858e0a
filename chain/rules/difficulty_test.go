package rules

import (
	"math/big"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// naiveAsert is aserti3 as it is published, in unbounded integers.
func naiveAsert(s *Schedule, time, slots uint64) *big.Int {
	unsigned := func(v uint64) *big.Int { return new(big.Int).SetUint64(v) }
	delay := new(big.Int).Sub(unsigned(time), unsigned(s.AnchorTime))
	delay.Sub(delay, new(big.Int).Mul(unsigned(s.Spacing), unsigned(slots)))
	exponent := delay.Quo(delay.Mul(delay, big.NewInt(65536)), unsigned(s.HalfLife)) // Quo truncates
	shift := new(big.Int).Rsh(exponent, 16)                                          // Rsh floors
	f := new(big.Int).Sub(exponent, new(big.Int).Lsh(shift, 16))
	factor := new(big.Int)
	for _, c := range []int64{5_127, 971_821_376, 195_766_423_245_049} {
		factor.Mul(factor.Add(factor, big.NewInt(c)), f)
	}
	factor.Rsh(factor.Add(factor, big.NewInt(1<<47)), 48)
	factor.Add(factor, big.NewInt(65536))
	limit, one := bigOf(s.Limit), big.NewInt(1)
	target := new(big.Int).Mul(bigOf(s.AnchorTarget), factor)
	switch {
	case shift.Cmp(big.NewInt(1024)) > 0:
		return limit
	case shift.Cmp(big.NewInt(-1024)) < 0:
		return one
	case shift.Sign() > 0:
		target.Lsh(target, uint(shift.Int64()))
	default:
		target.Rsh(target, uint(-shift.Int64()))
	}
	target.Rsh(target, 16)
	if target.Cmp(limit) > 0 {
		return limit
	}
	if target.Sign() == 0 {
		return one
	}
	return target
}

func bigOf(x types.Uint256) *big.Int {
	b := x.BigEndian()
	return new(big.Int).SetBytes(b[:])
}

// drawTarget draws a target from 1 to limit, of any length in bits.
func drawTarget(t *rapid.T, limit types.Uint256, name string) types.Uint256 {
	var x types.Uint256
	for i := range x {
		x[i] = rapid.Uint64().Draw(t, name)
	}
	x = x.Rsh(rapid.UintRange(0, 255).Draw(t, name+" shift"))
	if x.Cmp(limit) > 0 {
		return limit
	}
	if x.IsZero() {
		return types.NewUint256(1)
	}
	return x
}

func checkAsert(t *rapid.T, s *Schedule, time, slots uint64) {
	if got, want := bigOf(Asert(s, time, slots)), naiveAsert(s, time, slots); got.Cmp(want) != 0 {
		t.Fatalf("Asert(%+v, %d, %d) = %x, want %x", s, time, slots, got, want)
	}
}

// TestAsertAnyInput holds Asert against its twin on inputs of any size, where
// nothing may wrap.
func TestAsertAnyInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := drawTarget(t, types.MaxUint256, "limit")
		s := &Schedule{
			AnchorTarget: drawTarget(t, limit, "anchor"),
			AnchorTime:   rapid.Uint64().Draw(t, "anchor time"),
			Spacing:      rapid.Uint64().Draw(t, "spacing"),
			HalfLife:     rapid.Uint64Min(1).Draw(t, "half-life"),
			Limit:        limit,
		}
		checkAsert(t, s, rapid.Uint64().Draw(t, "time"), rapid.Uint64().Draw(t, "slots"))
	})
}

// TestAsertNearSchedule does so within some hundred half-lives of the schedule,
// where the cubic and both shifts matter.
func TestAsertNearSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := drawTarget(t, types.MaxUint256, "limit")
		s := &Schedule{
			AnchorTarget: drawTarget(t, limit, "anchor"),
			AnchorTime:   1 << 48,
			Spacing:      rapid.SampledFrom([]uint64{40, 100, 1000}).Draw(t, "spacing"),
			HalfLife:     rapid.SampledFrom([]uint64{60_000, 600_000}).Draw(t, "half-life"),
			Limit:        limit,
		}
		slots := rapid.Uint64Max(1<<36).Draw(t, "slots")
		reach := 530 * int64(s.HalfLife)
		delay := rapid.Int64Range(-reach, reach).Draw(t, "delay")
		checkAsert(t, s, s.AnchorTime+s.Spacing*slots+uint64(delay), slots)
	})
}

// TestAsertWideTargets does so for targets and limits at the top of 256 bits,
// where the product needs more, over every whole part that leaves a result.
func TestAsertWideTargets(t *testing.T) {
	top := types.NewUint256(1).Lsh(255)
	below, _ := top.Sub(types.NewUint256(1))
	wide := []types.Uint256{types.MaxUint256, top, below, top.Rsh(1)}
	for _, limit := range wide {
		for _, anchor := range wide {
			s := &Schedule{AnchorTarget: anchor, AnchorTime: 300 << 16, Spacing: 1, HalfLife: 1 << 16, Limit: limit}
			for shift := range uint64(304) { // from 300 half-lives early to 3 late
				for _, f := range []uint64{0, 1, 30_000, 65_535} {
					time := shift<<16 + f
					if got, want := bigOf(Asert(s, time, 0)), naiveAsert(s, time, 0); got.Cmp(want) != 0 {
						t.Fatalf("Asert(%+v, %d, 0) = %x, want %x", s, time, got, want)
					}
				}
			}
		}
	}
}

// TestPowerOfFraction holds all 65,536 values of the cubic.
func TestPowerOfFraction(t *testing.T) {
	s := &Schedule{AnchorTarget: types.NewUint256(1 << 16), HalfLife: 1 << 16, Limit: types.MaxUint256}
	for f := range uint64(1 << 16) {
		if got, want := powerOfFraction(f), naiveAsert(s, f, 0).Uint64(); got != want {
			t.Fatalf("powerOfFraction(%d) = %d, want %d", f, got, want)
		}
	}
}

// TestAsertEdges holds the ends of the range: 2²⁵⁵ needs more than 256 bits on
// the way, and the result never leaves [1, limit].
func TestAsertEdges(t *testing.T) {
	half := types.NewUint256(1).Lsh(255)
	one := types.NewUint256(1)
	s := Schedule{AnchorTarget: half, AnchorTime: 1000, Spacing: 10, HalfLife: 100, Limit: half}
	tests := []struct {
		name        string
		time, slots uint64
		want        types.Uint256
	}{
		{"on schedule", 2000, 100, half},
		{"a half-life early", 1900, 100, half.Rsh(1)},
		{"a half-life late: the limit", 2100, 100, half},
		{"255 half-lives early", 1000, 2550, one},
		{"256 half-lives early: never 0", 1000, 2560, one},
		{"as early as may be", 0, ^uint64(0), one},
		{"as late as may be", ^uint64(0), 0, half},
		{"before the anchor", 900, 0, half.Rsh(1)},
		{"two half-lives before the anchor", 800, 0, half.Rsh(2)},
	}
	for _, tt := range tests {
		if got := Asert(&s, tt.time, tt.slots); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestRequiredBits(t *testing.T) {
	dev, sim := params.DevNet(), params.SimNet()
	start := dev.Engines[0].Anchor.Time
	switched := params.DevNet()
	switched.Engines = append(switched.Engines, params.Engine{
		From: 1000, ID: "sha256d", Num: 1, Den: 1,
		Anchor: params.Anchor{DAAScore: 990, Time: start + 990_000, Bits: 0x1d00ffff},
	})
	tests := []struct {
		name      string
		p         *params.Params
		daa, time uint64
		want      uint32
	}{
		{"genesis and its child", dev, 0, start, 0x1e1fffff},
		{"on schedule", dev, 5_000, start + 5_000_000, 0x1e1fffff},
		{"a half-life early", dev, 5_060, start + 5_000_000, 0x1e0fffff},
		{"a half-life late", dev, 4_940, start + 5_000_000, 0x1e3ffffe},
		{"never easier than the limit", dev, 0, start + 1<<40, 0x207fffff},
		{"never below 1", dev, 1 << 40, start, 0x01010000},
		{"before a switch", switched, 999, start + 999_000, 0x1e1fffff},
		{"after it, from the new anchor", switched, 1000, start + 1_000_000, 0x1d00ffff},
		{"after it, a half-life early", switched, 1060, start + 1_000_000, 0x1c7fff80},
		{"no retarget", sim, 1 << 40, start, 0x207fffff},
	}
	for _, tt := range tests {
		if got := RequiredBits(tt.p, tt.daa, tt.time); got != tt.want {
			t.Errorf("%s: %08x, want %08x", tt.name, got, tt.want)
		}
	}
}

// A step is the way from a selected parent to a block that merges count blocks,
// all in window, with its past median time gap later.
type step struct {
	daa, median uint64 // of the selected parent
	count       int
	gap         uint64
}

// targets returns the targets that both must have.
func (s step) targets(p *params.Params) (before, after *big.Int) {
	daa := DAAScore(p, DAAInput{
		ParentDAAScore:   s.daa,
		ParentMedianTime: s.median,
		MedianTime:       s.median + s.gap,
		MergeScores:      make([]uint64, s.count),
	})
	decode := func(daa, median uint64) *big.Int { return bigOf(decodeBits(RequiredBits(p, daa, median))) }
	return decode(s.daa, s.median), decode(daa, s.median+s.gap)
}

// A guard is the two factors of the burst guard, rounding included, in units of
// 2⁻⁶⁴ and rounded down, so that to pass is to keep to the true bound.
type guard struct{ ease, harden *big.Int }

func newGuard(p *params.Params) guard {
	harden := big.NewRat(int64(p.MergeSetLimit)*int64(p.Spacing), int64(p.HalfLife))
	return guard{factor(big.NewRat(1, 4)), factor(harden)}
}

// factor returns ⌊2⁶⁴·2^r·(1 + 2⁻¹²)⌋ for r = n/d: the largest x such that
// x^d ≤ 2ⁿ·(2⁶⁴ + 2⁵²)^d.
func factor(r *big.Rat) *big.Int {
	one := new(big.Int).Lsh(big.NewInt(1), 64)
	power := func(x *big.Int) *big.Int { return new(big.Int).Exp(x, r.Denom(), nil) }
	bound := power(new(big.Int).Add(one, new(big.Int).Rsh(one, 12)))
	bound.Lsh(bound, uint(r.Num().Uint64()))
	x := new(big.Int)
	for bit := 64 + int(r.Num().Int64()) + 1; bit >= 0; bit-- {
		if x.SetBit(x, bit, 1); power(x).Cmp(bound) > 0 {
			x.SetBit(x, bit, 0)
		}
	}
	return x
}

// check fails unless a step keeps to the guard.
func (g guard) check(t rapid.TB, p *params.Params, s step) {
	t.Helper()
	before, after := s.targets(p)
	grew := func(a, b, by *big.Int) bool {
		return new(big.Int).Lsh(a, 64).Cmp(new(big.Int).Mul(b, by)) > 0
	}
	if grew(after, before, g.ease) {
		t.Fatalf("%s, %+v: target eases from %x to %x", p.Name, s, before, after)
	}
	if grew(before, after, g.harden) {
		t.Fatalf("%s, %+v: target hardens from %x to %x", p.Name, s, before, after)
	}
}

// retargeting returns the rules that retarget: mainnet's, which testnet shares,
// devnet's, and mainnet's at one block per second.
func retargeting() []*params.Params {
	one := params.SimNet()
	one.Name, one.NoRetarget = "mainnet's rules at 1 bps", false
	return []*params.Params{params.MainNet(), params.DevNet(), one}
}

// TestBurstGuard: between a block and its selected parent the target eases by
// at most 2^(1/4) and hardens by at most 2^(merge limit·spacing/half-life),
// whatever was merged and however long nobody mined.
func TestBurstGuard(t *testing.T) {
	for _, p := range retargeting() {
		g := newGuard(p)
		rapid.Check(t, func(t *rapid.T) {
			anchor := p.Engines[0].Anchor
			s := step{
				daa:   rapid.Uint64Max(1<<36).Draw(t, "daa"),
				count: rapid.IntRange(1, p.MergeSetLimit).Draw(t, "count"),
				gap:   rapid.OneOf(rapid.Uint64Max(2*p.HalfLife), rapid.Uint64Max(1<<40)).Draw(t, "gap"),
			}
			// From 150 half-lives early, where the target still has bits to
			// round, to where the limit takes over.
			delay := rapid.Int64Range(-150*int64(p.HalfLife), 20*int64(p.HalfLife)).Draw(t, "delay")
			s.daa += 150 * p.DAAWindow()
			s.median = anchor.Time + s.daa*p.Spacing + uint64(delay)
			g.check(t, p, s)
		})
	}
}

// TestBurstGuardExtremes takes the two extreme steps from every fraction of the
// exponent: one block after the longest gap that is no missed slot, and the
// fullest merge set in no time.
func TestBurstGuardExtremes(t *testing.T) {
	for _, p := range retargeting() {
		g, anchor := newGuard(p), p.Engines[0].Anchor
		slots := 30 * p.DAAWindow()
		for f := range uint64(1 << 16) {
			at := anchor.Time + slots*p.Spacing - 20*p.HalfLife + (f*p.HalfLife+1<<16-1)>>16
			g.check(t, p, step{daa: slots, median: at, count: 1, gap: p.HalfLife/4 + p.Spacing - 1})
			g.check(t, p, step{daa: slots, median: at, count: p.MergeSetLimit, gap: 0})
		}
	}
}

func BenchmarkRequiredBits(b *testing.B) {
	p := params.MainNet()
	b.ReportAllocs()
	for i := range uint64(b.N) {
		RequiredBits(p, 1_000_000+i, p.Engines[0].Anchor.Time+99_000_000)
	}
}
