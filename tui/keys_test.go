package tui

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// A situation is a page or a dialog with something on it, and how to get there.
type situation struct {
	name    string
	keys    []string
	height  int // 20 unless told otherwise
	prepare func(f *fake)
}

// situations are all that has keys of its own. Lists stand on their second row, so
// that every way to move leads somewhere.
var situations = []situation{
	{name: "Home", keys: []string{"1"}},
	{name: "Home", keys: []string{"1"}, height: 30},
	{name: "Home on the miner", keys: []string{"1", "right", "right"}, height: 30},
	{name: "Home full", keys: []string{"1", "left", "0"}, height: 30},
	{name: "DAG full", keys: []string{"2", "0", "[", "left", "left", "left", "left"}, height: 40},
	{name: "Mempool full", keys: []string{"7", "0", "down"}, height: 40},
	{name: "Wallet full", keys: []string{"3", "0", "down"}, height: 40},
	{name: "DAG found", keys: []string{"2", "/", "red", "enter", "n", "n"}},
	{name: "DAG found", keys: []string{"2", "[", "/", "blue", "enter"}},
	{name: "Explorer found", keys: []string{"8", "/", "red", "enter", "esc", "n", "n", "N"}},
	{name: "Logs found", keys: []string{"9", "/", "line 3", "enter", "esc", "N", "N"}},
	{name: "Peers found", keys: []string{"6", "/", "12D3", "enter", "esc", "n"}},
	{name: "Mempool found", keys: []string{"7", "/", "e", "enter", "esc", "n"}},
	{name: "DAG", keys: []string{"2", "left", "left", "left", "left"}},
	{name: "DAG", keys: []string{"2", "left", "left", "left", "left", "left", "up"}},
	{name: "DAG", keys: []string{"2", "["}},
	{name: "Wallet history", keys: []string{"3", "down"}},
	{name: "Wallet addresses", keys: []string{"3", "]", "down"}},
	{name: "Wallet coins", keys: []string{"3", "]", "]", "down"}},
	{name: "Wallet contacts", keys: []string{"3", "[", "down"}},
	{name: "Wallet filter", keys: []string{"3", "/"}},
	{name: "Wallets", keys: []string{"3", "down"}, prepare: func(f *fake) { f.status.Wallets = nil }},
	{name: "Send", keys: []string{"4"}},
	{name: "Send form", keys: []string{"4", "enter"}},
	{name: "Send form", keys: []string{"4", "enter", "tab", "tab"}},
	{name: "Send preview", keys: toPreview},
	{name: "Send preview", keys: append(slices.Clone(toPreview), "down")},
	{name: "Sent", keys: append(slices.Clone(toPreview), "S", "y")},
	{name: "Mine", keys: []string{"5"}},
	{name: "Peers", keys: []string{"6", "down"}},
	{name: "Bans", keys: []string{"6", "]", "down"}},
	{name: "Peers filter", keys: []string{"6", "/", "203"}},
	{name: "Mempool filter", keys: []string{"7", "/", "zz"}},
	{name: "Wallet coins filter", keys: []string{"3", "]", "]", "/", "maturing", "enter", "down"}},
	{name: "Events", keys: []string{"$", "$", "ctrl+b", "E"}},
	{name: "Find", keys: []string{"ctrl+f", "12"}},
	{name: "Transaction", keys: []string{"7", "enter", "down", "down", "down", "down"}},
	{name: "Address", keys: []string{"ctrl+f", payTo, "enter", "end", "up"}, prepare: func(f *fake) { f.answers["search"] = api.Found{Kind: "address", Name: payTo} }},
	{name: "Mempool", keys: []string{"7", "down"}},
	{name: "Explorer", keys: []string{"8", "down"}},
	{name: "Explorer find", keys: []string{"8", "/", "one", "enter", "esc", "/", "two", "enter", "esc", "/", "up"}},
	{name: "Logs", keys: []string{"9", "up", "up"}},
	{name: "Logs", keys: []string{"9", "]"}},
	{name: "Logs filter", keys: []string{"9", "/"}},
	{name: "Detail", keys: []string{"2", "enter", "down", "down", "down"}},
	{name: "Help", keys: []string{"3", "?", "down"}},
	{name: "Help search", keys: []string{"3", "?", "/", "z"}},
	{name: "Show", keys: []string{"3", "n"}},
	{name: "Show long", keys: []string{"6", "down", "enter", "down"}, height: 12},
	{name: "Pick", keys: []string{"3", "o", "down"}},
	{name: "Confirm", keys: []string{"6", "B"}},
	{name: "Prompt", keys: []string{"3", "p"}},
	{name: "Words", keys: []string{"3", "M", "p", "enter"}},
	{name: "Words long", keys: []string{"3", "M", "p", "enter", "down"}, height: 10},
	{name: "Command", keys: []string{":", "un"}},
	{name: "Locked", keys: []string{"ctrl+k"}},
	{name: "Wizard choice", keys: []string{"3", "N"}},
	{name: "Wizard choice", keys: []string{"3", "N", "down"}},
	{name: "Wizard name", keys: []string{"3", "N", "enter"}},
	{name: "Wizard words", keys: []string{"3", "N", "enter", "enter", "enter", "down"}, height: 12},
	{name: "Wizard restore", keys: []string{"3", "N", "2", "enter", "enter", "aba"}},
}

