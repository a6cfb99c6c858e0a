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
func (p *Peers) Typing() bool { return false }

// Keys implements Page.
func (p *Peers) Keys() []Binding {
	return []Binding{
		{Keys: []string{"a"}, Short: "add", Help: "Connect to a peer and keep it in mind."},
		{Keys: []string{"x"}, Short: "drop", Help: "End the connection to the peer."},
		{Keys: []string{"B"}, Short: "ban", Help: "Ban the peer for a day."},
		{Keys: []string{"U"}, Short: "unban", Help: "Lift a ban, in the list of bans."},
		{Keys: []string{"[", "]"}, Short: "bans", Help: "Go to the list of bans, or back."},
		{Keys: []string{"up", "down", "k", "j"}, Help: "Go to another line."},
		{Keys: []string{"y"}, Short: "copy", Help: "Copy the peer's id."},
	}
}

// Update implements Page.
func (p *Peers) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		return p.asked.Again(askPeers(c))
	case peersAnswer:
		p.take(msg)
	case tea.KeyMsg:
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
	p.peers, p.network = msg.peers, msg.network
	p.scroll.Move(0, p.rows())
}

func (p *Peers) rows() int {
	if p.showBans {
		return len(p.network.Bans)
	}
	return len(p.peers)
}

func (p *Peers) key(c Context, key string) tea.Cmd {
	switch key {
	case "up", "k":
		p.scroll.Move(-1, p.rows())
	case "down", "j":
		p.scroll.Move(1, p.rows())
	case "[", "]":
		p.showBans = !p.showBans
		p.scroll = component.Scroll{}
	case "a":
		return Send(askPeer(c))
	case "x", "B", "y":
		return p.about(c, key)
	case "U":
		return p.unban(c)
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

// about does something with the selected peer.
func (p *Peers) about(c Context, key string) tea.Cmd {
	if p.showBans || p.scroll.Selected >= len(p.peers) {
		return nil
	}
	peer := p.peers[p.scroll.Selected]
	switch key {
	case "y":
		return Send(Copy{peer.ID, "peer id"})
	case "x":
		return Send(Confirm{Title: "Drop a peer", Text: "End the connection to " + peer.Address + "?", Yes: Do(c, api.DropPeer, api.PeerParams{Peer: peer.ID}, func(api.None) string { return "dropped " + peer.Address })})
	}
	return Send(Confirm{
		Title: "Ban a peer", Text: "Ban " + peer.Address + " and its address for a day?",
		Yes: Do(c, api.BanPeer, api.PeerParams{Peer: peer.ID, Reason: "by hand"}, func(api.None) string { return "banned " + peer.Address }),
	})
}

func (p *Peers) unban(c Context) tea.Cmd {
	if !p.showBans || p.scroll.Selected >= len(p.network.Bans) {
		return Send(Toast{style.Warn, "choose a ban in the list of bans: ] goes there"})
	}
	target := p.network.Bans[p.scroll.Selected].Target
	return Do(c, api.UnbanPeer, api.PeerParams{Peer: target}, func(api.None) string { return "the ban of " + target + " is lifted" })
}

var peerColumns = []component.Column{
	{Title: "address", Width: 24},
	{Title: "dir", Width: 3},
	{Title: "ping", Width: 7, Right: true},
	{Title: "agent"},
	{Title: "DAA", Width: 12, Right: true},
	{Title: "in", Width: 9, Right: true},
	{Title: "out", Width: 9, Right: true},
	{Title: "score", Width: 5, Right: true},
	{Title: "state", Width: 9},
}

var banColumns = []component.Column{{Title: "who", Width: 54}, {Title: "why"}, {Title: "for", Width: 9, Right: true}}

// Draw implements Page.
func (p *Peers) Draw(c Context, a component.Area) {
	title, table := fmt.Sprintf("Peers  %d out %d in", c.Status.Peers.Outbound, c.Status.Peers.Inbound), component.Table{
		Columns: peerColumns, Rows: len(p.peers), Focus: true, Scroll: p.scroll, Empty: p.empty("Nobody is connected. a adds a peer."),
		Row: func(i int) []component.Cell { return peerRow(c, &p.peers[i]) },
	}
	if a.Width < 100 {
		table.Columns = peerColumns[:4]
	}
	if p.showBans {
		title, table = "Bans", component.Table{
			Columns: banColumns, Rows: len(p.network.Bans), Focus: true, Scroll: p.scroll, Empty: p.empty("Nobody is banned."),
			Row: func(i int) []component.Cell { return banRow(c, &p.network.Bans[i]) },
		}
	}
	a = component.Panel{Title: title, Note: "] other list", Focus: true}.Draw(a, c.Glyphs)
	rows, foot := a.Bottom(2)
	table.Draw(rows, c.Glyphs)
	foot.Print(0, 0, style.Dim, component.Cut("id "+p.network.PeerID+"  reachable: "+p.network.Public, foot.Width, c.Glyphs.Ellipsis))
	foot.Print(0, 1, style.Dim, fmt.Sprintf("known addresses %d  bans %d  listening on %d", p.network.Known, len(p.network.Bans), len(p.network.Listening)))
}

func (p *Peers) empty(otherwise string) string {
	if p.failed != "" {
		return waitingFor(p.failed)
	}
	return otherwise
}

func peerRow(c Context, p *api.Peer) []component.Cell {
	direction := "in"
	if p.Outbound {
		direction = "out"
	}
	address := p.Address
	if c.Private {
		address = component.Masked
	}
	return []component.Cell{
		{Text: address},
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
	return []component.Cell{{Text: b.Target}, {Text: b.Reason, Token: style.Dim}, {Text: component.Span(component.Millis(b.Until).Sub(c.Now))}}
}
