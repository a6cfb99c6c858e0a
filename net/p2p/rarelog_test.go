package p2p

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestRareLog(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1000, 0)
	r := newRareLog(slog.New(slog.NewTextHandler(&out, nil)), func() time.Time { return now })
	for _, c := range []struct {
		after   time.Duration
		message string
		want    string // "" for nothing
	}{
		{0, "a", "unmentioned=0"},
		{0, "a", ""},
		{0, "b", "unmentioned=0"},
		{rareLogPause - 1, "a", ""},
		{1, "a", "unmentioned=2"},
		{2 * rareLogPause, "a", "unmentioned=0"},
	} {
		out.Reset()
		now = now.Add(c.after)
		r.info(c.message, "peer", "x")
		if got := out.String(); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v later %q says %q, want %q", c.after, c.message, got, c.want)
		}
	}
}
