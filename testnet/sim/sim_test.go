package sim

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

var (
	seed    = flag.Int64("seed", -1, "the one seed to run, with its trace in -trace")
	seeds   = flag.Int("seeds", 3, "how many seeds to run")
	first   = flag.Uint64("first", 1, "the first of them")
	minutes = flag.Int("minutes", 0, "simulated minutes; 0 lets the seed decide")
	nodes   = flag.Int("nodes", 0, "number of nodes; 0 lets the seed decide")
	trace   = flag.String("trace", "", "file for the steps of -seed")
)

func config(seed uint64) Config {
	return Config{Seed: seed, Nodes: *nodes, Duration: time.Duration(*minutes) * time.Minute}
}

// again is the command that runs a seed by itself.
func again(cfg Config) string {
	return fmt.Sprintf("go test ./testnet/... -run TestSeed -seed %d -minutes %d -nodes %d", cfg.Seed, *minutes, *nodes)
}

func run(t *testing.T, cfg Config) Report {
	t.Helper()
	began := time.Now()
	report, err := Run(cfg)
	if err != nil {
		t.Fatalf("%v\nactors: %s\n%s", err, strings.Join(report.Actors, ", "), again(cfg))
	}
	t.Logf("%v simulated in %v: %+v", report.Time, time.Since(began).Round(time.Millisecond), report)
	return report
}

// TestSeed runs one seed, whatever it takes.
func TestSeed(t *testing.T) {
	if *seed < 0 {
		t.Skip("without -seed there is nothing to run again")
	}
	cfg := config(uint64(*seed))
	if *trace != "" {
		f, err := os.Create(*trace)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		cfg.Trace = f
	}
	run(t, cfg)
}

// TestSeeds runs worlds that a few seeds make, with whatever trouble they bring.
func TestSeeds(t *testing.T) {
	for i := range *seeds {
		cfg := config(*first + uint64(i))
		t.Run(fmt.Sprint(cfg.Seed), func(t *testing.T) { run(t, cfg) })
	}
}

// TestDeterminism runs one world twice: the same steps, to the last bit.
func TestDeterminism(t *testing.T) {
	cfg := Config{Seed: 6, Nodes: 5, Duration: time.Minute}
	one, other := run(t, cfg), run(t, cfg)
	if one.Trace != other.Trace || one.Steps != other.Steps {
		t.Errorf("trace %x after %d steps, and %x after %d", one.Trace, one.Steps, other.Trace, other.Steps)
	}
	cfg.Seed++
	if run(t, cfg).Trace == one.Trace {
		t.Error("another seed leaves the same trace")
	}
}
