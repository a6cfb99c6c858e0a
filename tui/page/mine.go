package page

import (
	"bytes"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Mine shows the miner and lets it be changed while it works.
type Mine struct{}

// NewMine returns the page.
func NewMine() *Mine { return &Mine{} }

// Title implements Page.
func (m *Mine) Title() string { return "Mine" }

// Typing implements Page.
func (m *Mine) Typing() bool { return false }

// Keys implements Page.
func (m *Mine) Keys() []Binding {
	return []Binding{
		{Keys: []string{"+", "="}, Short: "more threads", Help: "Mine with one thread more."},
		{Keys: []string{"-"}, Short: "fewer", Help: "Mine with one thread fewer."},
		{Keys: []string{"a"}, Short: "pay to", Help: "Choose the address that mining pays."},
		{Keys: []string{"w"}, Short: "pay my wallet", Help: "Let mining pay the open wallet."},
	}
}

// Update implements Page.
func (m *Mine) Update(c Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "+", "=":
		return m.threads(c, 1)
	case "-":
		return m.threads(c, -1)
	case "a":
		return Send(m.askPayee(c))
	case "w":
		return m.payWallet(c)
	}
	return nil
}

func (m *Mine) threads(c Context, by int) tea.Cmd {
	n := max(1, min(c.Status.Miner.Threads+by, c.Status.Miner.MaxThreads))
	return Do(c, api.SetMiner, api.MinerParams{Threads: &n}, func(r api.Miner) string {
		return fmt.Sprintf("%d of %d threads", r.Threads, r.MaxThreads)
	})
}

func (m *Mine) askPayee(c Context) Prompt {
	return Prompt{
		Title: "Pay mining to", Text: "An address of " + c.Status.Network + ". Blocks found from now on pay it.",
		Fields: []PromptField{{Label: "Address"}},
		Check:  func(values [][]byte) error { return checkAddress(c, values[0]) },
		Done:   func(values [][]byte) tea.Cmd { return payTo(c, string(bytes.TrimSpace(values[0]))) },
	}
}

func payTo(c Context, address string) tea.Cmd {
	return Do(c, api.SetMiner, api.MinerParams{PayTo: &address}, func(r api.Miner) string {
		return "mining pays " + r.PayTo
	})
}

func (m *Mine) payWallet(c Context) tea.Cmd {
	w := c.ShownWallet()
	if w == nil || len(w.Accounts) == 0 || w.Accounts[0].Address == "" {
		return Send(Toast{style.Warn, "no wallet is open"})
	}
	return payTo(c, w.Accounts[0].Address)
}

// Draw implements Page.
func (m *Mine) Draw(c Context, a component.Area) {
	s := c.Status.Miner
	token, word := minerState(c)
	a = component.Panel{Title: "Miner", Note: "m on/off", Focus: true}.Draw(a, c.Glyphs)
	a.Print(0, 0, token, word)
	const column = 16
	y := 2
	for _, line := range []struct {
		label string
		parts []string
	}{
		{"threads", []string{fmt.Sprintf("%d of %d", s.Threads, s.MaxThreads), "(+ and - change them)"}},
		{"engine", []string{s.Engine}},
		{"10s/60s/15m", []string{rates(s.Rate10s, s.Rate60s, s.Rate15m)}},
		{"best 10 s", []string{component.Rate(s.RateMax, "H/s")}},
		{"of the network", []string{netShare(c), "of " + component.Rate(c.Status.NetworkRate, "H/s")}},
		{"a block in", []string{blockTime(s)}},
		{"found", []string{
			fmt.Sprint(s.Found), fmt.Sprintf("chain %d", s.Chain), fmt.Sprintf("blue %d", s.Blue), fmt.Sprintf("red %d", s.Red),
			fmt.Sprintf("stale %d", s.Stale), fmt.Sprintf("not merged yet %d", s.Pending),
		}},
		{"pays", []string{component.Fit(a.Width-column, payees(c)...)}},
	} {
		drawPair(a, y, column, line.label, line.parts...)
		y++
	}
	y = drawThreads(c, a, y+1)
	if room := a.Height - y - 2; room >= 3 {
		a.Print(0, y+1, style.Dim, fmt.Sprintf("hash rate, the last %d s", len(c.Series.HashRate)))
		component.Graph(a.Sub(0, y+2, a.Width, room), c.Series.HashRate, c.Glyphs)
	}
}

func blockTime(m api.Miner) string {
	if !m.Running || !(m.BlockTime > 0) {
		return "not known while it does not mine"
	}
	return "~" + component.Span(time.Duration(m.BlockTime*float64(time.Second)))
}

// payees are ways to say whom mining pays, the longest first.
func payees(c Context) []string {
	m := c.Status.Miner
	switch {
	case m.PayTo == "":
		return []string{"nobody yet"}
	case c.Private:
		return []string{component.Masked}
	case m.Throwaway:
		return []string{m.PayTo + " (throwaway key: w pays your wallet)", c.short(m.PayTo) + " (throwaway key: w pays your wallet)", c.short(m.PayTo)}
	}
	return []string{m.PayTo, c.short(m.PayTo)}
}

// drawThreads draws the rate of each thread, several in a row, and returns the
// row after them.
func drawThreads(c Context, a component.Area, y int) int {
	const cell = 18
	columns := max(1, a.Width/cell)
	for i, rate := range c.Status.Miner.PerThread {
		if y+i/columns >= a.Height {
			break
		}
		x := a.Print(i%columns*cell, y+i/columns, style.Dim, fmt.Sprintf("#%d ", i))
		a.Print(x, y+i/columns, style.Plain, component.Rate(rate, "H/s"))
	}
	return y + (len(c.Status.Miner.PerThread)+columns-1)/columns
}
