package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// drawMiner draws what the miner does and did.
func drawMiner(c Context, a component.Area) {
	m := c.Status.Miner
	a = component.Panel{Title: "Miner", Note: "m on/off"}.Draw(a, c.Glyphs)
	token, word := minerState(c)
	x := a.Print(0, 0, token, word)
	a.Print(x+2, 0, style.Plain, fmt.Sprintf("%d/%d threads  %s", m.Threads, m.MaxThreads, m.Engine))
	a.Print(0, 1, style.Plain, "10s/60s/15m  "+rates(m.Rate10s, m.Rate60s, m.Rate15m))
	a.Print(0, 2, style.Plain, fmt.Sprintf("max %s   share of net %s", component.Rate(m.RateMax, "H/s"), netShare(m.Rate60s, c.Status.NetworkRate)))
	fates := fmt.Sprintf("found %d  chain %d  blue %d  red %d  stale %d", m.Found, m.Chain, m.Blue, m.Red, m.Stale)
	if component.Width(fates) > a.Width { // the chain is blue too
		fates = fmt.Sprintf("found %d  blue %d  red %d  stale %d", m.Found, m.Chain+m.Blue, m.Red, m.Stale)
	}
	a.Print(0, 3, style.Plain, fates)
	a.Print(0, 4, style.Plain, expectation(m.Running, m.BlockTime))
	pay := "pays " + c.short(m.PayTo)
	if c.Private {
		pay = "pays " + component.Masked
	}
	if m.Throwaway {
		pay += "  (throwaway key)"
	}
	if m.PayTo != "" {
		a.Print(0, 5, style.Dim, component.Cut(pay, a.Width, c.Glyphs.Ellipsis))
	}
	if a.Height > 6 {
		component.Graph(a.Sub(0, 6, a.Width, a.Height-6), c.Series.HashRate, c.Glyphs)
	}
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
		fmt.Fprintf(&b, "%.2f", v/scale)
	}
	return b.String() + unit
}

func netShare(mine, all float64) string {
	if !(all > 0) {
		return "unknown"
	}
	return fmt.Sprintf("%.2f%%", min(100, mine/all*100))
}

func expectation(running bool, seconds float64) string {
	if !running || !(seconds > 0) {
		return ""
	}
	return "expect 1 block per ~" + component.Span(time.Duration(seconds*float64(time.Second)))
}
