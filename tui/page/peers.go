package page

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Peers shows whom the node talks to, and whom it does not.
type Peers struct {
	asked    Asked
	peers    []api.Peer
	network  api.Network
	failed   string
	scroll   component.Scroll
	filter   filter
	banned   int // bans, those that the filter hides included
	showBans bool
}

// NewPeers returns the page.
func NewPeers() *Peers { return &Peers{} }

// peersAnswer is the answer to what the page asked.
type peersAnswer struct {
	peers   []api.Peer
	network api.Network
	err     error
}

// Title implements Page.
func (p *Peers) Title() string { return "Peers" }

// Typing implements Page.
func (p *Peers) Typing() bool { return p.filter.typing }

// Keys implements Page.
func (p *Peers) Keys() []Binding {
	if p.filter.typing {
		return filterKeys
	}
	keys := append(p.filter.keys(), []Binding{
		{Keys: []string{"/"}, Short: "filter", Help: "Show only lines with a text in them."},
		{Keys: []string{"a"}, Short: "add", Help: "Connect to a peer and keep it in mind."},
		{Keys: []string{"[", "]"}, Short: "other list", Help: "Go to the list of bans, or back."},
		{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy the peer's id, or what is banned."},
		Moves[0], Moves[1],
	}...)
	if p.showBans {
		return append(keys, Binding{Keys: []string{"U"}, Short: "unban", Help: "Lift the ban."})
	}
	return append(
		keys,
		Binding{Keys: []string{"enter"}, Short: "open", Help: "Show all that is known of the peer."},
		Binding{Keys: []string{"x"}, Short: "drop", Help: "End the connection to the peer."},
		Binding{Keys: []string{"B"}, Short: "ban", Help: "Ban the peer for a day."},
	)
}

// Update implements Page.
func (p *Peers) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		return p.asked.Again(askPeers(c))
	case peersAnswer:
		p.take(msg)
	case Click:
		if _, again := p.scroll.Click(msg.X, msg.Y); again {
			return p.key(c, "enter")
		}
	case tea.KeyMsg:
		if p.filter.typing {
			p.filter.typed(msg)
			return nil
		}
		return p.key(c, msg.String())
	}
	return nil
}

