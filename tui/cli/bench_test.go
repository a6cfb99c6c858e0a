package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/bench"
)

// TestBenchIsInterrupted presses Ctrl-C in the middle of a step and looks at what
// is left.
func TestBenchIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, "bench", "--short", "--dir", dir)
	p.await("1 of ")
	if made, err := os.ReadDir(dir); err != nil || len(made) != 1 {
		t.Errorf("in the directory: %v (%v)", made, err)
	}
	p.signal(os.Interrupt)
	if code := p.end(); code != 130 {
		t.Errorf("exit %d, want 130:\n%s", code, &p.seen)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestBenchRefuses(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"bench --engine gpu", 2, "--engine (flag --engine): this machine does not run"},
		{"bench now", 2, "takes no arguments"},
		{"bench --dir /does/not/exist", 1, "/does/not/exist"},
	} {
		if out := run(t, strings.Fields(c.args)...); out.code != c.code || !strings.Contains(out.stderr, c.says) {
			t.Errorf("jio %s: exit %d, %q; want %d and %q", c.args, out.code, out.stderr, c.code, c.says)
		}
	}
}

// TestBenchTable holds that every figure of a result is in the table, by giving
// each a number of its own.
func TestBenchTable(t *testing.T) {
	r := &bench.Result{
		Calibration:  bench.Calibration{SHA3: 101, Ed25519: 102},
		Hashes:       map[string]map[string]bench.Rate{"go": {"1": 103, "2": 104}, "avx2": {"1": 105}},
		HeaderChecks: 106,
		Signatures:   bench.Signatures{Single: 107, Batch64: 108, Batch256: 109},
		Blocks:       bench.Blocks{Empty: 110, Long: 119, LongEnd: 120, Wide4: 111, Wide10: 112},
		Payments:     bench.Payments{Hundred: 113, ThreeHundred: 114},
		Allocations:  bench.Allocations{Hundred: 121, ThreeHundred: 122},
		Pause:        0.123,
		Synced:       115,
		Restart:      0.116,
		Memory:       117,
		Machine:      bench.Machine{CPU: "abacus", Processors: 118, OS: "plan", Arch: "nine", Go: "go0", Engine: "go"},
		Commit:       "c0ffee",
	}
	var table strings.Builder
	writeBench(&table, r)
	for _, figure := range strings.Fields("101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120 121 122 123 abacus plan nine go0 c0ffee") {
		if strings.Count(table.String(), figure) != 1 {
			t.Errorf("%s stands %d times in\n%s", figure, strings.Count(table.String(), figure), &table)
		}
	}
	if strings.Contains(table.String(), notMeasured) {
		t.Errorf("something is not measured in\n%s", &table)
	}
}

// TestBenchTableWithoutTime holds that a figure that is missing is not told as 0.
func TestBenchTableWithoutTime(t *testing.T) {
	var table strings.Builder
	writeBench(&table, &bench.Result{
		Hashes: map[string]map[string]bench.Rate{"go": {"1": 0, "2": 0}},
		Memory: 1, Machine: bench.Machine{Processors: 1},
	})
	lines := strings.Split(strings.TrimSpace(table.String()), "\n")
	for _, line := range lines[:len(lines)-3] { // but for memory, machine and commit
		if what, figure, _ := strings.Cut(line, "\t"); figure != notMeasured {
			t.Errorf("%s is %q", what, figure)
		}
	}
}
