package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jio-dag/jio/node"
)

func TestExportImportRoundTrip(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "blocks.hex")
	var made mineResult
	parse(t, succeed(t, "mine", "--blocks", "12", "--json", "--network", "simnet", "--datadir", dir).stdout, &made)
	if made.Made != 12 || made.BlueScore != 12 || !strings.HasPrefix(made.MineTo, "jiosim1") {
		t.Errorf("mine printed %+v", made)
	}
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var wrote struct{ Blocks uint64 }
	parse(t, succeed(t, "export", file, "--json", "--network", "simnet", "--datadir", dir).stdout, &wrote)
	if wrote.Blocks != 13 {
		t.Errorf("export wrote %d blocks, want 13", wrote.Blocks)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v (%v), want one for its owner alone", info.Mode(), err)
	}
	var read struct {
		Lines, Added, Known uint64
		Sink                string
	}
	other := t.TempDir()
	parse(t, succeed(t, "import", file, "--json", "--network", "simnet", "--datadir", other).stdout, &read)
	if read.Added != 12 || read.Known != 1 || read.Sink != made.Sink.String() {
		t.Errorf("import printed %+v, want 12 added and sink %v", read, made.Sink)
	}
	var verified verifyResult
	parse(t, succeed(t, "verify", "--json", "--network", "simnet", "--datadir", other).stdout, &verified)
	if verified.Sink != made.Sink || verified.Blocks != 13 || verified.Supply.String() != "500.00000000" {
		t.Errorf("verify printed %+v", verified)
	}
	streamed := succeed(t, "export", "-", "--network", "simnet", "--datadir", other).stdout
	if kept, err := os.ReadFile(file); err != nil || streamed != string(kept) {
		t.Errorf("the export of the import differs (%v)", err)
	}
	p := program(t, "import", "-", "--network", "simnet", "--datadir", t.TempDir())
	p.Stdin = strings.NewReader(streamed)
	if out := finish(t, p); out.code != 0 || !strings.Contains(out.stdout, "12 added") {
		t.Errorf("import from a stream: exit %d, %s%s", out.code, out.stdout, out.stderr)
	}
}

