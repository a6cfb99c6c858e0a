package bench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
)

var amounts = flag.String("amounts", "tiny", "how much TestRun measures: tiny, short or full")

// tiny is as little as touches everything.
var tiny = Amounts{Slice: 10 * time.Millisecond, Signatures: 1, Chain: 40, Blocks: 30, Payments: 600, Limit: 10 * time.Minute}

// golden are the keys of a result in JSON, but for the implementations and
// numbers of threads, which are the machine's.
const golden = `
allocs_per_tx.100 allocs_per_tx.300
blocks_per_cpu_s.empty blocks_per_cpu_s.empty50000 blocks_per_cpu_s.empty50000_last_tenth blocks_per_cpu_s.wide10 blocks_per_cpu_s.wide4
calibration.ed25519_std_verify_per_s calibration.sha3_256_per_s
commit
hash_per_s.go.1
header_checks_per_s
machine.arch machine.cpu machine.engine machine.go machine.os machine.processors machine.short
reader_pause_p99_s
restart_s
rss_bytes
signatures_per_s.batch256 signatures_per_s.batch64 signatures_per_s.single
sync_blocks_per_s
tx_per_cpu_s.100 tx_per_cpu_s.300`

// TestRun measures everything once and holds the shape of the result, that no
// figure is missing, and that nothing stays behind.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	var said []string
	cfg := Config{Amounts: tiny, Engine: "go", Dir: dir, Progress: func(s string) { said = append(said, s) }}
	switch *amounts {
	case "short":
		cfg.Amounts = Short
	case "full":
		cfg.Amounts = Full
	}
	result, err := Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", text)
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	leaves := make(map[string]any)
	flatten(leaves, "", object)
	var keys []string
	for key, value := range leaves {
		if f, ok := value.(float64); ok && f <= 0 || value == "" || (value == nil) != long(key, cfg.Amounts) {
			t.Errorf("%s is %v", key, value)
		}
		if !strings.HasPrefix(key, "hash_per_s.") || key == "hash_per_s.go.1" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if want := strings.Fields(golden); !slices.Equal(keys, want) {
		t.Errorf("the keys are\n%q\nwant\n%q", keys, want)
	}
	if len(result.Hashes) != len(pow.Implementations("kheavyhash")) || result.Machine.Engine != "go" {
		t.Errorf("hashes of %v, headers by %q", result.Hashes, result.Machine.Engine)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	if len(said) == 0 {
		t.Error("nothing was said meanwhile")
	}
}

// long reports whether a key stands for a chain longer than the one measured.
func long(key string, a Amounts) bool {
	return strings.HasPrefix(key, "blocks_per_cpu_s.empty50000") && a.Chain < longChain
}

// A run that has no time ends without an error, and says of no step what it did not
// measure: every figure but the calibration, the machine and the memory is null.
func TestRunWithoutTime(t *testing.T) {
	dir := t.TempDir()
	amounts := tiny
	amounts.Limit = 1
	late := 0
	count := func(s string) {
		if strings.HasSuffix(s, "not measured in time") {
			late++
		}
	}
	result, err := Run(t.Context(), Config{Amounts: amounts, Dir: dir, Progress: count})
	if err != nil {
		t.Fatal(err)
	}
	if steps := len(new(run).steps()); late != steps {
		t.Errorf("%d of %d steps said that they have no time", late, steps)
	}
	text, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	leaves := make(map[string]any)
	flatten(leaves, "", object)
	for key, value := range leaves {
		before, _, _ := strings.Cut(key, ".")
		if (value == nil) != !slices.Contains([]string{"calibration", "machine", "rss_bytes", "commit"}, before) {
			t.Errorf("%s is %v", key, value)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// flatten collects the leaves of a JSON object under their paths.
func flatten(into map[string]any, path string, object map[string]any) {
	for key, value := range object {
		name := strings.TrimPrefix(path+"."+key, ".")
		if inner, ok := value.(map[string]any); ok {
			flatten(into, name, inner)
		} else {
			into[name] = value
		}
	}
}

// A run that is told to stop does so at whatever step it is, and cleans up.
func TestRunIsInterrupted(t *testing.T) {
	for _, step := range []string{"1 of", "6 of", "11 of"} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		stop := func(s string) {
			if strings.HasPrefix(s, step) {
				cancel()
			}
		}
		_, err := Run(ctx, Config{Amounts: tiny, Dir: dir, Progress: stop})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("at step %s: %v", step, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("at step %s: left behind: %v (%v)", step, left, err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	if _, err := Run(t.Context(), Config{Amounts: tiny, Engine: "gpu"}); err == nil || !strings.Contains(err.Error(), "auto, ") {
		t.Errorf("an unknown engine: %v", err)
	}
	if _, err := Run(t.Context(), Config{Amounts: tiny, Dir: filepath.Join(t.TempDir(), "missing")}); err == nil {
		t.Error("a directory that does not exist was taken")
	}
}

// TestLoads holds that a load is made as it was ordered.
func TestLoads(t *testing.T) {
	p := params.SimNet()
	for _, l := range []load{{30, 1, 0}, {40, 4, 0}, {40, 10, 0}, {12, 1, 300}} {
		d, err := l.make(t.Context(), p, new(keyring), time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		txs, widest := 0, 0
		parents := make(map[string]int)
		for i := range d.blocks {
			txs += len(d.blocks[i].Transactions) - 1
			key := ""
			for _, parent := range d.blocks[i].Header.Parents {
				key += parent.String()
			}
			parents[key]++
			widest = max(widest, parents[key])
		}
		if len(d.blocks) != l.blocks || widest != l.width || txs != l.blocks*l.payments || d.payments != txs {
			t.Errorf("%+v: %d blocks, %d wide, %d transactions, %d payments", l, len(d.blocks), widest, txs, d.payments)
		}
	}
	d, err := load{1000, 4, 0}.make(t.Context(), p, new(keyring), time.Time{})
	if err != nil || len(d.blocks) != 4 {
		t.Errorf("without time, %d blocks (%v)", len(d.blocks), err)
	}
}

func TestRateInJSON(t *testing.T) {
	for rate, want := range map[Rate]string{0: "null", 0.00123456: "0.001235", 1234.56: "1235", 98765432.1: "98770000", 2: "2"} {
		if got, err := json.Marshal(rate); err != nil || string(got) != want {
			t.Errorf("%v: %s (%v), want %s", float64(rate), got, err, want)
		}
	}
}

func TestModelName(t *testing.T) {
	for list, want := range map[string]string{
		"processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: Other\n": "Some CPU @ 2 GHz",
		"processor\t: 0\n": "unknown",
		"":                 "unknown",
	} {
		if got := modelName(list); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

func TestTally(t *testing.T) {
	var u tally
	if u.rate() != 0 {
		t.Errorf("a rate of nothing: %v", u.rate())
	}
	u = tally{count: 30, spent: 2 * time.Second}
	if u.rate() != 15 {
		t.Errorf("30 in 2 s are %v", u.rate())
	}
	calls := 0
	if err := u.fill(t.Context(), time.Millisecond, 5, func() { calls++; newYardstick() }); err != nil || u.count != 30+5*calls || calls == 0 || u.spent < 2*time.Second+time.Millisecond {
		t.Errorf("after %d calls %+v (%v)", calls, u, err)
	}
}
