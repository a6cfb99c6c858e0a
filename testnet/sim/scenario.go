package sim

import (
	"math/rand/v2"
	"slices"
	"time"
)

// A scenario is what a seed makes of the world: each trouble is on or off.
type scenario struct {
	nodes     int
	duration  time.Duration
	latency   time.Duration // one way, on average over the links
	jitter    float64       // of the latency, at most
	loss      float64       // of gossip
	double    float64       // of gossip that arrives a second time
	stall     float64       // of requests and answers
	bandwidth int           // bytes a second
	skew      time.Duration // of a clock, at most
	partition bool
	crash     bool
	jumps     bool // of clocks
	late      bool // a node that joins in the middle
	payments  bool
	hash      int // times the rate at which all miners would find blocks at the easiest target
	byzantine float64
	actors    []actor
}

// draw makes a scenario. Whatever the configuration says, the same numbers are
// drawn.
func draw(cfg Config, rng *rand.Rand) scenario {
	s := scenario{
		nodes:     4 + rng.IntN(5),
		duration:  time.Duration(3+rng.IntN(4)) * time.Minute,
		latency:   pick(rng, 5, 50, 100, 200, 400),
		jitter:    rng.Float64(),
		loss:      []float64{0, 0, 0.02, 0.1, 0.2}[rng.IntN(5)],
		bandwidth: []int{64 << 10, 1 << 20, 100 << 20}[rng.IntN(3)],
		skew:      pick(rng, 0, 0, 1000, 20_000),
		partition: rng.IntN(3) > 0,
		crash:     rng.IntN(2) == 0,
		late:      rng.IntN(2) == 0,
		payments:  rng.IntN(4) > 0,
		hash:      []int{1, 1, 2, 4}[rng.IntN(4)],
		byzantine: []float64{0, 0.1, 0.25, 0.33, 0.45}[rng.IntN(5)],
	}
	s.stall = s.loss / 4
	s.double = []float64{0, 0, 0.05, 0.3}[rng.IntN(4)]
	s.jumps = rng.IntN(2) == 0
	if cfg.Nodes > 0 {
		s.nodes = cfg.Nodes
	}
	if cfg.Duration > 0 {
		s.duration = cfg.Duration
	}
	if cfg.Byzantine != 0 {
		s.byzantine = max(0, min(cfg.Byzantine, 0.45))
	}
	if cfg.Halves > 0 {
		s.partition, s.crash, s.late, s.jumps, s.payments = false, false, false, false, true
		s.loss, s.stall = min(s.loss, 0.05), min(s.stall, 0.01)
	}
	s.actors = cast(s, rng)
	if len(cfg.Actors) > 0 {
		s.actors = named(cfg.Actors)
	}
	return s
}

// named returns actors by their names.
func named(names []string) (chosen []actor) {
	for _, name := range names {
		i := slices.IndexFunc(actors, func(a actor) bool { return a.name == name })
		if i < 0 {
			panic("sim: there is no actor called " + name)
		}
		chosen = append(chosen, actors[i])
	}
	return chosen
}

// Actors returns the names of all that a node can be when it is not honest.
func Actors() []string {
	names := make([]string, len(actors))
	for i := range actors {
		names[i] = actors[i].name
	}
	return names
}

func pick(rng *rand.Rand, milliseconds ...int) time.Duration {
	return time.Duration(milliseconds[rng.IntN(len(milliseconds))]) * time.Millisecond
}

// cast draws who is Byzantine: up to a third of the nodes, all different.
func cast(s scenario, rng *rand.Rand) []actor {
	all := slices.Clone(actors)
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if s.byzantine == 0 {
		return nil
	}
	return all[:min(max(1, s.nodes/3), len(all))]
}
