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
		{"mine", "mine on|off|threads N|to ADDRESS|blocks N", "change the miner", mineVerb},
		{"send", "send", "go to the page that sends", goVerb("Send")},
		{"block", "block HASH|SCORE", "open a block", openVerb("")},
		{"tx", "tx ID", "open a transaction", openVerb("transaction")},
		{"address", "address ADDRESS", "open an address", openVerb("address")},
		{"connect", "connect PEER", "connect to a peer", peerVerb(api.AddPeer, "connecting to ")},
		{"ban", "ban PEER", "ban a peer for a day", peerVerb(api.BanPeer, "banned ")},
		{"unban", "unban PEER", "lift a ban", peerVerb(api.UnbanPeer, "lifted the ban of ")},
		{"wallet", "wallet open|close|lock|unlock [NAME]", "open, close, lock or unlock a wallet", walletVerb},
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
	a = box(c, a, "Command", 90, len(list)+5)
	x := a.Print(0, 0, style.Key, ": ")
	d.field.Draw(a.Sub(x, 0, a.Width-x, 1), true, c.Glyphs)
	a.Print(0, 1, style.Bad, component.Cut(d.failed, a.Width, c.Glyphs.Ellipsis))
	for i, v := range list {
		a.Print(0, 2+i, style.Plain, v.usage)
		a.Print(48, 2+i, style.Dim, v.help)
	}
}

func goVerb(title string) func(page.Context, []string) (tea.Cmd, error) {
	return func(page.Context, []string) (tea.Cmd, error) { return page.Send(page.Go{Title: title}), nil }
}

func openVerb(kind string) func(page.Context, []string) (tea.Cmd, error) {
	return func(_ page.Context, args []string) (tea.Cmd, error) {
		if len(args) != 1 {
			return nil, errArguments
		}
		return page.Send(page.Open{Kind: kind, Name: args[0]}), nil
	}
}

func peerVerb(m api.Method[api.PeerParams, api.None], done string) func(page.Context, []string) (tea.Cmd, error) {
	return func(c page.Context, args []string) (tea.Cmd, error) {
		if len(args) != 1 {
			return nil, errArguments
		}
		return page.Do(c, m, api.PeerParams{Peer: args[0]}, func(api.None) string { return done + args[0] }), nil
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
			return page.Do(c, api.Generate, api.GenerateParams{Blocks: uint64(n)}, func(g api.Generated) string { return fmt.Sprintf("made %d blocks", g.Blocks) }), nil
		}
		return page.Do(c, api.SetMiner, api.MinerParams{Threads: &n}, func(m api.Miner) string { return fmt.Sprintf("%d of %d threads", m.Threads, m.MaxThreads) }), nil
	}
	return nil, errArguments
}

func walletVerb(c page.Context, args []string) (tea.Cmd, error) {
	if len(args) == 0 || len(args) > 2 {
		return nil, errArguments
	}
	var name string
	if len(args) == 2 {
		name = args[1]
	}
	params := api.WalletParams{Wallet: name}
	switch args[0] {
	case "open":
		return page.Do(c, api.OpenWallet, params, func(w api.WalletSummary) string { return "the wallet " + w.Name + " is open" }), nil
	case "close":
		return page.Do(c, api.CloseWallet, params, func(api.None) string { return "the wallet is closed" }), nil
	case "lock":
		return page.Do(c, api.LockWallet, params, func(w api.WalletSummary) string { return "the wallet " + w.Name + " is locked" }), nil
	case "unlock":
		return page.Send(page.AskUnlock(c, name)), nil
	}
	return nil, errArguments
}
