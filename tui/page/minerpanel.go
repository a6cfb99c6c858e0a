package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// drawMiner draws what the miner does and did.
func drawMiner(c Context, a component.Area) {
	m := c.Status.Miner
	a = component.Panel{Title: "Miner", Note: "m on/off"}.Draw(a, c.Glyphs)
	token, word := minerState(c)
	a.Parts(0, 0, 2,
		component.Part{Text: component.Fit(a.Width, word, "PAUSED"), Token: token},
		component.Part{Text: fmt.Sprintf("%d/%d threads", m.Threads, m.MaxThreads), Rank: 1},
		component.Part{Text: m.Engine, Rank: 2})
	a.Parts(0, 1, 2, component.Part{Text: "10s/60s/15m", Rank: 1}, component.Part{Text: rates(m.Rate10s, m.Rate60s, m.Rate15m)})
	a.Parts(0, 2, 3, component.Part{Text: "max " + component.Rate(m.RateMax, "H/s")}, component.Part{Text: "share of net " + netShare(c), Rank: 1})
	a.Parts(0, 3, 2, fates(m, a.Width)...)
	a.Print(0, 4, style.Plain, component.Fit(a.Width, expectation(m.Running, m.BlockTime)))
	drawPayee(c, a)
	if a.Height > 6 {
		component.Graph(a.Sub(0, 6, a.Width, a.Height-6), c.Series.HashRate, c.Glyphs)
	}
}

// fates counts the blocks that were found by what became of them. Where there is no
// room for the chain, which is blue too, it is counted among the blues.
func fates(m api.Miner, room int) []component.Part {
	part := func(name string, n uint64, rank int) component.Part {
		return component.Part{Text: fmt.Sprintf("%s %d", name, n), Rank: rank}
	}
	all := []component.Part{part("found", m.Found, 0), part("chain", m.Chain, 2), part("blue", m.Blue, 1), part("red", m.Red, 1), part("stale", m.Stale, 1)}
	if len(component.Fitting(room, 2, all)) == len(all) {
		return all
	}
	return []component.Part{part("found", m.Found, 0), part("blue", m.Chain+m.Blue, 1), part("red", m.Red, 2), part("stale", m.Stale, 3)}
}

func drawPayee(c Context, a component.Area) {
	m := c.Status.Miner
	if m.PayTo == "" {
		return
	}
	key := component.Part{}
	if m.Throwaway {
		key = component.Part{Text: "(throwaway key)", Token: style.Dim, Rank: 1}
	}
	a.Parts(0, 5, 2, component.Part{Text: "pays " + c.Hidden(c.short(m.PayTo)), Token: style.Dim}, key)
}

func minerState(c Context) (style.Token, string) {
	m := c.Status.Miner
	switch {
	case !m.Available:
		return style.Dim, "NOT AVAILABLE"
	case m.Running:
		return style.Good, "MINING"
	case m.Wanted && m.Paused != "":
		return style.Warn, "PAUSED: " + m.Paused
	case m.Wanted:
		return style.Warn, "PAUSED"
	}
	return style.Dim, "OFF"
}

// rates writes several rates with one unit, that of the greatest.
func rates(values ...float64) string {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	scale, unit := 1.0, " H/s"
	for _, u := range []string{" kH/s", " MH/s", " GH/s", " TH/s"} {
		if top/scale < 999.5 {
			break
		}
		scale, unit = scale*1000, u
	}
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(component.Digits3(v / scale))
	}
	return b.String() + unit
}

// netShare is the miner's share of the network's rate, which has none of it while it
// does not mine.
func netShare(c Context) string {
	m, all := c.Status.Miner, c.Status.NetworkRate
	switch {
	case !m.Running:
		return "none"
	case !(all > 0):
		return "unknown"
	}
	return fmt.Sprintf("%.2f%%", min(100, m.Rate60s/all*100))
}

func expectation(running bool, seconds float64) string {
	if !running || !(seconds > 0) {
		return ""
	}
	return "expect 1 block per ~" + component.Span(time.Duration(seconds*float64(time.Second)))
}
