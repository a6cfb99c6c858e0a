package page

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Home shows the node, the DAG, the miner and the wallet at a glance; on a large
// screen the newest blocks, the peers and the log as well.
type Home struct {
	dag     dagFeed
	asked   Asked
	history []api.HistoryEntry
	large   bool // the last frame had room for peers and log
	small   bool // it had none for panels
	others  Asked
	peers   []api.Peer
	log     []api.LogLine
	panels  []homePanel // as drawn last
	focus   int         // the one that has the keys
}

// NewHome returns the page.
func NewHome() *Home { return &Home{} }

// Title implements Page.
func (h *Home) Title() string { return "Home" }

// Typing implements Page.
func (h *Home) Typing() bool { return false }

// Keys implements Page.
func (h *Home) Keys() []Binding {
	keys := []Binding{
		{Keys: []string{"right", "left", "down", "up", "l", "h", "j", "k"}, Short: "panel", Help: "Go to the next panel, or to the one before; 0 shows it on the whole screen."},
		{Keys: []string{"enter"}, Short: "open", Help: "Open the page that has more of the panel."},
	}
	if h.small {
		return keys[1:]
	}
	return keys
}

type (
	// homeHistory is the latest of the wallet.
	homeHistory struct {
		history api.History
		err     error
	}
	// homeOthers is what only large screens show.
	homeOthers struct {
		peers []api.Peer
		log   []api.LogLine
	}
)

// Update implements Page.
func (h *Home) Update(c Context, msg tea.Msg) tea.Cmd {
	h.dag.take(c, msg)
	switch msg := msg.(type) {
	case Tick:
		return tea.Batch(h.dag.ask(c, 0, 0), h.askHistory(c), h.askOthers(c))
	case homeHistory:
		h.asked.Answered()
		h.history = msg.history.Entries
	case homeOthers:
		h.others.Answered()
		h.peers, h.log = msg.peers, append(h.log, msg.log...)
		h.log = h.log[max(0, len(h.log)-logShown):]
	case tea.KeyMsg:
		return h.key(msg.String())
	case Click:
		return h.click(msg)
	}
	return nil
}

func (h *Home) key(key string) tea.Cmd {
	switch n := len(h.panels); key {
	case "right", "l", "down", "j":
		h.focus = (h.focus + 1) % max(n, 1)
	case "left", "h", "up", "k":
		h.focus = (h.focus + n - 1) % max(n, 1)
	case "enter":
		if n > 0 && h.panels[h.focus].page == "" {
			return nil
		}
		if n > 0 {
			return Send(Go{Title: h.panels[h.focus].page})
		}
		return Send(Go{Title: "DAG"})
	}
	return nil
}

// click goes to the panel that was clicked on, and opens its page when it has the
// keys already.
func (h *Home) click(at Click) tea.Cmd {
	for i, p := range h.panels {
		if !p.place.Has(at.X, at.Y) {
			continue
		}
		if i == h.focus {
			return h.key("enter")
		}
		h.focus = i
	}
	return nil
}

func (h *Home) askHistory(c Context) tea.Cmd {
	w := c.ShownWallet()
	if w == nil {
		h.history = nil
		return nil
	}
	return h.asked.Again(Ask(c, api.GetHistory, api.HistoryParams{Wallet: w.Name, Limit: 12}, func(r api.History, err error) tea.Msg {
		return homeHistory{r, err}
	}))
}

// logShown is how many lines of the log the page keeps.
const logShown = 40

// askOthers asks for peers and log. Who may not read the log sees none.
func (h *Home) askOthers(c Context) tea.Cmd {
	if !h.large {
		return nil
	}
	var after uint64
	if n := len(h.log); n > 0 {
		after = h.log[n-1].Number
	}
	return h.others.Again(Ask(c, api.GetPeers, api.None{}, func(r api.Peers, _ error) tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		log, err := api.GetLogs.Call(ctx, c.Caller, api.LogParams{After: after, Limit: logShown})
		if err != nil {
			log.Lines = nil
		}
		return homeOthers{r.Peers, log.Lines}
	}))
}

// Draw implements Page.
func (h *Home) Draw(c Context, a component.Area) {
	h.large = a.Width >= 150 && a.Height >= 40
	if h.small = a.Width < 78 || a.Height < 18; h.small {
		h.panels = nil
		drawColumn(c, a)
		return
	}
	h.panels = h.place(a)
	h.focus = min(h.focus, len(h.panels)-1)
	if c.Full {
		h.panels[h.focus].place = a
	}
	for i, p := range h.panels {
		if !c.Full || i == h.focus {
			p.draw(c, p.place)
		}
	}
	component.Focus(h.panels[h.focus].place)
}

