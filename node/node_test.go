package node

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

func simConfig(t *testing.T) Config {
	t.Helper()
	return Config{Params: params.SimNet(), DataDir: t.TempDir(), Threads: 1, RAMScale: RAMScaleMin}
}

func mustOpen(t *testing.T, cfg Config) *Node {
	t.Helper()
	n, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func mustGenerate(t *testing.T, n *Node, count uint64) {
	t.Helper()
	if made, err := n.Generate(t.Context(), count, nil, nil); err != nil || made != count {
		t.Fatalf("made %d of %d blocks: %v", made, count, err)
	}
}

func TestConfigIsValidated(t *testing.T) {
	for _, c := range []struct {
		name    string
		corrupt func(*Config)
		says    string
	}{
		{"no network", func(c *Config) { c.Params = nil }, "required"},
		{"no directory", func(c *Config) { c.DataDir = "" }, "required"},
		{"unsynced mining with value at stake", func(c *Config) { c.Params, c.MineUnsynced = params.MainNet(), true }, "mainnet"},
		{"negative threads", func(c *Config) { c.Threads = -1 }, "-1"},
		{"too many threads", func(c *Config) { c.Threads = MaxThreads() + 1 }, "1 to"},
		{"too little memory", func(c *Config) { c.RAMScale = RAMScaleMin / 2 }, "RAM"},
		{"too much memory", func(c *Config) { c.RAMScale = RAMScaleMax * 2 }, "RAM"},
		{"calls from everywhere in the open", func(c *Config) { c.RPCListen = "0.0.0.0:0" }, "certificate"},
		{"calls at no address", func(c *Config) { c.RPCListen = "127.0.0.1" }, "missing port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := simConfig(t)
			if err := cfg.Validate(); err != nil {
				t.Fatal(err)
			}
			c.corrupt(&cfg)
			if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
			if n, err := Open(t.Context(), cfg); err == nil {
				t.Errorf("Open took it: %v", n.Close())
			}
		})
	}
}

func TestNodeKeepsItsChain(t *testing.T) {
	cfg := simConfig(t)
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 5)
	sink := n.Chain().Snapshot().Sink
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	var console bytes.Buffer
	cfg.Console = &console
	again := mustOpen(t, cfg)
	if got := again.Snapshot(); got.Sink != sink || got.Blocks != 6 {
		t.Errorf("after reopening: sink %v, %d blocks; want %v, 6", got.Sink, got.Blocks, sink)
	}
	if strings.Contains(console.String(), "recounting") {
		t.Errorf("a clean stop led to a recount:\n%s", &console)
	}
	report, err := again.Verify(t.Context(), func(string, int64, int64) {})
	if err != nil || report.Blocks != 6 || report.Sink != sink {
		t.Errorf("verify: %+v, %v", report, err)
	}
	for _, dir := range []string{again.Layout().Dir, again.Layout().Log(), again.Layout().Chain()} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v (%v), want 700", dir, info.Mode(), err)
		}
	}
}

func TestSecondNodeIsRefused(t *testing.T) {
	cfg := simConfig(t)
	mustOpen(t, cfg)
	_, err := Open(t.Context(), cfg)
	var inUse *store.InUseError
	if !errors.As(err, &inUse) || inUse.PID != os.Getpid() {
		t.Errorf("got %v, want an InUseError that names process %d", err, os.Getpid())
	}
}

// Genesis is the same at every block rate, so the directory has to tell.
func TestAnotherBlockRateIsRefused(t *testing.T) {
	cfg := simConfig(t)
	if err := mustOpen(t, cfg).Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if cfg.Params, err = params.SimNetAt(10); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), cfg)
	var schema *store.SchemaError
	if !errors.As(err, &schema) || !strings.Contains(err.Error(), "10 blocks per second") {
		t.Errorf("got %v, want a SchemaError that names the rates", err)
	}
}

func TestRunMinesUntilItIsStopped(t *testing.T) {
	cfg := simConfig(t)
	cfg.Mine = true
	n := mustOpen(t, cfg)
	const enough = 3
	grown := make(chan struct{}, 1)
	forget := n.Chain().OnChange(func() {
		if n.Chain().Snapshot().SinkBlueScore >= enough {
			select {
			case grown <- struct{}{}:
			default:
			}
		}
	})
	defer forget()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	<-grown
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run returned %v", err)
	}
	s := n.service.Refresh()
	if !s.Miner.Wanted || s.Miner.Found < enough || !strings.HasPrefix(s.Miner.PayTo, "jiosim1") || !s.Miner.Throwaway || !s.Synced {
		t.Errorf("snapshot %+v, want at least %d blocks found", s, enough)
	}
	if s.Blocks < enough+1 {
		t.Errorf("%d blocks, want more than %d", s.Blocks, enough)
	}
}