var toPreview = []string{"4", "enter", payTo, "enter", "5", "enter", "enter", "rent", "enter"}

func (s situation) reach(t testing.TB) *Model {
	f := newFake()
	for method, answer := range restOfAnswers() {
		f.answers[method] = answer
	}
	for n := range 60 {
		f.answers["getLogs"] = appendLog(f.answers["getLogs"].(api.Logs), n)
	}
	f.answers["getPeers"] = api.Peers{Peers: append(f.answers["getPeers"].(api.Peers).Peers, api.Peer{ID: "third"})}
	network := f.answers["getNetwork"].(api.Network)
	network.Bans = append(network.Bans, api.Ban{Target: "b"}, api.Ban{Target: "c"})
	f.answers["getNetwork"] = network
	for _, list := range []string{"getAddresses", "getCoins", "getContacts", "listWallets", "getMempool"} {
		f.answers[list] = longer(f.answers[list])
	}
	if s.prepare != nil {
		s.prepare(f)
	}
	m := dashboard(t, f, 100, cmp.Or(s.height, 20))
	m.cfg.Wizard = wizardHost
	for _, k := range s.keys {
		press(m, k)
		m.View()
		settle(m, m.sample())
	}
	m.toasts.shown = false
	return m
}

func appendLog(l api.Logs, n int) api.Logs {
	l.Lines = append(l.Lines, api.LogLine{Number: uint64(10 + n), Level: "INFO", Text: fmt.Sprint("line ", n)})
	return l
}

// longer returns a list of three where there was a shorter one.
func longer(answer any) any {
	switch a := answer.(type) {
	case api.WalletAddresses:
		a.Addresses = slices.Repeat(a.Addresses, 3)
		return a
	case api.WalletCoins:
		coin := a.Coins[0]
		for n := range uint32(2) {
			coin.Outpoint.Index = 5 + n
			a.Coins = append(a.Coins, coin)
		}
		a.Total = len(a.Coins)
		return a
	case api.Contacts:
		a.Contacts = slices.Repeat(a.Contacts, 3)
		return a
	case api.Wallets:
		a.Wallets = append(a.Wallets, api.WalletSummary{Name: "third"})
		return a
	case api.Mempool:
		a.Listed = slices.Repeat(a.Listed, 2)
		return a
	}
	return answer
}

// alphabet is every key that a terminal has a name for, as far as pages may use it.
func alphabet(typing bool) (keys []string) {
	keys = []string{"enter", "tab", "shift+tab", "up", "down", "left", "right", "pgup", "pgdown", "home", "end"}
	for _, letter := range "abfgklnopqrstuvwxyz" {
		keys = append(keys, "ctrl+"+string(letter))
	}
	if typing {
		return keys
	}
	for r := ' '; r <= '~'; r++ {
		keys = append(keys, string(r))
	}
	return keys
}

// editing are the keys that change text wherever text is typed.
var editing = []string{"left", "right", "home", "end", "ctrl+u", "ctrl+a", "ctrl+e"}

// A key that a page answers is among its Keys, and each of its Keys does something.
func TestKeysAreWhatIsDeclared(t *testing.T) {
	idle := map[string][]string{} // keys that did nothing so far
	for _, s := range situations {
		m := s.reach(t)
		seen := m.seen()
		declared := func(key string) bool {
			return slices.ContainsFunc(seen.Keys(), func(b page.Binding) bool { return b.Has(key) })
		}
		var nothing []string
		for _, key := range alphabet(seen.Typing()) {
			answers := m.answers(key)
			if answers {
				m = s.reach(t)
				seen = m.seen()
			}
			switch {
			case answers && !declared(key) && !(seen.Typing() && slices.Contains(editing, key)):
				t.Errorf("%s answers %q and does not say so", s.name, key)
			case !answers && declared(key):
				nothing = append(nothing, key)
			}
		}
		if before, ok := idle[s.name]; ok {
			nothing = slices.DeleteFunc(nothing, func(key string) bool { return !slices.Contains(before, key) })
		}
		idle[s.name] = nothing
	}
	for name, keys := range idle {
		for _, key := range keys {
			t.Errorf("%s: %q does nothing", name, key)
		}
	}
}

// answers reports whether a key makes whoever has the keys do something.
func (m *Model) answers(key string) bool {
	before := m.View()
	return m.seen().Update(m.context(), keyNamed(key)) != nil || m.View() != before
}

// No page uses a key that the dashboard itself takes first, and each of those
// does something.
func TestGlobalKeys(t *testing.T) {
	for _, p := range pages() {
		for _, b := range p.Keys() {
			for _, key := range b.Keys {
				if slices.ContainsFunc(globalKeys, func(g page.Binding) bool { return g.Has(key) && key != "esc" }) {
					t.Errorf("%s: %q is taken by the dashboard", p.Title(), key)
				}
			}
		}
	}
	for _, b := range globalKeys {
		for _, key := range b.Keys {
			m := situation{keys: []string{"3"}}.reach(t)
			before := m.View()
			var cmd tea.Cmd
			if _, cmd = m.Update(keyNamed(key)); cmd == nil && m.View() == before && key != "esc" && key != "3" {
				t.Errorf("%q does nothing", key)
			}
		}
	}
}
