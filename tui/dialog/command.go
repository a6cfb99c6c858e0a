package dialog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A verb is a command that can be typed after ":"; the words are those of the
// command line.
type verb struct {
	name, usage, help string
	run               func(c page.Context, args []string) (tea.Cmd, error)
}

var errArguments = errors.New("that is not how the command is used")

func verbs() []verb {
	return []verb{
		{"status", "status", "go to the node at a glance", goVerb(page.Go{Title: "Home"})},
		{"dag", "dag [HASH|SCORE|daa SCORE]", "go to the DAG, or to a place in it", dagVerb},
		{"block", "block HASH|SCORE", "open a block", openVerb("")},
		{"tx", "tx ID", "open a transaction", openVerb("transaction")},
		{"address", "address ADDRESS", "open an address", openVerb("address")},
		{"mempool", "mempool", "go to what waits for a block", goVerb(page.Go{Title: "Mempool"})},
		{"mine", "mine on|off|threads N|to ADDRESS|blocks N", "change the miner", mineVerb},
		{"wallet", "wallet " + walletUsage, "as the keys of page 3 do", walletVerb},
		{"send", "send", "go to the page that sends", goVerb(page.Go{Title: "Send"})},
		{"peers", "peers", "go to the peers", goVerb(page.Go{Title: "Peers"})},
		{"connect", "connect PEER", "connect to a peer", peerVerb(api.AddPeer, named, "connecting to ")},
		{"disconnect", "disconnect PEER", "end the connection to a peer", peerVerb(api.DropPeer, named, "disconnected ")},
		{"ban", "ban PEER", "ban a peer for a day", peerVerb(api.BanPeer, ban, "banned ")},
		{"unban", "unban PEER", "lift a ban", peerVerb(api.UnbanPeer, named, "lifted the ban of ")},
		{"logs", "logs", "go to the log", goVerb(page.Go{Title: "Logs"})},
		{"quit", "quit", "quit", func(page.Context, []string) (tea.Cmd, error) { return page.Send(page.Quit{}), nil }},
	}
}

// A command is the line after ":".
type command struct {
	field  component.Field
	failed string
}

// NewCommand returns the dialog that takes a command.
func NewCommand() page.Page { return &command{} }

// Title implements page.Page.
func (d *command) Title() string { return "Command" }

// Typing implements page.Page.
func (d *command) Typing() bool { return true }

// Keys implements page.Page.
func (d *command) Keys() []page.Binding {
	return []page.Binding{
		{Keys: []string{"enter"}, Short: "run", Help: "Run the command."},
		{Keys: []string{"tab"}, Short: "complete", Help: "Complete the command's name."},
		keyCancel,
	}
}

// Update implements page.Page.
func (d *command) Update(c page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "esc":
		return closeDialog
	case "enter":
		return d.run(c)
	case "tab":
		d.complete()
	default:
		d.failed = ""
		component.Edit(&d.field, key)
	}
	return nil
}

func (d *command) run(c page.Context) tea.Cmd {
	words := strings.Fields(d.field.Text())
	if len(words) == 0 {
		return closeDialog
	}
	for _, v := range verbs() {
		if v.name != words[0] {
			continue
		}
		cmd, err := v.run(c, words[1:])
		if errors.Is(err, errArguments) {
			err = fmt.Errorf("usage: %s", v.usage)
		}
		if err != nil {
			d.failed = err.Error()
			return nil
		}
		return tea.Sequence(closeDialog, cmd)
	}
	d.failed = fmt.Sprintf("there is no command %q; below are those there are", words[0])
	return nil
}

// complete fills in the name when only one begins with what was typed.
func (d *command) complete() {
	text := d.field.Text()
	var found []string
	for _, v := range verbs() {
		if strings.HasPrefix(v.name, text) {
			found = append(found, v.name)
		}
	}
	if len(found) == 1 {
		d.field.Set(found[0] + " ")
	}
}

// Draw implements page.Page.
func (d *command) Draw(c page.Context, a component.Area) {
	list := verbs()
	a = box(c, a, "Command", 108, len(list)+5)
	column := min(52, a.Width)
	x := a.Print(0, 0, style.Key, ": ")
	d.field.Draw(a.Sub(x, 0, a.Width-x, 1), true, c.Glyphs)
	a.Print(0, 1, style.Bad, component.Cut(d.failed, a.Width, c.Glyphs.Ellipsis))
	for i, v := range list {
		a.Print(0, 2+i, style.Plain, component.Cut(v.usage, column-1, c.Glyphs.Ellipsis))
		a.Print(column, 2+i, style.Dim, v.help)
	}
}

func goVerb(to page.Go) func(page.Context, []string) (tea.Cmd, error) {
	return func(_ page.Context, args []string) (tea.Cmd, error) {
		if len(args) > 0 {
			return nil, errArguments
		}
		return page.Send(to), nil
	}
}

func dagVerb(c page.Context, args []string) (tea.Cmd, error) {
	cmd := page.Send(page.Go{Title: "DAG"})
	if len(args) == 0 {
		return cmd, nil
	}
	return tea.Sequence(cmd, page.FindBlock(c, strings.Join(args, " "))), nil
}

func openVerb(kind string) func(page.Context, []string) (tea.Cmd, error) {
	return func(_ page.Context, args []string) (tea.Cmd, error) {
		if len(args) != 1 {
			return nil, errArguments
		}
		return page.Send(page.Open{Kind: kind, Name: args[0]}), nil
	}
}

func named(peer string) api.PeerParams { return api.PeerParams{Peer: peer} }

func ban(peer string) api.BanParams { return api.BanParams{Peer: peer} }

func peerVerb[P any](m api.Method[P, api.None], of func(peer string) P, done string) func(page.Context, []string) (tea.Cmd, error) {
	return func(c page.Context, args []string) (tea.Cmd, error) {
		if len(args) != 1 {
			return nil, errArguments
		}
		return page.Do(c, m, of(args[0]), func(api.None) string { return done + args[0] }), nil
	}
}

func mineVerb(c page.Context, args []string) (tea.Cmd, error) {
	if len(args) == 1 && (args[0] == "on" || args[0] == "off") {
		on := args[0] == "on"
		return page.Do(c, api.SetMiner, api.MinerParams{Mining: &on}, func(api.Miner) string { return "mining is " + args[0] }), nil
	}
	if len(args) != 2 {
		return nil, errArguments
	}
	switch args[0] {
	case "to":
		return page.Do(c, api.SetMiner, api.MinerParams{PayTo: &args[1]}, func(m api.Miner) string { return "mining pays " + m.PayTo }), nil
	case "threads", "blocks":
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 {
			return nil, errArguments
		}
		if args[0] == "blocks" {
			return page.Do(c, api.Generate, api.GenerateParams{Blocks: uint64(n)}, func(g api.Generated) string { return made(g.Blocks) }), nil
		}
		return page.Do(c, api.SetMiner, api.MinerParams{Threads: &n}, func(m api.Miner) string { return fmt.Sprintf("%d of %d threads", m.Threads, m.MaxThreads) }), nil
	}
	return nil, errArguments
}

func made(blocks uint64) string {
	if blocks == 1 {
		return "made 1 block"
	}
	return fmt.Sprintf("made %d blocks", blocks)
}
