package sim

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

var (
	seed    = flag.Int64("seed", -1, "the one seed to run, with what happens in -steps")
	seeds   = flag.Int("seeds", 3, "how many seeds to run")
	twice   = flag.Bool("twice", false, "run each of them twice: the traces must be the same")
	diary   = flag.String("diary", "", "file to which each world adds a line when it ends, and a long one each hour")
	first   = flag.Uint64("first", 1, "the first of them")
	minutes = flag.Float64("minutes", 0, "simulated minutes; 0 lets the seed decide")
	nodes   = flag.Int("nodes", 0, "number of nodes; 0 lets the seed decide")
	each    = flag.Bool("each", false, "let each kind of Byzantine node have 45 % of the work by itself, twice")
	bps     = flag.Uint64("bps", 1, "blocks per second of the network")
	share   = flag.Float64("byzantine", 0, "share of the work that is not honest; 0 lets the seed decide")
	who     = flag.String("actors", "", "comma-separated kinds of Byzantine nodes; the seed decides when empty")
	steps   = flag.String("steps", "", "file for the steps of -seed")
)

// TestMain lets garbage lie longer: there is a lot of it, and little that stays.
func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

func config(seed uint64) Config {
	cfg := Config{Seed: seed, Nodes: *nodes, Rate: *bps, Duration: time.Duration(*minutes * float64(time.Minute)), Byzantine: *share}
	if *who != "" {
		cfg.Actors = strings.Split(*who, ",")
	}
	return cfg
}

// again is the command that runs a seed by itself.
func again(cfg Config) string {
	command := fmt.Sprintf("go test ./testnet/sim -run '^TestSeed$' -seed %d -minutes %v", cfg.Seed, cfg.Duration.Minutes())
	switch {
	case cfg.Halves > 0:
		command = fmt.Sprintf("go test ./testnet/sim -run TestPartition -first %d -partition %v", cfg.Seed, cfg.Halves.Minutes())
	case cfg.Dir != "":
		command = fmt.Sprintf("go test ./testnet/sim -run TestLong -timeout 0 -first %d -hours %v", cfg.Seed, cfg.Duration.Hours())
	}
	command += fmt.Sprintf(" -nodes %d", cfg.Nodes)
	if cfg.Rate > 1 {
		command += fmt.Sprintf(" -bps %d", cfg.Rate)
	}
	if cfg.Byzantine != 0 {
		command += fmt.Sprintf(" -byzantine %v", cfg.Byzantine)
	}
	if len(cfg.Actors) > 0 {
		command += fmt.Sprintf(" -actors %q", strings.Join(cfg.Actors, ","))
	}
	return command
}

func run(t *testing.T, cfg Config) Report {
	t.Helper()
	began := time.Now()
	report, err := Run(cfg)
	took := time.Since(began).Round(time.Millisecond)
	note(t, "seed %d: %v simulated in %v, error: %v, %+v", cfg.Seed, report.Time, took, err, report)
	if err != nil {
		t.Fatalf("%v\nactors: %s\n%s", err, strings.Join(report.Actors, ", "), again(cfg))
	}
	t.Logf("%v simulated in %v: %+v", report.Time, took, report)
	return report
}

// note adds a line to the diary.
func note(t *testing.T, format string, args ...any) {
	t.Helper()
	if *diary == "" {
		return
	}
	f, err := os.OpenFile(*diary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, format+"\n", args...); err != nil {
		t.Fatal(err)
	}
}

// TestSeed runs one seed, whatever it takes.
func TestSeed(t *testing.T) {
	if *seed < 0 {
		t.Skip("without -seed there is nothing to run again")
	}
	cfg := config(uint64(*seed))
	if *steps != "" {
		f, err := os.Create(*steps)
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
		t.Run(fmt.Sprint(cfg.Seed), func(t *testing.T) {
			t.Parallel()
			if first := run(t, cfg); *twice && run(t, cfg).Trace != first.Trace {
				t.Errorf("two runs of one seed leave different traces\n%s", again(cfg))
			}
		})
	}
}

// failed are worlds that once broke a promise, and why.
var failed = []struct {
	why string
	cfg Config
}{
	{"clocks nearly two minutes apart, further than the merge depth of these worlds forgives", Config{
		Seed: 1021, Nodes: 6, Byzantine: 0.45, Actors: []string{"time warper", "time warper"},
	}},
	{"a merge depth in blocks that come three times too fast, and a partition longer than it", Config{
		Seed: 183, Nodes: 8, Duration: 5 * time.Minute,
	}},
	{"a body that nobody had at first was not asked for again for five minutes", Config{
		Seed: 13, Nodes: 8, Duration: 10 * time.Minute,
	}},
}

// TestFailedSeeds runs the worlds that failed before.
func TestFailedSeeds(t *testing.T) {
	for _, f := range failed {
		t.Run(fmt.Sprint(f.cfg.Seed), func(t *testing.T) {
			t.Parallel()
			run(t, f.cfg)
		})
	}
}

// TestDeterminism runs one world twice: the same steps, to the last bit.
func TestDeterminism(t *testing.T) {
	t.Parallel()
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

// TestEachActor gives one kind of Byzantine node all the work that is not honest.
func TestEachActor(t *testing.T) {
	names := Actors()
	if !*each {
		names = names[:2]
	}
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := config(*first + uint64(1000+i))
			cfg.Byzantine, cfg.Actors = 0.45, []string{name, name}
			if cfg.Nodes == 0 {
				cfg.Nodes = 6
			}
			if !*each {
				cfg.Duration = time.Minute
			}
			run(t, cfg)
		})
	}
}
