package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// pitchOf is the room between two columns of the DAG in an area.
func pitchOf(a component.Area) int {
	if a.Width >= 100 {
		return 4
	}
	return 3
}

// drawDagSummary draws the picture of the DAG with the figures of virtual.
func drawDagSummary(c Context, a component.Area, feed *dagFeed) {
	a = component.Panel{Title: fmt.Sprintf("DAG  tips %d", len(c.Status.Tips)), Note: "live"}.Draw(a, c.Glyphs)
	figures := 5
	if a.Height < 8 {
		figures = max(0, a.Height-3)
	}
	picture, text := a.Bottom(figures)
	drawPicture(c, picture, feed, nil)
	text.Print(0, 0, style.Plain, "virtual  DAA "+component.Count(c.Status.DAAScore)+"   blue "+component.Count(c.Status.BlueScore))
	x := text.Print(0, 1, style.Plain, "sink     ")
	text.Print(x, 1, style.Plain, c.short(c.Status.Sink.String())+"   "+c.age(c.Status.SinkTimestamp)+" ago")
	text.Print(0, 2, style.Plain, widthSentence(feed.window))
	drawLegend(c, text, 3)
	x = text.Print(0, 4, style.Dim, "blk/s ")
	component.Spark(text, x, 4, max(0, min(24, text.Width-x-16)), c.Series.BlockRate, c.Glyphs)
	text.PrintRight(4, style.Plain, fmt.Sprintf("60s avg %.2f", c.Status.BlockRate))
}

// A selection is the block that a picture marks, and the columns it leaves out
// at the right.
type selection struct {
	hash types.Hash
	back int
}

// drawPicture draws the DAG from the newest column leftwards.
func drawPicture(c Context, a component.Area, feed *dagFeed, s *selection) {
	axis := a.Height >= 9
	rows := a.Height
	if axis {
		rows--
	}
	layout := feed.laid((rows - 1) / 2)
	if layout == nil {
		a.PrintCenter(a.Height/2, style.Dim, waitingFor(feed.failed))
		return
	}
	p := component.DagPicture{Layout: layout, Last: layout.Columns - 1, Pitch: pitchOf(a), Axis: axis}
	if s != nil {
		p.Selected, p.Last = s.hash, p.Last-s.back
	}
	p.Draw(a, c.Glyphs)
}

func waitingFor(failed string) string {
	if failed != "" {
		return "the node does not answer: " + failed
	}
	return "asking the node"
}

// drawLegend says what the shapes mean.
func drawLegend(c Context, a component.Area, y int) {
	x := 0
	for _, entry := range []struct {
		token style.Token
		glyph rune
		name  string
	}{
		{style.Chain, c.Glyphs.Chain, "chain"},
		{style.Blue, c.Glyphs.Blue, "blue"},
		{style.Red, c.Glyphs.Red, "red"},
		{style.Open, c.Glyphs.Open, "unmerged"},
		{style.Sink, c.Glyphs.Sink, "sink"},
	} {
		x = a.Print(x, y, entry.token, string(entry.glyph))
		x = a.Print(x+1, y, style.Dim, entry.name) + 2
	}
}

// widthSentence says how the blocks of the window were judged and how many
// stand beside each other.
func widthSentence(w *api.DagWindow) string {
	if w == nil || len(w.Blocks) == 0 {
		return ""
	}
	var blues, reds, tips uint64
	for i := range w.Blocks {
		switch b := &w.Blocks[i]; {
		case b.Fate == "red":
			reds++
		case b.Fate != "pending":
			blues++
		}
		if w.Blocks[i].Tip {
			tips++
		}
	}
	return fmt.Sprintf("blues %s  reds %s  of the last %d  tips %d", component.Share(blues, blues+reds), component.Share(reds, blues+reds), blues+reds, tips)
}

// blockColumns are the columns of a list of blocks.
var blockColumns = []component.Column{
	{Title: "hash", Width: 14},
	{Title: "DAA", Width: 12, Right: true},
	{Title: "blue score", Width: 12, Right: true},
	{Title: "par", Width: 3, Right: true},
	{Title: "kind", Width: 8},
	{Title: "txs", Width: 5, Right: true},
	{Title: "miner"},
	{Title: "age", Width: 8, Right: true},
}

// blockRow returns a block as a row of a list.
func blockRow(c Context, b *api.DagBlock, sink types.Hash) []component.Cell {
	token, glyph := component.BlockLook(b, sink, c.Glyphs)
	return []component.Cell{
		{Text: b.Hash.String()[:12], Token: style.Plain},
		{Text: component.Count(b.DAAScore), Token: style.Plain},
		{Text: component.Count(b.BlueScore), Token: style.Plain},
		{Text: fmt.Sprint(len(b.Parents)), Token: style.Dim},
		{Text: string(glyph) + " " + kindOf(b, sink), Token: token},
		{Text: fmt.Sprint(b.TxCount), Token: style.Plain},
		{Text: minerOf(c, b.Miner), Token: style.Dim},
		{Text: component.Span(c.Now.Sub(time.UnixMilli(b.Timestamp))), Token: style.Dim},
	}
}

func kindOf(b *api.DagBlock, sink types.Hash) string {
	switch {
	case b.Hash == sink:
		return "sink"
	case b.Fate == "pending" && b.Tip:
		return "tip"
	case b.Fate == "pending":
		return "open"
	}
	return b.Fate
}

// minerOf names who asked to be paid for a block; one's own address is known.
func minerOf(c Context, address string) string {
	if address == "" {
		return ""
	}
	if c.Private {
		return component.Masked
	}
	name := c.short(address)
	if strings.EqualFold(address, c.Status.Miner.PayTo) {
		name += " (you)"
	}
	return name
}
