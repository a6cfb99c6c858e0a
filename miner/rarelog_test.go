package miner

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestRareLog(t *testing.T) {
	var out bytes.Buffer
	r := rareLog{log: slog.New(slog.NewTextHandler(&out, nil))}
	for _, c := range []struct {
		at   time.Duration
		want string // "" for nothing
	}{
		{0, "unmentioned=0"},
		{1, ""},
		{rareLogPause - 1, ""},
		{rareLogPause, "unmentioned=2"},
		{2*rareLogPause - 1, ""},
		{5 * rareLogPause, "unmentioned=1"},
		{6 * rareLogPause, "unmentioned=0"},
	} {
		out.Reset()
		r.warn(epoch.Add(c.at), "trouble", errHost)
		if got := out.String(); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("after %v: %q, want %q", c.at, got, c.want)
		}
	}
}
