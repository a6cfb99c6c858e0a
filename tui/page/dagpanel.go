package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// figures is how many rows of text stand below the summary's picture.
const figures = 5

// drawDagSummary draws the picture of the DAG with the figures of virtual and,
// where there is room, the newest blocks.
func drawDagSummary(c Context, a component.Area, feed *dagFeed) {
	panel := component.Panel{Note: "live"}
	inside := panel.Inside(a)
	height := inside.Height - figures
	if wanted := wantedHeight(feed, height); height-wanted >= 4 {
		var list component.Area
		inside, list = inside.Top(wanted + figures)
		feed.list(c, nil).Draw(list.Sub(0, 1, list.Width, list.Height-1), c.Glyphs)
	}
	picture, text := inside.Bottom(min(figures, max(0, inside.Height-3)))
	drawn := pictureOf(picture, feed)
	drawn.Left = c.Reorg.left()
	drawn.draw(c, picture, feed)
	panel.Title = dagTitle(c, drawn, picture)
	panel.Draw(a, c.Glyphs)
	text.Print(0, 0, style.Plain, "virtual  DAA "+component.Count(c.Status.DAAScore)+"   blue "+component.Count(c.Status.BlueScore))
	text.Print(0, 1, style.Plain, "sink     "+c.short(c.Status.Sink.String())+"   "+c.age(c.Status.SinkTimestamp)+" ago")
	text.Print(0, 2, style.Plain, widthSentence(feed))
	drawLegend(c, text, 3, feed.hasLeft(c.Reorg))
	x := text.Print(0, 4, style.Dim, "blk/s ")
	component.Spark(text, x, 4, max(0, min(24, text.Width-x-16)), c.Series.BlockRate, c.Glyphs)
	text.PrintRight(4, style.Plain, fmt.Sprintf("60s avg %.2f", c.Status.BlockRate))
}

// dagTitle says how many tips there are, and what of the DAG a picture does not
// show.
func dagTitle(c Context, p picture, a component.Area) string {
	title := fmt.Sprintf("DAG  tips %d", len(c.Status.Tips))
	if p.Layout != nil {
		if n := p.Layout.Hidden(); n > 0 {
			title += fmt.Sprintf("  %d blocks without a lane, shown as +n", n)
		}
		unmerged, merged := p.OutOfSight(a.Width)
		if unmerged > 0 {
			title += fmt.Sprintf("  +%d older unmerged", unmerged)
		}
		if merged > 0 {
			title += fmt.Sprintf("  +%d older merged", merged)
		}
	}
	return title + c.Reorg.text(c.Now)
}

// wantedHeight is how many rows a picture takes of so many: all where blocks need
// every lane, else those of the lanes in use, with the axis and a free row at each
// side. It does not shrink again, lest what stands below should jump.
func wantedHeight(feed *dagFeed, rows int) int {
	feed.used = max(feed.used, 3)
	if feed.layout != nil {
		feed.used = max(feed.used, feed.layout.Lanes())
		if feed.layout.Hidden() > 0 {
			feed.used = max(feed.used, feed.lanes+1)
		}
	}
	return min(2*feed.used+1+3, rows*3/5)
}

// A picture is what of a DAG is drawn in an area; nil layouts draw nothing.
type picture struct{ component.DagPicture }

// pictureOf returns the picture that ends with the newest column.
func pictureOf(a component.Area, feed *dagFeed) picture {
	p := picture{component.DagPicture{Pitch: 3, Axis: a.Height >= 9}}
	if a.Width >= 100 {
		p.Pitch = 4
	}
	rows := a.Height
	if p.Axis {
		rows--
	}
	lanes := (rows - 1) / 2
	if rows >= 5 {
		lanes = (rows - 2) / 2 // the top row is for what finds no lane
	}
	if p.Layout = feed.laid(lanes); p.Layout != nil {
		p.Last = p.Layout.Columns - 1
	}
	return p
}

// fit is how many columns have room in an area.
func (p picture) fit(a component.Area) int { return max(1, (a.Width-4)/p.Pitch) }

func (p picture) draw(c Context, a component.Area, feed *dagFeed) {
	if p.Layout == nil {
		a.PrintCenter(a.Height/2, style.Dim, waitingFor(feed.failed))
		return
	}
	p.Draw(a, c.Glyphs)
}

