package mining

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// A testCase is a scenario and what is claimed of it.
type testCase struct {
	Scenario
	claims []claim
}

// A claim bounds one figure of a result.
type claim struct {
	what      string
	of        func(r *Result) float64
	low, high float64
}

// The quotations are what is promised of these rules, and the middle of each
// bound is that. The margins are chance, which no rule can tune away. Blocks come at random, so that a mean over
// n slots spreads by 1/√n: ten minutes have 600 or 6,000 slots, and four standard
// deviations are 16 % or 5 %. Difficulty answers lateness with a time constant of
// half-life/ln 2, so over longer times the spread does not grow with the slots:
// the count of blocks errs by the level of lateness at either end, which spreads
// by the root of the slots in one time constant.

// deviations is how many standard deviations each bound allows.
const deviations = 4

func noise(bps uint64, minutes float64) float64 {
	return deviations / math.Sqrt(60*minutes*float64(bps))
}

// rate claims that the whole measured part keeps the schedule to a hundredth:
// "steady 0.99–1.00", and against an adversary "0.99–1.01".
func rate(s Scenario) claim { return rateAbout(s, 1) }

func rateAbout(s Scenario, middle float64) claim {
	const timeConstant = 600 / math.Ln2 // seconds
	margin := 0.01 + deviations*math.Sqrt(timeConstant*float64(s.BPS))/(s.Length.Seconds()*float64(s.BPS))
	return claim{"rate", (*Result).Rate, middle - margin, middle + margin}
}

// tens claims that each ten-minute mean keeps the schedule but for noise and a
// share of systematic disturbance.
func tens(s Scenario, disturbance float64) []claim {
	margin := noise(s.BPS, 10) + disturbance
	return []claim{
		{"least ten-minute mean", func(r *Result) float64 { return slices.Min(r.Means(10)) }, 1 - margin, math.Inf(1)},
		{"greatest ten-minute mean", func(r *Result) float64 { return slices.Max(r.Means(10)) }, 0, 1 + margin},
	}
}

// minute claims the rate of one minute, the first being 1.
func minute(n int, low, high float64) claim {
	return claim{fmt.Sprintf("minute %d", n), func(r *Result) float64 { return r.Minutes[n-1] }, low, high}
}

func greatestMinute(high float64) claim {
	return claim{"greatest minute", func(r *Result) float64 { return slices.Max(r.Minutes) }, 0, high}
}

// noReds: "no reds". One in a thousand is what K leaves to bad luck.
func noReds() claim {
	return claim{"reds per block", func(r *Result) float64 { return float64(r.Reds) / float64(r.Found) }, 0, 0.001}
}

// missed claims the forgiven slots per slot.
func missed(high float64) claim {
	return claim{"missed per slot", func(r *Result) float64 { return float64(r.Missed) / r.slots(r.Length) }, 0, high}
}

// paid claims the subsidies paid per subsidy scheduled. They may exceed the
// schedule by no more than blocks do.
func paid(s Scenario, low float64) claim {
	return claim{"emission", func(r *Result) float64 { return r.Emission }, low, rate(s).high}
}

// gain claims the adversary's revenue per hash rate, relative to its share.
func gain(high float64) claim {
	return claim{"revenue per hash share", func(r *Result) float64 { return r.Revenue / r.Hashed }, 0, high}
}

func steady(s Scenario) testCase {
	s.Name = "steady"
	return testCase{s, append(tens(s, 0), rate(s), noReds(), missed(0), paid(s, rate(s).low-0.001))}
}

// stall: "at most 1.4× in any minute after". The greatest of 120 minutes of 60
// slots is 1.35 by chance alone, hence more at one block a second. A quarter of
// the half-life is not forgiven, and is made up for.
func stall(s Scenario, d time.Duration) testCase {
	s.Name, s.Stall = fmt.Sprintf("stall %v h", d.Hours()), d
	high := 1.4
	if s.BPS == 1 {
		high = 1.6
	}
	made := 1 + 150/s.Length.Seconds()
	return testCase{s, append(tens(s, 0.12), greatestMinute(high), rateAbout(s, made))}
}