func parse(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func TestFailedExportLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	succeed(t, "mine", "--blocks", "1", "--network", "simnet", "--datadir", dir)
	file := filepath.Join(dir, "blocks.hex")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run(t, "export", filepath.Join(dir, "missing", "file"), "--network", "simnet", "--datadir", dir); out.code != 1 {
		t.Errorf("exit %d, want 1", out.code)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if out := run(t, "export", filepath.Join(dir, "folder"), "--network", "simnet", "--datadir", dir); out.code != 1 {
		t.Errorf("exit %d, want 1", out.code)
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != "old" {
		t.Errorf("the file holds %q (%v)", kept, err)
	}
}

// TestNoDatabase holds that what only reads does not make a database, and does
// not call an empty place sound.
func TestNoDatabase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mistyped")
	for _, args := range [][]string{{"verify"}, {"export", "-"}} {
		out := run(t, append(args, "--network", "simnet", "--datadir", dir)...)
		if out.code != 1 || !strings.Contains(out.stderr, "there is no database in") {
			t.Errorf("%v: exit %d, %q", args, out.code, out.stderr)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("something was made: %v", err)
	}
	if out := run(t, "verify", "--datadir", ""); out.code != 2 || !strings.Contains(out.stderr, "--datadir") {
		t.Errorf("an empty --datadir: exit %d, %q", out.code, out.stderr)
	}
}

func TestImportNamesTheLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "bad.hex")
	succeed(t, "mine", "--blocks", "1", "--network", "simnet", "--datadir", dir)
	good := succeed(t, "export", "-", "--network", "simnet", "--datadir", dir).stdout
	if err := os.WriteFile(file, []byte(good+"00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := run(t, "import", file, "--network", "simnet", "--datadir", dir)
	if out.code != 1 || !strings.Contains(out.stderr, "line 3") {
		t.Errorf("exit %d, %q; want 1 and the third line named", out.code, out.stderr)
	}
}

func TestMineStopsAtTheClock(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, "--daemon", "--network", "simnet", "--mine", "--threads", "1", "--datadir", dir)
	p.await("found block")
	p.await("found block")
	p.signal(os.Interrupt)
	if code := p.end(); code != 0 {
		t.Fatalf("exit %d", code)
	}
	out := run(t, "mine", "--blocks", "500", "--network", "simnet", "--datadir", dir)
	if out.code != 1 || !strings.Contains(out.stderr, "of 500 blocks") || !strings.Contains(out.stderr, "clock") {
		t.Errorf("exit %d, %q; want 1 and a word of the clock", out.code, out.stderr)
	}
}

// Whatever is wrong with a command line or a setting is exit code 2 and a
// sentence that helps.
func TestUsageErrors(t *testing.T) {
	dir := t.TempDir()
	const foreign = "jio1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
	for _, c := range []struct {
		args string
		says string
	}{
		{"--netwrok devnet", "did you mean --network?"},
		{"verfy", "did you mean verify?"},
		{"config sho", "did you mean show?"},
		{"verify now", "takes no arguments"},
		{"export", "wants FILE"},
		{"mine", "--blocks N"},
		{"mine --blocks -1", "blocks"},
		{"mine --blocks 1 --network testnet", "devnet and simnet only"},
		{"--network moonnet", "mainnet, testnet, devnet, simnet"},
		{"--network devnet --bps 10", "simnet only"},
		{"--network simnet --bps 7", "1000"},
		{"--network mainnet --mine-unsynced", "mainnet"},
		{"--engine gpu", "--engine (flag --engine): this machine does not run the engine \"gpu\": want one of auto, "},
		{"--threads 0", "threads"},
		{"--threads 100000", "threads"},
		{"--threads some", "whole number"},
		{"--mine=perhaps", "true or false"},
		{"--log-level loud", "debug, info, warn or error"},
		{"--log-format xml", "text or json"},
		{"--ram-scale 0", "ram-scale"},
		{"--ram-scale NaN", "number"},
		{"--mine-to nonsense", "--mine-to (flag --mine-to)"},
		{"--rpc-listen 0.0.0.0:0", "certificate"},
		{"--mine-to " + foreign, "--mine-to"},
		{"--config /does/not/exist", "/does/not/exist"},
	} {
		args := append(strings.Fields(c.args), "--datadir", dir)
		out := run(t, args...)
		if out.code != 2 || !strings.Contains(out.stderr, c.says) {
			t.Errorf("jio %s: exit %d, %q; want 2 and %q", c.args, out.code, out.stderr, c.says)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("commands that were refused made %v (%v)", left, err)
	}
}

func TestMineToOfAnotherNetworkIsRefusedByName(t *testing.T) {
	var made mineResult
	parse(t, succeed(t, "mine", "--blocks", "1", "--json", "--network", "simnet", "--datadir", t.TempDir()).stdout, &made)
	out := run(t, "--network", "devnet", "--datadir", t.TempDir(), "--mine", "--mine-to", made.MineTo)
	if out.code != 2 || !strings.Contains(out.stderr, "simnet") {
		t.Errorf("exit %d, %q; want 2 and a word of simnet", out.code, out.stderr)
	}
}

func TestVersion(t *testing.T) {
	if out := succeed(t, "version"); !strings.HasPrefix(out.stdout, "jio "+node.Version) {
		t.Errorf("got %q", out.stdout)
	}
	var v map[string]string
	parse(t, succeed(t, "version", "--json").stdout, &v)
	if v["version"] != node.Version || v["go"] == "" {
		t.Errorf("got %v", v)
	}
}

func TestCompletion(t *testing.T) {
	if out := succeed(t, "completion", "bash"); !strings.Contains(out.stdout, "jio") {
		t.Errorf("got %.200q", out.stdout)
	}
}
