package tui

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
	"github.com/jio-dag/jio/tui/wizard"
)

// typedSecret is typed wherever a password is asked for and nowhere else.
const typedSecret = "Zq7#kV"

// keyNames are the keys that a walk presses; letters of every meaning among them.
var keyNames = []string{
	"1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "tab", "shift+tab", "enter", "esc", "up", "down", "left", "right", "pgup", "pgdown",
	"home", "end", "backspace", "delete", " ", "?", "/", ":", "[", "]", "+", "-", "=", "$", "%", "a", "b", "c", "e", "f", "g", "h", "i", "j",
	"k", "l", "m", "n", "o", "p", "q", "r", "s", "u", "v", "w", "x", "y", "A", "B", "C", "E", "G", "N", "R", "S", "T", "U", "W", "Y",
	"ctrl+b", "ctrl+c", "ctrl+f", "ctrl+k", "ctrl+l", "ctrl+n", "ctrl+o", "ctrl+r", "ctrl+u", "ctrl+x", "世", "\u202e", payTo, "mine on",
}

// scripts are ways that lead deep, which keys by chance seldom find.
var scripts = [][]string{
	{"esc", "esc", "4", "enter", payTo, "enter", "5", "enter", "enter", "rent", "enter"},
	{"S", "right", "enter"},
	{"S", "y"},
	{"esc", "esc", "4", "enter", "ctrl+o", "enter", "max", "enter", "right", "right", "1.5", "enter", "enter"},
	{"esc", "esc", "4", "enter", "jio:" + payTo + "?amount=2", "enter", "ctrl+n"},
	{"esc", "esc", "3", "]", "]", " ", " ", "s"},
	{"esc", "esc", "3", "]", "enter"},
	{"esc", "esc", "3", "n"},
	{"esc", "esc", "3", "i", "2", "enter", "tea", "enter"},
	{"esc", "esc", "3", "A", "rent", "enter"},
	{"esc", "esc", "3", "o", "down", "enter"},
	{"esc", "esc", "3", "]", "x", "hello", "enter"},
	{"esc", "esc", "2", "left", "enter"},
	{"enter", "down", "down", "down", "enter", "enter"},
	{"esc", "esc", "ctrl+f", "1204640", "enter"},
	{"esc", "esc", "8", "/", payTo, "enter"},
	{":", "mine on", "enter"},
	{":", "mine threads 3", "enter"},
	{":", "wallet lock", "enter"},
	{":", "ban x", "enter"},
	{":", "mi", "tab", "to x", "enter"},
	{":", "nonsense", "enter"},
	{":", "address " + payTo, "enter"},
	{":", "tx zz", "enter"},
	{"esc", "esc", "?", "/", "coin", "enter"},
	{"esc", "esc", "6", "B", "tab", "enter"},
	{"esc", "esc", "6", "]", "U"},
	{"esc", "esc", "9", "/", "a", "enter"},
	{"esc", "esc", "N", "enter", "mine", "enter", "enter", "enter", "enter", "abandon", "enter", "abandon", "enter", "abandon", "enter"},
	{"enter", "salt", "enter", "salt", "enter", "p", "enter", "p", "enter"},
	{"esc", "esc", "N", "2", "enter", "enter", "aba", "tab", "enter", "enter", "enter", "p", "enter", "p", "enter"},
	{"esc", "esc", "N", "3", "enter", "enter", payTo, "enter"},
	{"esc", "esc", "3", "u", "p", "enter"},
	{"esc", "esc", "3", "M", "p", "enter"},
	{"p", "enter"},
	{"esc", "esc", "ctrl+k"},
	{"q", "n"},
	{"E"},
}

// walkSizes are the sizes between which a walk changes.
var walkSizes = [][2]int{{80, 24}, {160, 48}, {60, 16}, {40, 10}, {39, 9}, {1, 1}, {0, 0}, {120, 40}, {300, 5}, {41, 70}}

// A walk is a dashboard in the hands of somebody who does anything at all, over a
// node that answers anything at all.
type walk struct {
	t    rapid.TB
	fake *fake
	now  time.Time
	m    *Model
	left tea.Cmd // a command whose answer is late
}