func TestMiningWaitsForPeersWhereThereMustBeSome(t *testing.T) {
	cfg := simConfig(t)
	cfg.Params, cfg.Mine = params.TestNet(), true
	var console bytes.Buffer
	cfg.Console = &console
	n := mustOpen(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := n.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if s := n.Snapshot(); s.Synced || !s.Miner.Wanted || s.Mining || s.Miner.Paused == "" {
		t.Errorf("synced %v, miner %+v; want a miner that waits", s.Synced, s.Miner)
	}
	if !strings.Contains(console.String(), "mining waits") {
		t.Errorf("the log does not say that mining waits:\n%s", &console)
	}
}

func TestMineToIsPaid(t *testing.T) {
	cfg := simConfig(t)
	to := types.Address{Hash: types.Hash{1, 2, 3}}
	cfg.MineTo = &to
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 3)
	b, err := n.Chain().Block(n.Chain().Snapshot().Sink)
	if err != nil {
		t.Fatal(err)
	}
	if outputs := b.Transactions[0].Outputs; len(outputs) != 1 || outputs[0].Address != to {
		t.Errorf("the third coinbase pays %+v, want one output to %v", outputs, to)
	}
	if there, err := exists(n.Layout().MiningKey()); there || err != nil {
		t.Errorf("a throwaway key was made although an address was given (%v)", err)
	}
}

func TestGeneratedBlocksKeepTheSpacing(t *testing.T) {
	cfg := simConfig(t)
	cfg.Params = params.DevNet()
	cfg.Params.MaxBits, cfg.Params.Genesis.Header.Bits = 0x207fffff, 0x207fffff // solved at once, retargeting on
	cfg.Params.Engines[0].Anchor.Bits = 0x207fffff
	cfg.Params.GenesisHash = cfg.Params.Genesis.Hash()
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 40) // by then the median time trails evenly
	before, p := n.Chain().Snapshot(), cfg.Params
	if want := p.Genesis.Header.Timestamp + 40*p.Spacing; before.SinkTimestamp != want {
		t.Errorf("the 40th block is dated %d, want %d", before.SinkTimestamp, want)
	}
	mustGenerate(t, n, 40)
	after := n.Chain().Snapshot()
	if after.DAAScore != before.DAAScore+40 || after.Bits != before.Bits {
		t.Errorf("DAA score %d then %d, bits %08x then %08x: difficulty should stand still",
			before.DAAScore, after.DAAScore, before.Bits, after.Bits)
	}
}

func TestGenerateKeepsBehindTheClock(t *testing.T) {
	n := mustOpen(t, simConfig(t))
	p := n.cfg.Params
	const now = 5_000_000
	limit := now + p.FutureAllowance
	for _, c := range []struct {
		sink, median, want uint64
		refused            bool
	}{
		{sink: now, median: now - 10, want: now + p.Spacing},
		{sink: now, median: now + 2*p.Spacing, want: now + 2*p.Spacing + 1},
		{sink: limit - p.Spacing, want: limit},
		{sink: limit - p.Spacing + 1, refused: true},
		{sink: now, median: limit, refused: true},
	} {
		got, err := n.scheduledTime(&chain.Snapshot{SinkTimestamp: c.sink, MedianTime: c.median}, time.UnixMilli(now))
		if errors.Is(err, ErrClockOvertaken) != c.refused || got != c.want {
			t.Errorf("sink %d, median %d: %d, %v; want %d, refused %v", c.sink, c.median, got, err, c.want, c.refused)
		}
	}
}

func TestGenerateIsForOwnNetworks(t *testing.T) {
	cfg := simConfig(t)
	cfg.Params = params.TestNet()
	n := mustOpen(t, cfg)
	if made, err := n.Generate(t.Context(), 1, nil, nil); err == nil || made != 0 {
		t.Errorf("made %d blocks on testnet, error %v", made, err)
	}
}

// exported returns the lines of a chain of a few blocks.
func exported(t *testing.T, blocks uint64) (lines []string, sink types.Hash) {
	t.Helper()
	n := mustOpen(t, simConfig(t))
	mustGenerate(t, n, blocks)
	var out bytes.Buffer
	if done, err := n.Export(t.Context(), &out, nil); err != nil || done != blocks+1 {
		t.Fatalf("exported %d blocks, %v", done, err)
	}
	return strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n"), n.Chain().Snapshot().Sink
}

