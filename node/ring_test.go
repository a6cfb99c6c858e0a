package node

import (
	"bytes"
	"log/slog"
	"strconv"
	"testing"

	"github.com/jio-dag/jio/node/api"
)

// TestRecentLines holds the ring against a plain list.
func TestRecentLines(t *testing.T) {
	var r ring
	var all []api.LogLine
	for i := range ringLines + 100 {
		r.add(api.LogLine{Text: strconv.Itoa(i)})
		all = append(all, api.LogLine{Number: uint64(i + 1), Text: strconv.Itoa(i)})
		if i%97 != 0 && i < ringLines+95 {
			continue
		}
		for _, after := range []int{0, 1, i / 2, i, i + 1, i + 5} {
			for _, limit := range []int{1, 7, ringLines} {
				compareLines(t, r.after(uint64(after), limit), naiveRecent(all, after, limit))
			}
		}
	}
}

func naiveRecent(all []api.LogLine, after, limit int) []api.LogLine {
	kept := all[max(0, len(all)-ringLines):]
	if after == 0 {
		return kept[max(0, len(kept)-limit):]
	}
	for len(kept) > 0 && kept[0].Number <= uint64(after) {
		kept = kept[1:]
	}
	return kept[:min(limit, len(kept))]
}

func compareLines(t *testing.T, got, want []api.LogLine) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("line %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestLinesReachTheRing(t *testing.T) {
	for _, json := range []bool{false, true} {
		var console bytes.Buffer
		logs := NewLogs(&console, LevelsFrom(slog.LevelInfo), json)
		log := logs.For("chain").With("a", 1)
		log.Debug("hidden")
		log.WithGroup("g").Warn("seen\x1b[31m", "b", "two words")
		lines := logs.Recent(0, 10)
		if len(lines) != 1 {
			t.Fatalf("%d lines, want 1", len(lines))
		}
		l := lines[0]
		if l.Number != 1 || l.Level != "WARN" || l.Subsystem != "chain" || l.Text != `"seen\x1b[31m" a=1 g.b="two words"` || l.Time == 0 {
			t.Errorf("the line is %+v", l)
		}
		if console.Len() == 0 {
			t.Error("the console saw nothing")
		}
	}
}