// place gives each panel its place on a screen that is not large.
func (h *Home) place(a component.Area) []homePanel {
	if h.large {
		return h.placeLarge(a)
	}
	lower := 10
	if a.Height > 34 {
		lower = 12
	}
	upper, bottom := a.Bottom(lower)
	dag, node := upper.Left(upper.Width * 57 / 100)
	if a.Width >= 110 {
		dag, node = upper.Left(upper.Width - 40)
	}
	miner, wallet := bottom.Left(bottom.Width / 2)
	return h.named(dag, node, miner, wallet)
}

// A homePanel is a panel with its place and the page that has more of it, "" for
// none.
type homePanel struct {
	page  string
	place component.Area
	draw  func(Context, component.Area)
}

// named returns the panels that every screen has room for.
func (h *Home) named(dag, node, miner, wallet component.Area) []homePanel {
	return []homePanel{
		{"DAG", dag, func(c Context, a component.Area) { drawDagSummary(c, a, &h.dag) }},
		{"", node, drawNode},
		{"Mine", miner, drawMiner},
		{"Wallet", wallet, func(c Context, a component.Area) { drawWallet(c, a, h.history) }},
	}
}

func (h *Home) placeLarge(a component.Area) []homePanel {
	upper, log := a.Bottom(max(8, a.Height/5))
	upper, middle := upper.Bottom(13)
	dag, right := upper.Left(upper.Width * 65 / 100)
	node, peers := right.Top(13)
	miner, wallet := middle.Left(middle.Width * 39 / 100)
	return append(h.named(dag, node, miner, wallet), homePanel{"Peers", peers, h.drawPeers}, homePanel{"Logs", log, h.drawLog})
}

var homePeers = []component.Column{
	{Title: "address", Least: 21},
	{Title: "dir", Width: 3},
	{Title: "ping", Width: 7, Right: true},
	{Title: "agent", Width: 9, Rank: 1},
	{Title: "state", Width: 8},
}

func (h *Home) drawPeers(c Context, a component.Area) {
	count := c.Status.Peers
	a = component.Panel{Title: fmt.Sprintf("Peers  %d out %d in", count.Outbound, count.Inbound), Note: "6 opens them"}.Draw(a, c.Glyphs)
	component.Table{
		Columns: homePeers, Rows: len(h.peers), Empty: "Nobody is connected.",
		Row: func(i int) []component.Cell {
			row := peerRow(c, &h.peers[i])
			return append(row[:4:4], row[len(row)-1])
		},
	}.Draw(a, c.Glyphs)
}

func (h *Home) drawLog(c Context, a component.Area) {
	a = component.Panel{Title: "Logs", Note: "9 opens them"}.Draw(a, c.Glyphs)
	lines := h.log[max(0, len(h.log)-a.Height):]
	for y := range lines {
		drawLogLine(c, a, y, &lines[y], "")
	}
}

// drawColumn says the most important in as many lines as there are, for
// terminals too small for panels.
func drawColumn(c Context, a component.Area) {
	s := c.Status
	part := func(rank int, token style.Token, text string) component.Part {
		return component.Part{Text: text, Token: token, Rank: rank}
	}
	state := "synced"
	if !s.Synced {
		state = component.Fit(a.Width-10, SyncSentences(s.Sync)...)
	}
	token, miner := minerState(c)
	rows := []columnRow{
		{"status", []component.Part{part(0, style.Plain, state)}},
		{"DAA", []component.Part{part(0, style.Plain, component.Count(s.DAAScore)), part(1, style.Plain, "blue "+component.Count(s.BlueScore))}},
		{"sink", []component.Part{part(0, style.Plain, c.short(s.Sink.String())), part(1, style.Plain, c.age(s.SinkTimestamp)+" ago")}},
		{"tips", []component.Part{part(0, style.Plain, fmt.Sprint(len(s.Tips))), part(1, style.Plain, fmt.Sprintf("blocks a second %.2f", s.BlockRate))}},
		{"peers", []component.Part{part(0, style.Plain, fmt.Sprintf("%d out %d in", s.Peers.Outbound, s.Peers.Inbound))}},
		{"miner", []component.Part{part(0, token, component.Fit(a.Width-10, miner, "PAUSED")), part(1, token, component.Rate(s.Miner.Rate60s, "H/s"))}},
	}
	if w := c.ShownWallet(); w != nil {
		atLeast := ""
		if !w.Synced {
			atLeast = "at least "
		}
		rows = append(rows,
			columnRow{"balance", []component.Part{part(0, style.Money, atLeast+c.money(component.Money(w.Balance.Available))+" JIO")}},
			columnRow{"maturing", []component.Part{part(0, style.Money, c.money(component.Money(w.Balance.Maturing))+" JIO")}})
	}
	for y, row := range rows {
		a.Print(1, y, style.Plain, row.label)
		a.Parts(10, y, 3, row.parts...)
	}
}

// A columnRow is a line of the single column of small terminals.
type columnRow struct {
	label string
	parts []component.Part
}