func TestExportImport(t *testing.T) {
	lines, sink := exported(t, 6)
	genesis := params.SimNet().Genesis
	if want := hex.EncodeToString(types.Encode(&genesis)) + "\n"; lines[0] != want {
		t.Errorf("the first line is not genesis")
	}
	n := mustOpen(t, simConfig(t))
	all := strings.Join(lines, "")
	count, err := n.Import(t.Context(), strings.NewReader(all), nil)
	if want := (Imported{Lines: 7, Added: 6, Known: 1}); err != nil || count != want {
		t.Fatalf("imported %+v, %v; want %+v", count, err, want)
	}
	if got := n.Chain().Snapshot().Sink; got != sink {
		t.Errorf("sink %v, want %v", got, sink)
	}
	crlf := strings.ReplaceAll(all, "\n", "\r\n")
	count, err = n.Import(t.Context(), strings.NewReader(crlf), nil)
	if want := (Imported{Lines: 7, Known: 7}); err != nil || count != want {
		t.Errorf("the second time, with other line ends: %+v, %v; want %+v", count, err, want)
	}
	var out bytes.Buffer
	if _, err := n.Export(t.Context(), &out, nil); err != nil || strings.TrimSpace(out.String()) != strings.TrimSpace(all) {
		t.Errorf("the export of an import differs (%v)", err)
	}
}

func TestImportStopsAtTheFirstBadLine(t *testing.T) {
	lines, _ := exported(t, 4)
	replace := func(i int, with string) string {
		changed := append([]string(nil), lines...)
		changed[i] = with
		return strings.Join(changed, "")
	}
	foreign := params.DevNet().Genesis
	for _, c := range []struct {
		name, text string
		line       uint64
		added      uint64
	}{
		{"empty file", "", 0, 0},
		{"foreign genesis", replace(0, hex.EncodeToString(types.Encode(&foreign))+"\n"), 1, 0},
		{"no genesis", strings.Join(lines[1:], ""), 1, 0},
		{"not hex", replace(2, "xyz\n"), 3, 1},
		{"half a byte", replace(2, lines[2][1:]), 3, 1},
		{"bytes left over", replace(2, strings.TrimSpace(lines[2])+"00\n"), 3, 1},
		{"empty line", replace(3, "\n"), 4, 2},
		{"a parent missing", replace(2, ""), 3, 1},
		{"another payout", replace(1, strings.Replace(lines[1], "01", "02", 1)), 2, 0},
		{"too long", replace(4, strings.Repeat("00", 2<<20)), 5, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := mustOpen(t, simConfig(t))
			count, err := n.Import(t.Context(), strings.NewReader(c.text), nil)
			var at *LineError
			if err == nil || errors.As(err, &at) != (c.line > 0) || at != nil && at.Line != c.line {
				t.Errorf("error %v, want one of line %d", err, c.line)
			}
			if count.Added != c.added {
				t.Errorf("added %d blocks, want %d", count.Added, c.added)
			}
		})
	}
}

func TestExportStopsWithItsContext(t *testing.T) {
	n := mustOpen(t, simConfig(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Export(ctx, &bytes.Buffer{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestGoroutinesAreDumpedToTheLog(t *testing.T) {
	cfg := simConfig(t)
	var console bytes.Buffer
	cfg.Console = &console
	n := mustOpen(t, cfg)
	if err := n.DumpGoroutines(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(n.Layout().Log(), logFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{console.String(), string(file)} {
		if !strings.Contains(text, "TestGoroutinesAreDumpedToTheLog") {
			t.Errorf("the dump does not show this test:\n%.500s", text)
		}
	}
}

// After a panic the database is not closed, so the next start counts anew.
func TestBrokenNodeLeavesItsDatabaseUnclosed(t *testing.T) {
	cfg := simConfig(t)
	n, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	n.broken.Store(true)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if there, err := exists(filepath.Join(n.Layout().Chain(), "CLEAN")); there || err != nil {
		t.Errorf("the database is marked as closed cleanly (%v)", err)
	}
	if err := n.db.Close(); err != nil {
		t.Fatal(err)
	}
}

func FuzzImportLine(f *testing.F) {
	genesis := params.SimNet().Genesis
	f.Add([]byte(hex.EncodeToString(types.Encode(&genesis))))
	f.Add([]byte("00"))
	f.Fuzz(func(t *testing.T, line []byte) {
		b, err := decodeLine(line)
		if err != nil {
			return
		}
		if again := hex.EncodeToString(types.Encode(&b)); again != strings.ToLower(string(line)) {
			t.Errorf("%s decodes to a block that encodes to %s", line, again)
		}
	})
}