// surge: "8× in the first minute, 5× in the second, no undershoot".
func surge(s Scenario) testCase {
	s.Name, s.Factor = "hash ×10", 10
	return testCase{s, []claim{
		followsLaw(s, 1), followsLaw(s, 2), followsLaw(s, 10),
		{"least ten-minute mean", func(r *Result) float64 { return slices.Min(r.Means(10)) }, 1 - noise(s.BPS, 10), math.Inf(1)},
	}}
}

// followsLaw claims the rate of a minute after a step of the hash rate; a tenth is
// left for the median's lag.
func followsLaw(s Scenario, n int) claim {
	want := law(s.Factor, float64(n-1), float64(n))
	margin := noise(s.BPS, 1)*math.Sqrt(want) + want/10
	return minute(n, want-margin, want+margin)
}

// law returns the mean rate over some minutes after the hash rate changed by a
// factor, as the schedule itself implies it: the target follows the lateness, so
// the rate r obeys dr/dt = r(1 − r)·ln 2/half-life, and a step to r₀ decays as
// r = 1/(1 − a·e^(−t·ln 2/half-life)), a = 1 − 1/r₀. In the first, the second and the
// tenth minute of tenfold hash rate that is 7.8, 5.3 and 1.87.
func law(factor, from, to float64) float64 {
	const timeConstant = 10 / math.Ln2 // minutes
	integral := func(t float64) float64 {
		return timeConstant * math.Log(math.Exp(t/timeConstant)-1+1/factor)
	}
	return (integral(to) - integral(from)) / (to - from)
}

// slump: "above 0.8 after 60 min, no overshoot".
func slump(s Scenario) testCase {
	s.Name, s.Factor = "hash ÷10", 0.1
	return testCase{s, []claim{
		{"least ten-minute mean after an hour", func(r *Result) float64 { return slices.Min(r.Means(10)[6:]) }, 0.8 - noise(s.BPS, 10)/2, math.Inf(1)},
		{"greatest ten-minute mean", func(r *Result) float64 { return slices.Max(r.Means(10)) }, 0, 1 + noise(s.BPS, 10)},
	}}
}

// stamped: "up to 45 % of the hash with any timestamps: rate 0.99–1.01 and no
// missed slot". The last does not quite hold at one block a second: with 45 % the
// window of 61 stamps can be the adversary's for 150 s, and when the median comes
// back from its minimal stamps it leaps by more than is tolerated. Some ten hours
// see one or two such leaps, at most 0.06 % of the slots; a bound of 0.1 % holds
// that still.
func stamped(s Scenario, share float64, stamp Stamp) testCase {
	s.Name, s.Share, s.Stamp = "stamps "+stamp.Name, share, stamp
	leaps := 0.0
	if s.BPS == 1 && share > 0.4 {
		leaps = 0.001
	}
	return testCase{s, append(tens(s, 0.12), rate(s), missed(leaps), paid(s, rate(s).low-0.01))}
}

// withheld: "withholding and merging one's own reds earns far less than the hash
// share". The bounds on the other tactics come from what was measured: keeping
// blocks back for a fixed time does not pay either; selfish mining is neutral at
// a third of the hash and gains up to a fifth with 45 %, as on any chain when
// the adversary is the best connected.
func withheld(s Scenario, share float64, tactic Tactic) testCase {
	s.Name, s.Share, s.Tactic = tactic.Name, share, tactic
	high := map[string]float64{Alone.Name: 1.02, Late.Name: 1, VeryLate.Name: 0.3, OwnReds.Name: 0.6, Selfish.Name: 1.05}[tactic.Name]
	if tactic.Name == Selfish.Name && share > 0.4 {
		high = 1.25
	}
	kept := 1.0
	if tactic.Name == VeryLate.Name { // as if the adversary had gone
		kept = law(1-share, s.Warmup.Minutes(), (s.Warmup + s.Length).Minutes())
	}
	return testCase{s, []claim{rateAbout(s, kept), missed(0), gain(high)}}
}

// outOfWindow is a branch that is short enough to be merged when it is out of
// window, all of it: its blue scores stay near the fork's. What is out counts for
// nothing and earns nothing.
func outOfWindow(s Scenario) testCase {
	c := withheld(s, 0.1, VeryLate)
	late := claim{"late per block", func(r *Result) float64 { return float64(r.Late) / float64(r.Found) }, 0.05, 0.2}
	c.claims = append(c.claims, late)
	return c
}