func newWalk(t rapid.TB) *walk {
	w := &walk{t: t, fake: newFake(), now: noon}
	maps.Copy(w.fake.answers, restOfAnswers())
	w.m = New(Config{
		Links:   fakeLinks,
		Backend: w.fake, Theme: style.ThemeByName("dark"), Glyphs: &style.Unicode, Now: func() time.Time { return w.now },
		Wizard: wizardHost,
	})
	w.m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return w
}

// step does what two bytes say.
func (w *walk) step(what, how byte) {
	n := int(how)
	switch what % 16 {
	case 0:
		size := walkSizes[n%len(walkSizes)]
		w.do(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
	case 1:
		w.do(tea.MouseMsg{X: n % 80, Y: n / 8, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	case 2:
		w.do(tea.MouseMsg{X: n, Y: 1, Button: []tea.MouseButton{tea.MouseButtonWheelDown, tea.MouseButtonWheelUp, tea.MouseButtonLeft}[n%3], Action: tea.MouseActionPress})
	case 3:
		w.now = w.now.Add(time.Duration(n) * 100 * time.Millisecond)
		w.run(w.m.sample())
	case 4:
		w.changeStatus(n)
	case 5:
		w.changeAnswer(n)
	case 6:
		w.do(page.Toast{Token: style.Token(n % 22), Text: strings.Repeat("said \x1b[2J\u202e 世界 ", n%20)})
	case 7:
		w.do(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("3u", n%3)), Paste: n%2 == 0})
	case 8:
		w.typeSecret(n)
	case 9, 10, 11:
		for _, key := range scripts[n%len(scripts)] {
			w.do(keyNamed(key))
			w.check()
		}
	default:
		w.do(keyNamed(keyNames[(int(what)/16*256+n)%len(keyNames)]))
	}
	w.check()
}

func (w *walk) do(msg tea.Msg) {
	_, cmd := w.m.Update(msg)
	w.run(cmd)
}

// run runs a command, and one that was left before; now and then it leaves one for
// later, so that answers come when they are not expected any more.
func (w *walk) run(cmd tea.Cmd) {
	late := w.left
	if w.left = nil; w.now.UnixMilli()%700 == 0 {
		w.left, cmd = cmd, nil
	}
	for _, c := range []tea.Cmd{late, cmd} {
		settle(w.m, c)
	}
}

// secretly are the titles of the prompts that take nothing but passwords.
var secretly = []string{"Unlock default", "Locked", "Change the password of default", "Show the words of default"}

// typeSecret asks for a password in one of the ways there are, unless something else
// has the keys, and types it.
func (w *walk) typeSecret(n int) {
	if len(w.m.dialogs) == 0 && !w.m.seen().Typing() {
		w.do(keyNamed("3"))
		w.do(keyNamed([]string{"u", "p", "M"}[n%3]))
	}
	if !slices.Contains(secretly, w.m.seen().Title()) {
		return
	}
	for _, r := range typedSecret {
		w.do(keyNamed(string(r)))
		w.check()
	}
}

func (w *walk) changeStatus(n int) {
	s := *w.fake.status
	switch n % 12 {
	case 0:
		s.Synced, s.Sync = false, api.Sync{Stage: "headers", Step: 2, Steps: 6, Done: uint64(n), Total: 300, ETA: int64(n) * 1000}
	case 1:
		s.Synced, s.Sync = false, api.Sync{Message: "looking for peers", ETA: -1}
	case 2:
		s.Synced = true
	case 3:
		s.Wallets = nil
	case 4:
		s.Wallets = newFake().status.Wallets
	case 5:
		s.Wallets = []api.WalletSummary{
			{Name: "watch", Open: true, WatchOnly: true, Balance: api.Balance{Available: jio(fmt.Sprint(n))}, Synced: n%2 == 0},
			{Name: "default", Open: true, Scan: &api.Scan{Done: 1, Total: 9, Derived: 40}, NeedsUnlock: true, Failure: "x", Accounts: []api.Account{{Name: "a"}, {Index: 1, Name: "b"}}},
		}
	case 6:
		s.Miner.Running, s.Miner.Wanted, s.Miner.Found = n%3 == 0, true, s.Miner.Found+uint64(n)
	case 7:
		s.Miner = api.Miner{Wanted: true, Available: true, Paused: "the machine runs on its battery", PerThread: make([]float64, n)}
	case 8:
		s.Network, s.Dag = "mainnet", api.Dag{}
	case 9:
		s = api.Status{}
	case 10:
		s = *newFake().status
	case 11:
		s.System.BytesIn, s.NetworkRate = uint64(n)<<40, float64(n)*1e18
	}
	w.fake.status = &s
}

// changeAnswer makes a method fail, answer nothing, or answer as at the beginning.
func (w *walk) changeAnswer(n int) {
	names := slices.Sorted(maps.Keys(w.fake.answers))
	name := names[n%len(names)]
	switch n % 3 {
	case 0:
		w.fake.answers[name] = errors.New("no\x1b[31m, because of 世界 " + strings.Repeat("and so on ", n%30))
	case 1:
		first := newFake().answers
		maps.Copy(first, restOfAnswers())
		w.fake.answers[name] = zeroOf(first[name])
	default:
		first := newFake().answers
		maps.Copy(first, restOfAnswers())
		w.fake.answers[name] = first[name]
	}
}

// check looks at the frame: it fits, each of its characters is one cell wide, and
// no password is on it, nor words but where they were asked for.
func (w *walk) check() {
	frame := w.m.View()
	lines := strings.Split(frame, "\n")
	if len(lines) != max(1, w.m.height) {
		w.t.Fatalf("%d lines at height %d", len(lines), w.m.height)
	}
	for _, line := range lines {
		cells := 0
		for _, r := range ansi.Strip(line) {
			cells++
			if r < ' ' || r == 0x7f || r > 0x7e && runewidth.RuneWidth(r) != 1 {
				w.t.Fatalf("%U is in %q", r, line)
			}
		}
		if cells > w.m.width {
			w.t.Fatalf("%d cells in a line of %d: %q", cells, w.m.width, line)
		}
	}
	if strings.Contains(frame, typedSecret[:3]) {
		w.t.Fatalf("the password is on the screen:\n%s", frame)
	}
	showing := slices.ContainsFunc(w.m.dialogs, func(d page.Page) bool { return d.Title() == "Words" })
	if !showing && strings.Contains(frame, lastWord) {
		w.t.Fatalf("words are on the screen:\n%s", frame)
	}
}

// Whoever does whatever: never a panic, and every frame is right.
func TestWalks(t *testing.T) {
	t.Chdir(t.TempDir()) // a walk may export the history
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t)
		for _, step := range rapid.SliceOfN(rapid.Uint16(), 1, 60).Draw(t, "steps") {
			w.step(byte(step>>8), byte(step))
		}
	})
}

