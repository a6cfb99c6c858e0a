package mining

import "time"

// A Scenario is a network that runs steadily for Warmup, the adversary at work
// from the start, is then shocked, and is measured for Length. It is a function
// of its fields.
type Scenario struct {
	Name   string
	BPS    uint64
	Seed   uint64
	Warmup time.Duration
	Length time.Duration // measured

	Stall  time.Duration // nobody mines for so long after the warm-up
	Factor float64       // of the hash rate after the warm-up; 0 means no change
	Share  float64       // of the hash rate that is the adversary's
	Stamp  Stamp         // of the adversary; the zero Stamp is True
	Tactic Tactic        // of the adversary; the zero Tactic is Publish
}

// settle is how long a run goes on after its measured part, so that what was
// found in it is merged.
const settle = time.Minute

// Run simulates a scenario. An error means that a block broke a rule, or that
// the rules broke a promise on which the simulation builds.
func Run(s Scenario) (*Result, error) {
	if s.Factor == 0 {
		s.Factor = 1
	}
	if s.Stamp.choose == nil {
		s.Stamp = True
	}
	m, err := newSimulation(&s)
	if err != nil {
		return nil, err
	}
	warm := milliseconds(s.Warmup)
	m.setHashRate(1, s.Share)
	m.at(warm, func() { m.setHashRate(0, s.Share) })
	m.at(warm+milliseconds(s.Stall), func() { m.setHashRate(s.Factor, s.Share) })
	if err := m.run(warm + milliseconds(s.Stall+s.Length+settle)); err != nil {
		return nil, err
	}
	return m.measure(s), nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Milliseconds()) }
