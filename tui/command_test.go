package tui

import (
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/dialog"
)

// needs are commands with what must be typed behind them.
var needs = map[string]string{
	"block": "1204640", "tx": hash(91).String(), "address": payTo, "connect": "203.0.113.7:1", "disconnect": "x", "ban": "x", "unban": "x",
}

// typing returns a dashboard on which a command was typed.
func typing(t *testing.T, command string) *Model {
	t.Helper()
	f := rich()
	f.answers["getTips"] = api.Tips{Tips: []api.Tip{{Hash: hash(40), BlueScore: 1_204_640, Timestamp: noon.UnixMilli() - 1200, Sink: true}, {Hash: hash(41)}}}
	f.answers["getBans"] = api.Bans{Bans: []api.Ban{{Target: "198.51.100.3", Reason: "invalid proof of work", Until: noon.UnixMilli() + 7_200_000}}}
	f.answers["getCoinSupply"] = api.CoinSupply{Circulating: jio("240976.2")}
	f.answers["getInfo"] = api.Info{Version: "0.1.0", Network: "devnet", Commit: "abcdef", BlocksPerSecond: 1}
	m := dashboard(t, f, 110, 34)
	m.cfg.Wizard = wizardHost
	press(m, "9", ":", command, "enter")
	return m
}

// Every command does something that can be seen: it goes somewhere, opens something
// or says something; none ends at the line it was typed in.
func TestEveryCommandAnswers(t *testing.T) {
	for _, name := range dialog.CommandNames() {
		if name == "quit" {
			continue
		}
		m := typing(t, strings.TrimSpace(name+" "+needs[name]))
		went := m.pages[m.current].Title() != "Logs"
		opened := len(m.dialogs) > 0 && m.seen().Title() != "Command"
		if !went && !opened && !m.toasts.shown && name != "logs" {
			t.Errorf("%q does nothing:\n%s", name, screen(m))
		}
		if strings.Contains(screen(m), "there is no command") {
			t.Errorf("%q is not known", name)
		}
	}
}

// Answers stand in a panel, and what cannot run here says what to type in a shell.
func TestCommandsAnswerInPanels(t *testing.T) {
	for command, parts := range map[string][]string{
		"tips":                {"─ Tips ─", hash(40).String(), "blue score 1,204,640  1.2s ago  sink"},
		"bans":                {"─ Bans ─", "198.51.100.3  for 2h00m: invalid proof of work"},
		"supply":              {"issued   240,976.20000000 JIO"},
		"version":             {"version  0.1.0", "commit   abcdef"},
		"config":              {"network    devnet", "`jio config show`, in a shell"},
		"verify":              {"`jio verify`, in a shell", "quit first"},
		"bench":               {"`jio bench`, in a shell"},
		"stop":                {"Stop the node that is shown here", "[ No ]"},
		"wallet partial":      {"`jio wallet partial`, in a shell"},
		"wallet sign":         {"balance JIO"},
		"mine status":         {"of the network"},
		"tips x":              {"usage: tips"},
		"wallet backup a b c": {"usage: wallet backup, to write an encrypted backup"},
		"nonsense":            {`there is no command "nonsense"`},
	} {
		wantScreen(t, typing(t, command), parts...)
	}
}

// The list of commands is narrowed by what is typed, and all of it can be read.
func TestCommandsAreListed(t *testing.T) {
	m := dashboard(t, rich(), 80, 24)
	press(m, ":", "ban")
	wantScreen(t, m, "ban a peer for a day", "list the bans")
	if strings.Contains(screen(m), "unban") {
		t.Error("what begins otherwise is listed")
	}
	press(m, "ctrl+u", "wallet ")
	wantScreen(t, m, "wallet create", "more below")
	press(m, "pgdown", "pgdown", "pgdown", "pgdown")
	wantScreen(t, m, "wallet partial")
}