func FuzzDashboard(f *testing.F) {
	f.Add([]byte{9, 2, 9, 12, 0, 1, 3, 9})
	f.Add([]byte{8, 0, 9, 12, 4, 5, 9, 3, 9, 12, 9, 26})
	f.Add([]byte{9, 1, 5, 3, 3, 40, 9, 14, 9, 12, 9, 12, 1, 200})
	f.Fuzz(func(t *testing.T, steps []byte) {
		t.Chdir(t.TempDir())
		w := newWalk(t)
		for i := 0; i+1 < len(steps) && i < 60; i += 2 {
			w.step(steps[i], steps[i+1])
		}
	})
}

// wizardHost makes words that are easy to type.
var wizardHost = wizard.Host{
	NewWords:     func(count int) ([]byte, error) { return []byte(strings.Repeat("abandon ", count)), nil },
	Matches:      func(prefix []byte) []string { return []string{"abandon"} },
	CheckWords:   func([]byte) error { return nil },
	CheckWatched: func(string, string) error { return nil },
	Positions:    func(int) [3]int { return [3]int{0, 1, 2} },
}

// restOfAnswers are the answers that change something or tell of a single thing.
func restOfAnswers() map[string]any {
	amount, fee := jio("5"), jio("0.0002")
	wallet := newFake().status.Wallets[0]
	sent := api.Sent{IDs: []types.Hash{hash(600)}, Step: 1, Steps: 3, Fee: fee}
	return map[string]any{
		"setMiner": api.Miner{Running: true, PayTo: payTo, Throwaway: true}, "generate": api.Generated{Blocks: 3},
		"getBlock": someBlock(), "getTransaction": someTransaction(),
		"search":                 api.Found{Kind: "block", Name: hash(40).String()},
		"getBalancesByAddresses": api.Balances{Balances: []api.AddressBalance{{Address: payTo, Balance: wallet.Balance, Coins: 3}}},
		"getAddressHistory":      api.AddressHistory{Entries: []api.AddressEntry{{ID: hash(5), Received: amount}, {ID: hash(6), Spent: amount}}},
		"planSend":               api.SendPlan{Payments: []api.Payment{{Address: payTo, Amount: amount}}, Amount: amount, Fee: fee, Total: jio("5.0002"), FeeRate: 2, Steps: somePlan()},
		"send":                   sent, "bumpFee": sent, "cancelPayment": sent,
		"newAddress":   api.WalletAddress{Address: payTo},
		"newAccount":   api.Account{Index: 1, Name: "rent", Address: payTo},
		"unlockWallet": wallet, "lockWallet": wallet, "openWallet": wallet, "closeWallet": api.None{}, "scanFurther": wallet,
		"listWallets": api.Wallets{Wallets: []api.WalletSummary{{Name: "default"}, {Name: "second", WatchOnly: true}}},
		"showWords":   api.Words{Words: api.Secret(someWords), Passphrase: true},
		"signMessage": api.SignedMessage{Address: payTo, Signature: "abcd"}, "verifyMessage": api.Verified{Valid: true},
		"freezeCoins": api.None{}, "setLabel": api.None{}, "setContact": api.None{}, "changePassword": api.None{}, "backupWallet": api.None{},
		"addPeer": api.None{}, "dropPeer": api.None{}, "banPeer": api.None{}, "unbanPeer": api.None{},
		"createWallet": api.Created{Wallet: wallet},
	}
}