// askPeers asks for both lists at once, so that they belong together.
func askPeers(c Context) tea.Cmd {
	return Ask(c, api.GetNetwork, api.None{}, func(network api.Network, err error) tea.Msg {
		if err != nil {
			return peersAnswer{err: err}
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		r, err := api.GetPeers.Call(ctx, c.Caller, api.None{})
		return peersAnswer{r.Peers, network, err}
	})
}

func (p *Peers) take(msg peersAnswer) {
	p.asked.Answered()
	p.failed = ""
	if msg.err != nil {
		p.failed = msg.err.Error()
		return
	}
	p.peers, p.network = filtered(&p.filter, msg.peers, peerTexts), msg.network
	p.banned = len(msg.network.Bans)
	p.network.Bans = filtered(&p.filter, msg.network.Bans, banTexts)
	p.scroll.Move(0, p.rows())
}

// The texts of a line that a filter looks at.
func peerTexts(p *api.Peer) []string { return []string{p.ID, p.Address, p.Agent, p.State} }
func banTexts(b *api.Ban) []string   { return []string{b.Target, b.Reason} }

func (p *Peers) rows() int {
	if p.showBans {
		return len(p.network.Bans)
	}
	return len(p.peers)
}

func (p *Peers) key(c Context, key string) tea.Cmd {
	if p.scroll.Key(key, p.rows()) {
		return nil
	}
	switch key {
	case "[", "]":
		p.showBans = !p.showBans
		p.scroll = component.Scroll{}
		p.filter.Clear()
	case "/":
		p.filter.typing = true
	case "esc":
		p.filter.Clear()
	case "n", "N":
		p.filter.match(key, &p.scroll, p.rows(), func(i int) []string {
			if p.showBans {
				return banTexts(&p.network.Bans[i])
			}
			return peerTexts(&p.peers[i])
		})
	case "a":
		return Send(askPeer(c))
	case "U", "enter", "x", "B", "y", "Y":
		if p.scroll.Selected >= p.rows() {
			return nil
		}
		if p.showBans {
			return aboutBan(c, &p.network.Bans[p.scroll.Selected], key)
		}
		return aboutPeer(c, &p.peers[p.scroll.Selected], key)
	}
	return nil
}

func askPeer(c Context) Prompt {
	return Prompt{
		Title: "Add a peer", Text: "HOST:PORT or a multiaddress.",
		Fields: []PromptField{{Label: "Peer"}},
		Done: func(values [][]byte) tea.Cmd {
			peer := string(values[0])
			return Do(c, api.AddPeer, api.PeerParams{Peer: peer}, func(api.None) string { return "connecting to " + peer })
		},
	}
}

// aboutPeer does something with a peer.
func aboutPeer(c Context, peer *api.Peer, key string) tea.Cmd {
	name, address := api.PeerParams{Peer: peer.ID}, c.Hidden(peer.Address)
	switch key {
	case "enter":
		return Send(Show{Title: "Peer", Lines: peerLines(c, peer)})
	case "y", "Y":
		return Send(Copy{peer.ID, "peer id"})
	case "x":
		return Send(Confirm{Title: "Drop a peer", Text: "End the connection to " + address + "? It may come back; a ban keeps it away.", Yes: Do(c, api.DropPeer, name, func(api.None) string { return "dropped " + address })})
	case "B":
		ban := api.BanParams{Peer: peer.ID, Reason: "by hand"}
		return Send(Confirm{
			Title: "Ban a peer", Text: "Ban " + address + " for a day, and whoever comes from its address?",
			Yes: Do(c, api.BanPeer, ban, func(api.None) string { return "banned " + address }),
		})
	}
	return nil
}

// peerLines says all that is known of a peer.
func peerLines(c Context, p *api.Peer) []string {
	way := "it called this node"
	if p.Outbound {
		way = "this node called it"
	}
	return []string{
		"id         " + p.ID,
		"address    " + c.Hidden(p.Address),
		"agent      " + p.Agent,
		fmt.Sprintf("protocol   %d", p.Version),
		"way        " + way + ", " + p.Kind,
		"connected  " + c.age(p.Connected),
		fmt.Sprintf("ping       %.0f ms", p.PingMS),
		fmt.Sprintf("score      %d, of -100 to 100", p.Score),
		"sink       DAA " + component.Count(p.DAAScore),
		"in         " + component.Bytes(p.BytesIn),
		"out        " + component.Bytes(p.BytesOut),
		"state      " + p.State,
	}
}

// aboutBan does something with a ban.
func aboutBan(c Context, ban *api.Ban, key string) tea.Cmd {
	switch key {
	case "y", "Y":
		return Send(Copy{ban.Target, "ban"})
	case "U":
		target := c.Hidden(ban.Target)
		return Do(c, api.UnbanPeer, api.PeerParams{Peer: ban.Target}, func(api.None) string { return "the ban of " + target + " is lifted" })
	}
	return nil
}

var peerColumns = []component.Column{
	{Title: "address", Width: 24},
	{Title: "dir", Width: 3},
	{Title: "ping", Width: 7, Right: true},
	{Title: "agent", Least: 9, Rank: 2},
	{Title: "DAA", Width: 12, Rank: 3, Right: true},
	{Title: "in", Width: 9, Rank: 5, Right: true},
	{Title: "out", Width: 9, Rank: 5, Right: true},
	{Title: "score", Width: 5, Rank: 4, Right: true},
	{Title: "state", Width: 9},
}

var banColumns = []component.Column{{Title: "who", Least: 20}, {Title: "why", Width: 32, Rank: 1}, {Title: "for", Width: 9, Right: true}}

// Draw implements Page.
func (p *Peers) Draw(c Context, a component.Area) {
	title, table := fmt.Sprintf("Peers  %d out %d in", c.Status.Peers.Outbound, c.Status.Peers.Inbound), component.Table{
		Columns: peerColumns, Rows: len(p.peers), Scroll: &p.scroll, Empty: p.empty("Nobody is connected. a adds a peer."),
		Row: func(i int) []component.Cell { return peerRow(c, &p.peers[i]) },
	}
	if p.showBans {
		title, table = "Bans", component.Table{
			Columns: banColumns, Rows: len(p.network.Bans), Scroll: &p.scroll, Empty: p.empty("Nobody is banned."),
			Row: func(i int) []component.Cell { return banRow(c, &p.network.Bans[i]) },
		}
	}
	a = component.Panel{Title: title, Note: "] other list", Focus: true}.Draw(a, c.Glyphs)
	rows, foot := a.Bottom(2)
	if p.filter.seen() {
		var line component.Area
		rows, line = rows.Bottom(1)
		p.filter.draw(c, line)
	}
	table.Draw(rows, c.Glyphs)
	p.drawFoot(c, foot)
}

// drawFoot says who this node is and how it can be reached: at one place, and how
// many others.
func (p *Peers) drawFoot(c Context, a component.Area) {
	part := func(rank int, text string) component.Part {
		return component.Part{Text: text, Token: style.Dim, Rank: rank}
	}
	reachable, id := "reachable: "+p.network.Public, c.Hidden(p.network.PeerID)
	room := a.Width - component.Width(reachable) - 5
	a.Parts(0, 0, 2, part(1, "id "+component.Fit(room, id, c.short(id))), part(0, reachable))
	parts := []component.Part{part(1, fmt.Sprintf("known addresses %d", p.network.Known)), part(0, fmt.Sprintf("bans %d", p.banned))}
	at := p.network.Listening
	ways := make([]string, len(at))
	for i := range at {
		ways[i] = "listening on " + c.Hidden(at[i])
	}
	if len(at) == 0 {
		ways = []string{"listening on nothing"}
	}
	listening := component.Fit(a.Width-component.Width(parts[0].Text+parts[1].Text)-4, ways...)
	parts = append(parts, part(2, listening))
	if n := len(at) - 1; n > 0 && listening != "" {
		parts = append(parts, part(3, fmt.Sprintf("and %d more", n)))
	}
	a.Parts(0, 1, 2, parts...)
}

func (p *Peers) empty(otherwise string) string {
	if p.failed != "" {
		return waitingFor(p.failed)
	}
	if p.filter.Len() > 0 {
		return "No line passes the filter."
	}
	return otherwise
}

func peerRow(c Context, p *api.Peer) []component.Cell {
	direction := "in"
	if p.Outbound {
		direction = "out"
	}
	return []component.Cell{
		{Text: c.Hidden(p.Address)},
		{Text: direction, Token: style.Dim},
		{Text: fmt.Sprintf("%.0f ms", p.PingMS)},
		{Text: p.Agent, Token: style.Dim},
		{Text: component.Count(p.DAAScore)},
		{Text: component.Bytes(p.BytesIn)},
		{Text: component.Bytes(p.BytesOut)},
		{Text: fmt.Sprint(p.Score), Token: scoreToken(p.Score)},
		{Text: p.State},
	}
}

func scoreToken(score int) style.Token {
	if score < 0 {
		return style.Warn
	}
	return style.Plain
}

func banRow(c Context, b *api.Ban) []component.Cell {
	return []component.Cell{{Text: c.Hidden(b.Target), Short: c.Hidden(c.short(b.Target))}, {Text: b.Reason, Token: style.Dim}, {Text: component.Span(component.Millis(b.Until).Sub(c.Now))}}
}
