package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLines(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.Local)
	for _, c := range []struct {
		name  string
		log   func(*slog.Logger) *slog.Logger
		attrs []any
		want  string
	}{
		{"bare", nil, nil, "virtual moved"},
		{"attributes", nil, []any{"tips", 2, "rate", "1 kH/s", "err", errors.New("a=b"), "at", at}, "virtual moved tips=2 rate=\"1 kH/s\" err=\"a=b\" at=" + at.Format(time.RFC3339Nano)},
		{"empty value", nil, []any{"to", ""}, `virtual moved to=""`},
		{"with", func(l *slog.Logger) *slog.Logger { return l.With("a", 1) }, []any{"b", 2}, "virtual moved a=1 b=2"},
		{"group", func(l *slog.Logger) *slog.Logger { return l.With("a", 1).WithGroup("g").With("b", 2) }, []any{"c", 3}, "virtual moved a=1 g.b=2 g.c=3"},
		{"inner group", nil, []any{slog.Group("g", "x", 1, slog.Group("", "y", 2))}, "virtual moved g.x=1 g.y=2"},
		{"hostile", nil, []any{"agent", "\x1b[2Jfake\nline"}, `virtual moved agent="\x1b[2Jfake\nline"`},
		{"hostile direction", nil, []any{"agent", "a\u202eb"}, `virtual moved agent="a\u202eb"`},
		{"letters of the world", nil, []any{"label", "köln"}, `virtual moved label=köln`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			h := slog.Handler(&lineHandler{out: &out, subsystem: "chain"})
			if c.log != nil {
				h = c.log(slog.New(h)).Handler()
			}
			r := slog.NewRecord(at, slog.LevelInfo, "virtual moved", 0)
			r.Add(c.attrs...)
			if err := h.Handle(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if got, want := out.String(), "2026-01-02 03:04:05.006 INF chain "+c.want+"\n"; got != want {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
		})
	}
}

func TestHostileMessageIsQuoted(t *testing.T) {
	if got := printable("one\ntwo"); got != `"one\ntwo"` {
		t.Errorf("got %s", got)
	}
	if got := printable(`he said "no"`); got != `he said "no"` {
		t.Errorf("got %s", got)
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		text        string
		node, chain slog.Level
		bad         bool
	}{
		{"info", slog.LevelInfo, slog.LevelInfo, false},
		{"error", slog.LevelError, slog.LevelError, false},
		{"warn,chain=debug", slog.LevelWarn, slog.LevelDebug, false},
		{"chain=debug, miner=info", slog.LevelInfo, slog.LevelDebug, false},
		{"chain=debug,warn", slog.LevelWarn, slog.LevelDebug, false},
		{"loud", 0, 0, true},
		{"", 0, 0, true},
		{"chain=", 0, 0, true},
		{"chan=debug", 0, 0, true},
	} {
		l, err := ParseLevels(c.text)
		if (err != nil) != c.bad {
			t.Errorf("%q: error %v, want one: %v", c.text, err, c.bad)
		}
		if err == nil && (l.of("node") != c.node || l.of("chain") != c.chain) {
			t.Errorf("%q: node %v, chain %v; want %v, %v", c.text, l.of("node"), l.of("chain"), c.node, c.chain)
		}
	}
}

func TestLogsGoToConsoleAndFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, logFile)
	if err := os.WriteFile(name, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	levels, err := ParseLevels("info,chain=error")
	if err != nil {
		t.Fatal(err)
	}
	var console bytes.Buffer
	logs := NewLogs(&console, levels, false)
	logs.For("node").Info("only on the console")
	if err := logs.attach(dir); err != nil {
		t.Fatal(err)
	}
	logs.For("node").Info("on both")
	logs.For("node").Debug("too quiet")
	logs.For("chain").Warn("too quiet for chain")
	if err := logs.Reopen(); err != nil {
		t.Fatal(err)
	}
	logs.For("chain").Error("after reopening")
	if err := logs.detach(); err != nil {
		t.Fatal(err)
	}
	logs.For("node").Info("after the file")

	assertLines(t, console.String(), "only on the console", "on both", "after reopening", "after the file")
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	assertLines(t, string(file), "before", "on both", "after reopening")
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the log file has mode %v (%v), want 600", info.Mode(), err)
	}
}

// assertLines holds the ends of all lines against what is wanted.
func assertLines(t *testing.T, text string, want ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), text)
	}
	for i, w := range want {
		if !strings.HasSuffix(lines[i], w) {
			t.Errorf("line %d is %q, want it to end in %q", i+1, lines[i], w)
		}
	}
}

func TestJSONLines(t *testing.T) {
	var out bytes.Buffer
	logs := NewLogs(&out, Levels{}, true)
	logs.For("chain").Info("virtual moved", "tips", 2)
	var line struct {
		Level, Msg, Subsystem string
		Tips                  int
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Level != "INFO" || line.Msg != "virtual moved" || line.Subsystem != "chain" || line.Tips != 2 {
		t.Errorf("got %+v from %s", line, out.Bytes())
	}
}