// someWords are those of the tests' wallet, of which only the last is nowhere else.
const (
	someWords = "abandon ability able about above absent absorb abstract absurd abuse access " + lastWord
	lastWord  = "accident"
)

func somePlan() []api.SendStep {
	amount, fee := jio("500"), jio("0.0001")
	in := api.Input{Outpoint: api.Outpoint{TransactionID: hash(77)}, Amount: &amount}
	change := api.Output{Address: payTo, Amount: jio("494")}
	return []api.SendStep{
		{Inputs: slices.Repeat([]api.Input{in}, 40), Outputs: []api.Output{change}, Weight: 90_000, Fee: fee},
		{Inputs: []api.Input{in}, Outputs: []api.Output{change, change}, Change: &change, Weight: 2000, Fee: fee},
	}
}

func someBlock() api.Block {
	return api.Block{
		Hash: hash(3), Status: "chain-valid", Fate: "red", Height: 3, Difficulty: 2.1e6, Miner: payTo, Paid: "nobody, since it is red", Extra: "hello",
		Header:   api.Header{Parents: []types.Hash{hash(1), hash(2)}, Timestamp: noon.UnixMilli(), BlueScore: 1_204_603, DAAScore: 1_204_844},
		Children: []types.Hash{hash(4)}, MergeSetBlues: []types.Hash{hash(1)}, MergeSetReds: []types.Hash{hash(2)}, MergedBy: hash(5), TxCount: 1,
		WhyRed:       &api.WhyRed{Sentence: "19 blues stand beside it, and k is 18", Merger: hash(5), K: 18, Anticone: []types.Hash{hash(6), hash(7)}, Crowded: hash(8)},
		Transactions: []api.Transaction{{ID: hash(90), Coinbase: true, Outputs: []api.Output{{Address: payTo, Amount: jio("500")}}}, someTransaction()},
	}
}

func someTransaction() api.Transaction {
	amount, fee := jio("6"), jio("0.0002")
	return api.Transaction{
		ID: hash(91), Weight: 2000, Size: 300, Fee: &fee, Blocks: []types.Hash{hash(3)}, AcceptedBy: hash(5), Confirmations: 12, State: "accepted",
		Inputs:  []api.Input{{Outpoint: api.Outpoint{TransactionID: hash(77), Index: 1}, Address: payTo, Amount: &amount}},
		Outputs: []api.Output{{Address: payTo, Amount: jio("5")}},
	}
}

// zeroOf returns an answer that says nothing.
func zeroOf(answer any) any { return reflect.Zero(reflect.TypeOf(answer)).Interface() }