func waitingFor(failed string) string {
	if failed != "" {
		return "the node does not answer: " + failed
	}
	return "asking the node"
}

// hasLeft reports whether blocks of the window are off the chain since the latest
// reorganisation: their letters are drawn for as long as they are there.
func (f *dagFeed) hasLeft(r *Reorg) bool {
	left := r.left()
	return len(left) > 0 && f.window != nil && slices.ContainsFunc(f.window.Blocks, func(b api.DagBlock) bool {
		return left[b.Hash] && b.Fate != "chain"
	})
}

// drawLegend says what the shapes mean, the letters of what left the chain as well
// where there are some.
func drawLegend(c Context, a component.Area, y int, left bool) {
	type entry struct {
		token style.Token
		glyph string
		name  string
	}
	entries := []entry{
		{style.Chain, string(c.Glyphs.Chain), "chain"},
		{style.Blue, string(c.Glyphs.Blue), "blue"},
		{style.Red, string(c.Glyphs.Red), "red"},
		{style.Open, string(c.Glyphs.Open), "unmerged"},
		{style.Sink, string(c.Glyphs.Sink), "sink"},
	}
	if left {
		entries = append(entries, entry{style.Warn, "b r x", "left the chain"})
	}
	length := 0
	for _, e := range entries {
		length += component.Width(e.glyph+e.name) + 3
	}
	gap := 2
	if length-2 > a.Width {
		gap = 1
	}
	x := 0
	for _, e := range entries {
		if x+component.Width(e.glyph+e.name)+1 > a.Width {
			return
		}
		x = a.Print(x, y, e.token, e.glyph)
		x = a.Print(x+1, y, style.Dim, e.name) + gap
	}
}

// widthSentence says how the blocks of the window were judged and how many stand
// beside each other.
func widthSentence(feed *dagFeed) string {
	if feed.window == nil || len(feed.window.Blocks) == 0 {
		return ""
	}
	var blues, reds uint64
	for i := range feed.window.Blocks {
		switch feed.window.Blocks[i].Fate {
		case "red":
			reds++
		case "chain", "blue":
			blues++
		}
	}
	text := fmt.Sprintf("blues %s  reds %s", component.Share(blues, blues+reds), component.Share(reds, blues+reds))
	if feed.layout != nil {
		now, most := feed.layout.Width()
		text += fmt.Sprintf("  width now %d max %d", now, most)
	}
	return text
}

// blockColumns are the columns of a list of blocks.
var blockColumns = []component.Column{
	{Title: "hash", Width: 14},
	{Title: "DAA", Width: 12, Right: true},
	{Title: "blue score", Width: 12, Rank: 1, Right: true},
	{Title: "par", Width: 3, Rank: 3, Right: true},
	{Title: "kind", Width: 8},
	{Title: "txs", Width: 5, Rank: 2, Right: true},
	{Title: "miner", Least: 19, Rank: 4},
	{Title: "age", Width: 8, Right: true},
}

// blockRow returns a block as a row of a list. Only what the block is has looks of its
// own: all rows move with each chain block, and each change of looks is sent.
func blockRow(c Context, b *api.DagBlock, sink types.Hash) []component.Cell {
	return []component.Cell{
		{Text: b.Hash.String()[:12], Token: style.Plain},
		{Text: component.Count(b.DAAScore), Token: style.Plain},
		{Text: component.Count(b.BlueScore), Token: style.Plain},
		{Text: fmt.Sprint(len(b.Parents)), Token: style.Plain},
		kindCell(c, b, sink),
		{Text: fmt.Sprint(b.TxCount)},
		{Text: minerOf(c, b.Miner)},
		{Text: component.Span(c.Now.Sub(time.UnixMilli(b.Timestamp)))},
	}
}

// kindCell says what a block is, and whether it stood on the selected chain before
// the latest reorganisation.
func kindCell(c Context, b *api.DagBlock, sink types.Hash) component.Cell {
	token, glyph := component.BlockLook(b, sink, c.Glyphs)
	text := kindOf(b, sink)
	if left := c.Reorg.left(); left[b.Hash] && b.Fate != "chain" {
		glyph, text = component.LeftLook(b), "left"
	}
	return component.Cell{Text: string(glyph) + " " + text, Token: token}
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
