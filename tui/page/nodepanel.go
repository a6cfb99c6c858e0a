package page

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// drawNode draws how the node does.
func drawNode(c Context, a component.Area) {
	s := c.Status
	a = component.Panel{Title: "Node"}.Draw(a, c.Glyphs)
	const column = 9
	drawSync(c, a, column)
	drawPair(a, 1, column, "DAA", component.Count(s.DAAScore))
	drawPair(a, 2, column, "Diff", strings.TrimSpace(component.Rate(s.Difficulty, "")), "net "+component.Rate(s.NetworkRate, "H/s"))
	drawPair(a, 3, column, "Mempool", fmt.Sprintf("%d tx", s.Mempool.Entries), component.Bytes(uint64(s.Mempool.Bytes)))
	y := drawTraffic(c, a, 4, column)
	drawPair(a, y, column, "Disk", component.Bytes(s.System.DiskBytes), "free "+component.Bytes(s.System.DiskFree))
	drawPair(a, y+1, column, "RAM", component.Bytes(s.System.MemoryBytes), fmt.Sprintf("%d goroutines", s.System.Goroutines))
	drawPair(a, y+2, column, "Uptime", component.Span(time.Duration(s.Uptime)*time.Millisecond))
	drawPair(a, y+3, column, "Supply", component.Money(s.Supply)+" JIO")
}

// drawPair draws a label and the figures of a line, the last of which are left out
// where there is no room.
func drawPair(a component.Area, y, column int, label string, figures ...string) {
	a.Print(0, y, style.Dim, label)
	parts := make([]component.Part, len(figures))
	for i, text := range figures {
		parts[i] = component.Part{Text: text, Rank: i}
	}
	a.Parts(column, y, 2, parts...)
}

// drawSync draws how far the sync is.
func drawSync(c Context, a component.Area, column int) {
	s := c.Status
	if s.Synced {
		a.Print(0, 0, style.Dim, "Sync")
		parts := []component.Part{{Text: "100%", Token: style.Good}}
		if s.Headers == s.Blocks {
			parts = append(parts, component.Part{Text: "headers = blocks", Token: style.Dim, Rank: 1})
		}
		a.Parts(column, 0, 2, parts...)
		return
	}
	a.Print(0, 0, style.Dim, "Sync")
	x := a.Print(column, 0, style.Warn, component.Fit(a.Width-column, SyncSentences(s.Sync)...))
	component.Progress(a, x+1, 0, max(0, min(12, a.Width-x-1)), share(s.Sync), c.Glyphs)
}

func share(s api.Sync) float64 {
	if s.Total == 0 {
		return 0
	}
	return float64(s.Done) / float64(s.Total)
}

// NoAnswer is the stage of a node elsewhere while it does not answer: nothing is known
// of its sync.
const NoAnswer = "no answer"

// SyncSentence says how far a sync is: the stage, the share, the time left.
func SyncSentence(s api.Sync) string { return SyncSentences(s)[0] }

// SyncSentences are ways to say how far a sync is, the longest first.
func SyncSentences(s api.Sync) []string {
	switch s.Stage {
	case NoAnswer:
		return []string{"the node does not answer", NoAnswer}
	case "":
		return []string{cmp.Or(s.Message, "starting")}
	}
	stage, left := fmt.Sprintf("stage %d of %d, %s", s.Step, s.Steps, s.Stage), ""
	if s.Total == 0 {
		return []string{stage, s.Stage}
	}
	// A sync that is not over never says 100 %.
	percent := fmt.Sprintf("%d%%", min(99, int(share(s)*100)))
	if s.ETA >= 0 {
		left = ", " + component.Span(time.Duration(s.ETA)*time.Millisecond) + " left"
	}
	return []string{stage + " " + percent + left, stage + " " + percent, s.Stage + " " + percent + left, s.Stage + " " + percent, percent}
}

func drawTraffic(c Context, a component.Area, y, column int) int {
	for _, way := range []struct {
		name   string
		values []float64
	}{{"In", c.Series.BytesIn}, {"Out", c.Series.BytesOut}} {
		component.Pair(a, y, column, way.name, component.Rate(latest(way.values), "B/s"))
		component.Spark(a, column+11, y, max(0, min(24, a.Width-column-11)), way.values, c.Glyphs)
		y++
	}
	return y
}
