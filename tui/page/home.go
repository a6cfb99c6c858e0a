package page

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Home shows the node, the DAG, the miner and the wallet at a glance.
type Home struct {
	dag     dagFeed
	asked   Asked
	history []api.HistoryEntry
}

// NewHome returns the page.
func NewHome() *Home { return &Home{} }

// Title implements Page.
func (h *Home) Title() string { return "Home" }

// Typing implements Page.
func (h *Home) Typing() bool { return false }

// Keys implements Page.
func (h *Home) Keys() []Binding {
	return []Binding{{Keys: []string{"enter"}, Short: "open", Help: "Open the DAG page."}}
}

// homeHistory is the latest of the wallet.
type homeHistory struct {
	history api.History
	err     error
}

// Update implements Page.
func (h *Home) Update(c Context, msg tea.Msg) tea.Cmd {
	h.dag.take(msg)
	switch msg := msg.(type) {
	case Tick:
		return tea.Batch(h.dag.ask(c, 0, 40), h.askHistory(c))
	case homeHistory:
		h.asked.Answered()
		h.history = msg.history.Entries
	case tea.KeyMsg:
		if msg.String() == "enter" {
			return Send(Go{"DAG"})
		}
	}
	return nil
}

func (h *Home) askHistory(c Context) tea.Cmd {
	w := c.wallet()
	if w == nil {
		h.history = nil
		return nil
	}
	return h.asked.Again(Ask(c, api.GetHistory, api.HistoryParams{Wallet: w.Name, Limit: 8}, func(r api.History, err error) tea.Msg {
		return homeHistory{r, err}
	}))
}

// Draw implements Page.
func (h *Home) Draw(c Context, a component.Area) {
	if a.Width < 78 || a.Height < 18 {
		drawColumn(c, a)
		return
	}
	lower := 10
	if a.Height > 34 {
		lower = 14
	}
	upper, bottom := a.Bottom(lower)
	dag, node := upper.Left(upper.Width * 57 / 100)
	drawDagSummary(c, dag, &h.dag)
	drawNode(c, node)
	miner, wallet := bottom.Left(bottom.Width / 2)
	drawMiner(c, miner)
	drawWallet(c, wallet, h.history)
}

// drawColumn says the most important in as many lines as there are, for
// terminals too small for panels.
func drawColumn(c Context, a component.Area) {
	s := c.Status
	state := "synced"
	if !s.Synced {
		state = SyncSentence(s.Sync)
	}
	token, miner := minerState(c)
	rows := []component.Cell{
		{Text: "status   " + state, Token: style.Plain},
		{Text: "DAA      " + component.Count(s.DAAScore) + "   blue " + component.Count(s.BlueScore), Token: style.Plain},
		{Text: "sink     " + c.short(s.Sink.String()) + "   " + c.age(s.SinkTimestamp) + " ago", Token: style.Plain},
		{Text: fmt.Sprintf("tips     %d   blocks a second %.2f", len(s.Tips), s.BlockRate), Token: style.Plain},
		{Text: fmt.Sprintf("peers    %d out %d in", s.Peers.Outbound, s.Peers.Inbound), Token: style.Plain},
		{Text: "miner    " + miner + "   " + component.Rate(s.Miner.Rate60s, "H/s"), Token: token},
	}
	if w := c.wallet(); w != nil {
		atLeast := ""
		if !w.Synced {
			atLeast = "at least "
		}
		rows = append(rows, component.Cell{Text: "balance  " + atLeast + c.money(component.Money(w.Balance.Available)) + " JIO", Token: style.Money},
			component.Cell{Text: "maturing " + c.money(component.Money(w.Balance.Maturing)) + " JIO", Token: style.Money})
	}
	for y, row := range rows {
		a.Print(1, y, row.Token, component.Cut(row.Text, a.Width-1, c.Glyphs.Ellipsis))
	}
}
