package dialog

import (
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// A verb is a command that can be typed after ":"; the words are those of the
// command line.
type verb struct {
	name, usage, help string
	run               func(c page.Context, args []string) (tea.Cmd, error)
}

var errArguments = errors.New("that is not how the command is used")

// verbs are all there are: those of the command line, of which some cannot run in
// a dashboard and say what to type in a shell, and some of the dashboard's own.
func verbs() []verb {
	return []verb{
		{"status", "", "go to the node at a glance", goVerb(page.Go{Title: "Home"})},
		{"dag", "[HASH|SCORE|daa SCORE]", "go to the DAG, or to a place in it", dagVerb},
		{"block", "HASH|SCORE", "open a block", openVerb("")},
		{"tx", "ID", "open a transaction", openVerb("transaction")},
		{"address", "ADDRESS", "open an address", openVerb("address")},
		{"tips", "", "list the blocks that none extends", tipsVerb},
		{"mempool", "", "go to what waits for a block", goVerb(page.Go{Title: "Mempool"})},
		{"mine", "[on|off|status|threads N|to ADDRESS|blocks N]", "go to the miner, or change it", mineVerb},
		{"wallet", "[WORD]", "go to the wallet, or do what a word says: wallet and a blank list them", walletVerb},
		{"send", "", "go to the page that sends", goVerb(page.Go{Title: "Send"})},
		{"peers", "", "go to the peers", goVerb(page.Go{Title: "Peers"})},
		{"connect", "PEER", "connect to a peer", peerVerb(api.AddPeer, named, "connecting to ")},
		{"disconnect", "PEER", "end the connection to a peer", peerVerb(api.DropPeer, named, "disconnected ")},
		{"ban", "PEER", "ban a peer for a day", peerVerb(api.BanPeer, ban, "banned ")},
		{"unban", "PEER", "lift a ban", peerVerb(api.UnbanPeer, named, "lifted the ban of ")},
		{"bans", "", "list the bans", bansVerb},
		{"supply", "", "say how many coins there are", supplyVerb},
		{"version", "", "say which program this is, on which network", versionVerb},
		{"config", "", "say where settings come from", configVerb},
		{"logs", "", "go to the log", goVerb(page.Go{Title: "Logs"})},
		{"stop", "", "stop the node, after a question", stopVerb},
		{"quit", "", "quit the dashboard", func(page.Context, []string) (tea.Cmd, error) { return page.Send(page.Quit{}), nil }},
		{"verify", "", "judge every block anew: in a shell", explains("jio verify", "reads the whole database and judges every block anew. It needs the data directory for itself: quit first.")},
		{"bench", "", "measure this machine: in a shell", explains("jio bench", "measures what this machine can do, and would slow the node down.")},
		{"export", "FILE", "write every block to a file: in a shell", explains("jio export FILE", "writes every block to a file. It needs the data directory for itself: quit first.")},
		{"import", "FILE", "read blocks from a file: in a shell", explains("jio import FILE", "reads blocks from a file. It needs the data directory for itself: quit first.")},
		{"attach", "", "another dashboard: in a shell", explains("jio attach", "opens another dashboard on this node; this one is open already.")},
		{"token", "", "who may call the node: in a shell", explains("jio token", "makes and revokes the tokens with which others call this node; a new one is printed once, which a dashboard is no place for.")},
		{"testnet", "", "networks on this machine: in a shell", explains("jio testnet", "starts whole networks of nodes on this machine.")},
		{"man", "", "the manual: in a shell", explains("jio man", "writes the manual pages.")},
		{"completion", "", "for shells: in a shell", explains("jio completion SHELL", "prints what makes a shell complete the commands of jio.")},
		{"help", "", "the keys of the page", explains("jio help COMMAND", "says all of a command. Here ? lists the keys of the page, and : the commands.")},
	}
}

// CommandNames returns the commands that can be typed after ":", those of the wallet
// with "wallet " in front.
func CommandNames() (names []string) {
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	for _, w := range walletWords {
		names = append(names, "wallet "+w.word)
	}
	return names
}

// explains says why a command is typed in a shell instead, and what it does there.
func explains(shell, does string) func(page.Context, []string) (tea.Cmd, error) {
	return func(page.Context, []string) (tea.Cmd, error) {
		return page.Send(page.Show{Title: "In a shell", Lines: []string{"`" + shell + "`, in a shell, " + does}}), nil
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

func stopVerb(c page.Context, args []string) (tea.Cmd, error) {
	if len(args) > 0 {
		return nil, errArguments
	}
	return page.Send(page.Confirm{
		Title: "Stop the node", Text: "Stop the node that is shown here, for all who use it?",
		Yes: page.Do(c, api.Stop, api.None{}, func(api.None) string { return "the node is stopping" }),
	}), nil
}
