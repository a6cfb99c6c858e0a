package page

import (
	"cmp"
	"fmt"
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
	y := drawSync(c, a, column)
	for _, pair := range [][2]string{
		{"DAA", component.Count(s.DAAScore)},
		{"Diff", component.Rate(s.Difficulty, "") + "  net " + component.Rate(s.NetworkRate, "H/s")},
		{"Mempool", fmt.Sprintf("%d tx  %s", s.Mempool.Entries, component.Bytes(uint64(s.Mempool.Bytes)))},
	} {
		component.Pair(a, y, column, pair[0], pair[1])
		y++
	}
	y = drawTraffic(c, a, y, column)
	component.Pair(a, y, column, "Disk", component.Bytes(s.System.DiskBytes)+"  free "+component.Bytes(s.System.DiskFree))
	component.Pair(a, y+1, column, "RAM", fmt.Sprintf("%s  %d goroutines", component.Bytes(s.System.MemoryBytes), s.System.Goroutines))
	component.Pair(a, y+2, column, "Uptime", component.Span(time.Duration(s.Uptime)*time.Millisecond))
	component.Pair(a, y+3, column, "Supply", component.Money(s.Supply)+" JIO")
}

// drawSync draws how far the sync is and returns the row after it.
func drawSync(c Context, a component.Area, column int) int {
	s := c.Status
	if s.Synced {
		a.Print(0, 0, style.Dim, "Sync")
		a.Print(column, 0, style.Good, "100%")
		if s.Headers == s.Blocks {
			a.Print(column+6, 0, style.Dim, "headers = blocks")
		}
		return 1
	}
	a.Print(0, 0, style.Dim, "Sync")
	x := a.Print(column, 0, style.Warn, SyncSentence(s.Sync))
	component.Progress(a, x+1, 0, max(0, min(12, a.Width-x-1)), share(s.Sync), c.Glyphs)
	return 1
}

func share(s api.Sync) float64 {
	if s.Total == 0 {
		return 0
	}
	return float64(s.Done) / float64(s.Total)
}

// SyncSentence says how far a sync is: the stage, the share, the time left.
func SyncSentence(s api.Sync) string {
	if s.Stage == "" {
		return cmp.Or(s.Message, "starting")
	}
	text := fmt.Sprintf("stage %d of %d, %s", s.Step, s.Steps, s.Stage)
	if s.Total > 0 {
		// A sync that is not over never says 100 %.
		text += fmt.Sprintf(" %d%%", min(99, int(share(s)*100)))
	}
	if s.ETA >= 0 && s.Total > 0 {
		text += ", " + component.Span(time.Duration(s.ETA)*time.Millisecond) + " left"
	}
	return text
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
